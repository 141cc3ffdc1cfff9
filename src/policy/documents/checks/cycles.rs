//! What refers to itself, directly or through others.

use super::super::diagnostics::Diagnostics;
use super::super::text::{cut, digits};
use super::super::tree::SourceSpan;
use crate::error::Code;
use alloc::string::String;
use alloc::vec::Vec;

/// How many names of a cycle are shown.
const MAX_SHOWN: usize = 16;

/// Things that refer to others, by their numbers.
pub(super) struct References {
    /// For each, the numbers of those that it refers to, and where it does.
    to: Vec<Vec<(usize, SourceSpan)>>,
}

impl References {
    pub(super) const fn new(to: Vec<Vec<(usize, SourceSpan)>>) -> Self {
        Self { to }
    }

    /// The numbers that lead to no cycle. Each comes after all that it refers to.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        // For each number: the numbers that refer to it, and how many of those that it refers to
        // are not in the order yet.
        let mut from = alloc::vec![Vec::new(); self.to.len()];
        let mut waiting = alloc::vec![0_usize; self.to.len()];
        for (number, (to, count)) in self.to.iter().zip(&mut waiting).enumerate() {
            for (other, _) in to {
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

    /// Whether each leads to a cycle, or is in one.
    pub(super) fn lead_to_cycles(&self) -> Vec<bool> {
        let mut circular = alloc::vec![true; self.to.len()];
        for number in self.in_order() {
            circular.get_mut(number).into_iter().for_each(|circular| *circular = false);
        }
        circular
    }

    /// Cycles that share nothing, each as the numbers in it, in the order in which they refer to
    /// one another. There is at least one if there is a cycle at all.
    fn cycles(&self) -> Vec<Vec<usize>> {
        let circular = self.lead_to_cycles();
        let mut cycles = Vec::new();
        // The walk that came to each first, by where it began, and the place of it in that walk.
        let mut walked: Vec<Option<(usize, usize)>> = alloc::vec![None; self.to.len()];
        for start in 0..self.to.len() {
            let mut walk = Vec::new();
            let mut next = Some(start).filter(|number| circular.get(*number) == Some(&true));
            while let Some(number) = next {
                let Some(seen) = walked.get_mut(number) else { break };
                if let Some((of, place)) = *seen {
                    if of == start {
                        cycles.push(walk.split_off(place));
                    }
                    break;
                }
                *seen = Some((start, walk.len()));
                walk.push(number);
                let mut to = self.to.get(number).into_iter().flatten().map(|(other, _)| *other);
                next = to.find(|other| circular.get(*other) == Some(&true));
            }
        }
        cycles
    }

    /// Where one refers to another.
    fn place(&self, from: usize, to: usize) -> Option<SourceSpan> {
        let (_, place) = self.to.get(from)?.iter().find(|(number, _)| *number == to)?;
        Some(*place)
    }
}

impl Diagnostics<'_> {
    /// Records an error for each cycle, at the place where the first in it refers to the next.
    pub(super) fn check_cycles<'n>(
        &mut self,
        references: &References,
        verb: &str,
        id: &dyn Fn(usize) -> Option<&'n str>,
    ) {
        for cycle in references.cycles() {
            let Some(first) = cycle.first() else { continue };
            let second = cycle.get(1).unwrap_or(first);
            let ids: Vec<&str> = cycle.iter().filter_map(|number| id(*number)).collect();
            if let Some(place) = references.place(*first, *second) {
                self.error(Code::Cycle, place, "{=}", &[&sentence(&ids, verb)]);
            }
        }
    }
}

/// A cycle in words: "`a` inherits `b`, which inherits `a`".
fn sentence(names: &[&str], verb: &str) -> String {
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
