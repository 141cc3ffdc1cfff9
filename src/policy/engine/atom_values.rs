//! What atoms come to in one evaluation, as far as they were evaluated: those that have a bit.

use crate::policy::image::Known;
use crate::policy::truth::Truth;

/// The values of atoms, each of which is a bit.
#[derive(Clone, Copy, Default)]
pub(super) struct AtomValues {
    pub(super) evaluated: u64,
    pub(super) are_true: u64,
    pub(super) are_false: u64,
}

impl AtomValues {
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(super) fn put(&mut self, bit: u64, value: Truth) {
        self.evaluated |= bit;
        match value {
            Truth::True => self.are_true |= bit,
            Truth::False => self.are_false |= bit,
            Truth::Unknown => {}
        }
    }

    /// Puts the values of several atoms, of which some are known.
    pub(super) const fn put_all(&mut self, atoms: u64, known: Known) {
        self.evaluated |= atoms;
        self.are_true |= known.atoms & known.are_true;
        self.are_false |= known.atoms & !known.are_true;
    }

    /// These, without the values of some atoms.
    pub(super) const fn without(self, atoms: u64) -> Self {
        Self {
            evaluated: self.evaluated & !atoms,
            are_true: self.are_true & !atoms,
            are_false: self.are_false & !atoms,
        }
    }
}
