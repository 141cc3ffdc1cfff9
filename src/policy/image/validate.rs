//! The checks when an image is loaded: damage is refused, and nothing that an image says can run in a circle or for long.

use super::layout::{self, NONE, Section, effect, kind, level, op, operand};
use super::view::{Image, Node, size};
use crate::crc32::crc32;
use crate::error::{Code, Error};
use alloc::borrow::Cow;

/// How deeply nodes may nest, through the conditions that they refer to: the documents' 32 levels and an atom below.
const MAX_DEPTH: u32 = 33;

/// Checks an image as a whole.
pub(crate) fn validate(bytes: Cow<'static, [u8]>) -> Result<Image, Error> {
    let sections = header(&bytes)?;
    let image = Image::new(bytes, sections);
    let sound = strings(&image)
        && values(&image)
        && attributes(&image)
        && places(&image)
        && conditions(&image)
        && rules(&image)
        && actions(&image)
        && roles(&image)
        && routes(&image);
    if sound { Ok(image) } else { Err(Error::new(Code::InvalidImage)) }
}

fn header(bytes: &[u8]) -> Result<[(u32, u32); layout::ALL.len()], Error> {
    let damaged = Error::new(Code::InvalidImage);
    let word = |at: usize| {
        bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|bytes| u32::from_le_bytes(*bytes))
    };
    if bytes.first_chunk() != Some(layout::MAGIC) {
        return Err(damaged);
    }
    match word(8) {
        Some(layout::VERSION) => {}
        Some(_) => return Err(Error::new(Code::UnknownImageVersion)),
        None => return Err(damaged),
    }
    let whole = word(12).is_some_and(|length| size(length) == bytes.len());
    let checked = bytes.get(layout::CHECKED_FROM..).unwrap_or_default();
    if !whole || word(16) != Some(crc32(checked)) {
        return Err(damaged);
    }
    let mut sections = [(0, 0); layout::ALL.len()];
    for (section, place) in layout::ALL.iter().zip(&mut sections) {
        let at = layout::SECTIONS.saturating_add(section.index.saturating_mul(8));
        let (Some(offset), Some(count)) = (word(at), word(at.saturating_add(4))) else {
            return Err(damaged);
        };
        let end = size(count)
            .checked_mul(section.record)
            .and_then(|bytes| bytes.checked_add(size(offset)));
        if end.is_none_or(|end| end > bytes.len()) {
            return Err(damaged);
        }
        *place = (offset, count);
    }
    Ok(sections)
}

fn within(image: &Image, section: Section, first: u32, count: u32) -> bool {
    first.checked_add(count).is_some_and(|end| end <= image.count(section))
}

fn is_string(image: &Image, id: u32) -> bool {
    id < image.count(layout::STRINGS)
}

fn is_optional_string(image: &Image, id: u32) -> bool {
    id == NONE || is_string(image, id)
}

/// Whether a set of the values of an enum begins at a word.
fn is_set(image: &Image, values: u32, first: u32) -> bool {
    within(image, layout::WORDS, first, image.values(values).1.div_ceil(64))
}

/// Records that belong to others, one owner after the other: so that none has two, and what is checked once is run once.
#[derive(Default)]
struct Run {
    next: u32,
}

impl Run {
    /// Whether an owner's records begin where those of the one before end.
    fn takes(&mut self, first: u32, count: u32) -> bool {
        let follows = first == self.next;
        self.next = first.saturating_add(count);
        follows
    }
}

/// Whether records whose first numbers are strings come in the order of their texts, each once.
fn ascending(image: &Image, section: Section, first: u32, count: u32) -> bool {
    let text = |index| image.string(image.number(section, index));
    let end = first.saturating_add(count);
    (first.saturating_add(1)..end).all(|index| text(index.saturating_sub(1)) < text(index))
}

fn strings(image: &Image) -> bool {
    let mut text = Run::default();
    image.all(layout::STRINGS, |id| {
        let (start, length) = image.string_place(id);
        text.takes(start, length)
            && within(image, layout::TEXT, start, length)
            && core::str::from_utf8(image.text(id)).is_ok()
    }) && image.all(layout::IDS, |id| is_string(image, image.id_string(id)))
        && ascending(image, layout::IDS, 0, image.count(layout::IDS))
}

