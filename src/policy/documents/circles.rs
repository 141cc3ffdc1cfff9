//! What refers to itself, directly or through others.

use super::text::{cut, digits};
use alloc::string::String;
use alloc::vec::Vec;

/// How many names of a circle are shown.
const MAX_SHOWN: usize = 16;

/// Things that refer to others, by their numbers.
pub(super) struct References {
    /// Of each, the numbers of those that it refers to.
    to: Vec<Vec<usize>>,
}

impl References {
    pub(super) const fn new(to: Vec<Vec<usize>>) -> Self {
        Self { to }
    }

    /// All numbers that lead to no circle, in an order in which each comes after all that it refers
    /// to.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        // For each: which refer to it, and how many of those that it refers to are not in the order
        // yet.
        let mut from = alloc::vec![Vec::new(); self.to.len()];
        let mut waiting = alloc::vec![0_usize; self.to.len()];
        for (number, (to, count)) in self.to.iter().zip(&mut waiting).enumerate() {
            for other in to {
                if let Some(from) = from.get_mut(*other) {
                    from.push(number);
                    *count = count.saturating_add(1);
                }
            }
            if *count == 0 {
                order.push(number);
            }
        }
        let mut next = 0_usize;
        while let Some(number) = order.get(next) {
            for referrer in from.get(*number).into_iter().flatten() {
                let Some(count) = waiting.get_mut(*referrer) else { continue };
                *count = count.saturating_sub(1);
                if *count == 0 {
                    order.push(*referrer);
                }
            }
            next = next.saturating_add(1);
        }
        order
    }

    /// Whether each leads to a circle, in which it may be itself.
    pub(super) fn lead_to_circles(&self) -> Vec<bool> {
        let mut circular = alloc::vec![true; self.to.len()];
        for number in self.in_order() {
            circular.get_mut(number).into_iter().for_each(|circular| *circular = false);
        }
        circular
    }

    /// Circles that share nothing, each as the numbers in it, in the order in which they refer to one
    /// another. There is one at least if there is a circle at all.
    pub(super) fn circles(&self) -> Vec<Vec<usize>> {
        let circular = self.lead_to_circles();
        let mut circles = Vec::new();
        // On which walk each was come to, and as the how many-th of it.
        let mut walked: Vec<Option<(usize, usize)>> = alloc::vec![None; self.to.len()];
        for start in 0..self.to.len() {
            let mut walk = Vec::new();
            let mut next = Some(start).filter(|number| circular.get(*number) == Some(&true));
            while let Some(number) = next {
                let Some(seen) = walked.get_mut(number) else { break };
                if let Some((of, place)) = *seen {
                    if of == start {
                        circles.push(walk.split_off(place));
                    }
                    break;
                }
                *seen = Some((start, walk.len()));
                walk.push(number);
                let to = self.to.get(number).into_iter().flatten();
                next = to.copied().find(|other| circular.get(*other) == Some(&true));
            }
        }
        circles
    }
}

/// A circle as a sentence tells it: "`a` inherits `b`, which inherits `a`".
pub(super) fn told(names: &[&str], verb: &str) -> String {
    let mut out = String::new();
    let Some((first, rest)) = names.split_first() else { return out };
    add(&mut out, &["`", &cut(first, 64), "` ", verb, " "]);
    if rest.is_empty() {
        out.push_str("itself");
        return out;
    }
    for name in rest.iter().take(MAX_SHOWN) {
        add(&mut out, &["`", &cut(name, 64), "`, which ", verb, " "]);
    }
    if let Some(more) = rest.len().checked_sub(MAX_SHOWN).filter(|more| *more > 0) {
        add(&mut out, &["others, ", &digits(more), " more until "]);
    }
    add(&mut out, &["`", &cut(first, 64), "`"]);
    out
}

fn add(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}
