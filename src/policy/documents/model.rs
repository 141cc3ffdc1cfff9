//! What documents declare, checked and by name: from this an image is compiled.

use super::fields::Strings;
use super::names::NameMap;
use super::text::message;
use super::tree::{Node, SourceSpan};
use crate::address::Address;
use crate::policy::image::{Effect, Level, NodeKind};
use crate::policy::vocabulary::{KnownPlace, place};
use alloc::string::String;
use alloc::vec::Vec;

/// The enums that every model has, by their indices: the names of all actions, and the types of
/// resources that actions name.
pub(super) const ACTION_NAMES: usize = 0;
pub(super) const RESOURCE_TYPES: usize = 1;

/// The attributes that exist without being declared. Each is at its index in an image:
/// `layout::ACTION_NAME`, `PERMISSIONS` and `SCOPES`.
pub(super) const BUILTIN: [(&str, DeclaredType<'_>); 3] = [
    ("action.name", DeclaredType::Enum(ACTION_NAMES)),
    ("subject.permissions", DeclaredType::EnumSet(ACTION_NAMES)),
    ("credential.scopes", DeclaredType::EnumSet(ACTION_NAMES)),
];

#[derive(Debug, Default)]
pub(super) struct Model<'n> {
    /// The sorted values of each enum. The first enum is the actions, the second the types of
    /// resources that actions name.
    pub(super) enums: Vec<Vec<&'n str>>,
    /// Sorted by name.
    pub(super) actions: Vec<ActionDeclaration<'n>>,
    /// Those of `BUILTIN` come first, then the declared ones, sorted by name.
    pub(super) attributes: Vec<AttributeDeclaration<'n>>,
    /// The index of each attribute in `attributes`.
    pub(super) named: NameMap<'n>,
    pub(super) roles: Declared<'n, RoleDeclaration<'n>>,
    /// The default roles of each subject type, sorted by type.
    pub(super) defaults: Vec<(&'n str, Strings<'n>)>,
    /// Each refers only to those before it.
    pub(super) conditions: Vec<Condition<'n>>,
    /// The id of each condition in `conditions`.
    pub(super) condition_ids: Vec<&'n str>,
    pub(super) rules: Declared<'n, RuleDeclaration<'n>>,
    pub(super) invariants: Declared<'n, Condition<'n>>,
    pub(super) routes: Routes<'n>,
}

impl<'n> Model<'n> {
    /// The values of an enum.
    pub(super) fn values(&self, values: usize) -> &[&'n str] {
        self.enums.get(values).map_or(&[], Vec::as_slice)
    }

    /// The index of a value in its enum.
    pub(super) fn symbol(&self, values: usize, text: &str) -> Option<usize> {
        self.values(values).binary_search(&text).ok()
    }

    /// The names of all actions.
    pub(super) fn action_names(&self) -> &[&'n str] {
        self.values(ACTION_NAMES)
    }

    /// The index of an action in `actions`, and of its name in its enum.
    pub(super) fn action_index(&self, name: &str) -> Option<usize> {
        self.symbol(ACTION_NAMES, name)
    }

    pub(super) fn action(&self, name: &str) -> Option<&ActionDeclaration<'n>> {
        self.actions.get(self.action_index(name)?)
    }

    /// The index and the type of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<(usize, DeclaredType<'n>)> {
        let index = self.named.find(name)?;
        Some((index, self.attributes.get(index)?.kind))
    }
}

/// Declared things of one kind, by their ids.
#[derive(Debug)]
pub(super) struct Declared<'n, T> {
    pub(super) ids: NameMap<'n>,
    pub(super) items: Vec<T>,
    /// Where each item stands.
    places: Vec<SourceSpan>,
}

impl<T> Default for Declared<'_, T> {
    fn default() -> Self {
        Self { ids: NameMap::default(), items: Vec::new(), places: Vec::new() }
    }
}

impl<'n, T> Declared<'n, T> {
    /// Adds one. Gives the place of the one before it that has the same id.
    pub(super) fn add(&mut self, id: &'n str, place: SourceSpan, item: T) -> Option<SourceSpan> {
        let before = self.ids.find(id).and_then(|number| self.places.get(number)).copied();
        self.ids.add(id, self.items.len());
        self.items.push(item);
        self.places.push(place);
        before
    }

    pub(super) fn find(&self, id: &str) -> Option<&T> {
        self.items.get(self.ids.find(id)?)
    }

    /// All of them, sorted by id.
    pub(super) fn sorted(&self) -> impl Iterator<Item = &T> {
        self.ids.numbers().into_iter().filter_map(|number| self.items.get(number))
    }
}

#[derive(Debug)]
pub(super) struct AttributeDeclaration<'n> {
    pub(super) kind: DeclaredType<'n>,
    pub(super) open: bool,
    /// What stands for nothing at its place, where that is declared: null or a literal.
    pub(super) absent: Option<&'n Node<'n>>,
    /// The names on the way from a request to the attribute's place.
    pub(super) path: Vec<String>,
    /// The same way, as a JSON pointer.
    pub(super) pointer: String,
    /// What is needed there, in words.
    pub(super) needs: String,
}

