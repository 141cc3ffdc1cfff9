//! Writing an image: records, strings and sets into sections, and the header before them.

use super::check::checksum;
use super::layout::{self, StringEntry, TextEntry, WordEntry};
use super::name_map::NameMap;
use super::read::Image;
use super::record::{Entry, NONE, Section, Span};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// An image while it is written.
pub(crate) struct ImageWriter<'t> {
    /// The bytes of each section.
    sections: [Vec<u8>; layout::ALL.len()],
    /// The index of each string that was written.
    strings: NameMap<'t>,
}

impl<'t> ImageWriter<'t> {
    pub(crate) fn new() -> Self {
        Self { sections: [const { Vec::new() }; layout::ALL.len()], strings: NameMap::default() }
    }

    /// Writes a record, and says its index.
    pub(crate) fn push<E: Entry>(&mut self, entry: E) -> u32 {
        let index = self.next(E::SECTION);
        if let Some(section) = self.sections.get_mut(E::SECTION.index) {
            entry.write(section);
        }
        index
    }

    /// Writes records one after the other, and says where.
    pub(crate) fn push_all<E: Entry>(&mut self, entries: impl IntoIterator<Item = E>) -> Span {
        let first = self.next(E::SECTION);
        for entry in entries {
            self.push(entry);
        }
        Span { first, count: self.next(E::SECTION).saturating_sub(first) }
    }

    /// The index of the next record of a section.
    pub(crate) fn next(&self, section: Section) -> u32 {
        let bytes = self.sections.get(section.index).map_or(0, Vec::len);
        number(bytes.checked_div(section.record).unwrap_or(0))
    }

    /// The index of a string, which is written where it is new.
    pub(crate) fn string(&mut self, text: &'t str) -> u32 {
        if let Some(index) = self.strings.find(text) {
            return number(index);
        }
        let bytes = self.push_all(text.bytes().map(|byte| TextEntry { byte }));
        let index = self.push(StringEntry { text: bytes });
        self.strings.add(text, super::size(index));
        index
    }

    /// Writes a bit set, and says its first word.
    pub(crate) fn set(&mut self, words: &[u64]) -> u32 {
        self.push_all(words.iter().map(|bits| WordEntry { bits: *bits })).first
    }

    /// The same; an empty set is not written, and its first word is `NONE`.
    pub(crate) fn set_or_none(&mut self, words: &[u64]) -> u32 {
        if words.iter().all(|word| *word == 0) { NONE } else { self.set(words) }
    }

    /// What was written so far, to be read.
    pub(crate) fn draft(&self) -> Image {
        let mut offset = 0_usize;
        let mut image = Image::new(Cow::Owned(self.sections.concat()));
        for ((section, _), bytes) in layout::ALL.iter().zip(&self.sections) {
            image.set_section(*section, number(offset), self.next(*section));
            offset = offset.saturating_add(bytes.len());
        }
        image
    }

    /// The whole image of a policy that has this digest.
    pub(crate) fn finish(self, digest: &[u8; 32]) -> Vec<u8> {
        let mut offset = layout::SECTIONS.saturating_add(layout::ALL.len().saturating_mul(8));
        let length = self.sections.iter().fold(offset, |sum, it| sum.saturating_add(it.len()));
        // A large policy is written with no second copy beside it: each section is freed once it is
        // in the image.
        let mut image = Vec::with_capacity(length);
        image.extend(layout::MAGIC);
        image.extend(layout::VERSION.to_le_bytes());
        image.extend(number(length).to_le_bytes());
        image.extend([0; 4]); // the checksum's place
        image.extend(digest);
        for ((section, _), bytes) in layout::ALL.iter().zip(&self.sections) {
            image.extend(number(offset).to_le_bytes());
            image.extend(self.next(*section).to_le_bytes());
            offset = offset.saturating_add(bytes.len());
        }
        for bytes in self.sections {
            image.extend(bytes);
        }
        if let Some((header, checked)) = image.split_at_mut_checked(layout::CHECKED_FROM)
            && let Some(place) = header.last_chunk_mut()
        {
            *place = checksum(checked);
        }
        image
    }
}

/// A count as the image has it. The limits of documents keep counts far below.
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}
