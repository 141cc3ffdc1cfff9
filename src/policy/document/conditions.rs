//! Checking conditions: names, operators and types.

use super::Limits;
use super::diagnostics::Diagnostics;
use super::fields::{Form, shown, start_of};
use super::model::{Condition, Model, Operand, Type};
use super::tree::{Member, Node, Value};
use crate::error::Code;
use crate::json::MAX_SAFE_INTEGER;
use crate::policy::image::layout::op;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How deeply conditions may nest, through the conditions that they refer to.
pub(super) const MAX_DEPTH: usize = 32;

const OPERATORS: [(&str, u8); 12] = [
    ("eq", op::EQ),
    ("ne", op::NE),
    ("in", op::IN),
    ("has", op::HAS),
    ("has_all", op::HAS_ALL),
    ("has_any", op::HAS_ANY),
    ("subset_of", op::SUBSET_OF),
    ("lt", op::LT),
    ("le", op::LE),
    ("gt", op::GT),
    ("ge", op::GE),
    ("present", op::PRESENT),
];

/// The declared conditions, and how far each is checked.
#[derive(Debug, Default)]
pub(super) struct Named<'n> {
    declared: BTreeMap<&'n str, (&'n Node, State)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unchecked,
    /// Being checked further up: whoever refers to it now closes a cycle.
    Open,
    /// Its index in the model and its depth.
    Checked(usize, usize),
    Wrong,
}

/// Checks conditions against one model.
pub(super) struct Checker<'c, 'n, 'd> {
    pub(super) diagnostics: &'c mut Diagnostics<'d>,
    pub(super) model: &'c mut Model,
    pub(super) named: &'c mut Named<'n>,
    pub(super) limits: &'c Limits,
}

impl<'n> Checker<'_, 'n, '_> {
    /// Notes a condition's name, so that others can refer to it.
    pub(super) fn declare(&mut self, node: &'n Node) {
        if self.diagnostics.object(node, &["id", "when"], &["description"]).is_none() {
            return;
        }
        self.diagnostics.description(node);
        let id =
            node.member("id").and_then(|id| self.diagnostics.name(id, "condition id", Form::Id));
        let (Some(id), Some(when)) = (id, node.member("when")) else { return };
        if self.named.declared.insert(id, (when, State::Unchecked)).is_some() {
            self.diagnostics.error(
                Code::DuplicateId,
                node.span,
                format!("the condition `{id}` is declared twice"),
            );
        }
    }

    /// Checks all declared conditions.
    pub(super) fn check_declared(&mut self) {
        let ids: Vec<&str> = self.named.declared.keys().copied().collect();
        for id in ids {
            self.resolve(id, 0);
        }
    }

    /// Checks a condition of a rule or an invariant.
    pub(super) fn check(&mut self, node: &Node) -> Option<Condition> {
        self.condition(node, 1).map(|(condition, _)| condition)
    }

    /// Checks a condition object that stands at a depth, and says how deep it reaches below it.
    fn condition(&mut self, node: &Node, depth: usize) -> Option<(Condition, usize)> {
        if depth > MAX_DEPTH {
            let message = format!("conditions are nested more deeply than {MAX_DEPTH} levels");
            self.diagnostics.error(Code::LimitExceeded, start_of(node), message);
            return None;
        }
        if !self.diagnostics.object_of_any(node) {
            return None;
        }
        let (mut parts, mut deepest, mut whole) = (Vec::new(), 0, true);
        for member in node.members() {
            match self.part(member, depth) {
                Some((part, below)) => {
                    parts.push(part);
                    deepest = deepest.max(below);
                }
                None => whole = false,
            }
        }
        whole.then(|| (Condition::All(parts), deepest.saturating_add(1)))
    }