/// The places of attributes at which something stands in every request.
pub(super) const NEVER_ABSENT: [KnownPlace; 4] =
    [place::SUBJECT_TYPE, place::SUBJECT_ID, place::RESOURCE_TYPE, place::RESOURCE_ID];

impl AttributeDeclaration<'_> {
    /// Whether no request has null there: at the places of requests that need a string, and for the
    /// derived sets, which have no place.
    pub(super) fn is_never_null(&self) -> bool {
        let is_here = |place: &KnownPlace| place.pointer == self.pointer;
        self.pointer.is_empty() || is_here(&place::ACTION_NAME) || NEVER_ABSENT.iter().any(is_here)
    }
}

/// The type of an attribute, with what belongs to it: an enum by its index in the model, an id by
/// its domain, an integer by its least and greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeclaredType<'n> {
    Bool,
    Enum(usize),
    Id(&'n str),
    Int(i64, i64),
    Time,
    EnumSet(usize),
    IdSet(&'n str),
    Ip,
    IpSet,
}

impl<'n> DeclaredType<'n> {
    /// Whether values of both types can be compared.
    pub(super) fn compares_with(self, other: Self) -> bool {
        matches!((self, other), (Self::Int(..), Self::Int(..))) || self == other
    }

    /// The type of sets of such values.
    pub(super) const fn set_of(self) -> Option<Self> {
        match self {
            Self::Enum(values) => Some(Self::EnumSet(values)),
            Self::Id(domain) => Some(Self::IdSet(domain)),
            Self::Ip => Some(Self::IpSet),
            Self::Bool
            | Self::Int(..)
            | Self::Time
            | Self::EnumSet(_)
            | Self::IdSet(_)
            | Self::IpSet => None,
        }
    }

    /// The type of the members of such a set.
    pub(super) const fn member(self) -> Option<Self> {
        match self {
            Self::EnumSet(values) => Some(Self::Enum(values)),
            Self::IdSet(domain) => Some(Self::Id(domain)),
            Self::IpSet => Some(Self::Ip),
            Self::Bool | Self::Int(..) | Self::Time | Self::Enum(_) | Self::Id(_) | Self::Ip => {
                None
            }
        }
    }

    pub(super) fn described(self) -> String {
        let (pattern, domain) = match self {
            Self::Bool => ("a bool", ""),
            Self::Enum(ACTION_NAMES) => ("an action", ""),
            Self::Enum(_) => ("an enum", ""),
            Self::Id(domain) => ("an id of the domain `{}`", domain),
            Self::Int(..) => ("an int", ""),
            Self::Time => ("a time", ""),
            Self::EnumSet(ACTION_NAMES) => ("a set of actions", ""),
            Self::EnumSet(_) => ("a set of an enum", ""),
            Self::IdSet(domain) => ("a set of ids of the domain `{}`", domain),
            Self::Ip => ("an IP address", ""),
            Self::IpSet => ("a set of networks", ""),
        };
        message(pattern, &[domain])
    }
}

#[derive(Debug)]
pub(super) struct ActionDeclaration<'n> {
    pub(super) level: Option<Level>,
    pub(super) implies: Strings<'n>,
    /// The types of resources that it is for; empty where it is for all.
    pub(super) resource_types: Strings<'n>,
}

impl ActionDeclaration<'_> {
    /// Whether it is for resources of this type.
    pub(super) fn is_for(&self, resource_type: &str) -> bool {
        self.resource_types.is_empty()
            || self.resource_types.iter().any(|(name, _)| *name == resource_type)
    }
}

#[derive(Debug)]
pub(super) struct RoleDeclaration<'n> {
    pub(super) id: &'n str,
    pub(super) level: Level,
    /// Whether it gives all permissions of its level.
    pub(super) all: bool,
    pub(super) permissions: Strings<'n>,
    pub(super) inherits: Strings<'n>,
}

/// A condition: its nodes, each before its parts.
pub(super) type Condition<'n> = Vec<ConditionNode<'n>>;

/// A connective or an operator, with its operands.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConditionNode<'n> {
    pub(super) kind: NodeKind,
    /// The left side of an atom, by its index; 0 for a connective.
    pub(super) attribute: usize,
    pub(super) right: Operand<'n>,
    /// Where it stands: the name of a member, or a condition.
    pub(super) place: SourceSpan,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Operand<'n> {
    /// How many of the nodes that follow are the connective's parts, with their own parts.
    Parts(usize),
    /// The index of a named condition.
    Named(usize),
    Attribute(usize),
    /// A boolean, or the index of an enum's value.
    Symbol(usize),
    Integer(i64),
    Text(&'n str),
    /// An array of values of an enum.
    Symbols(usize, &'n Node<'n>),
    /// An array of ids.
    Texts(&'n Node<'n>),
    Address(Address),
    /// An array of networks.
    Networks(&'n Node<'n>),
}

