//! What several atoms of a condition demand of the members of one set.

use super::super::model::{Model, Operand};
use super::super::tree::Node;
use crate::address::Network;
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
pub(super) struct Members<'n> {
    needed: Vec<(Needed, Operand<'n>)>,
    /// The arrays that have all that the set may have.
    bounds: Vec<Operand<'n>>,
    comparisons_left: usize,
}

impl<'n> Members<'n> {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self { needed: Vec::new(), bounds: Vec::new(), comparisons_left: MAX_COMPARISONS }
    }

    /// Adds members that the set must have, and says whether it still may.
    pub(super) fn need(&mut self, needed: Needed, right: Operand<'n>, model: &Model<'n>) -> bool {
        self.needed.push((needed, right));
        have_room(&self.bounds, &[(needed, right)], &mut self.comparisons_left, model)
    }

    /// Adds an array that has all that the set may have, and says whether that leaves what it must
    /// have.
    pub(super) fn bound(&mut self, bound: Operand<'n>, model: &Model<'n>) -> bool {
        self.bounds.push(bound);
        have_room(&[bound], &self.needed, &mut self.comparisons_left, model)
    }
}

/// Whether a set can have what it needs while it has members of each array alone: yes, too, where
/// no comparisons are left to tell.
fn have_room<'n>(
    bounds: &[Operand<'n>],
    needed: &[(Needed, Operand<'n>)],
    comparisons_left: &mut usize,
    model: &Model<'n>,
) -> bool {
    // An empty array counts too, so that the number of pairs is bounded.
    let count = |operand: Operand<'_>| operand.list().map_or(1, |list| list.items().len().max(1));
    for bound in bounds {
        for (needed, right) in needed {
            let comparisons = count(*bound).saturating_mul(count(*right));
            *comparisons_left = comparisons_left.saturating_sub(comparisons);
            if *comparisons_left == 0 {
                return true;
            }
            if !has_room(*bound, *needed, *right, model) {
                return false;
            }
        }
    }
    true
}

/// Whether a set with members of an array alone can have what it needs: yes, too, where that is not
/// followed.
fn has_room<'n>(bound: Operand<'n>, needed: Needed, right: Operand<'n>, model: &Model<'n>) -> bool {
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
        (Operand::Address(address), Operand::Networks(list)) => {
            let networks = list.items().iter().map(|item| Network::parse(item.text()?));
            networks.into_iter().any(|it| it.is_none_or(|network| network.covers(address)))
        }
        _ => true,
    }
}