fn values(image: &Image) -> bool {
    let mut lists = Run::default();
    image.count(layout::ACTIONS) > 0
        && image.values(0).1 == image.actions()
        && image.all(layout::ENUMS, |index| {
            let (first, count) = image.values(index);
            lists.takes(first, count)
                && within(image, layout::LISTS, first, count)
                && (0..count).all(|i| is_string(image, image.list(first.saturating_add(i))))
                && ascending(image, layout::LISTS, first, count)
        })
}

fn attributes(image: &Image) -> bool {
    let kinds = [kind::ENUM, kind::PERMISSIONS, kind::SCOPES];
    let builtin = (0..).zip(kinds).all(|(index, kind)| {
        image
            .attribute(index)
            .is_some_and(|attribute| attribute.kind == kind && attribute.values == 0)
    });
    builtin
        && image.all(layout::ATTRIBUTES, |index| {
            image.attribute(index).is_some_and(|attribute| {
                let has_values = matches!(attribute.kind, kind::ENUM | kind::ENUM_SET);
                attribute.kind <= kind::SCOPES
                    && is_string(image, attribute.pointer)
                    && (!has_values || attribute.values < image.count(layout::ENUMS))
            })
        })
}

fn places(image: &Image) -> bool {
    let (mut children, mut readers) = (Run { next: 1 }, Run::default());
    image.all(layout::READERS, |reader| image.reader(reader) < image.count(layout::ATTRIBUTES))
        && image.all(layout::PLACES, |index| {
            image.place(index).is_some_and(|place| {
                is_string(image, place.name())
                    && children.takes(place.child(), place.children())
                    && readers.takes(place.reader(), place.readers())
                    && within(image, layout::PLACES, place.child(), place.children())
                    && within(image, layout::READERS, place.reader(), place.readers())
            })
        })
}

/// Conditions, rules and invariants own the trees of nodes one after the other, so that none is walked twice.
fn conditions(image: &Image) -> bool {
    let mut next = 0;
    let enums = image.count(layout::ENUMS).checked_sub(1).map_or((0, 0), |last| image.values(last));
    let mut lists = Run { next: enums.0.saturating_add(enums.1) };
    let mut tree = |root: u32, known: u32, depths: &[u32]| {
        let mut walk = Walk { image, known, depths, deepest: 0, lists: &mut lists };
        let end = if root == next { walk.tree(root, image.count(layout::NODES), 1) } else { None };
        next = end?;
        Some(walk.deepest)
    };
    let mut depths = [0_u32; crate::policy::evaluate::MAX_CONDITIONS];
    let count = image.count(layout::CONDITIONS);
    if size(count) > depths.len() {
        return false;
    }
    for index in 0..count {
        let depth = tree(image.condition(index), index, &depths);
        match (depth, depths.get_mut(size(index))) {
            (Some(depth), Some(place)) => *place = depth,
            _ => return false,
        }
    }
    image.all(layout::RULES, |index| {
        image.rule(index).is_some_and(|rule| {
            let must = rule.effect == effect::REQUIRE;
            tree(rule.when, count, &depths).is_some()
                && if must { tree(rule.must, count, &depths).is_some() } else { rule.must == NONE }
        })
    }) && image.all(layout::INVARIANTS, |index| {
        image.invariant(index).is_some_and(|(_, root)| tree(root, count, &depths).is_some())
    }) && next == image.count(layout::NODES)
}

struct Walk<'i> {
    image: &'i Image,
    /// Conditions below this index may be referred to.
    known: u32,
    depths: &'i [u32],
    deepest: u32,
    /// The lists of ids, each a node's own.
    lists: &'i mut Run,
}