impl<'n> Operand<'n> {
    /// How many of the nodes that follow belong to this one: none, unless it is a connective.
    const fn own_nodes(self) -> usize {
        match self {
            Self::Parts(own) => own,
            Self::Named(_)
            | Self::Attribute(_)
            | Self::Symbol(_)
            | Self::Integer(_)
            | Self::Text(_)
            | Self::Symbols(..)
            | Self::Texts(_)
            | Self::Address(_)
            | Self::Networks(_) => 0,
        }
    }

    /// The array, where it is a set of literals.
    pub(super) const fn list(self) -> Option<&'n Node<'n>> {
        match self {
            Self::Symbols(_, list) | Self::Texts(list) | Self::Networks(list) => Some(list),
            Self::Parts(_)
            | Self::Named(_)
            | Self::Attribute(_)
            | Self::Symbol(_)
            | Self::Integer(_)
            | Self::Text(_)
            | Self::Address(_) => None,
        }
    }

    /// The ids that it names, each with its place where it stands in an array.
    pub(super) fn ids(self) -> impl Iterator<Item = (&'n str, Option<SourceSpan>)> {
        let one = if let Self::Text(text) = self { Some((text, None)) } else { None };
        let list = if let Self::Texts(list) = self { list.items() } else { &[] };
        let listed = list.iter().filter_map(|item| Some((item.text()?, Some(item.span))));
        one.into_iter().chain(listed)
    }
}

/// The parts of the connective at an index: the first node of each, with its index.
pub(super) fn parts<'c, 'n>(
    nodes: &'c [ConditionNode<'n>],
    connective: usize,
) -> impl Iterator<Item = (usize, &'c ConditionNode<'n>)> {
    let own = nodes.get(connective).map_or(0, |node| node.right.own_nodes());
    let end = connective.saturating_add(own);
    let mut next = connective.saturating_add(1);
    core::iter::from_fn(move || {
        let (index, node) = (next, nodes.get(next).filter(|_| next <= end)?);
        next = index.saturating_add(node.right.own_nodes()).saturating_add(1);
        Some((index, node))
    })
}

#[derive(Debug)]
pub(super) struct RuleDeclaration<'n> {
    pub(super) id: &'n str,
    pub(super) effect: Effect,
    pub(super) actions: RuleActions<'n>,
    pub(super) when: Condition<'n>,
    pub(super) must: Option<Condition<'n>>,
    pub(super) reason: Option<ReasonDeclaration<'n>>,
    pub(super) challenge: bool,
}

#[derive(Debug)]
pub(super) struct ReasonDeclaration<'n> {
    pub(super) code: &'n str,
    pub(super) message: Option<&'n str>,
    pub(super) link: Option<&'n str>,
}

/// The actions that a rule is for.
#[derive(Debug)]
pub(super) enum RuleActions<'n> {
    All,
    These(Strings<'n>),
}

/// The tree of all path templates. The first shape is the root.
#[derive(Debug)]
pub(super) struct Routes<'n> {
    pub(super) shapes: Vec<Shape<'n>>,
}

impl Default for Routes<'_> {
    fn default() -> Self {
        Self { shapes: alloc::vec![Shape::default()] }
    }
}

/// What path templates have in common up to one of their segments.
#[derive(Debug, Default)]
pub(super) struct Shape<'n> {
    /// The text of its last segment; none for a parameter, and for the root.
    pub(super) literal: Option<&'n str>,
    pub(super) literals: NameMap<'n>,
    pub(super) parameter: Option<usize>,
    /// Sorted by method.
    pub(super) routes: Vec<RouteDeclaration<'n>>,
}

#[derive(Debug)]
pub(super) struct RouteDeclaration<'n> {
    pub(super) method: &'n str,
    pub(super) action: &'n str,
    /// The zero-based segment that names the organization.
    pub(super) organization: Option<usize>,
    /// The type of the resource, and the zero-based segment that names it.
    pub(super) resource: Option<(&'n str, usize)>,
    /// The names of the parameters, each with its zero-based segment, in the order of the template.
    pub(super) parameters: Vec<(&'n str, usize)>,
    /// A bit for each segment that may be encoded.
    pub(super) encoded: u32,
    pub(super) undecided: Strings<'n>,
}

/// A segment of a path template.
#[derive(Clone, Copy, Debug)]
pub(super) enum TemplateSegment<'n> {
    Literal(&'n str),
    Parameter,
}

impl<'n> Routes<'n> {
    /// The shape of a path template, which is added where it is new.
    pub(super) fn at(&mut self, segments: &[TemplateSegment<'n>]) -> Option<&mut Shape<'n>> {
        let mut at = 0;
        for segment in segments {
            let new = self.shapes.len();
            let shape = self.shapes.get_mut(at)?;
            at = match segment {
                TemplateSegment::Literal(literal) => {
                    shape.literals.find(literal).unwrap_or_else(|| {
                        shape.literals.add(literal, new);
                        new
                    })
                }
                TemplateSegment::Parameter => *shape.parameter.get_or_insert(new),
            };
            if at == new {
                let literal = match segment {
                    TemplateSegment::Literal(literal) => Some(*literal),
                    TemplateSegment::Parameter => None,
                };
                self.shapes.push(Shape { literal, ..Shape::default() });
            }
        }
        self.shapes.get_mut(at)
    }
}
