//! Deciding one request for many actions.

use super::conditions::Evaluation;
use super::rules::{RuleResults, Verdict, rule};
use crate::policy::image::{Alternative, Effect};
use crate::policy::request::Attributes;
use alloc::vec::Vec;

/// Decides a request for one action after the other. Some rules for all actions say the same whatever
/// the action is: they are evaluated once.
pub(crate) struct Search<'e> {
    evaluation: Evaluation<'e>,
    /// What these rules say.
    common: RuleResults,
    /// The alternatives that hang on the action, in lists as those of all.
    alternatives: [Vec<Alternative>; 3],
    /// The permits for all actions that hang on the action.
    permits: Vec<[u8; 4]>,
    /// The other rules for all actions that hang on the action.
    others: Vec<[u8; 4]>,
    /// The indexes that find rules for all actions by the action.
    indexes: Vec<u32>,
}

impl<'e> Search<'e> {
    pub(crate) fn new(attributes: &'e Attributes<'e>) -> Self {
        let mut search = Self {
            evaluation: Evaluation::open(attributes),
            common: RuleResults::default(),
            alternatives: Default::default(),
            permits: Vec::new(),
            others: Vec::new(),
            indexes: Vec::new(),
        };
        let image = attributes.image;
        let Some(all) = image.action(image.actions()) else { return search };
        if let Some(alternatives) = image.alternatives() {
            search.evaluation.read_columns(alternatives);
            let (truths, open) = search.evaluation.split(alternatives);
            search.common = RuleResults::of_truths(truths);
            search.alternatives = open;
        }
        search.split(image.walked_rules());
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
            let rule = rule(evaluation.image(), *index);
            let mut results = RuleResults::default();
            let ((), asked) = evaluation.asks_for_action(|| results.add(evaluation, rule));
            // What is known without the action is the same with any: knowing more changes no truth.
            if !asked || results.are_known() {
                self.common.join(results);
            } else if rule.effect() == Some(Effect::Permit) {
                self.permits.push(*index);
            } else {
                self.others.push(*index);
            }
        }
    }

    /// Whether the request is allowed with an action.
    pub(crate) fn allows(&mut self, action: u32) -> bool {
        if !self.common.permit_will_do() {
            return false;
        }
        self.evaluation.turn_to(action);
        let (evaluation, mut results) = (&self.evaluation, self.common);
        let add_alternatives = |results: &mut RuleResults, lists: [&[Alternative]; 3]| {
            if let Some(all) = evaluation.image().alternatives() {
                results.join(RuleResults::of_truths(evaluation.any_of_each(all, lists)));
            }
        };
        let [permits, forbids, violations] = self.alternatives.each_ref().map(Vec::as_slice);
        add_alternatives(&mut results, [permits, &[], &[]]);
        results.add_all(evaluation, &self.permits);
        for index in &self.indexes {
            results.add_all(evaluation, evaluation.found(*index));
        }
        if let Some(own) = evaluation.image().action(action) {
            evaluation.each_list_of(own, &mut |rules| results.add_all(evaluation, rules));
        }
        // Most actions have no permit by now, and one rule is enough to deny the others.
        if results.verdict() == Verdict::Allow {
            add_alternatives(&mut results, [&[], forbids, violations]);
        }
        let mut others = self.others.iter();
        while results.verdict() == Verdict::Allow {
            let Some(index) = others.next() else { return true };
            results.add(evaluation, rule(evaluation.image(), *index));
        }
        false
    }
}