impl Walk<'_> {
    /// Checks the tree at an index that must end at or before `limit`, and says where it ends.
    fn tree(&mut self, index: u32, limit: u32, depth: u32) -> Option<u32> {
        if index >= limit || depth > MAX_DEPTH {
            return None;
        }
        self.deepest = self.deepest.max(depth);
        let node = self.image.node(index)?;
        let after = index.checked_add(1)?;
        match node.op {
            op::ALL | op::ANY | op::NOT => {
                if node.a < after || node.a > limit {
                    return None;
                }
                let mut next = after;
                let mut children = 0_u32;
                while next < node.a {
                    next = self.tree(next, node.a, depth.saturating_add(1))?;
                    children = children.saturating_add(1);
                }
                (node.op != op::NOT || children == 1).then_some(node.a)
            }
            op::CONDITION => {
                let below = self.depths.get(size(node.a)).filter(|_| node.a < self.known)?;
                let depth = depth.checked_add(*below)?;
                self.deepest = self.deepest.max(depth);
                (depth <= MAX_DEPTH).then_some(after)
            }
            op::EQ..=op::PRESENT => {
                let own = node.operand != operand::LIST || self.lists.takes(node.a, node.b);
                (own && is_atom(self.image, node)).then_some(after)
            }
            _ => None,
        }
    }
}

fn is_atom(image: &Image, node: Node) -> bool {
    let Some(attribute) = image.attribute(u32::from(node.attribute)) else { return false };
    match node.operand {
        operand::ATTRIBUTE => node.a < image.count(layout::ATTRIBUTES),
        operand::NUMBER => true,
        operand::ID => node.a < image.count(layout::IDS),
        operand::WORDS => is_set(image, attribute.values, node.a),
        operand::LIST => within(image, layout::LISTS, node.a, node.b),
        _ => false,
    }
}

fn rules(image: &Image) -> bool {
    ascending(image, layout::RULES, 0, image.count(layout::RULES))
        && image.all(layout::RULES, |index| {
            image.rule(index).is_some_and(|rule| {
                is_string(image, rule.id)
                    && rule.effect <= effect::ADVISE
                    && is_optional_string(image, rule.code)
                    && is_optional_string(image, rule.message)
            })
        })
}

fn actions(image: &Image) -> bool {
    let mut owned = Run::default();
    image.all(layout::ACTIONS, |index| {
        image.action(index).is_some_and(|action| {
            let rule = |i| image.action_rule(action.rule.saturating_add(i));
            (level::NONE..=level::ORGANIZATION).contains(&action.level)
                && owned.takes(action.rule, action.rules)
                && (action.implies == NONE || is_set(image, 0, action.implies))
                && within(image, layout::ACTION_RULES, action.rule, action.rules)
                && (0..action.rules).all(|i| {
                    rule(i) < image.count(layout::RULES) && (i == 0 || rule(i.saturating_sub(1)) < rule(i))
                })
        })
    })
    // Both levels' masks come first among the words.
    && within(image, layout::WORDS, 0, image.width.saturating_mul(2))
}

fn roles(image: &Image) -> bool {
    let set = |first: u32| first == NONE || is_set(image, 0, first);
    let named = |section| ascending(image, section, 0, image.count(section));
    named(layout::ROLES)
        && named(layout::DEFAULTS)
        && image.all(layout::ROLES, |index| {
            image.named(layout::ROLES, index).is_some_and(|(_, permissions)| set(permissions))
        })
        && image.all(layout::DEFAULTS, |index| {
            image
                .named(layout::DEFAULTS, index)
                .is_some_and(|(account, organization)| set(account) && set(organization))
        })
}

fn routes(image: &Image) -> bool {
    let (mut children, mut routes) = (Run { next: 1 }, Run::default());
    image.all(layout::SEGMENTS, |index| {
        image.segment(index).is_some_and(|segment| {
            is_optional_string(image, segment.literal)
                && children.takes(segment.child, segment.children)
                && within(image, layout::SEGMENTS, segment.child, segment.children)
                && (segment.parameter == NONE
                    || (children.takes(segment.parameter, 1)
                        && segment.parameter < image.count(layout::SEGMENTS)))
                && routes.takes(segment.route, segment.routes)
                && within(image, layout::ROUTES, segment.route, segment.routes)
        })
    }) && image.all(layout::ROUTES, |index| {
        image.route(index).is_some_and(|route| {
            is_string(image, route.method)
                && route.action < image.actions()
                && (route.undecided == NONE || is_set(image, 0, route.undecided))
        })
    })
}
