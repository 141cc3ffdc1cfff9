//! Sorting where an edge needs it.
//!
//! It is a heap sort of our own for the bytes of the edge's module. Measured with the same sources,
//! after gzip: `sort_unstable` adds 4,100 bytes to 40,900, since the standard library's sort is
//! large and is there again for each type. `BinaryHeap::into_sorted_vec` adds 300 bytes, and a
//! record with 200 scopes or a request with 200 unknown members takes 40 to 50 percent longer.

use alloc::vec::Vec;

/// The items in ascending order. It takes n log n steps at worst, and the order of equal items is
/// not kept.
pub(crate) fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    heap_sort(items.len(), &mut items);
    items
}

/// Items that can be sorted by their indices. So the sort itself is compiled once, for all types.
trait Items {
    /// Whether the item at one index is less than the item at another. False if there is none.
    fn is_less(&self, one: usize, other: usize) -> bool;
    /// Swaps two items. The lower index comes first.
    fn swap(&mut self, one: usize, other: usize);
}

impl<T: Ord> Items for Vec<T> {
    fn is_less(&self, one: usize, other: usize) -> bool {
        matches!((self.get(one), self.get(other)), (Some(one), Some(other)) if one < other)
    }

    fn swap(&mut self, one: usize, other: usize) {
        if let Some((before, [other, ..])) = self.split_at_mut_checked(other)
            && let Some(one) = before.get_mut(one)
        {
            core::mem::swap(one, other);
        }
    }
}

fn heap_sort(count: usize, items: &mut dyn Items) {
    // The first `count / 2` steps make a heap: each moves one item down to its place. Each of the
    // other `count` steps takes the greatest item out and puts it behind those that are left.
    for step in (0..count.saturating_add(count / 2)).rev() {
        let (mut node, end) = match step.checked_sub(count) {
            Some(node) => (node, count),
            None => {
                items.swap(0, step);
                (0, step)
            }
        };
        loop {
            let left = node.saturating_mul(2).saturating_add(1);
            let right = left.saturating_add(1);
            let greater = if right < end && items.is_less(left, right) { right } else { left };
            if greater >= end || !items.is_less(node, greater) {
                break;
            }
            items.swap(node, greater);
            node = greater;
        }
    }
}
