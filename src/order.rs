//! Sorting where an edge needs it.
//!
//! It is a merge sort of our own for the bytes of the edge's module, since the standard library's
//! is large and is there again for each type. What is moved are pairs of a key and an index, so
//! that most comparisons look at no text, and the sort is compiled once for all types.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// A key, and the index of its item.
pub(crate) type Pair = (u64, usize);

/// Sorts pairs by their keys, and those with equal keys by an order of their indices. It takes n
/// log n steps at worst, and keeps the order of what is equal.
#[inline(never)]
pub(crate) fn sort(mut pairs: Vec<Pair>, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<Pair> {
    let is_after = |one: &Pair, other: &Pair| {
        one.0 > other.0 || one.0 == other.0 && order(one.1, other.1).is_gt()
    };
    // What came sorted is done at once.
    if pairs.is_sorted_by(|one, other| !is_after(one, other)) {
        return pairs;
    }
    // Pieces of the same length, all of them sorted, are merged two by two to pieces twice as long.
    let mut length = 1;
    let mut merged = Vec::with_capacity(pairs.len());
    while length < pairs.len() {
        merged.clear();
        for both in pairs.chunks(length.saturating_mul(2)) {
            let (mut left, mut right) = both.split_at_checked(length).unwrap_or((both, &[]));
            while let [first, left_rest @ ..] = left {
                match right {
                    [other, right_rest @ ..] if is_after(first, other) => {
                        merged.push(*other);
                        right = right_rest;
                    }
                    [..] => {
                        merged.push(*first);
                        left = left_rest;
                    }
                }
            }
            merged.extend_from_slice(right);
        }
        core::mem::swap(&mut pairs, &mut merged);
        length = length.saturating_mul(2);
    }
    pairs
}

/// The first eight bytes of a text as a number, with zeros behind a shorter one: the key of a text
/// that is ordered by its bytes.
pub(crate) fn key(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut first = [0; 8];
    for (place, byte) in first.iter_mut().zip(bytes) {
        *place = byte;
    }
    u64::from_be_bytes(first)
}

/// The items in ascending order.
#[cfg(feature = "documents")]
pub(crate) fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    let compare = |one: usize, other: usize| items.get(one).cmp(&items.get(other));
    let order = sort((0..items.len()).map(|index| (0, index)).collect(), &compare);
    moved(items, order)
}

/// The items in the order of their keys, which is kept where those are equal.
#[cfg(feature = "documents")]
pub(crate) fn sorted_by_key<T>(items: Vec<T>, key: impl Fn(&T) -> u64) -> Vec<T> {
    let pairs = items.iter().enumerate().map(|(index, item)| (key(item), index)).collect();
    let order = sort(pairs, &|_, _| Ordering::Equal);
    moved(items, order)
}

#[cfg(feature = "documents")]
fn moved<T>(items: Vec<T>, order: Vec<Pair>) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, index)| items.get_mut(index)?.take()).collect()
}
