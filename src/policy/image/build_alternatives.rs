//! Bringing rules into alternatives, when an image is loaded.

use super::alternatives::{Alternative, Alternatives};
use super::build_columns;
use super::closed_sets::{Connective, Contribution, NodeKind};
use super::layout::NodeRecord;
use super::read::Image;

/// How many rules are looked at. The others are walked, as are those that are not simple enough.
const MAX_RULES: usize = 64;
/// How many alternatives a rule has at most.
const MAX_ALTERNATIVES: usize = 16;
/// How many nodes are looked at for the alternatives of one rule.
const MAX_STEPS: u32 = 256;

/// Brings the rules for all actions into alternatives, as far as they are few and simple.
pub(super) fn build(image: &Image) -> Alternatives {
    let mut built = Alternatives::default();
    let all = image.action(image.actions());
    let rules = all.map_or(&[][..], |all| image.rules_of(all));
    for (number, rule) in rules.iter().enumerate() {
        let atoms = built.atoms.len();
        if number >= MAX_RULES || built.add(image, u32::from_le_bytes(*rule)).is_none() {
            built.atoms.truncate(atoms);
            built.walked.push(*rule);
        }
    }
    built.columns = build_columns::build(image, &built.atoms);
    built
}

impl Alternatives {
    /// Adds a rule; none if it is not simple enough. Advice has no say in a decision.
    fn add(&mut self, image: &Image, rule: u32) -> Option<()> {
        let rule = image.rule(rule)?;
        let Some(contribution) = rule.contribution() else { return Some(()) };
        let mut building = Building { image, alternatives: self, steps: MAX_STEPS };
        let mut list = building.add(rule.when(), WantedValue::True, List::TRUE)?;
        if rule.has_must() {
            list = building.add(rule.must()?, WantedValue::False, list)?;
        }
        let to = match contribution {
            Contribution::Permit => &mut self.permits,
            Contribution::Forbid => &mut self.forbids,
            Contribution::Violation => &mut self.violations,
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
enum WantedValue {
    True,
    False,
}

/// One rule that is being brought into alternatives.
struct Building<'w> {
    image: &'w Image,
    alternatives: &'w mut Alternatives,
    steps: u32,
}

impl Building<'_> {
    /// Each of these alternatives, with the further demand that a node has the wanted value.
    fn add(&mut self, index: u32, wanted: WantedValue, mut list: List) -> Option<List> {
        self.steps = self.steps.checked_sub(1)?;
        let node = self.image.node(index)?;
        let first = index.wrapping_add(1);
        match node.kind()? {
            NodeKind::Atom(_) => {
                let bit = self.alternatives.bit(node)?;
                for [wants_true, wants_false] in list.items.get_mut(..list.count)? {
                    match wanted {
                        WantedValue::True => *wants_true |= bit,
                        WantedValue::False => *wants_false |= bit,
                    }
                }
                Some(list)
            }
            NodeKind::Connective(Connective::Condition) => {
                self.add(self.image.condition(node.a()), wanted, list)
            }
            NodeKind::Connective(Connective::Not) => {
                let opposite = match wanted {
                    WantedValue::True => WantedValue::False,
                    WantedValue::False => WantedValue::True,
                };
                self.add(first, opposite, list)
            }
            NodeKind::Connective(connective @ (Connective::All | Connective::Any)) => {
                let are_all_wanted =
                    (connective == Connective::All) == (wanted == WantedValue::True);
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
