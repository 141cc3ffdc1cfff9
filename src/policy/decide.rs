//! The decision: effects of rules to one of five results.

use super::evaluate::Evaluation;
use super::image::layout::{NONE, effect};
use super::image::{Image, Rule};
use super::tri::Tri;

/// What a set of rules comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow,
    Forbidden,
    Requirement,
    NoGrant,
    Indeterminate,
}

/// What the rules say that were looked at so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    permit: Tri,
    forbid: Tri,
    /// A require is violated, perhaps.
    violated: bool,
    /// A require is violated, surely.
    surely: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self { permit: Tri::False, forbid: Tri::False, violated: false, surely: false }
    }
}

impl Tally {
    pub(super) fn add(&mut self, evaluation: &Evaluation<'_>, rule: Rule<'_>) {
        match rule.effect() {
            effect::PERMIT => self.permit = self.permit.max(evaluation.node(rule.when())),
            effect::FORBID => self.forbid = self.forbid.max(evaluation.node(rule.when())),
            effect::REQUIRE => {
                let met = evaluation.requirement(rule);
                self.violated |= met != Tri::True;
                self.surely |= met == Tri::False;
            }
            _ => {}
        }
    }

    pub(super) fn verdict(self) -> Verdict {
        if self.permit == Tri::True && self.forbid == Tri::False && !self.violated {
            Verdict::Allow
        } else if self.forbid == Tri::True {
            Verdict::Forbidden
        } else if self.surely {
            Verdict::Requirement
        } else if self.permit == Tri::False {
            Verdict::NoGrant
        } else {
            Verdict::Indeterminate
        }
    }

    /// Whether a permit surely applies.
    pub(super) fn is_permitted(self) -> bool {
        self.permit == Tri::True
    }
}

impl<'e> Evaluation<'e> {
    /// Whether a require is met: `any` of not `when` and `must`.
    pub(super) fn requirement(&self, rule: Rule<'_>) -> Tri {
        match self.node(rule.when()) {
            Tri::False => Tri::True,
            when => self.node(rule.must()).max(!when),
        }
    }

    pub(super) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for rule in self.rules() {
            tally.add(self, rule);
        }
        tally
    }

    /// The rules that hold the action, by id.
    pub(super) fn rules(&self) -> Rules<'e> {
        let image = self.image();
        Rules { image, own: image.rules_of(self.action), common: image.rules_of(image.actions()) }
    }
}

/// Merges the rules of an action with those of all actions, both sorted by index.
pub(super) struct Rules<'e> {
    image: &'e Image,
    own: &'e [[u8; 4]],
    common: &'e [[u8; 4]],
}

impl<'e> Iterator for Rules<'e> {
    type Item = Rule<'e>;

    fn next(&mut self) -> Option<Rule<'e>> {
        let at = |rules: &[[u8; 4]]| rules.first().map_or(NONE, |index| u32::from_le_bytes(*index));
        let (own, common) = (at(self.own), at(self.common));
        let next = if own < common { &mut self.own } else { &mut self.common };
        let (index, rest) = next.split_first()?;
        *next = rest;
        // What cannot be read stands in the way.
        Some(self.image.rule(u32::from_le_bytes(*index)).unwrap_or(Rule::UNREADABLE))
    }
}
