//! Running test cases, and counting what they covered.

use super::cases::{ExpectedAnswer, ExpectedDecision, ExpectedRoute, Question, TestCase};
use super::report::{CaseFailure, InvariantResult, RuleCoverage, TestReport};
use super::text::listed;
use crate::policy::engine::conditions::Evaluation;
use crate::policy::image::layout;
use crate::policy::truth::Truth;
use crate::policy::vocabulary::member;
use crate::policy::{Decision, Denial, Explanation, Policy, Reason, Route, RouteError};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Runs all cases.
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

    /// Decides the request of a case, and says how the answer differs from the expected one.
    ///
    /// The request is a JSON text, although its tree was there when the case was read. So a case
    /// goes in by the door that every request takes, and tests the reading, too.
    fn request(&mut self, name: &str, request: &str, expected: &ExpectedAnswer) -> Vec<String> {
        let (request, expected) = match (self.policy.request(request.as_bytes()), expected) {
            (Err(_), ExpectedAnswer::Malformed) => return Vec::new(),
            (Err(error), ExpectedAnswer::Decision(_)) => {
                return alloc::vec![format!(
                    "expected a decision, and the request is malformed: {error}"
                )];
            }
            (Ok(_), ExpectedAnswer::Malformed) => {
                return alloc::vec![String::from(
                    "expected a malformed request, and it is well formed"
                )];
            }
            (Ok(request), ExpectedAnswer::Decision(expected)) => (request, expected),
        };
        let decision = request.decide();
        let explanation = decision.explain();
        self.cover(&decision, &explanation);
        if let Some(evaluation) = decision.evaluation().filter(|_| decision.is_allowed()) {
            self.try_invariants(name, &evaluation);
        }
        decision_differences(&explanation, expected)
    }

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

fn decision_differences(answer: &Explanation<'_>, expected: &ExpectedDecision) -> Vec<String> {
    let mut out = Differences::default();
    let shown = |allowed| if allowed { "true" } else { "false" };
    let (wanted, found) = (shown(expected.is_allowed), shown(answer.is_allowed()));
    out.scalar(member::DECISION, Some(wanted), Some(found));
    if expected.class.is_some() {
        out.scalar(member::CLASS, expected.class, answer.denial().map(Denial::name));
    }
    out.list(member::RULES, &expected.rules, answer.rules());
    out.list(member::REASONS, &expected.reasons, &codes(answer.reasons()));
    out.list(member::MISSING, &expected.missing, answer.missing());
    out.list(member::ADVICE, &expected.advice, &codes(answer.advice()));
    out.lines
}

fn codes<'r>(reasons: &[Reason<'r>]) -> Vec<&'r str> {
    reasons.iter().map(|reason| reason.code).collect()
}

fn route_differences(
    found: Result<Route<'_>, RouteError<'_>>,
    expected: &ExpectedRoute,
) -> Vec<String> {
    let mut out = Differences::default();
    match (&found, expected) {
        (Ok(route), ExpectedRoute::Error { name, .. }) => {
            out.scalar("error", Some(name), None);
            out.scalar("action", None, Some(route.action));
        }
        (Ok(route), ExpectedRoute::Found { action, organization, undecided }) => {
            out.scalar("action", Some(action), Some(route.action));
            if let Some(organization) = organization {
                out.scalar("organization", organization.as_deref(), route.organization);
            }
            out.list("undecided", undecided, &route.undecided);
        }
        (Err(error), ExpectedRoute::Found { .. }) => {
            out.scalar("error", None, Some(error.name()));
        }
        (Err(error), ExpectedRoute::Error { name, allow }) => {
            out.scalar("error", Some(name), Some(error.name()));
            if let RouteError::MethodNotAllowed(methods) = error {
                out.list("allow", allow, methods);
            }
        }
    }
    out.lines
}

/// How an answer differs, one line for each member.
#[derive(Default)]
struct Differences {
    lines: Vec<String>,
}

impl Differences {
    fn scalar(&mut self, name: &str, wanted: Option<&str>, actual: Option<&str>) {
        if wanted != actual {
            let shown = |value: Option<&str>| {
                value.map_or_else(|| "nothing".to_string(), |value| format!("`{value}`"))
            };
            self.lines.push(format!(
                "{name}: expected {}, and it is {}",
                shown(wanted),
                shown(actual)
            ));
        }
    }

    fn list<T: AsRef<str>>(&mut self, name: &str, wanted: &Option<Vec<String>>, actual: &[T]) {
        let Some(wanted) = wanted else { return };
        if !wanted.iter().map(String::as_str).eq(actual.iter().map(AsRef::as_ref)) {
            self.lines.push(format!(
                "{name}: expected [{}], and it is [{}]",
                listed(wanted),
                listed(actual)
            ));
        }
    }
}
