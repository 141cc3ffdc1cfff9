//! The checks when an image is loaded: damage is refused, and nothing that an image says can run in
//! a circle or for long.

use super::alternatives::Alternatives;
use super::build_alternatives;
use super::closed_sets::{AbsentKind, AttributeType, Connective, NodeKind, OperandKind};
use super::indexes::{self, is_ascending};
use super::layout::{
    self, AbsentRecord, InvariantRecord, MAX_CONDITIONS, NodeRecord, RouteRecord, StringRecord,
};
use super::read::Image;
use super::record::{Check, FieldCheck, NONE, Section, Span, size};
use crate::crypto::sha256::sha256;
use crate::error::{Code, Error};
use alloc::borrow::Cow;

/// How deeply nodes may nest, through the conditions that they refer to: the 32 levels of
/// documents, and an atom below.
const MAX_DEPTH: u32 = 33;

/// How it is known that an image is not damaged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integrity {
    /// By the checksum in its header.
    Checksum,
    /// The caller compared the digest of all bytes.
    Digest,
}

/// Checks an image as a whole.
pub(crate) fn check(bytes: Cow<'static, [u8]>, integrity: Integrity) -> Result<Image, Error> {
    let mut image = Image::new(bytes);
    let code = match header(&mut image, integrity) {
        Some(layout::VERSION) if is_sound(&image) => {
            if Alternatives::ARE_BUILT {
                image.alternatives = build_alternatives::build(&image);
            }
            return Ok(image);
        }
        Some(layout::VERSION) | None => Code::InvalidImage,
        Some(_) => Code::UnknownImageVersion,
    };
    Err(Error::new(code))
}

/// Reads the header: the version, none where it is damaged.
fn header(image: &mut Image, integrity: Integrity) -> Option<u32> {
    let word = |image: &Image, at: usize| image.at(at).map(|bytes| u32::from_le_bytes(*bytes));
    if image.at(0)? != layout::MAGIC {
        return None;
    }
    let version = word(image, 8)?;
    let length = image.bytes().len();
    let checked = image.bytes().get(layout::CHECKED_FROM..).unwrap_or_default();
    if version != layout::VERSION {
        return Some(version);
    }
    if size(word(image, 12)?) != length
        || integrity == Integrity::Checksum && image.at(16)? != &checksum(checked)
    {
        return None;
    }
    let mut at = layout::SECTIONS;
    for (section, _) in layout::ALL {
        let (offset, count) = (word(image, at)?, word(image, at.wrapping_add(4))?);
        let end = size(count).checked_mul(section.record)?.checked_add(size(offset))?;
        if end > length {
            return None;
        }
        image.set_section(*section, offset, count);
        at = at.wrapping_add(8);
    }
    Some(version)
}

