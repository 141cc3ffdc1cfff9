//! The checks when an image is loaded: damage is refused, and nothing that an image says can run in a circle or for long.

use super::closed_sets::{AttributeType, Connective, Effect, Level, NodeKind, OperandKind};
use super::layout::{self, MAX_CONDITIONS, NONE, Section};
use super::read::{Image, NodeRecord, size};
use crate::crypto::crc32::crc32;
use crate::error::{Code, Error};

use alloc::borrow::Cow;

/// How deeply nodes may nest, through the conditions that they refer to: the documents' 32 levels and an atom below.
const MAX_DEPTH: u32 = 33;

/// Checks an image as a whole.
pub(crate) fn check(bytes: Cow<'static, [u8]>) -> Result<Image, Error> {
    let mut image = Image::new(bytes);
    let code = match header(&mut image) {
        Some(layout::VERSION) if is_sound(&image) => return Ok(image),
        Some(layout::VERSION) | None => Code::InvalidImage,
        Some(_) => Code::UnknownImageVersion,
    };
    Err(Error::new(code))
}

/// Reads the header: the version, none where it is damaged.
fn header(image: &mut Image) -> Option<u32> {
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
    if size(word(image, 12)?) != length || word(image, 16)? != crc32(checked) {
        return None;
    }
    let mut at = layout::SECTIONS;
    for section in layout::ALL {
        let (offset, count) = (word(image, at)?, word(image, at.wrapping_add(4))?);
        let end =
            size(count).checked_mul(usize::from(section.record))?.checked_add(size(offset))?;
        if end > length {
            return None;
        }
        image.set_section(*section, offset, count);
        at = at.wrapping_add(8);
    }
    Some(version)
}

/// What a number in a record is.
#[derive(Clone, Copy)]
enum Is {
    /// The index of another record.
    Index(Section),
    /// The same, or `NONE`.
    Perhaps(Section),
    /// The first of the records that this one owns; how many is the next number.
    Owner(Section),
    /// The first word of a set of actions, or `NONE`.
    Set,
}

/// The numbers that are checked in every record of a section, each by its offset.
const NUMBERS: &[(Section, u8, Is)] = &[
    (layout::STRINGS, 0, Is::Owner(layout::TEXT)),
    (layout::IDS, 0, Is::Index(layout::STRINGS)),
    (layout::ENUMS, 0, Is::Owner(layout::LISTS)),
    (layout::ATTRIBUTES, 4, Is::Index(layout::STRINGS)),
    (layout::READERS, 0, Is::Index(layout::ATTRIBUTES)),
    (layout::PLACES, 0, Is::Index(layout::STRINGS)),
    (layout::PLACES, 12, Is::Owner(layout::READERS)),
    (layout::RULES, 0, Is::Index(layout::STRINGS)),
    (layout::RULES, 16, Is::Perhaps(layout::STRINGS)),
    (layout::RULES, 20, Is::Perhaps(layout::STRINGS)),
    (layout::ACTIONS, 4, Is::Set),
    (layout::ACTIONS, 8, Is::Owner(layout::ACTION_RULES)),
    (layout::ACTION_RULES, 0, Is::Index(layout::RULES)),
    (layout::ROLES, 8, Is::Set),
    (layout::DEFAULTS, 4, Is::Set),
    (layout::DEFAULTS, 8, Is::Set),
    (layout::SEGMENTS, 0, Is::Perhaps(layout::STRINGS)),
    (layout::SEGMENTS, 16, Is::Owner(layout::ROUTES)),
    (layout::ROUTES, 0, Is::Index(layout::STRINGS)),
    (layout::ROUTES, 16, Is::Set),
];

/// The sections whose records come in the order of their names.
const SORTED: &[Section] = &[layout::IDS, layout::RULES, layout::ROLES, layout::DEFAULTS];

fn is_sound(image: &Image) -> bool {
    NUMBERS.iter().all(|(section, at, is)| {
        let at = usize::from(*at);
        let mut next = 0;
        image.all(*section, |index| {
            let number = image.number(*section, index, at);
            match *is {
                Is::Index(of) => number < image.count(of),
                Is::Perhaps(of) => number == NONE || number < image.count(of),
                Is::Owner(of) => {
                    let count = image.number(*section, index, at.wrapping_add(4));
                    takes(image, of, &mut next, number, count)
                }
                Is::Set => number == NONE || is_set(image, number, image.width),
            }
        })
    }) && SORTED.iter().all(|section| ascending(image, *section, 0, image.count(*section)))
        && image.all(layout::STRINGS, |id| core::str::from_utf8(image.text(id)).is_ok())
        && values(image)
        && attributes(image)
        && children(image, layout::PLACES)
        && parts(image)
        && children(image, layout::SEGMENTS)
        && conditions(image)
        && actions(image)
}

/// Whether an owner's records are there and begin where those of the one before end: so none has two, and what is checked once
/// is run once.
fn takes(image: &Image, section: Section, next: &mut u32, first: u32, count: u32) -> bool {
    let follows = first == *next;
    *next = first.saturating_add(count);
    follows && *next <= image.count(section)
}

fn is_set(image: &Image, first: u32, width: u32) -> bool {
    first.checked_add(width).is_some_and(|end| end <= image.count(layout::WORDS))
}

