//! Which items of a list are left after some were taken away, found without moving the others.

use alloc::vec::Vec;

/// Counts the items that are left, so that each can be found by its place among them without moving
/// the others. It is a binary indexed tree (Fenwick, 1994): the entry at `i`, counted from 1, has
/// the items of a stretch that ends with `i` and is as long as the lowest bit of `i` says.
pub(super) struct Remaining {
    counts: Vec<usize>,
}

impl Remaining {
    /// A list of which no item was taken away.
    pub(super) fn all(items: usize) -> Self {
        Self { counts: (1..=items).map(lowest_bit).collect() }
    }

    /// From a place among the items that are left, the item's place in the whole list.
    pub(super) fn find(&self, place: usize) -> Option<usize> {
        let mut left = place;
        let mut at = 0_usize;
        let mut step =
            self.counts.len().checked_ilog2().map_or(0, |bits| 1_usize.wrapping_shl(bits));
        while step > 0 {
            let next = at.saturating_add(step);
            if let Some(rest) =
                self.counts.get(next.saturating_sub(1)).and_then(|count| left.checked_sub(*count))
            {
                (at, left) = (next, rest);
            }
            step /= 2;
        }
        Some(at).filter(|at| *at < self.counts.len())
    }

    /// Takes away the item at a place in the whole list. It must not have been taken away before.
    pub(super) fn remove(&mut self, item: usize) {
        let mut at = item.saturating_add(1);
        while let Some(count) = self.counts.get_mut(at.saturating_sub(1)) {
            *count = count.saturating_sub(1);
            at = at.saturating_add(lowest_bit(at));
        }
    }
}

fn lowest_bit(number: usize) -> usize {
    number & number.wrapping_neg()
}
