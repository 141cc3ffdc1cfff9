//! Cases that stand for many: one for each combination of the values in their `matrix` (section 13
//! of `docs/policy-language.md`).

use super::super::bundle::write_whole;
use super::super::diagnostics::Diagnostics;
use super::super::text::cut;
use super::super::tree::{Member, Node, NodeValue};
use super::patch::Put;
use crate::error::Code;
use crate::json::Writer;
use alloc::string::String;
use alloc::vec::Vec;

/// How many combinations a case may stand for.
const MAX_COMBINATIONS: usize = 1_024;

/// How many characters of a value are in a name.
const MAX_SHOWN: usize = 64;

/// How many characters a name gets of all values and their pointers.
const MAX_NAME: usize = 512;

/// One combination: what it adds to the name of its case, and what is put into the request.
pub(super) struct Combination<'n> {
    pub(super) name: String,
    pub(super) puts: Vec<Put<'n>>,
}

/// How many combinations a case stands for; 1 for a case without a matrix. It is asked before the
/// case is checked, so the case may be wrong.
pub(super) fn combination_count(case: &Node<'_>) -> usize {
    let lengths = case.members_of("matrix").iter().map(|axis| axis.node.items().len());
    lengths.fold(1, |count: usize, length| count.saturating_mul(length.max(1)))
}

impl Diagnostics<'_> {
    /// The combinations of a case, whose `set` has these values already; none if its matrix is not
    /// valid.
    pub(super) fn combinations<'n>(
        &mut self,
        case: &'n Node<'n>,
        set: &[Put<'n>],
    ) -> Option<Vec<Combination<'n>>> {
        let Some(matrix) = case.member("matrix") else {
            return Some(alloc::vec![Combination { name: String::new(), puts: set.to_vec() }]);
        };
        if !self.object_of_any(matrix) {
            return None;
        }
        let mut valid = !matrix.members().is_empty();
        if !valid {
            self.error(Code::WrongType, matrix.span, "a matrix has at least one pointer", &[]);
        }
        for axis in matrix.members() {
            valid &= self.check_pointer(&axis.name, axis.span);
            let is_array = matches!(axis.node.value, NodeValue::Array(_));
            valid &= is_array;
            if self.array(&axis.node).is_empty() && is_array {
                let message = "a pointer of a matrix has at least one value";
                self.error(Code::WrongType, axis.node.span, message, &[]);
                valid = false;
            }
            if case.member("set").is_some_and(|set| set.member(&axis.name).is_some()) {
                let message = "`{}` stands in `set` as well, and can have one meaning only";
                self.error(Code::InvalidPointer, axis.span, message, &[&axis.name]);
                valid = false;
            }
        }
        let count = combination_count(case);
        self.limit(matrix, count, MAX_COMBINATIONS, "combinations of a case");
        if !valid || count > MAX_COMBINATIONS {
            return None;
        }
        let axes = matrix.members();
        Some((0..count).map(|number| combination(axes, number, set)).collect())
    }
}

/// The combination with a number, in which the values of the last pointer change first.
fn combination<'n>(axes: &'n [Member<'n>], number: usize, set: &[Put<'n>]) -> Combination<'n> {
    let mut puts = set.to_vec();
    let mut chosen = Vec::new();
    let mut number = number;
    for axis in axes.iter().rev() {
        let values = axis.node.items();
        let value = number.checked_rem(values.len()).and_then(|index| values.get(index));
        number = number.checked_div(values.len()).unwrap_or(0);
        let Some(value) = value else { continue };
        chosen.push((axis, value));
        puts.push(Put { pointer: &axis.name, span: axis.span, value });
    }
    puts.sort_by(|one, other| one.pointer.cmp(other.pointer));
    let mut name = String::new();
    for (index, (axis, value)) in chosen.iter().rev().enumerate() {
        if index > 0 {
            name.push_str(", ");
        }
        name.push_str(&axis.name);
        name.push('=');
        let mut writer = Writer::new();
        write_whole(&mut writer, value);
        name.push_str(&cut(&writer.finish(), MAX_SHOWN));
    }
    Combination { name: [" [", &cut(&name, MAX_NAME), "]"].concat(), puts }
}
