//! Reading an image in place.
//!
//! Every reader is total: what is not there reads as nothing, and nothing never allows.

use super::alternatives::Alternatives;
use super::layout::{
    self, AbsentRecord, ActionRecord, AttributeRecord, ConditionRecord, EnumRecord, ImplyingRecord,
    KnownPlaceRecord, ListRecord, NetworkRecord, NodeRecord, ParameterRecord, PlaceRecord,
    ReaderRecord, RouteRecord, RuleRecord, SegmentRecord, StringRecord, WordRecord,
};
use super::record::{NONE, Record, Section, Span, size};
use crate::address::Network;
use crate::policy::digest::PolicyDigest;
use alloc::borrow::Cow;

/// An image whose header and indices were checked, evaluated where it lies.
#[derive(Clone)]
pub(crate) struct Image {
    bytes: Cow<'static, [u8]>,
    sections: [Span; layout::ALL.len()],
    /// How many words a set of actions has.
    pub(crate) width: u32,
    /// The rules for all actions, as far as they are brought into alternatives.
    pub(super) alternatives: Alternatives,
}

/// The nodes of an image.
#[derive(Clone, Copy)]
pub(crate) struct Nodes<'i>(&'i [[u8; layout::NODES.record]]);

impl<'i> Nodes<'i> {
    pub(crate) fn get(self, index: u32) -> Option<NodeRecord<'i>> {
        self.0.get(size(index)).map(NodeRecord::of)
    }
}

impl Image {
    /// An image over bytes, with nothing in it before [`Image::set_section`].
    pub(crate) fn new(bytes: Cow<'static, [u8]>) -> Self {
        let sections = [Span::default(); layout::ALL.len()];
        Self { bytes, sections, width: 0, alternatives: Alternatives::default() }
    }

    /// Says at which byte a section begins, and how many records it has. The caller has checked
    /// both.
    pub(super) fn set_section(&mut self, section: Section, offset: u32, count: u32) {
        if let Some(place) = self.sections.get_mut(section.index) {
            *place = Span { first: offset, count };
        }
        self.width = self.actions().div_ceil(64);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn digest(&self) -> PolicyDigest {
        PolicyDigest::from_bytes(self.at(layout::DIGEST).copied().unwrap_or_default())
    }

    /// The rules for all actions as bit tests. None: all are walked.
    pub(crate) fn alternatives(&self) -> Option<&Alternatives> {
        Alternatives::ARE_BUILT.then_some(&self.alternatives)
    }

    /// The rules for all actions that are no bit tests, but for those that an index finds.
    pub(crate) fn walked_rules(&self) -> &[[u8; 4]] {
        match (self.alternatives(), self.action(self.actions())) {
            (Some(alternatives), _) => &alternatives.walked,
            (None, all) => all.map_or(&[], |all| self.rules_of(all)),
        }
    }

    /// How many records a section has.
    pub(crate) fn count(&self, section: Section) -> u32 {
        self.sections.get(section.index).map_or(0, |place| place.count)
    }

    /// A string, empty where there is none.
    pub(crate) fn string(&self, id: u32) -> &str {
        core::str::from_utf8(self.text(id)).unwrap_or_default()
    }

    /// The bytes of a string.
    pub(super) fn text(&self, id: u32) -> &[u8] {
        let text = self.record::<StringRecord<'_>>(id).map_or(Span::default(), StringRecord::text);
        let start = self.start(layout::TEXT).wrapping_add(size(text.first));
        let end = start.wrapping_add(size(text.count));
        self.bytes.get(start..end).unwrap_or_default()
    }

    pub(crate) fn word(&self, index: u32) -> u64 {
        self.record::<WordRecord<'_>>(index).map_or(0, WordRecord::bits)
    }

    pub(crate) fn list(&self, index: u32) -> u32 {
        self.record::<ListRecord<'_>>(index).map_or(NONE, ListRecord::item)
    }

    /// The list items of an enum.
    pub(crate) fn values(&self, index: u32) -> Span {
        self.record::<EnumRecord<'_>>(index).map_or(Span::default(), EnumRecord::values)
    }

    pub(crate) fn attribute(&self, index: u32) -> Option<AttributeRecord<'_>> {
        self.record(index)
    }

