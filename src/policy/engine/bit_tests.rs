//! Evaluating rules that are brought into alternatives.

use super::atom_values::AtomValues;
use super::conditions::Evaluation;
use crate::policy::image::{Alternative, Alternatives, KnownAtoms};
use crate::policy::request::AttributeValue;
use crate::policy::truth::Truth;

impl Evaluation<'_> {
    /// Whether one of the permits, one of the forbids and one of the violations is true.
    pub(super) fn bit_tests(&self, alternatives: &Alternatives) -> [Truth; 3] {
        let mut values = self.read_columns(alternatives);
        alternatives.lists().map(|list| self.any(alternatives, list, &mut values))
    }

    /// Evaluates the atoms that follow from an attribute's value alone.
    fn read_columns(&self, alternatives: &Alternatives) -> AtomValues {
        let mut values = AtomValues::default();
        for column in &alternatives.columns {
            let known = match self.attributes.attribute_value(column.attribute) {
                AttributeValue::Absent | AttributeValue::Unusable => Some(KnownAtoms::NOTHING),
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
        values
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
            while wants_true & values.truths.are_false | wants_false & values.truths.are_true == 0 {
                let open = (wants_true | wants_false) & !values.evaluated;
                if open == 0 {
                    if wants_true & !values.truths.are_true | wants_false & !values.truths.are_false
                        == 0
                    {
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
}
