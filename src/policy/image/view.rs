//! Reading records from an image in place.
//!
//! Every reader is total: what is not there reads as nothing, and nothing never allows.

use super::layout::{self, NONE, Section};
use crate::json::Text;
use alloc::borrow::Cow;

/// How many names are looked at one by one.
const FEW: u32 = 8;

/// An image whose header and indices were checked, evaluated where it lies.
#[derive(Clone)]
pub(crate) struct Image {
    bytes: Cow<'static, [u8]>,
    sections: [(u32, u32); layout::ALL.len()],
    /// How many words a set of actions has.
    pub(crate) width: u32,
}

/// A node of a condition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) op: u8,
    pub(crate) operand: u8,
    pub(crate) attribute: u16,
    pub(crate) a: u32,
    pub(crate) b: u32,
}

/// The nodes of an image.
#[derive(Clone, Copy)]
pub(crate) struct Nodes<'i>(&'i [[u8; 12]]);

impl Nodes<'_> {
    #[inline(always)]
    pub(crate) fn get(self, index: u32) -> Option<Node> {
        let [op, operand, low, high, a @ .., b0, b1, b2, b3] = self.0.get(size(index))?;
        Some(Node {
            op: *op,
            operand: *operand,
            attribute: u16::from_le_bytes([*low, *high]),
            a: u32::from_le_bytes(*a),
            b: u32::from_le_bytes([*b0, *b1, *b2, *b3]),
        })
    }
}

impl Node {
    /// The integer in the two numbers.
    pub(crate) fn number(self) -> i64 {
        i64::from_le_bytes((u64::from(self.b).wrapping_shl(32) | u64::from(self.a)).to_le_bytes())
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute {
    pub(crate) kind: u8,
    pub(crate) open: bool,
    pub(crate) values: u32,
    pub(crate) pointer: u32,
    pub(crate) min: i64,
    pub(crate) max: i64,
}

/// A place of the request. Most have their duties looked at and little else, so it is read where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'i>(&'i [u8; 24]);

impl Place<'_> {
    pub(super) fn name(self) -> u32 {
        word32(self.0, 0)
    }

    pub(crate) fn child(self) -> u32 {
        word32(self.0, 4)
    }

    pub(crate) fn children(self) -> u32 {
        u32::from(u16::from_le_bytes([self.0[8], self.0[9]]))
    }

    pub(crate) fn duties(self) -> u16 {
        u16::from_le_bytes([self.0[10], self.0[11]])
    }

    pub(crate) fn reader(self) -> u32 {
        word32(self.0, 12)
    }

    pub(crate) fn readers(self) -> u32 {
        word32(self.0, 16)
    }

    /// How many children must be there and be strings.
    pub(crate) fn strings(self) -> u32 {
        word32(self.0, 20)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) id: u32,
    pub(crate) effect: u8,
    pub(crate) challenge: bool,
    pub(crate) when: u32,
    pub(crate) must: u32,
    pub(crate) code: u32,
    pub(crate) message: u32,
}

impl Rule {
    /// A forbid that is never surely false.
    pub(crate) const UNREADABLE: Self = Self {
        id: NONE,
        effect: layout::effect::FORBID,
        challenge: false,
        when: NONE,
        must: NONE,
        code: NONE,
        message: NONE,
    };
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Action {
    pub(crate) level: u32,
    pub(crate) implies: u32,
    pub(crate) rule: u32,
    pub(crate) rules: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    pub(crate) literal: u32,
    pub(crate) child: u32,
    pub(crate) children: u32,
    pub(crate) parameter: u32,
    pub(crate) route: u32,
    pub(crate) routes: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) method: u32,
    pub(crate) action: u32,
    /// The zero-based segment that names the organization, or `NONE`.
    pub(crate) organization: u32,
    /// A bit for each segment that allows escapes.
    pub(crate) encoded: u32,
    /// The first word of the set of undecided actions, or `NONE`.
    pub(crate) undecided: u32,
}

impl Image {
    /// An image over bytes, with the offset and count of each section. The caller has checked both.
    pub(super) fn new(
        bytes: Cow<'static, [u8]>,
        sections: [(u32, u32); layout::ALL.len()],
    ) -> Self {
        let mut image = Self { bytes, sections, width: 0 };
        image.width = image.actions().div_ceil(64);
        image
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        self.at(layout::DIGEST).copied().unwrap_or_default()
    }

    /// How many records a section has.
    pub(crate) fn count(&self, section: Section) -> u32 {
        self.sections.get(section.index).map_or(0, |place| place.1)
    }

    /// A string, empty where there is none.
    pub(crate) fn string(&self, id: u32) -> &str {
        core::str::from_utf8(self.text(id)).unwrap_or_default()
    }

