//! Sorting where an edge needs it.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

/// The items in ascending order, by heap sort: n log n steps at worst, and a fraction of the code of the
/// standard library's faster sorts, which would take a tenth of an edge's budget.
pub(crate) fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}
