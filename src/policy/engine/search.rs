//! Deciding one request for many actions.

use super::action_block::{ActionBlock, BlockResults};
use super::conditions::Evaluation;
use super::rules::{RuleResults, Verdict, rule};
use crate::policy::image::layout::NONE;
use crate::policy::image::{ActionRecord, Contribution, RuleRecord, Span};
use crate::policy::request::{Attributes, position};
use crate::policy::truth::Truth;
use alloc::vec::Vec;

/// Decides a request for one action after the other. Rules for all actions that say the same
/// whatever the action is are evaluated once, and the others once for a block of actions. What is
/// left for an action are the rules that name it.
pub(crate) struct Search<'e> {
    evaluation: Evaluation<'e>,
    /// What the rules say that do not hang on the action.
    common: RuleResults,
    /// The rules for all actions that hang on the action.
    open: Vec<[u8; 4]>,
    /// The indexes that find rules for all actions by the action.
    indexes: Vec<u32>,
    /// The number of the block that was evaluated last, and what its rules came to.
    block: (u32, BlockResults),
}

impl<'e> Search<'e> {
    pub(crate) fn new(attributes: &'e Attributes<'e>) -> Self {
        let mut search = Self {
            evaluation: Evaluation::open(attributes),
            common: RuleResults::default(),
            open: Vec::new(),
            indexes: Vec::new(),
            block: (NONE, BlockResults::default()),
        };
        let image = attributes.image;
        let Some(all) = image.action(image.actions()) else { return search };
        search.split(image.rules_of(all));
        for index in all.indexes().indices() {
            let evaluation = &search.evaluation;
            let (rules, asked) = evaluation.asks_for_action(|| evaluation.found(index));
            if asked {
                search.indexes.push(index);
            } else {
                search.split(rules);
            }
        }
        search
    }

    /// Tells the rules that hang on the action from those that do not.
    fn split(&mut self, rules: &[[u8; 4]]) {
        let evaluation = &self.evaluation;
        for index in rules {
            let mut results = RuleResults::default();
            let ((), asked) = evaluation
                .asks_for_action(|| results.add(evaluation, rule(evaluation.image(), *index)));
            // What is known without the action is the same with any: knowing more changes no truth.
            if !asked || results.are_known() {
                self.common.join(results);
            } else {
                self.open.push(*index);
            }
        }
    }

    /// Whether the request is allowed with an action.
    pub(crate) fn allows(&mut self, action: u32) -> bool {
        if !self.common.permit_will_do() {
            return false;
        }
        let (word, bit) = position(action);
        if self.block.0 != word {
            self.evaluation.leave_open();
            let block = ActionBlock::new(&mut self.evaluation, word);
            self.block = (word, block.results(&self.open));
        }
        let BlockResults { not_denied, permitted } = self.block.1;
        if not_denied & bit == 0 {
            return false;
        }
        let is_permitted = self.common.verdict() == Verdict::Allow || permitted & bit != 0;
        if !self.has_own_rules(action) {
            return is_permitted;
        }
        self.evaluation.turn_to(action);
        // Most actions have no permit by now, and one rule is enough to deny the others.
        (is_permitted || self.own_rules(action).any(|rule| self.permits(rule)))
            && !self.own_rules(action).any(|rule| self.denies(rule))
    }

    /// Whether there may be rules for an action beside those for all. Most actions have none.
    fn has_own_rules(&self, action: u32) -> bool {
        let image = self.evaluation.image();
        let has_rules =
            |own: ActionRecord<'_>| !image.rules_of(own).is_empty() || own.indexes().count > 0;
        !self.indexes.is_empty() || image.action(action).is_some_and(has_rules)
    }

    /// The rules that name an action, which is the one that the evaluation has turned to.
    fn own_rules(&self, action: u32) -> impl Iterator<Item = RuleRecord<'e>> {
        let image = self.evaluation.image();
        let own = image.action(action);
        let indexes = own.map_or_else(Span::default, |own| own.indexes()).indices();
        let indexes = indexes.chain(self.indexes.iter().copied());
        core::iter::once(own.map_or(&[][..], |own| image.rules_of(own)))
            .chain(indexes.map(|index| self.evaluation.found(index)))
            .flatten()
            .map(|index| rule(image, *index))
    }

    fn permits(&self, rule: RuleRecord<'_>) -> bool {
        rule.contribution() == Some(Contribution::Permit)
            && self.evaluation.applies(rule) == Truth::True
    }

    /// Whether a rule denies, or leaves open if it does.
    fn denies(&self, rule: RuleRecord<'_>) -> bool {
        let mut results = RuleResults::default();
        results.add(&self.evaluation, rule);
        !results.permit_will_do()
    }
}