    /// The bytes of a string.
    pub(super) fn text(&self, id: u32) -> &[u8] {
        let record = self.record::<8>(layout::STRINGS, id).unwrap_or(&[0; 8]);
        let start = self.start(layout::TEXT).wrapping_add(size(word32(record, 0)));
        let end = start.wrapping_add(size(word32(record, 4)));
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Which of `count` records from `first` on has `text` as its name: the string at its beginning, by which they are sorted.
    fn search(&self, section: Section, first: u32, count: u32, text: Text<'_>) -> Option<u32> {
        let decoded;
        let wanted = if let Some(plain) = text.unescaped() {
            plain.as_bytes()
        } else {
            decoded = text.decoded();
            decoded.as_bytes()
        };
        let (mut low, mut high) = (first, first.saturating_add(count));
        while high.saturating_sub(low) > FEW {
            let middle = low.midpoint(high);
            let name = self.text(u32::from_le_bytes(*self.name(section, middle)?));
            if name > wanted { high = middle } else { low = middle }
        }
        // Among few, most names are told apart by their lengths alone.
        let strings = self.records::<8>(layout::STRINGS);
        let texts = self.bytes.get(self.start(layout::TEXT)..)?;
        while low < high {
            let name = u32::from_le_bytes(*self.name(section, low)?);
            let string = strings.get(size(name)).unwrap_or(&[0; 8]);
            if size(word32(string, 4)) == wanted.len()
                && texts.get(size(word32(string, 0))..)?.starts_with(wanted)
            {
                return Some(low);
            }
            low = low.wrapping_add(1);
        }
        None
    }

    /// The first number of a record, in bytes; its index is not checked.
    #[inline(always)]
    fn name(&self, section: Section, index: u32) -> Option<&[u8; 4]> {
        self.at(self.start(section).wrapping_add(size(index).wrapping_mul(section.record)))
    }

    /// A string that may be left out.
    pub(crate) fn optional_string(&self, id: u32) -> Option<&str> {
        (id != NONE).then(|| self.string(id))
    }

    pub(crate) fn word(&self, index: u32) -> u64 {
        self.record(layout::WORDS, index).map_or(0, |word| u64::from_le_bytes(*word))
    }

    pub(crate) fn list(&self, index: u32) -> u32 {
        self.number(layout::LISTS, index)
    }

    /// The first list item of an enum, and how many values it has.
    pub(crate) fn values(&self, index: u32) -> (u32, u32) {
        let record = self.record::<8>(layout::ENUMS, index).unwrap_or(&[0; 8]);
        (word32(record, 0), word32(record, 4))
    }

    /// The index of an enum's value, by its text.
    pub(crate) fn value(&self, index: u32, text: Text<'_>) -> Option<u32> {
        let (first, count) = self.values(index);
        self.search(layout::LISTS, first, count, text)?.checked_sub(first)
    }

    pub(crate) fn attribute(&self, index: u32) -> Option<Attribute> {
        let record = self.record::<24>(layout::ATTRIBUTES, index)?;
        Some(Attribute {
            kind: record[0],
            open: record[1] != 0,
            values: u32::from(u16::from_le_bytes([record[2], record[3]])),
            pointer: word32(record, 4),
            min: word64(record, 8),
            max: word64(record, 16),
        })
    }

    pub(crate) fn place(&self, index: u32) -> Option<Place<'_>> {
        self.record(layout::PLACES, index).map(Place)
    }

    /// The child of a place, by its name.
    pub(crate) fn child(&self, place: Place<'_>, text: Text<'_>) -> Option<Place<'_>> {
        self.place(self.search(layout::PLACES, place.child(), place.children(), text)?)
    }

    pub(crate) fn reader(&self, index: u32) -> u32 {
        self.number(layout::READERS, index)
    }

    /// The rules of an action; those of all actions are the last one's.
    pub(crate) fn rules_of(&self, action: u32) -> &[[u8; 4]] {
        let Some(action) = self.action(action) else { return &[] };
        let rules = self.records(layout::ACTION_RULES).get(size(action.rule)..).unwrap_or_default();
        rules.get(..size(action.rules)).unwrap_or_default()
    }

