//! The rules for all actions as bit tests.
//!
//! These rules are asked for every decision, and most ask for much the same. So when the image is
//! loaded, each different atom of theirs gets a bit, and each rule is brought into disjunctive
//! normal form. An alternative is a set of atoms that must be true and a set that must be false.
//! The rule applies if one alternative is met. A decision then evaluates an atom once at most, and
//! an alternative takes a few operations on bits.
//!
//! A condition equals its alternatives, also where atoms are unknown: these follow from it by the
//! laws of distribution and De Morgan alone, which hold in Kleene's logic. An alternative that
//! contradicts itself is kept, because where its atom is unknown it is unknown, and not false.
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
    /// With any of these a permit applies.
    pub(super) permits: Vec<Alternative>,
    /// With any of these the condition of a forbid holds.
    pub(super) forbids: Vec<Alternative>,
    /// With any of these a require is violated.
    pub(super) violations: Vec<Alternative>,
    /// The rules that are not brought into alternatives.
    pub(crate) walked: Vec<[u8; 4]>,
}

impl Alternatives {
    /// Whether rules are brought into alternatives. Where they are not, the code for it is left
    /// out.
    pub(super) const ARE_BUILT: bool = cfg!(not(target_family = "wasm"));

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