/// The checksum of an image whose bytes from [`layout::CHECKED_FROM`] on are these.
pub(super) fn checksum(checked: &[u8]) -> [u8; 4] {
    let mut digest = [0; 32];
    sha256(&[checked], &mut digest);
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

/// The sections whose records come in the order of their names. Where a record owns others, these
/// are looked at with their owner.
const SORTED: &[Section] = &[layout::IDS, layout::RULES, layout::ROLES, layout::DEFAULTS];

fn is_sound(image: &Image) -> bool {
    layout::ALL
        .iter()
        .all(|(section, fields)| fields.iter().all(|field| holds(image, *section, *field)))
        && SORTED.iter().all(|section| ascending(image, *section, image.all(*section)))
        && strings(image)
        && values(image)
        && attributes(image)
        && places(image)
        && segments(image)
        && nodes(image)
        && actions(image)
        && implications(image)
        && indexes::are_sound(image)
}

/// Whether something holds for every record of a section.
fn every(image: &Image, section: Section, holds: impl FnMut(u32) -> bool) -> bool {
    image.all(section).indices().all(holds)
}

/// Whether the check of a field holds in every record of its section.
fn holds(image: &Image, section: Section, FieldCheck { at, check }: FieldCheck) -> bool {
    if matches!(check, Check::Anything) {
        return true;
    }
    let mut next = 0;
    image.section(section).chunks_exact(section.record).all(|record| {
        // What has fewer bytes than a number is a byte.
        let field = record.get(at..).unwrap_or_default();
        let byte = field.first().copied().unwrap_or_default();
        let (number, rest) = field
            .split_first_chunk()
            .map_or((NONE, field), |(it, rest)| (u32::from_le_bytes(*it), rest));
        match check {
            Check::Anything => true,
            Check::Index(of) => number < image.count(of),
            Check::IndexOrNone(of) => number == NONE || number < image.count(of),
            Check::Owner(of) => {
                let count = rest.first_chunk().map_or(NONE, |count| u32::from_le_bytes(*count));
                takes(image, of, &mut next, Span { first: number, count })
            }
            Check::SetOf(values) => {
                number == NONE || is_set(image, number, image.values(values).count.div_ceil(64))
            }
            Check::Byte(is_valid) => is_valid(byte),
            Check::Word(is_valid) => is_valid(number),
        }
    })
}

/// Whether an owner's records are there, and begin where those of the owner before end. So no
/// record has two owners, and what is checked once is also run once.
fn takes(image: &Image, section: Section, next: &mut u32, owned: Span) -> bool {
    let follows = owned.first == *next;
    *next = owned.first.saturating_add(owned.count);
    follows && *next <= image.count(section)
}

fn is_set(image: &Image, first: u32, width: u32) -> bool {
    first.checked_add(width).is_some_and(|end| end <= image.count(layout::WORDS))
}

/// Whether records whose first numbers are strings come in the order of their texts, each once.
fn ascending(image: &Image, section: Section, records: Span) -> bool {
    let mut last = None;
    records.indices().all(|index| {
        let before = last;
        last = Some(image.text(image.number(section, index, 0)));
        before < last
    })
}

/// Whether all strings are UTF-8, and none begins or ends within a character.
fn strings(image: &Image) -> bool {
    let text = core::str::from_utf8(image.section(layout::TEXT));
    text.is_ok_and(|text| {
        let strings = image.records(layout::STRINGS).iter().map(StringRecord::of);
        let mut strings = strings.map(StringRecord::text).map(Span::indices);
        strings
            .all(|it| text.is_char_boundary(size(it.start)) && text.is_char_boundary(size(it.end)))
    })
}

fn values(image: &Image) -> bool {
    image.count(layout::ACTIONS) > 0
        && image.values(layout::ACTION_NAMES).count == image.actions()
        && every(image, layout::ENUMS, |index| {
            let values = image.values(index);
            values.indices().all(|item| image.list(item) < image.count(layout::STRINGS))
                && ascending(image, layout::LISTS, values)
        })
}

fn attributes(image: &Image) -> bool {
    let builtin = [AttributeType::Enum, AttributeType::Permissions, AttributeType::Scopes];
    size(image.count(layout::ATTRIBUTES)) >= builtin.len()
        && every(image, layout::ATTRIBUTES, |index| {
            image.attribute(index).is_some_and(|attribute| {
                let (kind, values) = (attribute.kind(), u32::from(attribute.values()));
                let has_values = matches!(kind, Some(AttributeType::Enum | AttributeType::EnumSet));
                (!has_values || values < image.count(layout::ENUMS))
                    && builtin.get(size(index)).is_none_or(|it| kind == Some(*it) && values == 0)
            })
        })
}

/// Whether the places are a tree whose root has the parts of a request as its children: they are
/// known by their indices.
fn places(image: &Image) -> bool {
    let mut next = 1;
    every(image, layout::PLACES, |index| {
        image.place(index).is_some_and(|place| {
            let (first, count) = (place.first_child(), u32::from(place.children()));
            takes(image, layout::PLACES, &mut next, Span { first, count })
        })
    }) && image.place(0).is_some_and(|root| root.children() == 4)
        && (1..).zip(layout::PARTS).all(|(index, name)| {
            image.place(index).is_some_and(|part| image.text(part.name()) == name.as_bytes())
        })
}

/// Whether the segments are a tree.
fn segments(image: &Image) -> bool {
    let mut next = 1;
    every(image, layout::SEGMENTS, |index| {
        image.segment(index).is_some_and(|segment| {
            let mut takes =
                |first, count| takes(image, layout::SEGMENTS, &mut next, Span { first, count });
            takes(segment.first_child(), segment.children())
                && segment.parameter().is_none_or(|parameter| takes(parameter, 1))
        })
    })
}

/// Conditions, rules and invariants own the trees of nodes one after the other, so that none is
/// walked twice. Lists belong to what is absent, and then to the nodes.
fn nodes(image: &Image) -> bool {
    let last = image.values(image.count(layout::ENUMS).saturating_sub(1));
    let mut walk = Walk {
        image,
        next: 0,
        lists: last.first.saturating_add(last.count),
        networks: 0,
        known: 0,
        depths: [0; MAX_CONDITIONS],
        deepest: 0,
    };
    walk.absences()
        && walk.conditions()
        && walk.rules()
        && walk.invariants()
        && walk.next == image.count(layout::NODES)
}

struct Walk<'i> {
    image: &'i Image,
    /// The node that comes next.
    next: u32,
    /// Where the next list begins, each the own one of what is absent or of a node.
    lists: u32,
    /// Where the networks of the next node begin.
    networks: u32,
    /// Conditions below this index may be referred to.
    known: u32,
    depths: [u32; MAX_CONDITIONS],
    deepest: u32,
}

