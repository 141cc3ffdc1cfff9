//! Reading records from an image in place.
//!
//! Every reader is total: what is not there reads as nothing, and nothing never allows.

use super::closed_sets::{AttributeType, Connective, Effect, NodeKind, OperandKind, Purposes};
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

/// The nodes of an image.
#[derive(Clone, Copy)]
pub(crate) struct Nodes<'i>(&'i [[u8; 12]]);

impl<'i> Nodes<'i> {
    pub(crate) fn get(self, index: u32) -> Option<NodeRecord<'i>> {
        self.0.get(size(index)).map(NodeRecord)
    }
}

/// Records that are read where they lie: each number by its offset.
macro_rules! records {
    ($($(#[$doc:meta])* $name:ident: $size:literal { $($(#[$about:meta])* $number:ident: $at:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name<'i>(&'i [u8; $size]);

        impl $name<'_> {$(
            $(#[$about])*
            pub(crate) fn $number(self) -> u32 {
                word32(self.0, $at)
            }
        )*}
    )*};
}

records! {
    /// Consecutive things.
    Span: 8 { first: 0, count: 4, }
    /// A role or default roles: a name, by which they are sorted, and two numbers.
    Pair: 12 { first: 4, second: 8, }
    AttributeRecord: 24 { pointer: 4, }
    /// A node of a condition.
    NodeRecord: 12 { a: 4, b: 8, }
    /// A place of the request.
    PlaceRecord: 24 {
        child: 4,
        reader: 12,
        readers: 16,
        /// How many children must be there and be strings.
        strings: 20,
    }
    RuleRecord: 24 { id: 0, when: 8, must: 12, code: 16, message: 20, }
    ActionRecord: 16 { level: 0, implies: 4, rule: 8, rules: 12, }
    SegmentRecord: 24 { child: 4, children: 8, parameter: 12, route: 16, routes: 20, }
    RouteRecord: 20 {
        method: 0,
        action: 4,
        /// The zero-based segment that names the organization, or `NONE`.
        organization: 8,
        /// A bit for each segment that allows escapes.
        encoded: 12,
        /// The first word of the set of undecided actions, or `NONE`.
        undecided: 16,
    }
}

impl AttributeRecord<'_> {
    pub(crate) fn kind(self) -> Option<AttributeType> {
        AttributeType::from_byte(self.0[0])
    }

    pub(crate) fn open(self) -> bool {
        self.0[1] != 0
    }

    pub(crate) fn values(self) -> u32 {
        u32::from(u16::from_le_bytes([self.0[2], self.0[3]]))
    }

    pub(crate) fn min(self) -> i64 {
        word64(self.0, 8)
    }

    pub(crate) fn max(self) -> i64 {
        word64(self.0, 16)
    }
}

impl NodeRecord<'_> {
    pub(crate) fn kind(self) -> Option<NodeKind> {
        NodeKind::from_byte(self.0[0])
    }

    pub(crate) fn operand(self) -> Option<OperandKind> {
        OperandKind::from_byte(self.0[1])
    }

    pub(crate) fn attribute(self) -> u16 {
        u16::from_le_bytes([self.0[2], self.0[3]])
    }

    /// The integer in the two numbers.
    pub(crate) fn number(self) -> i64 {
        word64(self.0, 4)
    }

    /// The index after its last descendant, for the node at an index.
    pub(crate) fn after(self, index: u32) -> u32 {
        let after = index.wrapping_add(1);
        match self.kind() {
            Some(NodeKind::Connective(Connective::All | Connective::Any | Connective::Not)) => {
                self.a().max(after)
            }
            Some(NodeKind::Connective(Connective::Condition) | NodeKind::Atom(_)) | None => after,
        }
    }
}

impl PlaceRecord<'_> {
    pub(crate) fn children(self) -> u32 {
        u32::from(u16::from_le_bytes([self.0[8], self.0[9]]))
    }

    pub(crate) fn purposes(self) -> Purposes {
        Purposes(u16::from_le_bytes([self.0[10], self.0[11]]))
    }
}

const UNREADABLE: [u8; 24] = {
    let mut record = [u8::MAX; 24];
    [record[4], record[5]] = [Effect::Forbid.byte(), 0];
    record
};