/// Whether records whose first numbers are strings come in the order of their texts, each once.
fn ascending(image: &Image, section: Section, first: u32, count: u32) -> bool {
    let mut last = None;
    (first..first.saturating_add(count)).all(|index| {
        let before = last;
        last = Some(image.text(image.number(section, index, 0)));
        before < last
    })
}

fn values(image: &Image) -> bool {
    image.count(layout::ACTIONS) > 0
        && image.values(0).count() == image.actions()
        && image.all(layout::ENUMS, |index| {
            let values = image.values(index);
            let mut items = values.first()..values.first().saturating_add(values.count());
            items.all(|item| image.list(item) < image.count(layout::STRINGS))
                && ascending(image, layout::LISTS, values.first(), values.count())
        })
}

fn attributes(image: &Image) -> bool {
    let builtin = [AttributeType::Enum, AttributeType::Permissions, AttributeType::Scopes];
    size(image.count(layout::ATTRIBUTES)) >= builtin.len()
        && image.all(layout::ATTRIBUTES, |index| {
            image.attribute(index).is_some_and(|attribute| {
                let values = attribute.values();
                let kind = attribute.kind();
                let has_values = matches!(kind, Some(AttributeType::Enum | AttributeType::EnumSet));
                kind.is_some()
                    && (!has_values || values < image.count(layout::ENUMS))
                    && builtin.get(size(index)).is_none_or(|it| kind == Some(*it) && values == 0)
            })
        })
}

/// Whether the places, or the segments, are a tree.
fn children(image: &Image, section: Section) -> bool {
    let mut next = 1;
    image.all(section, |index| {
        let number = |at| image.number(section, index, at);
        let (first, count, parameter) = if section == layout::PLACES {
            (number(4), number(8) & 0xffff, NONE)
        } else {
            (number(4), number(8), number(12))
        };
        takes(image, section, &mut next, first, count)
            && (parameter == NONE || takes(image, section, &mut next, parameter, 1))
    })
}

/// Whether the first place has the parts of a request as its children: they are known by their indices.
fn parts(image: &Image) -> bool {
    image.place(0).is_some_and(|root| root.children() == 4)
        && (1..).zip(layout::PARTS).all(|(index, name)| {
            image.text(image.number(layout::PLACES, index, 0)) == name.as_bytes()
        })
}

/// Conditions, rules and invariants own the trees of nodes one after the other, so that none is walked twice.
fn conditions(image: &Image) -> bool {
    let count = image.count(layout::CONDITIONS);
    let last = image.values(image.count(layout::ENUMS).saturating_sub(1));
    let mut walk = Walk {
        image,
        next: 0,
        lists: last.first().saturating_add(last.count()),
        known: 0,
        depths: [0; MAX_CONDITIONS],
        deepest: 0,
    };
    image.all(layout::CONDITIONS, |index| {
        walk.known = index;
        let sound = walk.root(image.condition(index));
        let deepest = walk.deepest;
        walk.depths.get_mut(size(index)).is_some_and(|depth| {
            *depth = deepest;
            sound
        })
    }) && {
        walk.known = count;
        image.all(layout::RULES, |index| {
            image.rule(index).is_some_and(|rule| {
                let must = rule.must();
                walk.root(rule.when())
                    && match rule.effect() {
                        Some(Effect::Require) => walk.root(must),
                        Some(Effect::Permit | Effect::Forbid | Effect::Advise) => must == NONE,
                        None => false,
                    }
            })
        })
    } && image
        .all(layout::INVARIANTS, |index| walk.root(image.number(layout::INVARIANTS, index, 4)))
        && walk.next == image.count(layout::NODES)
}

struct Walk<'i> {
    image: &'i Image,
    /// The node that comes next.
    next: u32,
    /// Where the next node's list of ids begins, each a node's own.
    lists: u32,
    /// Conditions below this index may be referred to.
    known: u32,
    depths: [u32; MAX_CONDITIONS],
    deepest: u32,
}

impl Walk<'_> {
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
        match node.operand() {
            Some(OperandKind::Attribute) => node.a() < image.count(layout::ATTRIBUTES),
            Some(OperandKind::Number) => true,
            Some(OperandKind::Id) => node.a() < image.count(layout::IDS),
            Some(OperandKind::Words) => {
                is_set(image, node.a(), image.values(attribute.values()).count().div_ceil(64))
            }
            Some(OperandKind::List) => {
                takes(image, layout::LISTS, &mut self.lists, node.a(), node.b())
            }
            None => false,
        }
    }
}

fn actions(image: &Image) -> bool {
    image.all(layout::ACTIONS, |index| {
        image.action(index).is_some_and(|action| {
            let rule = |item: u32| {
                image.number(layout::ACTION_RULES, action.rule().saturating_add(item), 0)
            };
            (action.level() == 0 || Level::from_word(action.level()).is_some())
                && (1..action.rules()).all(|item| rule(item.saturating_sub(1)) < rule(item))
        })
    })
    // Both levels' masks come first among the words.
    && is_set(image, 0, image.width.saturating_mul(2))
    && image.all(layout::ROUTES, |index| image.number(layout::ROUTES, index, 4) < image.actions())
}