impl Walk<'_> {
    fn absences(&mut self) -> bool {
        let image = self.image;
        every(image, layout::ABSENT, |index| {
            image.record(index).is_some_and(|absent| self.is_absence(absent))
        })
    }

    fn conditions(&mut self) -> bool {
        let image = self.image;
        every(image, layout::CONDITIONS, |index| {
            self.known = index;
            let is_sound = self.root(image.condition(index));
            let Some(depth) = self.depths.get_mut(size(index)) else { return false };
            *depth = self.deepest;
            is_sound
        })
    }

    fn rules(&mut self) -> bool {
        let image = self.image;
        self.known = image.count(layout::CONDITIONS);
        every(image, layout::RULES, |index| {
            let Some(rule) = image.rule(index) else { return false };
            let Some(effect) = rule.effect() else { return false };
            self.root(rule.when())
                && match rule.must() {
                    Some(must) => effect.has_must() && self.root(must),
                    None => !effect.has_must(),
                }
        })
    }

    fn invariants(&mut self) -> bool {
        let image = self.image;
        every(image, layout::INVARIANTS, |index| {
            let invariant = image.record::<InvariantRecord<'_>>(index);
            invariant.is_some_and(|invariant| self.root(invariant.root()))
        })
    }

    /// Checks the next tree, which begins at `root`.
    fn root(&mut self, root: u32) -> bool {
        self.deepest = 0;
        root == self.next && self.tree(self.image.count(layout::NODES), 1)
    }

    /// Checks the tree that comes next, which must end at or before `limit`.
    fn tree(&mut self, limit: u32, depth: u32) -> bool {
        let Some(node) = self.image.node(self.next) else { return false };
        if self.next >= limit || depth > MAX_DEPTH {
            return false;
        }
        self.next = self.next.saturating_add(1);
        self.deepest = self.deepest.max(depth);
        match node.kind() {
            Some(NodeKind::Connective(Connective::Condition)) => {
                let below = self.depths.get(size(node.a())).copied().unwrap_or(MAX_DEPTH);
                self.deepest = self.deepest.max(depth.saturating_add(below));
                node.a() < self.known && self.deepest <= MAX_DEPTH
            }
            Some(NodeKind::Connective(connective)) => {
                if node.a() < self.next || node.a() > limit {
                    return false;
                }
                let mut children = 0_u32;
                while self.next < node.a() {
                    if !self.tree(node.a(), depth.saturating_add(1)) {
                        return false;
                    }
                    children = children.saturating_add(1);
                }
                connective != Connective::Not || children == 1
            }
            Some(NodeKind::Atom(_)) => self.is_atom(node),
            None => false,
        }
    }

    fn is_atom(&mut self, node: NodeRecord<'_>) -> bool {
        let image = self.image;
        let Some(attribute) = image.attribute(u32::from(node.attribute())) else { return false };
        let span = Span { first: node.a(), count: node.b() };
        match node.operand() {
            Some(OperandKind::Attribute) => node.a() < image.count(layout::ATTRIBUTES),
            Some(OperandKind::Number) => true,
            Some(OperandKind::Id) => node.a() < image.count(layout::IDS),
            Some(OperandKind::Words) => {
                let values = image.values(u32::from(attribute.values()));
                is_set(image, node.a(), values.count.div_ceil(64))
            }
            Some(OperandKind::List) => takes(image, layout::LISTS, &mut self.lists, span),
            Some(OperandKind::Networks) => takes(image, layout::NETWORKS, &mut self.networks, span),
            None => false,
        }
    }

    fn is_absence(&mut self, absent: AbsentRecord<'_>) -> bool {
        let image = self.image;
        let is_string = |index| index < image.count(layout::STRINGS);
        match absent.kind() {
            Some(AbsentKind::Null | AbsentKind::Bool | AbsentKind::Integer) => true,
            Some(AbsentKind::Text) => is_string(absent.a()),
            Some(AbsentKind::List) => {
                let items = Span { first: absent.a(), count: absent.b() };
                takes(image, layout::LISTS, &mut self.lists, items)
                    && items.indices().all(|item| is_string(image.list(item)))
            }
            None => false,
        }
    }
}

fn actions(image: &Image) -> bool {
    every(image, layout::ACTIONS, |index| {
        image.action(index).is_some_and(|action| is_ascending(image.rules_of(action)))
    })
    // Both levels' sets come first among the words.
    && is_set(image, 0, image.width.saturating_mul(2))
    && every(image, layout::ROUTES, |index| {
        image
            .record::<RouteRecord<'_>>(index)
            .is_some_and(|route| route.action() < image.actions())
    })
}

/// Whether those actions that imply others are listed, and no others.
fn implications(image: &Image) -> bool {
    let implies = |action: &u32| image.action(*action).is_some_and(|it| it.implies() != NONE);
    image.implying().eq((0..image.actions()).filter(implies))
}
