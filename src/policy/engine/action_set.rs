//! A set of actions, while it is worked out what a decision lacks.

use crate::policy::image::{Image, size};
use crate::policy::request::position;
use alloc::vec::Vec;

/// A set of actions, a bit for each.
#[derive(Default)]
pub(super) struct ActionSet(pub(super) Vec<u64>);

impl ActionSet {
    /// A set of none of the actions of a policy.
    pub(super) fn new(image: &Image) -> Self {
        Self(alloc::vec![0; size(image.width)])
    }

    pub(super) fn add(&mut self, member: u32) {
        let (word, bit) = position(member);
        if let Some(word) = self.0.get_mut(size(word)) {
            *word |= bit;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|members| *members == 0)
    }
}
