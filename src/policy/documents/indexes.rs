//! Choosing the indexes over the rules of an action.

use crate::order::{sorted, sorted_by_key};
use crate::policy::image::layout::ACTION_NAME;
use crate::policy::image::{AttributeType, Connective, Image, Keys, NodeKind, Operator, size};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Fewer rules than this are walked: to look for some of them would take as long.
const FEW: usize = 4;
/// How many indexes an action has at most. Each is a look-up for every decision.
const MAX_INDEXES: usize = 8;
/// How many keys the rules of an action have at most in all indexes together, for each rule. What
/// has more is walked, so that a large set in a named condition does not make a large image.
const MAX_KEYS: usize = 16;
/// How many nodes of one rule are looked at to learn which attributes may have keys.
const MAX_NODES: usize = 256;

/// How the rules of an action are found.
pub(super) struct Plan {
    /// The rules that no index finds.
    pub(super) walked: Vec<u32>,
    pub(super) indexes: Vec<Index>,
}

pub(super) struct Index {
    pub(super) attribute: u32,
    pub(super) rules: Vec<u32>,
    /// The rules of each key, by the key.
    pub(super) buckets: BTreeMap<u32, Vec<u32>>,
}

/// The keys that a rule has for one attribute.
struct Candidate {
    rule: u32,
    attribute: u32,
    keys: Vec<u32>,
    /// On average, the part of decisions for which an index on this attribute leaves the rule out,
    /// in units of 1/`WHOLE`.
    saved: usize,
}

const WHOLE: usize = 1 << 10;

/// Chooses the indexes over rules, whose indices are sorted.
pub(super) fn plan(image: &Image, rules: &[u32], rules_for: RulesFor) -> Plan {
    let mut plan = Plan { walked: Vec::new(), indexes: Vec::new() };
    let mut candidates =
        if rules.len() < FEW { Vec::new() } else { candidates(image, rules, rules_for) };
    weigh(image, &mut candidates);
    let chosen = attributes(&candidates);
    // The best attribute of a rule first.
    candidates.retain(|it| chosen.contains(&it.attribute) && it.saved > 0);
    candidates = sorted_by_key(candidates, |it| number(WHOLE.saturating_sub(it.saved)));
    candidates = sorted_by_key(candidates, |it| it.rule.into());
    candidates.dedup_by_key(|it| it.rule);
    candidates = sorted_by_key(candidates, |it| it.attribute.into());
    let mut budget = rules.len().saturating_mul(MAX_KEYS);
    let mut indexed = Vec::new();
    for candidate in candidates {
        let Some(rest) = budget.checked_sub(candidate.keys.len()) else { continue };
        budget = rest;
        indexed.push(candidate.rule);
        add(&mut plan.indexes, candidate);
    }
    let indexed = sorted(indexed);
    let is_walked = |rule: &&u32| indexed.binary_search(rule).is_err();
    plan.walked.extend(rules.iter().filter(is_walked));
    plan
}

/// What the rules are for that are planned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RulesFor {
    OneAction,
    AllActions,
}

/// Adds a rule to the index over its attribute, which is the last one where there is one.
fn add(indexes: &mut Vec<Index>, candidate: Candidate) {
    let Candidate { rule, attribute, keys, .. } = candidate;
    if indexes.last().is_none_or(|last| last.attribute != attribute) {
        indexes.push(Index { attribute, rules: Vec::new(), buckets: BTreeMap::new() });
    }
    let Some(index) = indexes.last_mut() else { return };
    index.rules.push(rule);
    for key in keys {
        index.buckets.entry(key).or_default().push(rule);
    }
}

