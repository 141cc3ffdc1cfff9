//! The decision: what the effects of rules come to, and which rules it is due to.

use super::conditions::Evaluation;
use crate::policy::image::layout::NONE;
use crate::policy::image::{ActionRecord, Contribution, Effect, Image, RuleRecord};
use crate::policy::request::AttributeValue;
use crate::policy::truth::Truth;
use alloc::vec::Vec;

/// What the rules for an action come to: allow, or the class of the denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allow,
    Forbidden,
    Requirement,
    NoGrant,
    Indeterminate,
}

/// What the rules say that were looked at so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleResults {
    /// Whether a permit applies.
    permit: Truth,
    /// Whether the condition of a forbid holds.
    forbid: Truth,
    /// Whether a require is violated.
    violated: Truth,
}

impl Default for RuleResults {
    fn default() -> Self {
        Self { permit: Truth::False, forbid: Truth::False, violated: Truth::False }
    }
}

impl RuleResults {
    pub(super) fn add_all(&mut self, evaluation: &Evaluation<'_>, rules: &[[u8; 4]]) {
        for index in rules {
            self.add(evaluation, rule(evaluation.image(), *index));
        }
    }

    pub(super) fn add(&mut self, evaluation: &Evaluation<'_>, rule: RuleRecord<'_>) {
        let truth = match rule.contribution() {
            Some(Contribution::Permit) => &mut self.permit,
            Some(Contribution::Forbid) => &mut self.forbid,
            Some(Contribution::Violation) => &mut self.violated,
            None => return,
        };
        // One that applies is enough.
        if *truth != Truth::True {
            *truth = (*truth).max(evaluation.applies(rule));
        }
    }

    /// Adds what other rules say.
    pub(super) fn join(&mut self, others: Self) {
        self.permit = self.permit.max(others.permit);
        self.forbid = self.forbid.max(others.forbid);
        self.violated = self.violated.max(others.violated);
    }

    /// Whether this is an allow, or one more permit would make it one.
    pub(super) fn permit_will_do(self) -> bool {
        self.forbid == Truth::False && self.violated == Truth::False
    }

    /// Whether all that the rules say is known.
    pub(super) fn are_known(self) -> bool {
        ![self.permit, self.forbid, self.violated].contains(&Truth::Unknown)
    }

    pub(crate) fn verdict(self) -> Verdict {
        if self.permit == Truth::True && self.permit_will_do() {
            Verdict::Allow
        } else if self.forbid == Truth::True {
            Verdict::Forbidden
        } else if self.violated == Truth::True {
            Verdict::Requirement
        } else if self.permit == Truth::False {
            Verdict::NoGrant
        } else {
            Verdict::Indeterminate
        }
    }

    /// Whether the decision would be allow if no require was violated.
    pub(crate) fn allows_but_for_requirements(self) -> bool {
        self.permit == Truth::True && self.forbid == Truth::False
    }
}

impl<'e> Evaluation<'e> {
    /// What the rules for the action say.
    pub(crate) fn results(&self) -> RuleResults {
        let image = self.image();
        let mut results = RuleResults::default();
        if let Some(alternatives) = image.alternatives() {
            let [permit, forbid, violated] = self.bit_tests(alternatives);
            results = RuleResults { permit, forbid, violated };
        }
        let mut add = |rules: &[[u8; 4]]| results.add_all(self, rules);
        add(image.walked_rules());
        let found = |action: ActionRecord<'e>| action.indexes().indices().map(|it| self.found(it));
        if let Some(own) = image.action(self.action) {
            add(image.rules_of(own));
            found(own).for_each(&mut add);
        }
        if let Some(all) = image.action(image.actions()) {
            found(all).for_each(&mut add);
        }
        results
    }

