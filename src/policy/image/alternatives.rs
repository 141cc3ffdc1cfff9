//! The rules for all actions as bit tests.
//!
//! These rules are asked for every decision, and most ask for much the same. So each different atom
//! of theirs gets a bit when the image is loaded, and each rule is written as alternatives: it does
//! what it says where all atoms of one alternative are as it wants them. A decision then evaluates an
//! atom once at most, and an alternative takes a few operations on bits.
//!
//! A condition equals its alternatives, also where atoms are unknown: these follow from it by the
//! laws of distribution and De Morgan alone, which hold in Kleene's logic. One that wants an atom to
//! be both true and false stays, since it is unknown where the atom is.
//!
//! A WebAssembly module walks all rules: this would be 1,500 bytes more of an edge's module, which
//! decides once a request, and 1,800 of the full one.

use super::closed_sets::{NodeKind, Operator};
use super::columns::Column;
use super::layout::{self, NodeRecord};
use super::record::size;
use alloc::vec::Vec;

/// The atoms that one alternative wants to be true, and those that it wants to be false.
pub(crate) type Alternative = [u64; 2];

/// What the rules for all actions come to, but for those that an index finds.
#[derive(Clone, Default)]
pub(crate) struct Alternatives {
    /// The atoms, in the order of their bits.
    pub(super) atoms: Vec<[u8; layout::NODES.record]>,
    /// Those of them whose truth is known as soon as their attribute's value is.
    pub(crate) columns: Vec<Column>,
    /// The atoms that look at the action.
    pub(crate) of_action: u64,
    /// With any of these a permit applies.
    pub(super) permits: Vec<Alternative>,
    /// With any of these the condition of a forbid holds.
    pub(super) forbids: Vec<Alternative>,
    /// With any of these a require is violated.
    pub(super) violations: Vec<Alternative>,
    /// The rules that are not written so.
    pub(crate) walked: Vec<[u8; 4]>,
}

impl Alternatives {
    /// Whether rules are written as alternatives. Where they are not, the code for it is left out.
    pub(super) const ARE_WRITTEN: bool = cfg!(not(target_family = "wasm"));

    /// The alternatives of permits, of forbids, and of what violates requires.
    pub(crate) fn lists(&self) -> [&[Alternative]; 3] {
        [&self.permits, &self.forbids, &self.violations]
    }

    /// The atom that has a bit, and its operator.
    pub(crate) fn atom(&self, bit: u32) -> Option<(Operator, NodeRecord<'_>)> {
        let atom = self.atoms.get(size(bit)).map(NodeRecord::of)?;
        match atom.kind()? {
            NodeKind::Atom(operator) => Some((operator, atom)),
            NodeKind::Connective(_) => None,
        }
    }
}