    pub(crate) fn place(&self, index: u32) -> Option<PlaceRecord<'_>> {
        self.record(index)
    }

    /// A place that the library itself knows, by its number.
    pub(crate) fn known_place(&self, number: u32) -> Option<PlaceRecord<'_>> {
        self.place(self.record::<KnownPlaceRecord<'_>>(number)?.place()?)
    }

    /// The attribute that a reader of a place stands for.
    pub(crate) fn reader(&self, index: u32) -> u32 {
        self.record::<ReaderRecord<'_>>(index).map_or(NONE, ReaderRecord::attribute)
    }

    /// All nodes, for whoever reads many.
    pub(crate) fn nodes(&self) -> Nodes<'_> {
        Nodes(self.records(layout::NODES))
    }

    pub(crate) fn node(&self, index: u32) -> Option<NodeRecord<'_>> {
        self.nodes().get(index)
    }

    /// The node that a named condition begins with.
    pub(crate) fn condition(&self, index: u32) -> u32 {
        self.record::<ConditionRecord<'_>>(index).map_or(NONE, ConditionRecord::root)
    }

    pub(crate) fn rule(&self, index: u32) -> Option<RuleRecord<'_>> {
        self.record(index)
    }

    /// How many actions are declared. The record behind theirs is that of all actions.
    pub(crate) fn actions(&self) -> u32 {
        self.count(layout::ACTIONS).saturating_sub(1)
    }

    pub(crate) fn action(&self, index: u32) -> Option<ActionRecord<'_>> {
        self.record(index)
    }

    /// The actions that imply others, in order.
    pub(crate) fn implying(&self) -> impl Iterator<Item = u32> {
        let all = self.all(layout::IMPLYING).indices();
        all.filter_map(|index| self.record(index)).map(ImplyingRecord::action)
    }

    /// Whether an action implies others.
    pub(crate) fn has_implications(&self) -> bool {
        self.implying().next().is_some()
    }

    pub(crate) fn action_name(&self, index: u32) -> &str {
        self.string(self.list(self.values(layout::ACTION_NAMES).first.saturating_add(index)))
    }

    /// A network that conditions name.
    pub(crate) fn network(&self, index: u32) -> Option<Network> {
        self.record(index).map(NetworkRecord::network)
    }

    /// The values that attributes declare for their absence.
    pub(crate) fn absences(&self) -> impl Iterator<Item = AbsentRecord<'_>> {
        self.all(layout::ABSENT).indices().filter_map(|index| self.record(index))
    }

    /// An invariant's id and root node.
    #[cfg(feature = "documents")]
    pub(crate) fn invariant(&self, index: u32) -> Option<(&str, u32)> {
        let invariant = self.record::<layout::InvariantRecord<'_>>(index)?;
        Some((self.string(invariant.id()), invariant.root()))
    }

    pub(crate) fn segment(&self, index: u32) -> Option<SegmentRecord<'_>> {
        self.record(index)
    }

    /// The text of a segment that is a literal; empty for others.
    pub(crate) fn literal_text(&self, index: u32) -> &[u8] {
        let literal = self.segment(index).and_then(SegmentRecord::literal);
        literal.map_or(&[], |literal| self.text(literal))
    }

    pub(crate) fn route(&self, index: u32) -> Option<RouteRecord<'_>> {
        self.record(index)
    }

    pub(crate) fn parameter(&self, index: u32) -> Option<ParameterRecord<'_>> {
        self.record(index)
    }

    /// All records of a section.
    pub(super) fn all(&self, section: Section) -> Span {
        Span { first: 0, count: self.count(section) }
    }

    pub(super) fn records<const N: usize>(&self, section: Section) -> &[[u8; N]] {
        let records = self.bytes.get(self.start(section)..).unwrap_or_default().as_chunks().0;
        records.get(..size(self.count(section))).unwrap_or_default()
    }

    /// A record by its index, or none.
    #[inline]
    pub(super) fn record<'i, R: Record<'i>>(&'i self, index: u32) -> Option<R> {
        R::read(self.record_bytes(R::SECTION, index)?)
    }

    /// The bytes from the beginning of a record on. It is the same code for all records.
    fn record_bytes(&self, section: Section, index: u32) -> Option<&[u8]> {
        let place = self.sections.get(section.index)?;
        if index >= place.count {
            return None;
        }
        let offset = size(index).wrapping_mul(section.record);
        self.bytes.get(size(place.first).wrapping_add(offset)..)
    }

    /// Where the first record of a section is.
    pub(super) fn start(&self, section: Section) -> usize {
        self.sections.get(section.index).map_or(0, |place| size(place.first))
    }

    /// The bytes of all records of a section.
    pub(super) fn section(&self, section: Section) -> &[u8] {
        let start = self.start(section);
        let length = size(self.count(section)).wrapping_mul(section.record);
        self.bytes.get(start..start.wrapping_add(length)).unwrap_or_default()
    }

    pub(super) fn at<const N: usize>(&self, start: usize) -> Option<&[u8; N]> {
        self.bytes.get(start..)?.first_chunk()
    }
}

/// What the checks at load need besides.
impl Image {
    /// The number of four bytes at an offset in a record; `NONE` where there is no such record.
    pub(super) fn number(&self, section: Section, index: u32, at: usize) -> u32 {
        if index >= self.count(section) {
            return NONE;
        }
        let offset = size(index).wrapping_mul(section.record).wrapping_add(at);
        let number = self.at(self.start(section).wrapping_add(offset));
        number.map_or(NONE, |number| u32::from_le_bytes(*number))
    }
}
