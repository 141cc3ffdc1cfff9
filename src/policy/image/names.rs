//! Finding records of an image by their names.

use super::layout::{self, DefaultsRecord, PlaceRecord, RoleRecord, SegmentRecord, StringRecord};
use super::read::Image;
use super::record::{Section, Span, size};
use crate::json::Text;

/// How many names are looked at one by one, rather than by halving them.
const FEW: u32 = 8;

impl Image {
    /// The index of an enum's value, by its text.
    #[inline(always)] // What it returns would go through memory.
    pub(crate) fn value(&self, index: u32, text: Text<'_>) -> Option<u32> {
        let values = self.values(index);
        let item = self.search(layout::LISTS, values, text)?;
        Some(item.wrapping_sub(values.first))
    }

    /// The child of a place, by its name, and its number among the children.
    #[inline(always)] // What it returns would go through memory.
    pub(crate) fn child(
        &self,
        place: PlaceRecord<'_>,
        text: Text<'_>,
    ) -> Option<(u32, PlaceRecord<'_>)> {
        let children = Span { first: place.first_child(), count: u32::from(place.children()) };
        let index = self.search(layout::PLACES, children, text)?;
        Some((index.wrapping_sub(children.first), self.place(index)?))
    }

    /// The index of an id that conditions name, by its text.
    pub(crate) fn id(&self, text: Text<'_>) -> Option<u32> {
        self.search(layout::IDS, self.all(layout::IDS), text)
    }

    pub(crate) fn role(&self, name: Text<'_>) -> Option<RoleRecord<'_>> {
        self.record(self.search(layout::ROLES, self.all(layout::ROLES), name)?)
    }

    /// What every subject of a type may do.
    pub(crate) fn defaults(&self, subject_type: Text<'_>) -> Option<DefaultsRecord<'_>> {
        self.record(self.search(layout::DEFAULTS, self.all(layout::DEFAULTS), subject_type)?)
    }

    /// The child of a segment that is this literal.
    pub(crate) fn literal(
        &self,
        segment: SegmentRecord<'_>,
        text: &[u8],
    ) -> Option<SegmentRecord<'_>> {
        let text = Text::plain(core::str::from_utf8(text).ok()?);
        let literals = Span { first: segment.first_child(), count: segment.children() };
        self.segment(self.search(layout::SEGMENTS, literals, text)?)
    }

    /// Which of some records has `text` as its name: the string that its first number refers to, by
    /// which they are sorted.
    fn search(&self, section: Section, among: Span, text: Text<'_>) -> Option<u32> {
        match text.unescaped() {
            Some(plain) => self.search_bytes(section, among, plain.as_bytes()),
            None => self.search_bytes(section, among, text.decoded().as_bytes()),
        }
    }

    fn search_bytes(&self, section: Section, among: Span, wanted: &[u8]) -> Option<u32> {
        let (mut low, mut high) = (among.first, among.first.saturating_add(among.count));
        while high.wrapping_sub(low) > FEW {
            let middle = low.midpoint(high);
            let [name, ..] = self.from(section, middle)?.as_chunks().0 else { return None };
            let name = self.text(u32::from_le_bytes(*name));
            if name > wanted { high = middle } else { low = middle }
        }
        // Among few, most names are told apart by their lengths alone.
        let strings = self.records(layout::STRINGS);
        let mut records = self.from(section, low)?;
        while low < high {
            let name = u32::from_le_bytes(*records.first_chunk()?);
            let string = StringRecord::of(strings.get(size(name))?).text();
            if size(string.count) == wanted.len() {
                let first = self.start(layout::TEXT).wrapping_add(size(string.first));
                let text = self.bytes().get(first..first.wrapping_add(wanted.len()))?;
                if are_equal(text, wanted) {
                    return Some(low);
                }
            }
            records = records.get(section.record..)?;
            low = low.wrapping_add(1);
        }
        None
    }

    /// The bytes from a record on, whose index is not checked.
    #[inline(always)]
    fn from(&self, section: Section, index: u32) -> Option<&[u8]> {
        let offset = size(index).wrapping_mul(section.record);
        self.bytes().get(self.start(section).wrapping_add(offset)..)
    }
}

/// Whether two texts of one length are equal. Most have up to sixteen bytes, which are four loads.
#[inline(always)]
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() > 16 {
        return one == other;
    }
    if let (Some(first), Some(last)) = (one.first_chunk::<8>(), one.last_chunk::<8>()) {
        return other.first_chunk() == Some(first) && other.last_chunk() == Some(last);
    }
    if let (Some(first), Some(last)) = (one.first_chunk::<4>(), one.last_chunk::<4>()) {
        return other.first_chunk() == Some(first) && other.last_chunk() == Some(last);
    }
    one.iter().eq(other)
}
