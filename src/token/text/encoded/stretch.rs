//! Long stretches of letters and digits, which go on over breaks, and of characters with a zero
//! byte beside each.

use super::super::breaks::{Joins, joining_break};
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// How many bytes of a text are taken for one stretch. What is longer is read in several, which
/// overlap.
pub(super) const WINDOW: usize = 16_384;

/// How far before its first long line a stretch may begin.
pub(super) const BEFORE: usize = 256;

/// The characters of a stretch, and where each stands in the text.
#[derive(Default)]
pub(super) struct Stretch {
    pub(super) characters: Zeroizing<Vec<u8>>,
    /// Where a part begins: the number of its first character, and the place of that in the text.
    parts: Vec<(usize, usize)>,
    /// How many bytes each character of a part is behind the one before it.
    step: usize,
    /// Where the stretch ends in the text.
    pub(super) end: usize,
    /// Whether it was cut there.
    pub(super) is_cut: bool,
}

impl Stretch {
    /// The letters and digits around a place, over breaks that join. The character behind them is
    /// there, too, if base64 has it: it may hold the last bits of a token.
    pub(super) fn of_letters(text: &[u8], from: usize, around: usize) -> Self {
        let most = from.saturating_add(WINDOW);
        let mut stretch = Self { step: 1, ..Self::default() };
        let mut last = None;
        let (mut at, mut count) = (from, 0_usize);
        loop {
            let rest = text.get(at..most.min(text.len())).unwrap_or_default();
            let letters = leading_letters(rest);
            if letters > 0 {
                stretch.parts.push((count, at));
                count = count.saturating_add(letters);
                at = at.saturating_add(letters);
            }
            stretch.end = at;
            if at >= most {
                stretch.is_cut = true;
                break;
            }
            let rest = text.get(at..).unwrap_or_default();
            if let Some(length) =
                joining_break(rest, Joins::Known).filter(|length| !has_zero(rest, *length))
            {
                at = at.saturating_add(length);
            } else if at > around || rest.is_empty() {
                last = rest.first().filter(|byte| matches!(byte, b'+' | b'/' | b'-' | b'_'));
                break;
            } else {
                // It begins behind this.
                stretch.parts.clear();
                count = 0;
                let other = rest.iter().take_while(|byte| !byte.is_ascii_alphanumeric()).count();
                at = at.saturating_add(other);
            }
        }
        stretch.fill(text, count, last);
        stretch
    }

    /// Puts the characters of its parts together, of which there are so many, and a last one. All
    /// have room from the beginning: a vector that grows leaves copies behind.
    fn fill(&mut self, text: &[u8], count: usize, last: Option<&u8>) {
        let mut characters = Zeroizing::new(Vec::with_capacity(count.saturating_add(1)));
        let ends = self.parts.iter().skip(1).map(|(first, _)| *first).chain([count]);
        for ((first, start), end) in self.parts.iter().zip(ends) {
            let letters = start.saturating_add(end.saturating_sub(*first));
            characters.extend_from_slice(text.get(*start..letters).unwrap_or_default());
        }
        characters.extend(last);
        self.characters = characters;
    }

    /// The bytes around a place beside each of which a zero byte stands.
    pub(super) fn of_zeros(text: &[u8], from: usize, around: usize) -> Self {
        let before = text.get(from..around).unwrap_or_default();
        let start = around.saturating_sub(alternating(text.get(around), before.iter().rev()));
        let most = text.len().min(start.saturating_add(WINDOW));
        let rest = text.get(start..most).unwrap_or_default();
        let length = 1_usize.saturating_add(alternating(rest.first(), rest.iter().skip(1)));
        let first = usize::from(rest.first() == Some(&0));
        let characters = rest.iter().take(length).skip(first).step_by(2).copied();
        let end = start.saturating_add(length);
        Self {
            characters: Zeroizing::new(characters.collect()),
            parts: Vec::from([(0, start.saturating_add(first))]),
            step: 2,
            end,
            is_cut: end >= most && most < text.len(),
        }
    }

    /// Where letters and digits go on from a place in the text on: there, or behind the break in
    /// which it is.
    pub(super) fn letters_from(&self, place: usize) -> usize {
        let behind = self.parts.partition_point(|(_, start)| *start <= place);
        let next = self.parts.get(behind);
        let last = behind.checked_sub(1).and_then(|index| self.parts.get(index));
        let Some((first, start)) = last else { return next.map_or(place, |(_, start)| *start) };
        let count = next.map_or(self.characters.len(), |(first, _)| *first).saturating_sub(*first);
        match next {
            Some((_, next)) if place >= start.saturating_add(count) => *next,
            _ => place,
        }
    }

    /// Where a character stands in the text.
    pub(super) fn place(&self, index: usize) -> Option<usize> {
        let part = self.parts.partition_point(|(first, _)| *first <= index).checked_sub(1)?;
        let (first, place) = *self.parts.get(part)?;
        Some(place.saturating_add(index.saturating_sub(first).saturating_mul(self.step)))
    }
}

/// Whether one of the first `count` bytes is zero, as beside the characters of UTF-16.
fn has_zero(text: &[u8], count: usize) -> bool {
    text.iter().take(count).any(|byte| *byte == 0)
}

/// For how many bytes zeros alternate with others.
fn alternating<'t>(first: Option<&u8>, others: impl Iterator<Item = &'t u8>) -> usize {
    let Some(mut last) = first.map(|byte| *byte == 0) else { return 0 };
    let turns = others.take_while(|byte| {
        let turn = (**byte == 0) != last;
        last = !last;
        turn
    });
    turns.count()
}

/// How many letters and digits stand at the front.
pub(super) fn leading_letters(text: &[u8]) -> usize {
    let (blocks, _) = text.as_chunks::<16>();
    let all =
        |block: &&[u8; 16]| block.iter().fold(true, |all, byte| all & byte.is_ascii_alphanumeric());
    let skipped = blocks.iter().take_while(all).count().saturating_mul(16);
    let rest = text.get(skipped..).unwrap_or_default();
    let more = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    skipped.saturating_add(more)
}
