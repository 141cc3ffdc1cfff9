//! Evaluating rules that are written as alternatives.

use super::atom_values::AtomValues;
use super::conditions::Evaluation;
use crate::policy::image::{Alternative, Alternatives};
use crate::policy::request::AttributeValue;
use crate::policy::truth::Truth;
use alloc::vec::Vec;

impl Evaluation<'_> {
    /// Evaluates the atoms that follow from an attribute's value alone.
    pub(super) fn read_columns(&self, alternatives: &Alternatives) {
        let mut values = self.atoms.get();
        for column in &alternatives.columns {
            if column.atoms & !values.evaluated == 0 {
                continue;
            }
            let known = match self.attributes.attribute_value(column.attribute) {
                AttributeValue::Absent | AttributeValue::Unusable => Some(column.without_value()),
                AttributeValue::Null => Some(column.with_null()),
                AttributeValue::Bool(value) => column.with_listed(value.into()),
                AttributeValue::Symbol(value) => column.with_listed(value),
                AttributeValue::Integer(_)
                | AttributeValue::Id(_)
                | AttributeValue::Ids { .. }
                | AttributeValue::Networks { .. } => Some(column.with_other()),
                AttributeValue::Symbols { .. } => None,
            };
            if let Some(known) = known {
                values.put_all(column.atoms, known);
            }
        }
        self.atoms.set(values);
    }

    /// Whether one of the alternatives of each list is true.
    pub(super) fn any_of_each(
        &self,
        alternatives: &Alternatives,
        lists: [&[Alternative]; 3],
    ) -> [Truth; 3] {
        let mut values = self.atoms.get();
        let truths = lists.map(|list| self.any(alternatives, list, &mut values));
        self.atoms.set(values);
        truths
    }

    /// Whether one alternative of a list is true.
    fn any(
        &self,
        alternatives: &Alternatives,
        list: &[Alternative],
        values: &mut AtomValues,
    ) -> Truth {
        let mut any = Truth::False;
        for [wants_true, wants_false] in list {
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
                let atom = alternatives.atom(open.trailing_zeros());
                let value =
                    atom.map_or(Truth::Unknown, |(operator, atom)| self.atom(operator, atom));
                values.put(open & open.wrapping_neg(), value);
            }
        }
        any
    }

    /// What each list of alternatives comes to whatever the action is, while that is left open; and those alternatives
    /// of each that hang on it.
    pub(super) fn split(&self, alternatives: &Alternatives) -> ([Truth; 3], [Vec<Alternative>; 3]) {
        let mut values = self.atoms.get();
        let mut truths = [Truth::False; 3];
        let mut open: [Vec<Alternative>; 3] = Default::default();
        let lists = alternatives.lists().into_iter();
        for ((list, any), open) in lists.zip(&mut truths).zip(&mut open) {
            for one in list {
                let [wants_true, wants_false] = one;
                let truth = self.any(alternatives, &[*one], &mut values);
                let asks_for_action = (wants_true | wants_false) & alternatives.of_action != 0;
                if truth == Truth::Unknown && asks_for_action {
                    open.push(*one);
                } else {
                    *any = (*any).max(truth);
                }
            }
        }
        self.atoms.set(values);
        (truths, open)
    }
}