    fn part(&mut self, member: &Member, depth: usize) -> Option<(Condition, usize)> {
        let below = depth.saturating_add(2);
        match member.name.as_str() {
            "all" => {
                self.list(&member.node, below).map(|(parts, deep)| (Condition::All(parts), deep))
            }
            "any" => {
                self.list(&member.node, below).map(|(parts, deep)| (Condition::Any(parts), deep))
            }
            "not" => self
                .condition(&member.node, below)
                .map(|(part, deep)| (Condition::Not(Box::new(part)), deep.saturating_add(1))),
            "condition" => self.reference(&member.node, depth),
            name => self.attribute(name, member),
        }
    }

    fn list(&mut self, node: &Node, depth: usize) -> Option<(Vec<Condition>, usize)> {
        let items = self.diagnostics.array(node);
        let checked: Vec<_> = items.iter().map(|item| self.condition(item, depth)).collect();
        let parts: Option<Vec<_>> = checked.into_iter().collect();
        let parts = parts.filter(|_| matches!(node.value, Value::Array(_)))?;
        let deepest = parts.iter().map(|(_, deep)| *deep).max().unwrap_or(0);
        Some((parts.into_iter().map(|(part, _)| part).collect(), deepest.saturating_add(1)))
    }

    fn reference(&mut self, node: &Node, depth: usize) -> Option<(Condition, usize)> {
        let id = self.diagnostics.string(node)?;
        match self.resolve(id, depth) {
            Some(State::Checked(index, deep)) => {
                let reach = depth.saturating_add(1).saturating_add(deep);
                if reach > MAX_DEPTH {
                    let message = format!(
                        "conditions are nested more deeply than {MAX_DEPTH} levels, through `{}`",
                        shown(id)
                    );
                    self.diagnostics.error(Code::LimitExceeded, node.span, message);
                    return None;
                }
                Some((Condition::Named(index), deep.saturating_add(1)))
            }
            Some(State::Open) => {
                let message = format!("the condition `{}` refers to itself", shown(id));
                self.diagnostics.error(Code::Cycle, node.span, message);
                None
            }
            Some(_) => None,
            None => {
                let message = format!("the condition `{}` is not declared", shown(id));
                let known: Vec<&str> = self.named.declared.keys().copied().collect();
                self.diagnostics.unknown(Code::UnknownCondition, node.span, message, id, known);
                None
            }
        }
    }

