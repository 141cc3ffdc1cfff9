//! A list whose first items need no allocation.

use alloc::vec::Vec;

/// A list whose first `N` items stand in place.
#[derive(Clone, Debug)]
pub(super) struct Few<T, const N: usize> {
    first: [T; N],
    count: usize,
    more: Vec<T>,
}

impl<T: Copy + Default, const N: usize> Few<T, N> {
    pub(super) fn new() -> Self {
        Self { first: [T::default(); N], count: 0, more: Vec::new() }
    }

    pub(super) const fn len(&self) -> usize {
        self.count
    }

    pub(super) fn push(&mut self, item: T) {
        match self.first.get_mut(self.count) {
            Some(place) => *place = item,
            None => self.more.push(item),
        }
        self.count = self.count.saturating_add(1);
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<T> {
        let item = match index.checked_sub(N) {
            None => self.first.get(index),
            Some(index) => self.more.get(index),
        };
        item.copied()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        match index.checked_sub(N) {
            None => self.first.get_mut(index),
            Some(index) => self.more.get_mut(index),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
        self.first.iter().take(self.count).chain(&self.more).copied()
    }
}