impl RuleRecord<'_> {
    /// A forbid that is never surely false: all its numbers are `NONE`.
    pub(crate) const UNREADABLE: Self = Self(&UNREADABLE);

    pub(crate) fn effect(self) -> Option<Effect> {
        Effect::from_byte(self.0[4])
    }

    pub(crate) fn challenge(self) -> bool {
        self.0[5] != 0
    }
}

impl Image {
    /// An image over bytes, with nothing in it before [`Image::set_section`].
    pub(crate) const fn new(bytes: Cow<'static, [u8]>) -> Self {
        Self { bytes, sections: [(0, 0); layout::ALL.len()], width: 0 }
    }

    /// Says where a section begins, and how many records it has. The caller has checked both.
    pub(super) fn set_section(&mut self, section: Section, offset: u32, count: u32) {
        if let Some(place) = self.sections.get_mut(usize::from(section.index)) {
            *place = (offset, count);
        }
        self.width = self.actions().div_ceil(64);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        self.at(layout::DIGEST).copied().unwrap_or_default()
    }

    /// How many records a section has.
    pub(crate) fn count(&self, section: Section) -> u32 {
        self.sections.get(usize::from(section.index)).map_or(0, |place| place.1)
    }

    /// A string, empty where there is none.
    pub(crate) fn string(&self, id: u32) -> &str {
        core::str::from_utf8(self.text(id)).unwrap_or_default()
    }

    /// The bytes of a string.
    pub(super) fn text(&self, id: u32) -> &[u8] {
        let place = self.span(layout::STRINGS, id);
        let start = self.start(layout::TEXT).wrapping_add(size(place.first()));
        let end = start.wrapping_add(size(place.count()));
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
        while high.wrapping_sub(low) > FEW {
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
        self.at(self
            .start(section)
            .wrapping_add(size(index).wrapping_mul(usize::from(section.record))))
    }

    /// A string that may be left out.
    pub(crate) fn optional_string(&self, id: u32) -> Option<&str> {
        (id != NONE).then(|| self.string(id))
    }

    pub(crate) fn word(&self, index: u32) -> u64 {
        self.record(layout::WORDS, index).map_or(0, |word| u64::from_le_bytes(*word))
    }

    pub(crate) fn list(&self, index: u32) -> u32 {
        self.number(layout::LISTS, index, 0)
    }

    /// The list items of an enum.
    pub(crate) fn values(&self, index: u32) -> Span<'_> {
        self.span(layout::ENUMS, index)
    }

