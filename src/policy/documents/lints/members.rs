//! What several atoms of a condition demand of the members of one set.

use super::super::model::{Model, Operand};
use super::super::tree::Node;
use alloc::vec::Vec;

/// How many pairs of members are compared for one set. What goes beyond is not followed.
const MAX_COMPARISONS: usize = 1 << 16;

/// How many of the members on the right side of an atom a set must have.
#[derive(Clone, Copy)]
pub(super) enum Needed {
    All,
    One,
}

/// What the atoms so far demand of a set.
#[derive(Default)]
pub(super) struct Members<'n> {
    needed: Vec<(Needed, Operand<'n>)>,
    /// The arrays that have all that the set may have.
    bounds: Vec<Operand<'n>>,
    comparisons: usize,
}

impl<'n> Members<'n> {
    /// Adds members that the set must have, and says whether it still may.
    pub(super) fn need(&mut self, needed: Needed, right: Operand<'n>, model: &Model<'n>) -> bool {
        self.needed.push((needed, right));
        let (bounds, comparisons) = (&self.bounds, &mut self.comparisons);
        bounds.iter().all(|bound| has_room(*bound, needed, right, comparisons, model))
    }

    /// Adds an array that has all that the set may have, and says whether that leaves what it must
    /// have.
    pub(super) fn bound(&mut self, bound: Operand<'n>, model: &Model<'n>) -> bool {
        self.bounds.push(bound);
        let comparisons = &mut self.comparisons;
        self.needed
            .iter()
            .all(|(needed, right)| has_room(bound, *needed, *right, comparisons, model))
    }
}

/// Whether a set with members of an array alone can have what it needs: yes, too, where that is not
/// followed.
fn has_room<'n>(
    bound: Operand<'n>,
    needed: Needed,
    right: Operand<'n>,
    comparisons: &mut usize,
    model: &Model<'n>,
) -> bool {
    let count = |operand: Operand<'_>| operand.list().map_or(1, |list| list.items().len());
    *comparisons = comparisons.saturating_add(count(bound).saturating_mul(count(right)));
    if *comparisons > MAX_COMPARISONS {
        return true;
    }
    let ((Operand::Symbols(_, items), Operand::Symbols(_, bounds))
    | (Operand::Texts(items), Operand::Texts(bounds))) = (right, bound)
    else {
        return is_in(right, bound, model);
    };
    let may_be_there = |item: &Node<'_>| bounds.items().iter().any(|it| it.text() == item.text());
    match needed {
        Needed::All => items.items().iter().all(may_be_there),
        // That nothing is in an empty array is told elsewhere.
        Needed::One => items.items().is_empty() || items.items().iter().any(may_be_there),
    }
}

/// Whether a literal is in a list of literals: yes, too, where that is not followed.
pub(super) fn is_in(literal: Operand<'_>, list: Operand<'_>, model: &Model<'_>) -> bool {
    match (literal, list) {
        (Operand::Symbol(symbol), Operand::Symbols(values, list)) => {
            let text = model.values(values).get(symbol);
            list.items().iter().any(|item| item.text() == text.copied())
        }
        (Operand::Text(text), Operand::Texts(list)) => {
            list.items().iter().any(|item| item.text() == Some(text))
        }
        _ => true,
    }
}
