//! Sorting where an edge needs it.

use alloc::vec::Vec;

/// The items in ascending order, by heap sort: n log n steps at worst. Its code is there once, whatever is sorted; the
/// standard library's faster sorts would take a tenth of an edge's budget.
pub(crate) fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    heap_sort(items.len(), &mut items);
    items
}

/// Things that can be sorted, by their indices.
trait Items {
    fn is_less(&self, one: usize, other: usize) -> bool;
    /// Of two different ones, the lower index first.
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
    // The first half of the steps makes a heap, each other one takes out the greatest item that is left.
    for step in (0..count.saturating_add(count / 2)).rev() {
        let (mut node, end) = match step.checked_sub(count) {
            Some(node) => (node, count),
            None => {
                items.swap(0, step);
                (0, step)
            }
        };
        loop {
            let left = node.wrapping_mul(2).wrapping_add(1);
            let right = left.wrapping_add(1);
            let greater = if right < end && items.is_less(left, right) { right } else { left };
            if greater >= end || !items.is_less(node, greater) {
                break;
            }
            items.swap(node, greater);
            node = greater;
        }
    }
}