    fn span(&self, section: Section, index: u32) -> Span<'_> {
        Span(self.record(section, index).unwrap_or(&[0; 8]))
    }

    /// The index of an enum's value, by its text.
    #[inline(always)] // What it returns would go through memory.
    pub(crate) fn value(&self, index: u32, text: Text<'_>) -> Option<u32> {
        let values = self.values(index);
        let item = self.search(layout::LISTS, values.first(), values.count(), text)?;
        Some(item.wrapping_sub(values.first()))
    }

    pub(crate) fn attribute(&self, index: u32) -> Option<AttributeRecord<'_>> {
        self.record(layout::ATTRIBUTES, index).map(AttributeRecord)
    }

    pub(crate) fn place(&self, index: u32) -> Option<PlaceRecord<'_>> {
        self.record(layout::PLACES, index).map(PlaceRecord)
    }

    /// The child of a place, by its name, and its number among the children.
    #[inline(always)] // What it returns would go through memory.
    pub(crate) fn child(
        &self,
        place: PlaceRecord<'_>,
        text: Text<'_>,
    ) -> Option<(u32, PlaceRecord<'_>)> {
        let index = self.search(layout::PLACES, place.child(), place.children(), text)?;
        Some((index.wrapping_sub(place.child()), self.place(index)?))
    }

    pub(crate) fn reader(&self, index: u32) -> u32 {
        self.number(layout::READERS, index, 0)
    }

    /// The rules of an action; those of all actions are the last one's.
    pub(crate) fn rules_of(&self, action: u32) -> &[[u8; 4]] {
        let Some(action) = self.action(action) else { return &[] };
        let rules =
            self.records(layout::ACTION_RULES).get(size(action.rule())..).unwrap_or_default();
        rules.get(..size(action.rules())).unwrap_or_default()
    }

    /// All nodes, for whoever reads many.
    pub(crate) fn nodes(&self) -> Nodes<'_> {
        Nodes(self.records(layout::NODES))
    }

    pub(crate) fn node(&self, index: u32) -> Option<NodeRecord<'_>> {
        self.nodes().get(index)
    }

    pub(crate) fn condition(&self, index: u32) -> u32 {
        self.number(layout::CONDITIONS, index, 0)
    }

    pub(crate) fn rule(&self, index: u32) -> Option<RuleRecord<'_>> {
        self.record(layout::RULES, index).map(RuleRecord)
    }

    /// How many actions are declared.
    pub(crate) fn actions(&self) -> u32 {
        self.count(layout::ACTIONS).saturating_sub(1)
    }

    pub(crate) fn action(&self, index: u32) -> Option<ActionRecord<'_>> {
        self.record(layout::ACTIONS, index).map(ActionRecord)
    }

    pub(crate) fn action_name(&self, index: u32) -> &str {
        self.string(self.list(self.values(0).first().saturating_add(index)))
    }

    /// The index of an id that conditions name, by its text.
    pub(crate) fn id(&self, text: Text<'_>) -> Option<u32> {
        self.search(layout::IDS, 0, self.count(layout::IDS), text)
    }

    /// A role's level and the first word of its permissions, by its name.
    pub(crate) fn role(&self, text: Text<'_>) -> Option<Pair<'_>> {
        self.pair(layout::ROLES, text)
    }

    /// The first words of the permissions that a subject type has by default, at the account and in organizations.
    pub(crate) fn defaults(&self, text: Text<'_>) -> Option<Pair<'_>> {
        self.pair(layout::DEFAULTS, text)
    }

    fn pair(&self, section: Section, text: Text<'_>) -> Option<Pair<'_>> {
        let index = self.search(section, 0, self.count(section), text)?;
        self.record(section, index).map(Pair)
    }

    /// An invariant's id and root node.
    #[cfg(feature = "documents")]
    pub(crate) fn invariant(&self, index: u32) -> Option<(&str, u32)> {
        let record = self.record::<8>(layout::INVARIANTS, index)?;
        Some((self.string(word32(record, 0)), word32(record, 4)))
    }

    pub(crate) fn segment(&self, index: u32) -> Option<SegmentRecord<'_>> {
        self.record(layout::SEGMENTS, index).map(SegmentRecord)
    }

    /// The child of a segment that is this literal.
    pub(crate) fn literal(
        &self,
        segment: SegmentRecord<'_>,
        text: &[u8],
    ) -> Option<SegmentRecord<'_>> {
        let text = Text::plain(core::str::from_utf8(text).ok()?);
        let (first, count) = (segment.child(), segment.children());
        self.segment(self.search(layout::SEGMENTS, first, count, text)?)
    }

    pub(crate) fn route(&self, index: u32) -> Option<RouteRecord<'_>> {
        self.record(layout::ROUTES, index).map(RouteRecord)
    }

    /// A number of a record, by its offset there; `NONE` where there is no such record.
    pub(super) fn number(&self, section: Section, index: u32, at: usize) -> u32 {
        if index >= self.count(section) {
            return NONE;
        }
        let record =
            self.start(section).wrapping_add(size(index).wrapping_mul(usize::from(section.record)));
        self.at(record.wrapping_add(at)).map_or(NONE, |number| u32::from_le_bytes(*number))
    }

    fn records<const N: usize>(&self, section: Section) -> &[[u8; N]] {
        let records = self.bytes.get(self.start(section)..).unwrap_or_default().as_chunks().0;
        records.get(..size(self.count(section))).unwrap_or_default()
    }

    fn record<const N: usize>(&self, section: Section, index: u32) -> Option<&[u8; N]> {
        let (offset, count) = *self.sections.get(usize::from(section.index))?;
        if index >= count {
            return None;
        }
        self.at(size(offset).wrapping_add(size(index).wrapping_mul(N)))
    }

    /// Where the first record of a section is.
    fn start(&self, section: Section) -> usize {
        self.sections.get(usize::from(section.index)).map_or(0, |place| size(place.0))
    }

    pub(super) fn at<const N: usize>(&self, start: usize) -> Option<&[u8; N]> {
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
    /// Whether something holds for every record of a section.
    pub(super) fn all(&self, section: Section, holds: impl FnMut(u32) -> bool) -> bool {
        (0..self.count(section)).all(holds)
    }
}
