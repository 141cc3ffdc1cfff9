//! Running test cases, and counting which rules and invariants they reach.

use super::cases::{ExpectedAnswer, Question, TestCase};
use super::compare::{decision_differences, route_differences};
use super::report::{CaseFailure, InvariantResult, RuleCoverage, TestReport};
use crate::policy::engine::conditions::Evaluation;
use crate::policy::image::layout;
use crate::policy::truth::Truth;
use crate::policy::{Decision, Explanation, Policy};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

/// Runs all cases on a policy.
pub(super) fn run(policy: &Policy, cases: &[TestCase]) -> TestReport {
    let mut run = Run::new(policy);
    for case in cases {
        let differences = match &case.question {
            Question::Request(request, expected) => run.request(&case.name, request, expected),
            Question::Route(method, path, expected) => {
                route_differences(policy.route(method, path), expected)
            }
        };
        if differences.is_empty() {
            run.report.passed = run.report.passed.saturating_add(1);
        } else {
            run.report.failures.push(CaseFailure {
                name: case.name.clone(),
                document: case.document.clone(),
                line: case.line,
                differences,
            });
        }
    }
    run.report
}

struct Run<'p> {
    policy: &'p Policy,
    report: TestReport,
}

impl<'p> Run<'p> {
    fn new(policy: &'p Policy) -> Self {
        let image = &policy.image;
        let rules = (0..image.count(layout::RULES)).filter_map(|index| image.rule(index));
        let invariants =
            (0..image.count(layout::INVARIANTS)).filter_map(|index| image.invariant(index));
        let report = TestReport {
            passed: 0,
            failures: Vec::new(),
            rules: rules
                .map(|rule| RuleCoverage {
                    id: image.string(rule.id()).to_string(),
                    decided: 0,
                    silent: 0,
                })
                .collect(),
            invariants: invariants
                .map(|(id, _)| InvariantResult {
                    id: id.to_string(),
                    tried: 0,
                    refuted_by: Vec::new(),
                })
                .collect(),
        };
        Self { policy, report }
    }

    /// How the answer to a case's request differs from the expected one.
    ///
    /// The request was a tree when the case was read, and it could be decided as one. It is a JSON
    /// text instead, so that a case goes through the same door as every request: what reading
    /// refuses or overlooks is tested, too.
    fn request(&mut self, name: &str, request: &str, expected: &ExpectedAnswer) -> Vec<String> {
        match (self.policy.request(request.as_bytes()), expected) {
            (Err(_), ExpectedAnswer::Malformed) => Vec::new(),
            (Err(error), ExpectedAnswer::Decision(_)) => {
                vec![format!("expected a decision, and the request is malformed: {error}")]
            }
            (Ok(_), ExpectedAnswer::Malformed) => {
                vec![String::from("expected a malformed request, and it is well formed")]
            }
            (Ok(request), ExpectedAnswer::Decision(expected)) => {
                let decision = request.decide();
                let explanation = decision.explain();
                self.cover(&decision, &explanation);
                if let Some(evaluation) = decision.evaluation().filter(|_| decision.is_allowed()) {
                    self.try_invariants(name, &evaluation);
                }
                decision_differences(&explanation, expected)
            }
        }
    }

    /// Counts which of the rules with the request's action decided it.
    fn cover(&mut self, decision: &Decision<'_>, explanation: &Explanation<'_>) {
        let Some(evaluation) = decision.evaluation() else { return };
        let image = &self.policy.image;
        for rule in evaluation.rules() {
            let id = image.string(rule.id());
            if let Some(coverage) = self.report.rules.iter_mut().find(|coverage| coverage.id == id)
            {
                let count = if explanation.rules().contains(&id) || evaluation.advises(rule) {
                    &mut coverage.decided
                } else {
                    &mut coverage.silent
                };
                *count = count.saturating_add(1);
            }
        }
    }

    /// Tries all invariants on an allowed request.
    fn try_invariants(&mut self, name: &str, evaluation: &Evaluation<'_>) {
        for (index, result) in (0..).zip(&mut self.report.invariants) {
            let Some((_, never)) = self.policy.image.invariant(index) else { continue };
            result.tried = result.tried.saturating_add(1);
            if evaluation.node(never) == Truth::True {
                result.refuted_by.push(name.to_string());
            }
        }
    }
}