/// The keys of each rule, for each attribute that it has keys for.
fn candidates(image: &Image, rules: &[u32], rules_for: RulesFor) -> Vec<Candidate> {
    let mut keys = Keys::new(image);
    let mut candidates = Vec::new();
    for rule in rules {
        let Some(root) = image.rule(*rule).map(|rule| rule.when()) else { continue };
        let mut asked = AskedAttributes { image, attributes: Vec::new(), left: MAX_NODES };
        asked.below(root);
        for attribute in asked.attributes {
            // The rules of one action are asked for that action alone.
            let is_constant =
                rules_for == RulesFor::OneAction && attribute == u32::from(ACTION_NAME);
            if !is_constant && keys.find(attribute, root) {
                let mut keys = sorted(keys.values.clone());
                keys.dedup();
                candidates.push(Candidate { rule: *rule, attribute, keys, saved: 0 });
            }
        }
    }
    candidates
}

/// The attributes that a condition compares for equality.
struct AskedAttributes<'i> {
    image: &'i Image,
    attributes: Vec<u32>,
    left: usize,
}

impl AskedAttributes<'_> {
    fn below(&mut self, index: u32) {
        let (Some(node), Some(left)) = (self.image.node(index), self.left.checked_sub(1)) else {
            return;
        };
        self.left = left;
        match node.kind() {
            Some(NodeKind::Connective(Connective::All | Connective::Any)) => {
                let mut next = index.saturating_add(1);
                while next < node.a() {
                    self.below(next);
                    next = self.image.node(next).map_or(node.a(), |part| part.after(next));
                }
            }
            Some(NodeKind::Connective(Connective::Condition)) => {
                self.below(self.image.condition(node.a()));
            }
            Some(NodeKind::Atom(Operator::Eq | Operator::In)) => {
                let attribute = u32::from(node.attribute());
                if !self.attributes.contains(&attribute) {
                    self.attributes.push(attribute);
                }
            }
            Some(NodeKind::Connective(Connective::Not) | NodeKind::Atom(_)) | None => {}
        }
    }
}

/// Works out what each candidate saves. An id is taken to be any that the candidates name, or
/// another one.
fn weigh(image: &Image, candidates: &mut [Candidate]) {
    let mut named: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for candidate in &*candidates {
        named.entry(candidate.attribute).or_default().extend(&candidate.keys);
    }
    let mut values: BTreeMap<u32, usize> = BTreeMap::new();
    for (attribute, mut keys) in named {
        let declared = image.attribute(attribute);
        let kind = declared.and_then(|declared| declared.kind());
        let count = if kind == Some(AttributeType::Enum) {
            let of_enum = declared.map_or(0, |declared| u32::from(declared.values()));
            size(image.values(of_enum).count)
        } else {
            keys = sorted(keys);
            keys.dedup();
            keys.len().saturating_add(usize::from(kind == Some(AttributeType::Id)))
        };
        values.insert(attribute, count);
    }
    for candidate in candidates {
        let count = values.get(&candidate.attribute).copied().unwrap_or(0);
        let others = count.saturating_sub(candidate.keys.len());
        candidate.saved = others.saturating_mul(WHOLE).checked_div(count).unwrap_or(0);
    }
}

/// The attributes that are worth an index: those whose index lets a decision pass over at least
/// `FEW` rules on average. The attribute comes first that saves most where it is the best choice.
fn attributes(candidates: &[Candidate]) -> Vec<u32> {
    let mut saved: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for of_rule in candidates.chunk_by(|one, next| one.rule == next.rule) {
        for candidate in of_rule {
            let (_, all) = saved.entry(candidate.attribute).or_default();
            *all = all.saturating_add(candidate.saved);
        }
        if let Some(best) = of_rule.iter().max_by_key(|it| it.saved) {
            let (best_of, _) = saved.entry(best.attribute).or_default();
            *best_of = best_of.saturating_add(best.saved);
        }
    }
    let enough = |(_, (_, all)): &(u32, (usize, usize))| *all >= FEW.saturating_mul(WHOLE);
    let saved: Vec<(u32, (usize, usize))> = saved.into_iter().filter(enough).collect();
    let saved = sorted_by_key(saved, |(_, (_, all))| u64::MAX.wrapping_sub(number(*all)));
    let mut saved = sorted_by_key(saved, |(_, (best, _))| u64::MAX.wrapping_sub(number(*best)));
    saved.truncate(MAX_INDEXES);
    saved.into_iter().map(|(attribute, _)| attribute).collect()
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
