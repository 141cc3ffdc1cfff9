//! Writing rules as alternatives, when an image is loaded.

use super::alternatives::{Alternative, Alternatives};
use super::closed_sets::{Connective, Effect, NodeKind, OperandKind};
use super::layout::{ACTION_NAME, NodeRecord};
use super::read::Image;
use super::written_columns;

/// How many rules are looked at. The others are walked, as are those that are not simple enough.
const MAX_RULES: usize = 64;
/// How many alternatives a rule has at most.
const MAX_ALTERNATIVES: usize = 16;
/// How many nodes are looked at for the alternatives of one rule.
const MAX_STEPS: u32 = 256;

/// Writes the rules for all actions as alternatives, as far as they are few and simple.
pub(super) fn write(image: &Image) -> Alternatives {
    let mut written = Alternatives::default();
    let all = image.action(image.actions());
    let rules = all.map_or(&[][..], |all| image.rules_of(all));
    for (number, rule) in rules.iter().enumerate() {
        let (atoms, of_action) = (written.atoms.len(), written.of_action);
        if number >= MAX_RULES || written.add(image, u32::from_le_bytes(*rule)).is_none() {
            written.atoms.truncate(atoms);
            written.of_action = of_action;
            written.walked.push(*rule);
        }
    }
    written.columns = written_columns::write(image, &written.atoms);
    written
}

impl Alternatives {
    /// Adds a rule; none if it is not simple enough. Advice has no say in a decision.
    fn add(&mut self, image: &Image, rule: u32) -> Option<()> {
        let rule = image.rule(rule)?;
        let mut writing = Writing { image, alternatives: self, steps: MAX_STEPS };
        let when = |writing: &mut Writing<'_>| writing.add(rule.when(), Wanted::True, List::TRUE);
        let (list, to) = match rule.effect()? {
            Effect::Permit => (when(&mut writing)?, &mut self.permits),
            Effect::Forbid => (when(&mut writing)?, &mut self.forbids),
            Effect::Require => {
                let when = when(&mut writing)?;
                (writing.add(rule.must()?, Wanted::False, when)?, &mut self.violations)
            }
            Effect::Advise => return Some(()),
        };
        to.extend_from_slice(list.items.get(..list.count)?);
        Some(())
    }

    /// The bit of an atom, which may be a new one; none where there are too many.
    fn bit(&mut self, atom: NodeRecord<'_>) -> Option<u64> {
        let mut bit = 1_u64;
        for known in &self.atoms {
            if known == atom.bytes() {
                return Some(bit);
            }
            bit = bit.checked_mul(2)?; // there are as many atoms as bits
        }
        let action = u32::from(ACTION_NAME);
        if u32::from(atom.attribute()) == action
            || atom.operand() == Some(OperandKind::Attribute) && atom.a() == action
        {
            self.of_action |= bit;
        }
        self.atoms.push(*atom.bytes());
        Some(bit)
    }
}

/// The alternatives of one rule.
#[derive(Clone, Copy)]
struct List {
    items: [Alternative; MAX_ALTERNATIVES],
    count: usize,
}

impl List {
    const FALSE: Self = Self { items: [[0; 2]; MAX_ALTERNATIVES], count: 0 };
    /// One that wants nothing.
    const TRUE: Self = Self { count: 1, ..Self::FALSE };
}

/// What an alternative wants of a node: its place in an [`Alternative`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    True,
    False,
}

/// One rule that is being written as alternatives.
struct Writing<'w> {
    image: &'w Image,
    alternatives: &'w mut Alternatives,
    steps: u32,
}

impl Writing<'_> {
    /// These alternatives, each of which wants besides that a node is so.
    fn add(&mut self, index: u32, wanted: Wanted, mut list: List) -> Option<List> {
        self.steps = self.steps.checked_sub(1)?;
        let node = self.image.node(index)?;
        let first = index.wrapping_add(1);
        match node.kind()? {
            NodeKind::Atom(_) => {
                let bit = self.alternatives.bit(node)?;
                for [wants_true, wants_false] in list.items.get_mut(..list.count)? {
                    match wanted {
                        Wanted::True => *wants_true |= bit,
                        Wanted::False => *wants_false |= bit,
                    }
                }
                Some(list)
            }
            NodeKind::Connective(Connective::Condition) => {
                self.add(self.image.condition(node.a()), wanted, list)
            }
            NodeKind::Connective(Connective::Not) => {
                let opposite = match wanted {
                    Wanted::True => Wanted::False,
                    Wanted::False => Wanted::True,
                };
                self.add(first, opposite, list)
            }
            NodeKind::Connective(connective @ (Connective::All | Connective::Any)) => {
                let are_all_wanted = (connective == Connective::All) == (wanted == Wanted::True);
                let mut any = List::FALSE;
                let mut next = first;
                while next < node.a() {
                    let with_part = self.add(next, wanted, list)?;
                    if are_all_wanted {
                        list = with_part;
                    } else {
                        for item in with_part.items.get(..with_part.count)? {
                            *any.items.get_mut(any.count)? = *item;
                            any.count = any.count.saturating_add(1);
                        }
                    }
                    next = self.image.node(next)?.after(next);
                }
                Some(if are_all_wanted { list } else { any })
            }
        }
    }
}
