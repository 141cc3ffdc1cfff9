//! Names, each with a number: what documents declare, and the strings of an image.

use crate::json::Text;
use crate::order;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::OnceCell;

/// Names, each with a number, which says where the thing of that name is in a list.
///
/// They are found by a hash, so that a search compares integers. Names that have the same hash are
/// compared themselves: whoever makes such names makes it no slower than a map without hashes.
///
/// It is one map for all kinds of names. If each kind had a map type of its own, these types would
/// be a good part of what a module weighs.
#[derive(Debug, Default)]
pub(crate) struct NameMap<'n> {
    numbers: BTreeMap<(u32, Text<'n>), usize>,
    /// The numbers in the order of their names, once they were asked for.
    in_order: OnceCell<Vec<usize>>,
}

impl<'n> NameMap<'n> {
    /// Adds a name, or gives it another number, and says whether it is new.
    pub(crate) fn insert(&mut self, name: Text<'n>, number: usize) -> bool {
        self.in_order = OnceCell::new();
        self.numbers.insert((hash(name), name), number).is_none()
    }

    /// The same, for a name that is no text of JSON.
    pub(crate) fn add(&mut self, name: &'n str, number: usize) -> bool {
        self.insert(Text::plain(name), number)
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let name = Text::plain(name);
        self.numbers.get(&(hash(name), name)).copied()
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The names that have no escapes, sorted.
    pub(crate) fn names(&self) -> Vec<&'n str> {
        self.sorted().into_iter().filter_map(|(name, _)| name.unescaped()).collect()
    }

    /// The numbers, in the order of their names.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        let numbers = || self.sorted().into_iter().map(|(_, number)| number).collect();
        self.in_order.get_or_init(numbers).clone()
    }

    fn sorted(&self) -> Vec<(Text<'n>, usize)> {
        let names = self.numbers.iter().map(|((_, name), number)| (*name, *number));
        order::sorted(names.collect())
    }
}

/// A number that is the same for equal texts, and mostly another one for others.
fn hash(text: Text<'_>) -> u32 {
    let decoded;
    let text = match text.unescaped() {
        Some(text) => text,
        None => {
            decoded = text.decoded();
            &decoded
        }
    };
    let (words, rest) = text.as_bytes().as_chunks();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    // Zeros at the end are told apart from what they fill by the length.
    let length = u64::try_from(text.len()).unwrap_or_default();
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let hash = words.fold(length, |hash, word| {
        let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed.wrapping_shr(32)
    });
    u32::try_from(hash & 0xffff_ffff).unwrap_or_default()
}
