//! The decision: what the effects of rules come to, and which rules it is due to.

use super::conditions::Evaluation;
use crate::policy::image::layout::NONE;
use crate::policy::image::{Effect, Image, RuleRecord};
use crate::policy::truth::Truth;

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
    /// Whether a require is perhaps violated.
    violated_perhaps: bool,
    /// Whether a require is surely violated.
    violated_surely: bool,
}

impl Default for RuleResults {
    fn default() -> Self {
        Self {
            permit: Truth::False,
            forbid: Truth::False,
            violated_perhaps: false,
            violated_surely: false,
        }
    }
}

impl RuleResults {
    fn add(&mut self, evaluation: &Evaluation<'_>, rule: RuleRecord<'_>) {
        match rule.effect() {
            Some(Effect::Permit) => self.permit = self.permit.max(evaluation.node(rule.when())),
            // A rule whose effect cannot be read must not be passed over, so it forbids.
            Some(Effect::Forbid) | None => {
                self.forbid = self.forbid.max(evaluation.node(rule.when()));
            }
            Some(Effect::Require) => {
                let met = evaluation.requirement(rule);
                self.violated_perhaps |= met != Truth::True;
                self.violated_surely |= met == Truth::False;
            }
            Some(Effect::Advise) => {}
        }
    }

    pub(crate) fn verdict(self) -> Verdict {
        if self.permit == Truth::True && self.forbid == Truth::False && !self.violated_perhaps {
            Verdict::Allow
        } else if self.forbid == Truth::True {
            Verdict::Forbidden
        } else if self.violated_surely {
            Verdict::Requirement
        } else if self.permit == Truth::False {
            Verdict::NoGrant
        } else {
            Verdict::Indeterminate
        }
    }

    /// Whether the decision would be allow if no require was violated.
    pub(crate) fn allows_but_for_requirements(self) -> bool {
        Self { violated_perhaps: false, violated_surely: false, ..self }.verdict() == Verdict::Allow
    }
}

impl<'e> Evaluation<'e> {
    /// What the rules for the action say.
    pub(crate) fn results(&self) -> RuleResults {
        let mut results = RuleResults::default();
        for rule in self.rules() {
            results.add(self, rule);
        }
        results
    }

    /// The rules for the action, in the order of their ids.
    pub(crate) fn rules(&self) -> Rules<'e> {
        let image = self.image();
        Rules { image, own: image.rules_of(self.action), common: image.rules_of(image.actions()) }
    }

    /// Whether a require is met: its `when` is false, or its `must` true.
    fn requirement(&self, rule: RuleRecord<'_>) -> Truth {
        let when = self.node(rule.when());
        if when == Truth::False {
            return Truth::True;
        }
        rule.must().map_or(Truth::Unknown, |must| self.node(must)).max(!when)
    }

    /// Whether a rule is one of those that the verdict is due to (the table in section 8 of
    /// `docs/policy-language.md`).
    pub(crate) fn determines(
        &self,
        rule: RuleRecord<'_>,
        verdict: Verdict,
        results: RuleResults,
    ) -> bool {
        let when = || self.node(rule.when());
        match (rule.effect(), verdict) {
            (Some(Effect::Permit), Verdict::Allow) => when() == Truth::True,
            (Some(Effect::Permit), Verdict::Indeterminate) => {
                results.permit != Truth::True && when() == Truth::Unknown
            }
            (Some(Effect::Forbid) | None, Verdict::Forbidden) => when() == Truth::True,
            (Some(Effect::Forbid) | None, Verdict::Indeterminate) => when() == Truth::Unknown,
            (Some(Effect::Require), Verdict::Requirement) => self.requirement(rule) == Truth::False,
            (Some(Effect::Require), Verdict::Indeterminate) => {
                self.requirement(rule) != Truth::True
            }
            (
                Some(Effect::Permit),
                Verdict::Forbidden | Verdict::Requirement | Verdict::NoGrant,
            )
            | (
                Some(Effect::Forbid) | None,
                Verdict::Allow | Verdict::Requirement | Verdict::NoGrant,
            )
            | (Some(Effect::Require), Verdict::Allow | Verdict::Forbidden | Verdict::NoGrant)
            | (Some(Effect::Advise), _) => false,
        }
    }

    /// Whether a rule gives its advice.
    pub(crate) fn advises(&self, rule: RuleRecord<'_>) -> bool {
        rule.effect() == Some(Effect::Advise) && self.node(rule.when()) == Truth::True
    }

    /// Whether a rule is no require, or one that is surely met.
    pub(crate) fn is_met(&self, rule: RuleRecord<'_>) -> bool {
        rule.effect() != Some(Effect::Require) || self.requirement(rule) == Truth::True
    }
}

/// Merges the rules of one action with those of all actions. Both are sorted.
pub(crate) struct Rules<'e> {
    image: &'e Image,
    own: &'e [[u8; 4]],
    common: &'e [[u8; 4]],
}

impl<'e> Iterator for Rules<'e> {
    type Item = RuleRecord<'e>;

    fn next(&mut self) -> Option<RuleRecord<'e>> {
        // An empty list has an index that is greater than all.
        let at = |rules: &[[u8; 4]]| rules.first().map_or(NONE, |index| u32::from_le_bytes(*index));
        let (own, common) = (at(self.own), at(self.common));
        let next = if own < common { &mut self.own } else { &mut self.common };
        let (index, rest) = next.split_first()?;
        *next = rest;
        Some(self.image.rule(u32::from_le_bytes(*index)).unwrap_or(RuleRecord::UNREADABLE))
    }
}
