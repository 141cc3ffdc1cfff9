//! The atoms that follow from an attribute's value alone, for each value.

use super::record::size;
use alloc::vec::Vec;

/// What atoms on one attribute come to, for each of its values.
#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) attribute: u16,
    /// The bits of the atoms.
    pub(crate) atoms: u64,
    /// Those that ask if the attribute is null. Where it is, only they are known.
    pub(super) presence: u64,
    /// The atoms that are true where the attribute is null.
    pub(super) with_null: u64,
    /// The atoms that are true with each value: those of an enum, or false and true. Other
    /// attributes have none, and no atoms but those that ask if they are null.
    pub(super) rows: Vec<u64>,
}

/// Of the atoms of a column, those that are known, and those of these that are true.
pub(crate) struct KnownAtoms {
    pub(crate) atoms: u64,
    pub(crate) are_true: u64,
}

impl KnownAtoms {
    /// Of an attribute without a value that could be used.
    pub(crate) const NOTHING: Self = Self { atoms: 0, are_true: 0 };
}

impl Column {
    /// With null.
    pub(crate) const fn with_null(&self) -> KnownAtoms {
        KnownAtoms { atoms: self.presence, are_true: self.with_null }
    }

    /// With an enum's value, or 0 for false and 1 for true. None: it is not one of these.
    pub(crate) fn with_listed(&self, value: u32) -> Option<KnownAtoms> {
        let row = self.rows.get(size(value))?;
        Some(KnownAtoms { atoms: self.atoms, are_true: *row })
    }

    /// With any other value.
    pub(crate) const fn with_other(&self) -> KnownAtoms {
        KnownAtoms { atoms: self.presence, are_true: !self.with_null }
    }
}