    /// Checks a declared condition, unless that was done; references follow, at most as deeply as conditions nest.
    fn resolve(&mut self, id: &str, depth: usize) -> Option<State> {
        let (node, state) = *self.named.declared.get(id)?;
        if state != State::Unchecked {
            return Some(state);
        }
        let set = |named: &mut Named<'n>, state| {
            if let Some(entry) = named.declared.get_mut(id) {
                entry.1 = state;
            }
            state
        };
        if depth > MAX_DEPTH {
            return Some(State::Wrong);
        }
        set(self.named, State::Open);
        let state = match self.condition(node, depth.saturating_add(1)) {
            Some((condition, deep)) => {
                self.model.conditions.push(condition);
                State::Checked(self.model.conditions.len().saturating_sub(1), deep)
            }
            None => State::Wrong,
        };
        Some(set(self.named, state))
    }

    fn attribute(&mut self, name: &str, member: &Member) -> Option<(Condition, usize)> {
        let attribute = self.find(name, member.span)?;
        let node = &member.node;
        if matches!(node.value, Value::Object(_)) && node.member("attribute").is_none() {
            if node.members().is_empty() {
                let message = "an operator object needs at least one operator".to_string();
                self.diagnostics.error(Code::EmptyOperator, node.span, message);
                return None;
            }
            let checked: Vec<_> =
                node.members().iter().map(|operator| self.operator(attribute, operator)).collect();
            let atoms: Option<Vec<Condition>> = checked.into_iter().collect();
            return Some((Condition::All(atoms?), 1));
        }
        let operand = self.equality(attribute, node)?;
        Some((Condition::Atom { attribute, op: op::EQ, operand }, 0))
    }

    fn find(&mut self, name: &str, span: super::tree::Span) -> Option<usize> {
        let found = self.model.attributes.iter().position(|attribute| attribute.name == name);
        if found.is_none() {
            let message = format!("the attribute `{}` is not declared", shown(name));
            let words = ["all", "any", "not", "condition"];
            let known =
                self.model.attributes.iter().map(|attribute| attribute.name.as_str()).chain(words);
            let known: Vec<String> = known.map(String::from).collect();
            let known = known.iter().map(String::as_str);
            self.diagnostics.unknown(Code::UnknownAttribute, span, message, name, known);
        }
        found
    }

    fn operator(&mut self, attribute: usize, member: &Member) -> Option<Condition> {
        let name = member.name.as_str();
        let Some((_, op)) = OPERATORS.iter().find(|(operator, _)| *operator == name) else {
            let message = format!("there is no operator `{}`", shown(name));
            let known = OPERATORS.iter().map(|(operator, _)| *operator);
            self.diagnostics.unknown(Code::UnknownOperator, member.span, message, name, known);
            return None;
        };
        let kind = self.kind(attribute)?;
        let fits = match *op {
            op::IN => matches!(kind, Type::Enum(_) | Type::Id(_)),
            op::HAS | op::HAS_ALL | op::HAS_ANY | op::SUBSET_OF => {
                matches!(kind, Type::EnumSet(_) | Type::IdSet(_))
            }
            op::LT..=op::GE => matches!(kind, Type::Int(..) | Type::Time),
            _ => true,
        };
        if !fits {
            let message =
                format!("`{name}` does not fit an attribute that is {}", kind.described());
            self.diagnostics.error(Code::OperatorType, member.span, message);
            return None;
        }
        let node = &member.node;
        let operand = match *op {
            op::PRESENT => match node.value {
                Value::Bool(value) => Some(Operand::Symbol(usize::from(value))),
                Value::Null => self.null(node),
                _ => {
                    let message = "`present` takes true or false".to_string();
                    self.diagnostics.error(Code::OperandType, node.span, message);
                    None
                }
            },
            op::IN => self.typed(node, &kind.set_of()?),
            op::HAS => self.typed(node, &kind.member()?),
            _ => self.typed(node, &kind),
        }?;
        Some(Condition::Atom { attribute, op: *op, operand })
    }

    fn kind(&self, attribute: usize) -> Option<Type> {
        self.model.attributes.get(attribute).map(|attribute| attribute.kind.clone())
    }

    fn equality(&mut self, attribute: usize, node: &Node) -> Option<Operand> {
        let kind = self.kind(attribute)?;
        self.typed(node, &kind)
    }

    /// An operand of a type: another attribute, or a literal.
    fn typed(&mut self, node: &Node, wanted: &Type) -> Option<Operand> {
        if !matches!(node.value, Value::Object(_)) {
            return self.literal(node, wanted);
        }
        let reference = self.diagnostics.object(node, &["attribute"], &[])?.member("attribute")?;
        if node.members().len() != 1 {
            return None;
        }
        let name = self.diagnostics.string(reference)?;
        let other = self.find(name, reference.span)?;
        let kind = self.kind(other)?;
        if !kind.compares_with(wanted) {
            let message = format!(
                "`{}` is {}, and {} is needed here",
                shown(name),
                kind.described(),
                wanted.described()
            );
            self.diagnostics.error(Code::OperandType, reference.span, message);
            return None;
        }
        Some(Operand::Attribute(other))
    }

    fn literal(&mut self, node: &Node, wanted: &Type) -> Option<Operand> {
        match (wanted, &node.value) {
            (_, Value::Null) => self.null(node),
            (Type::Bool, Value::Bool(value)) => Some(Operand::Symbol(usize::from(*value))),
            (Type::Enum(values), Value::String(text)) => {
                self.symbol(*values, text, node).map(Operand::Symbol)
            }
            (Type::Id(_), Value::String(text)) => self.id(text, node).map(Operand::Text),
            (Type::Int(min, max), Value::Number(_)) => self.integer(node, *min, *max),
            (Type::Time, Value::Number(_)) => self.integer(node, 0, MAX_SAFE_INTEGER),
            (Type::EnumSet(values), Value::Array(items)) => {
                self.limit(node, items.len());
                let members: Vec<_> = items
                    .iter()
                    .map(|item| match self.literal(item, &Type::Enum(*values))? {
                        Operand::Symbol(symbol) => Some(symbol),
                        _ => None,
                    })
                    .collect();
                members
                    .into_iter()
                    .collect::<Option<Vec<_>>>()
                    .map(|members| Operand::Symbols(*values, members))
            }
            (Type::IdSet(domain), Value::Array(items)) => {
                self.limit(node, items.len());
                let members: Vec<_> = items
                    .iter()
                    .map(|item| match self.literal(item, &Type::Id(domain.clone()))? {
                        Operand::Text(text) => Some(text),
                        _ => None,
                    })
                    .collect();
                members.into_iter().collect::<Option<Vec<_>>>().map(Operand::Texts)
            }
            _ => {
                let message = format!(
                    "{} is needed here, and this is {}",
                    wanted.described(),
                    node.type_name()
                );
                self.diagnostics.error(Code::OperandType, node.span, message);
                None
            }
        }
    }

    fn limit(&mut self, node: &Node, count: usize) {
        self.diagnostics.limit(node, count, self.limits.values, "items");
    }

    fn null(&mut self, node: &Node) -> Option<Operand> {
        let message = "null is no literal; ask for absence with `present`".to_string();
        self.diagnostics.error(Code::NullLiteral, node.span, message);
        None
    }

    fn symbol(&mut self, values: usize, text: &str, node: &Node) -> Option<usize> {
        let known = self.model.enums.get(values)?;
        let found = known.iter().position(|value| value == text);
        if found.is_none() {
            let (code, message) = if values == 0 {
                (Code::UnknownAction, format!("the action `{}` is not declared", shown(text)))
            } else {
                (Code::UnknownValue, format!("`{}` is none of the declared values", shown(text)))
            };
            self.diagnostics.unknown(
                code,
                node.span,
                message,
                text,
                known.iter().map(String::as_str),
            );
        }
        found
    }

    fn id(&mut self, text: &str, node: &Node) -> Option<String> {
        if text.is_empty() {
            let message = "an id has at least one byte".to_string();
            self.diagnostics.error(Code::OperandType, node.span, message);
            return None;
        }
        Some(text.to_string())
    }

    fn integer(&mut self, node: &Node, min: i64, max: i64) -> Option<Operand> {
        let Some(number) = node.integer() else {
            let message =
                "an integer is written in digits, without fraction or exponent".to_string();
            self.diagnostics.error(Code::OperandType, node.span, message);
            return None;
        };
        if !(min..=max).contains(&number) {
            let message = format!("{number} is outside the declared range of {min} to {max}");
            self.diagnostics.error(Code::OutOfRange, node.span, message);
            return None;
        }
        Some(Operand::Integer(number))
    }
}

