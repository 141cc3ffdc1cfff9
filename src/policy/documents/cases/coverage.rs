//! Counting which rules, branches and invariants the test cases reach.

use super::branches::{BranchPoint, Branches};
use super::report::{Branch, BranchOwner, InvariantResult, RuleCoverage, TestReport};
use crate::policy::engine::conditions::Evaluation;
use crate::policy::image::layout;
use crate::policy::truth::Truth;
use crate::policy::{Decision, Explanation, Policy};
use alloc::string::ToString;
use alloc::vec::Vec;

/// How many branches are listed that no case takes.
const MAX_BRANCHES: usize = 1_000;

/// How many cases are named for each invariant.
const MAX_NAMES: usize = 100;

pub(super) struct Coverage<'p> {
    policy: &'p Policy,
    branches: &'p Branches,
    rules: Vec<RuleCoverage>,
    invariants: Vec<InvariantResult>,
    /// The branches that no case took so far: those of each rule, and those of conditions.
    untaken: Vec<Vec<&'p BranchPoint>>,
    untaken_of_conditions: Vec<&'p BranchPoint>,
}

impl<'p> Coverage<'p> {
    /// The coverage of no case yet.
    pub(super) fn new(policy: &'p Policy, branches: &'p Branches) -> Self {
        let image = &policy.image;
        let rules = (0..image.count(layout::RULES)).filter_map(|index| image.rule(index));
        let rules: Vec<RuleCoverage> = rules
            .map(|rule| {
                let id = image.string(rule.id()).to_string();
                RuleCoverage { id, surely: 0, perhaps: 0, silent: 0 }
            })
            .collect();
        let invariants =
            (0..image.count(layout::INVARIANTS)).filter_map(|index| image.invariant(index));
        let invariants = invariants.map(|(id, _)| InvariantResult {
            id: id.to_string(),
            tried: 0,
            refuted: 0,
            refuted_by: Vec::new(),
            perhaps: 0,
            perhaps_by: Vec::new(),
        });
        let mut untaken = alloc::vec![Vec::new(); rules.len()];
        let mut untaken_of_conditions = Vec::new();
        for branch in &branches.points {
            match branch.owner {
                BranchOwner::Condition => untaken_of_conditions.push(branch),
                BranchOwner::Rule => {
                    untaken.get_mut(branch.number).into_iter().for_each(|list| list.push(branch));
                }
            }
        }
        let invariants = invariants.collect();
        Self { policy, branches, rules, invariants, untaken, untaken_of_conditions }
    }

    /// Counts what a case's request reached. The cost is that of evaluating the action's rules.
    pub(super) fn add(&mut self, name: &str, decision: &Decision<'_>, answer: &Explanation<'_>) {
        let Some(evaluation) = decision.evaluation() else { return };
        self.add_rules(&evaluation, answer);
        if decision.is_allowed() {
            self.add_invariants(name, &evaluation);
        }
    }

    fn add_rules(&mut self, evaluation: &Evaluation<'_>, answer: &Explanation<'_>) {
        let image = &self.policy.image;
        let still_untaken = |branch: &&BranchPoint| evaluation.node(branch.node) != Truth::True;
        self.untaken_of_conditions.retain(still_untaken);
        // The determining rules, the rules of the action and all rules are in the order of ids.
        let mut determining = answer.rules().iter().peekable();
        for rule in evaluation.all_rules() {
            let id = image.string(rule.id());
            let Ok(number) = self.rules.binary_search_by(|known| known.id.as_str().cmp(id)) else {
                continue;
            };
            let determines = determining.next_if(|next| **next == id).is_some();
            if let Some(coverage) = self.rules.get_mut(number) {
                let count = match evaluation.applies(rule) {
                    Truth::True if determines || evaluation.advises(rule) => &mut coverage.surely,
                    Truth::Unknown | Truth::False if determines => &mut coverage.perhaps,
                    Truth::True | Truth::Unknown | Truth::False => &mut coverage.silent,
                };
                *count = count.saturating_add(1);
            }
            if let Some(untaken) = self.untaken.get_mut(number) {
                untaken.retain(still_untaken);
            }
        }
    }

    fn add_invariants(&mut self, name: &str, evaluation: &Evaluation<'_>) {
        for (index, result) in (0..).zip(&mut self.invariants) {
            let Some((_, never)) = self.policy.image.invariant(index) else { continue };
            result.tried = result.tried.saturating_add(1);
            let (count, names) = match evaluation.node(never) {
                Truth::True => (&mut result.refuted, &mut result.refuted_by),
                Truth::Unknown => (&mut result.perhaps, &mut result.perhaps_by),
                Truth::False => continue,
            };
            *count = count.saturating_add(1);
            if names.len() < MAX_NAMES {
                names.push(name.to_string());
            }
        }
    }

    /// What was reached.
    pub(super) fn report(self) -> TestReport {
        let of_rules = self.untaken.iter().flatten();
        let untaken: Vec<&BranchPoint> =
            self.untaken_of_conditions.iter().chain(of_rules).copied().collect();
        let ids = |branch: &BranchPoint| match branch.owner {
            BranchOwner::Condition => self.branches.conditions.get(branch.number).cloned(),
            BranchOwner::Rule => self.rules.get(branch.number).map(|rule| rule.id.clone()),
        };
        let listed = untaken.iter().take(MAX_BRANCHES).map(|branch| Branch {
            owner: branch.owner,
            id: ids(branch).unwrap_or_default(),
            document: self.branches.documents.get(branch.document).cloned().unwrap_or_default(),
            line: branch.place.line,
            column: branch.place.column,
        });
        TestReport {
            passed: 0,
            failures: Vec::new(),
            untaken_branches: listed.collect(),
            untaken_branch_count: untaken.len(),
            rules: self.rules,
            invariants: self.invariants,
        }
    }
}