    /// All nodes, for whoever reads many.
    pub(crate) fn nodes(&self) -> Nodes<'_> {
        Nodes(self.records(layout::NODES))
    }

    pub(crate) fn node(&self, index: u32) -> Option<Node> {
        self.nodes().get(index)
    }

    pub(crate) fn condition(&self, index: u32) -> u32 {
        self.number(layout::CONDITIONS, index)
    }

    pub(crate) fn rule(&self, index: u32) -> Option<Rule> {
        let record = self.record::<24>(layout::RULES, index)?;
        Some(Rule {
            id: word32(record, 0),
            effect: record[4],
            challenge: record[5] != 0,
            when: word32(record, 8),
            must: word32(record, 12),
            code: word32(record, 16),
            message: word32(record, 20),
        })
    }

    /// How many actions are declared.
    pub(crate) fn actions(&self) -> u32 {
        self.count(layout::ACTIONS).saturating_sub(1)
    }

    pub(crate) fn action(&self, index: u32) -> Option<Action> {
        let record = self.record::<16>(layout::ACTIONS, index)?;
        Some(Action {
            level: word32(record, 0),
            implies: word32(record, 4),
            rule: word32(record, 8),
            rules: word32(record, 12),
        })
    }

    pub(crate) fn action_name(&self, index: u32) -> &str {
        let (first, _) = self.values(0);
        self.string(self.list(first.saturating_add(index)))
    }

    pub(crate) fn action_rule(&self, index: u32) -> u32 {
        self.number(layout::ACTION_RULES, index)
    }

    /// The index of an id that conditions name, by its text.
    pub(crate) fn id(&self, text: Text<'_>) -> Option<u32> {
        self.search(layout::IDS, 0, self.count(layout::IDS), text)
    }

    pub(super) fn id_string(&self, index: u32) -> u32 {
        self.number(layout::IDS, index)
    }

    /// A role's level and the first word of its permissions, by its name.
    pub(crate) fn role(&self, text: Text<'_>) -> Option<(u32, u32)> {
        self.pair(layout::ROLES, text)
    }

    /// The first words of the permissions that a subject type has by default, at the account and in organizations.
    pub(crate) fn defaults(&self, text: Text<'_>) -> Option<(u32, u32)> {
        self.pair(layout::DEFAULTS, text)
    }

    /// The two numbers of the record with a name, in a section where each has a name and two numbers.
    fn pair(&self, section: Section, text: Text<'_>) -> Option<(u32, u32)> {
        self.named(section, self.search(section, 0, self.count(section), text)?)
    }

    /// What stands behind the name in a role or in default roles.
    pub(super) fn named(&self, section: Section, index: u32) -> Option<(u32, u32)> {
        let record = self.record::<12>(section, index)?;
        Some((word32(record, 4), word32(record, 8)))
    }

    /// An invariant's id and root node.
    pub(crate) fn invariant(&self, index: u32) -> Option<(&str, u32)> {
        let record = self.record::<8>(layout::INVARIANTS, index)?;
        Some((self.string(word32(record, 0)), word32(record, 4)))
    }

    pub(crate) fn segment(&self, index: u32) -> Option<Segment> {
        let record = self.record::<24>(layout::SEGMENTS, index)?;
        Some(Segment {
            literal: word32(record, 0),
            child: word32(record, 4),
            children: word32(record, 8),
            parameter: word32(record, 12),
            route: word32(record, 16),
            routes: word32(record, 20),
        })
    }

    /// The child of a segment that is this literal.
    pub(crate) fn literal(&self, segment: Segment, text: &str) -> Option<u32> {
        self.search(layout::SEGMENTS, segment.child, segment.children, Text::plain(text))
    }

    pub(crate) fn route(&self, index: u32) -> Option<Route> {
        let record = self.record::<20>(layout::ROUTES, index)?;
        Some(Route {
            method: word32(record, 0),
            action: word32(record, 4),
            organization: word32(record, 8),
            encoded: word32(record, 12),
            undecided: word32(record, 16),
        })
    }

    /// The first number of a record.
    pub(super) fn number(&self, section: Section, index: u32) -> u32 {
        if index >= self.count(section) {
            return NONE;
        }
        self.name(section, index).map_or(NONE, |number| u32::from_le_bytes(*number))
    }

    fn records<const N: usize>(&self, section: Section) -> &[[u8; N]] {
        let records = self.bytes.get(self.start(section)..).unwrap_or_default().as_chunks().0;
        records.get(..size(self.count(section))).unwrap_or_default()
    }

    fn record<const N: usize>(&self, section: Section, index: u32) -> Option<&[u8; N]> {
        let (offset, count) = *self.sections.get(section.index)?;
        if index >= count {
            return None;
        }
        self.at(size(offset).wrapping_add(size(index).wrapping_mul(N)))
    }

    /// Where the first record of a section is.
    fn start(&self, section: Section) -> usize {
        self.sections.get(section.index).map_or(0, |place| size(place.0))
    }

    fn at<const N: usize>(&self, start: usize) -> Option<&[u8; N]> {
        self.bytes.get(start..)?.first_chunk()
    }
}

/// A `u32` as an index; the targets have at least 32 bits.
pub(crate) fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn word32<const N: usize>(record: &[u8; N], at: usize) -> u32 {
    record
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn word64<const N: usize>(record: &[u8; N], at: usize) -> i64 {
    record
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |bytes| i64::from_le_bytes(*bytes))
}

/// What the checks at load need besides.
impl Image {
    /// An image of nothing, which denies everything.
    #[cfg(feature = "builtin")]
    pub(crate) const fn nothing() -> Self {
        Self { bytes: Cow::Borrowed(&[]), sections: [(0, 0); layout::ALL.len()], width: 0 }
    }

    /// Whether something holds for every record of a section.
    pub(super) fn all(&self, section: Section, holds: impl FnMut(u32) -> bool) -> bool {
        (0..self.count(section)).all(holds)
    }

    /// Where a string is in the text, and how long it is.
    pub(super) fn string_place(&self, id: u32) -> (u32, u32) {
        let record = self.record::<8>(layout::STRINGS, id).unwrap_or(&[0; 8]);
        (word32(record, 0), word32(record, 4))
    }
}
