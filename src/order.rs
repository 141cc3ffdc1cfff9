//! Sorting where an edge needs it.
//!
//! It is a merge sort of our own for the bytes of the edge's module, since the standard library's
//! is large and is there again for each type. What is moved are pairs of a key and an index, so that
//! most comparisons look at no text, and the sort is compiled once for all types.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// What can be sorted: it has a key that is less, or equal, wherever the item is less.
pub(crate) trait Keyed: Ord {
    fn key(&self) -> u64;
}

impl Keyed for u32 {
    fn key(&self) -> u64 {
        u64::from(*self)
    }
}

impl Keyed for usize {
    fn key(&self) -> u64 {
        u64::try_from(*self).unwrap_or(u64::MAX)
    }
}

impl Keyed for &str {
    fn key(&self) -> u64 {
        key_of(self.bytes())
    }
}

impl Keyed for String {
    fn key(&self) -> u64 {
        key_of(self.bytes())
    }
}

impl<A: Keyed, B: Ord> Keyed for (A, B) {
    fn key(&self) -> u64 {
        self.0.key()
    }
}

impl<A: Keyed, B: Ord, C: Ord> Keyed for (A, B, C) {
    fn key(&self) -> u64 {
        self.0.key()
    }
}

/// The key of a text that is ordered by its bytes: the first eight of them, with zeros behind a
/// shorter one.
pub(crate) fn key_of(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut first = [0; 8];
    for (place, byte) in first.iter_mut().zip(bytes) {
        *place = byte;
    }
    u64::from_be_bytes(first)
}

/// The items in ascending order. It takes n log n steps at worst, and keeps the order of equal
/// items.
pub(crate) fn sorted<T: Keyed>(items: Vec<T>) -> Vec<T> {
    let order = order_of(&items);
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| items.get_mut(index)?.take()).collect()
}

/// The indices of items in the ascending order of the items.
pub(crate) fn order_of<T: Keyed>(items: &[T]) -> Vec<usize> {
    let pairs = items.iter().map(Keyed::key).zip(0..).collect();
    let order = |one: usize, other: usize| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => one.cmp(other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    };
    merge_sort(pairs, &order).into_iter().map(|(_, index)| index).collect()
}

/// A key, and the index of its item.
type Pair = (u64, usize);

/// Sorts pairs by their keys, and those with equal keys by an order of their indices.
fn merge_sort(mut pairs: Vec<Pair>, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<Pair> {
    let is_after = |one: &Pair, other: &Pair| {
        one.0 > other.0 || one.0 == other.0 && order(one.1, other.1).is_gt()
    };
    // Pieces of the same length, all of them sorted, are merged two by two to pieces twice as long.
    // What came sorted is done at once.
    let mut length = 1;
    if pairs.is_sorted_by(|one, other| !is_after(one, other)) {
        return pairs;
    }
    let mut merged = Vec::with_capacity(pairs.len());
    while length < pairs.len() {
        merged.clear();
        for both in pairs.chunks(length.saturating_mul(2)) {
            let (mut left, mut right) = both.split_at_checked(length).unwrap_or((both, &[]));
            while let (Some((first, left_rest)), Some((other, right_rest))) =
                (left.split_first(), right.split_first())
            {
                if is_after(first, other) {
                    merged.push(*other);
                    right = right_rest;
                } else {
                    merged.push(*first);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        core::mem::swap(&mut pairs, &mut merged);
        length = length.saturating_mul(2);
    }
    pairs
}
