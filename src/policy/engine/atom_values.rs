//! What atoms come to in one evaluation, as far as they were evaluated: those that have a bit.

use super::truths::Truths;
use crate::policy::image::KnownAtoms;
use crate::policy::truth::Truth;

/// The values of atoms, each of which is a bit.
#[derive(Clone, Copy, Default)]
pub(super) struct AtomValues {
    pub(super) evaluated: u64,
    pub(super) truths: Truths,
}

impl AtomValues {
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(super) fn put(&mut self, bit: u64, value: Truth) {
        self.evaluated |= bit;
        self.truths.put(bit, value);
    }

    /// Puts the values of several atoms, of which some are known.
    pub(super) const fn put_all(&mut self, atoms: u64, known: KnownAtoms) {
        self.evaluated |= atoms;
        self.truths.are_true |= known.atoms & known.are_true;
        self.truths.are_false |= known.atoms & !known.are_true;
    }
}
