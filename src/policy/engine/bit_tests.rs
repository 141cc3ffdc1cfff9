//! Evaluating rules that are written as alternatives.

use super::conditions::Evaluation;
use crate::policy::image::{Alternative, Alternatives, NodeKind, NodeRecord, size};
use crate::policy::truth::Truth;
use alloc::vec::Vec;

impl Evaluation<'_> {
    /// Evaluates the atoms for which that takes less than to find out if they are needed.
    pub(super) fn evaluate_simple_atoms(&self) {
        if !Alternatives::ARE_WRITTEN {
            return;
        }
        let mut values = self.atoms.get();
        let mut bit = 1_u64;
        for atom in &self.image().alternatives.atoms {
            let atom = NodeRecord::of(atom);
            if values.evaluated & bit == 0
                && let Some(NodeKind::Atom(operator)) = atom.kind()
                && let Some(value) = self.simple_atom(operator, atom)
            {
                values.put(bit, value);
            }
            bit = bit.wrapping_shl(1);
        }
        self.atoms.set(values);
    }

    /// Whether one of some alternatives is true.
    pub(super) fn any(&self, alternatives: &[Alternative]) -> Truth {
        if !Alternatives::ARE_WRITTEN {
            return Truth::False;
        }
        let mut values = self.atoms.get();
        let mut any = Truth::False;
        for [wants_true, wants_false] in alternatives {
            // An atom is evaluated unless it is known already that the alternative is false.
            while wants_true & values.are_false | wants_false & values.are_true == 0 {
                let open = (wants_true | wants_false) & !values.evaluated;
                if open == 0 {
                    if wants_true & !values.are_true | wants_false & !values.are_false == 0 {
                        return Truth::True;
                    }
                    any = Truth::Unknown;
                    break;
                }
                values.put(open & open.wrapping_neg(), self.atom_of(open.trailing_zeros()));
                self.atoms.set(values);
            }
        }
        any
    }

    /// What some alternatives come to whatever the action is, while that is left open; and those that
    /// hang on it.
    pub(super) fn split(&self, alternatives: &[Alternative]) -> (Truth, Vec<Alternative>) {
        let (mut any, mut open) = (Truth::False, Vec::new());
        if !Alternatives::ARE_WRITTEN {
            return (any, open);
        }
        let of_action = self.image().alternatives.of_action;
        for alternative in alternatives {
            let [wants_true, wants_false] = alternative;
            let truth = self.any(&[*alternative]);
            if truth == Truth::Unknown && (wants_true | wants_false) & of_action != 0 {
                open.push(*alternative);
            } else {
                any = any.max(truth);
            }
        }
        (any, open)
    }

    /// The value of the atom that has a bit.
    fn atom_of(&self, bit: u32) -> Truth {
        let atom = self.image().alternatives.atoms.get(size(bit)).map(NodeRecord::of);
        match atom.and_then(|atom| Some((atom.kind()?, atom))) {
            Some((NodeKind::Atom(operator), atom)) => self.atom(operator, atom),
            Some((NodeKind::Connective(_), _)) | None => Truth::Unknown,
        }
    }
}
