//! The decision: effects of rules to one of five results.

use super::conditions::Evaluation;
use crate::policy::image::layout::NONE;
use crate::policy::image::{Effect, Image, RuleRecord};
use crate::policy::truth::Truth;

/// What a set of rules comes to.
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
    permit: Truth,
    forbid: Truth,
    /// A require is violated, perhaps.
    violated: bool,
    /// A require is violated, surely.
    surely: bool,
}

impl Default for RuleResults {
    fn default() -> Self {
        Self { permit: Truth::False, forbid: Truth::False, violated: false, surely: false }
    }
}

impl RuleResults {
    pub(crate) fn add(&mut self, evaluation: &Evaluation<'_>, rule: RuleRecord<'_>) {
        match rule.effect() {
            Some(Effect::Permit) => self.permit = self.permit.max(evaluation.node(rule.when())),
            // A rule whose effect cannot be read stands in the way.
            Some(Effect::Forbid) | None => {
                self.forbid = self.forbid.max(evaluation.node(rule.when()));
            }
            Some(Effect::Require) => {
                let met = evaluation.requirement(rule);
                self.violated |= met != Truth::True;
                self.surely |= met == Truth::False;
            }
            Some(Effect::Advise) => {}
        }
    }

    pub(crate) fn verdict(self) -> Verdict {
        if self.permit == Truth::True && self.forbid == Truth::False && !self.violated {
            Verdict::Allow
        } else if self.forbid == Truth::True {
            Verdict::Forbidden
        } else if self.surely {
            Verdict::Requirement
        } else if self.permit == Truth::False {
            Verdict::NoGrant
        } else {
            Verdict::Indeterminate
        }
    }

    /// Whether the decision would be allow if no require was violated.
    pub(crate) fn allows_but_for_requirements(self) -> bool {
        Self { violated: false, surely: false, ..self }.verdict() == Verdict::Allow
    }

    /// Whether a permit surely applies.
    pub(crate) fn is_permitted(self) -> bool {
        self.permit == Truth::True
    }
}

impl<'e> Evaluation<'e> {
    /// Whether a require is met: `any` of not `when` and `must`.
    pub(crate) fn requirement(&self, rule: RuleRecord<'_>) -> Truth {
        let when = self.node(rule.when());
        if when == Truth::False {
            return Truth::True;
        }
        rule.must().map_or(Truth::Unknown, |must| self.node(must)).max(!when)
    }

    pub(crate) fn results(&self) -> RuleResults {
        let mut results = RuleResults::default();
        for rule in self.rules() {
            results.add(self, rule);
        }
        results
    }

    /// The rules that hold the action, by id.
    pub(crate) fn rules(&self) -> Rules<'e> {
        let image = self.image();
        Rules { image, own: image.rules_of(self.action), common: image.rules_of(image.actions()) }
    }
}

/// Merges the rules of an action with those of all actions, both sorted by index.
pub(crate) struct Rules<'e> {
    image: &'e Image,
    own: &'e [[u8; 4]],
    common: &'e [[u8; 4]],
}

impl<'e> Iterator for Rules<'e> {
    type Item = RuleRecord<'e>;

    fn next(&mut self) -> Option<RuleRecord<'e>> {
        let at = |rules: &[[u8; 4]]| rules.first().map_or(NONE, |index| u32::from_le_bytes(*index));
        let (own, common) = (at(self.own), at(self.common));
        let next = if own < common { &mut self.own } else { &mut self.common };
        let (index, rest) = next.split_first()?;
        *next = rest;
        // What cannot be read stands in the way.
        Some(self.image.rule(u32::from_le_bytes(*index)).unwrap_or(RuleRecord::UNREADABLE))
    }
}