impl Type {
    /// Whether values of both types can be compared.
    fn compares_with(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Int(..), Self::Int(..))) || self == other
    }

    /// The type of sets of these.
    fn set_of(&self) -> Option<Self> {
        match self {
            Self::Enum(values) => Some(Self::EnumSet(*values)),
            Self::Id(domain) => Some(Self::IdSet(domain.clone())),
            _ => None,
        }
    }

    /// The type of the members of these.
    fn member(&self) -> Option<Self> {
        match self {
            Self::EnumSet(values) => Some(Self::Enum(*values)),
            Self::IdSet(domain) => Some(Self::Id(domain.clone())),
            _ => None,
        }
    }

    fn described(&self) -> String {
        match self {
            Self::Bool => "a bool".to_string(),
            Self::Enum(0) => "an action".to_string(),
            Self::Enum(_) => "an enum".to_string(),
            Self::Id(domain) => format!("an id of the domain `{}`", shown(domain)),
            Self::Int(..) => "an int".to_string(),
            Self::Time => "a time".to_string(),
            Self::EnumSet(0) => "a set of actions".to_string(),
            Self::EnumSet(_) => "a set of an enum".to_string(),
            Self::IdSet(domain) => format!("a set of ids of the domain `{}`", shown(domain)),
        }
    }
}