    /// The rules for the action, in the order of their ids, without those whose conditions are
    /// surely false since an attribute has none of their keys.
    pub(crate) fn rules(&self) -> Rules<'e> {
        let mut rules = Rules { image: self.image(), lists: Vec::new() };
        for action in self.action_records() {
            rules.lists.push(rules.image.rules_of(action));
            rules.lists.extend(action.indexes().indices().map(|index| self.found(index)));
        }
        rules
    }

    /// All rules for the action, in the order of their ids.
    #[cfg(feature = "documents")]
    pub(crate) fn all_rules(&self) -> Rules<'e> {
        let image = self.image();
        let mut rules = Rules { image, lists: Vec::new() };
        for action in self.action_records() {
            rules.lists.push(image.rules_of(action));
            let indexes = action.indexes().indices().filter_map(|index| image.index(index));
            rules.lists.extend(indexes.map(|index| image.rules_of_index(index)));
        }
        rules
    }

    /// The record of the action, and that of all actions.
    fn action_records(&self) -> impl Iterator<Item = ActionRecord<'e>> {
        let image = self.image();
        [self.action, image.actions()].into_iter().filter_map(|action| image.action(action))
    }

    /// The rules of an index whose conditions are not surely false.
    pub(super) fn found(&self, index: u32) -> &'e [[u8; 4]] {
        let image = self.image();
        let Some(index) = image.index(index) else { return &[] };
        let attribute = u16::try_from(index.attribute()).unwrap_or(u16::MAX);
        let value = match self.attribute_value(attribute) {
            AttributeValue::Symbol(value) | AttributeValue::Id(value) => value,
            AttributeValue::Bool(value) => value.into(),
            // What is not known may have any key.
            AttributeValue::Absent
            | AttributeValue::Unusable
            | AttributeValue::Null
            | AttributeValue::Integer(_)
            | AttributeValue::Symbols { .. }
            | AttributeValue::Ids { .. }
            | AttributeValue::Networks { .. } => return image.rules_of_index(index),
        };
        image.rules_with_key(index, value)
    }

    /// Whether a rule applies: its `when` is true and its `must`, if it has one, is false.
    pub(crate) fn applies(&self, rule: RuleRecord<'_>) -> Truth {
        let when = self.node(rule.when());
        if when == Truth::False || !rule.has_must() {
            return when;
        }
        when.min(!rule.must().map_or(Truth::Unknown, |must| self.node(must)))
    }

    /// Whether a rule is one of those that the verdict is due to (the table in section 8 of
    /// `docs/policy-language.md`).
    pub(crate) fn determines(
        &self,
        rule: RuleRecord<'_>,
        verdict: Verdict,
        results: RuleResults,
    ) -> bool {
        match (rule.contribution(), verdict) {
            (Some(Contribution::Permit), Verdict::Allow)
            | (Some(Contribution::Forbid), Verdict::Forbidden)
            | (Some(Contribution::Violation), Verdict::Requirement) => {
                self.applies(rule) == Truth::True
            }
            (Some(Contribution::Permit), Verdict::Indeterminate) => {
                results.permit != Truth::True && self.applies(rule) == Truth::Unknown
            }
            (Some(Contribution::Forbid | Contribution::Violation), Verdict::Indeterminate) => {
                self.applies(rule) == Truth::Unknown
            }
            (
                Some(Contribution::Permit),
                Verdict::Forbidden | Verdict::Requirement | Verdict::NoGrant,
            )
            | (
                Some(Contribution::Forbid),
                Verdict::Allow | Verdict::Requirement | Verdict::NoGrant,
            )
            | (
                Some(Contribution::Violation),
                Verdict::Allow | Verdict::Forbidden | Verdict::NoGrant,
            )
            | (None, _) => false,
        }
    }

    /// Whether a rule gives its advice.
    pub(crate) fn advises(&self, rule: RuleRecord<'_>) -> bool {
        rule.effect() == Some(Effect::Advise) && self.node(rule.when()) == Truth::True
    }

    /// Whether a rule is no requirement, or one that is surely met.
    pub(crate) fn is_met(&self, rule: RuleRecord<'_>) -> bool {
        rule.contribution() != Some(Contribution::Violation) || self.applies(rule) == Truth::False
    }
}

/// Merges lists of rules, each of which is sorted.
pub(crate) struct Rules<'e> {
    image: &'e Image,
    lists: Vec<&'e [[u8; 4]]>,
}

impl<'e> Iterator for Rules<'e> {
    type Item = RuleRecord<'e>;

    fn next(&mut self) -> Option<RuleRecord<'e>> {
        // An empty list has an index that is greater than all.
        let at = |rules: &&mut &[[u8; 4]]| rules.first().map_or(NONE, |it| u32::from_le_bytes(*it));
        let next = self.lists.iter_mut().min_by_key(at)?;
        let (index, rest) = next.split_first()?;
        *next = rest;
        Some(rule(self.image, *index))
    }
}

/// A rule of a list.
pub(super) fn rule(image: &Image, index: [u8; 4]) -> RuleRecord<'_> {
    image.rule(u32::from_le_bytes(index)).unwrap_or(RuleRecord::UNREADABLE)
}
