//! Running test cases: which fail, and what they reach.

use super::branches::Branches;
use super::compare::{answer_lines, decision_differences, route_differences};
use super::coverage::Coverage;
use super::expected::ExpectedAnswer;
use super::read::{Question, TestCase};
use super::report::{CaseFailure, TestReport};
use crate::policy::Policy;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

/// How many bytes are shown of all failures together.
const MAX_SHOWN_BYTES: usize = 4_194_304;

/// Runs all cases on a policy.
pub(super) fn run(policy: &Policy, cases: &[TestCase], branches: &Branches) -> TestReport {
    let mut run = Run {
        policy,
        coverage: Coverage::new(policy, branches),
        passed: 0,
        failures: Vec::new(),
        shown_bytes: 0,
    };
    for case in cases {
        run.case(case);
    }
    let mut report = run.coverage.report();
    (report.passed, report.failures) = (run.passed, run.failures);
    report
}

struct Run<'p> {
    policy: &'p Policy,
    coverage: Coverage<'p>,
    passed: usize,
    failures: Vec<CaseFailure>,
    /// How many bytes the failures have so far.
    shown_bytes: usize,
}

/// How an answer differs from the expected one, and the answer: lines for people.
type Lines = (Vec<String>, Vec<String>);

impl Run<'_> {
    fn case(&mut self, case: &TestCase) {
        let (mut differences, mut answer) = match &case.question {
            Question::Request(request, expected) => self.request(&case.name, request, expected),
            Question::Route(method, path, expected) => {
                (route_differences(self.policy.route(method, path), expected), Vec::new())
            }
        };
        if differences.is_empty() {
            self.passed = self.passed.saturating_add(1);
            return;
        }
        for line in differences.iter().chain(&answer) {
            self.shown_bytes = self.shown_bytes.saturating_add(line.len());
        }
        if self.shown_bytes > MAX_SHOWN_BYTES {
            differences =
                vec![String::from("so much differs in other cases that this is left out")];
            answer = Vec::new();
        }
        let (name, document) = (case.name.clone(), case.document.clone());
        let line = case.line;
        self.failures.push(CaseFailure { name, document, line, differences, answer });
    }

    /// What comes of a case's request.
    ///
    /// The request was a tree when the case was read, and it could be decided as one. It is a JSON
    /// text instead, so that a case goes through the same door as every request: what reading
    /// refuses or overlooks is tested, too.
    fn request(&mut self, name: &str, request: &str, expected: &ExpectedAnswer) -> Lines {
        match (self.policy.request(request.as_bytes()), expected) {
            (Err(_), ExpectedAnswer::Malformed) => Lines::default(),
            (Err(error), ExpectedAnswer::Decision(_)) => {
                let line = format!("expected a decision, and the request is malformed: {error}");
                (vec![line], Vec::new())
            }
            (Ok(request), expected) => {
                let decision = request.decide();
                let explanation = decision.explain();
                let differences = match expected {
                    ExpectedAnswer::Malformed => {
                        vec![String::from("expected a malformed request, and it is well formed")]
                    }
                    ExpectedAnswer::Decision(expected) => {
                        self.coverage.add(name, &decision, &explanation);
                        decision_differences(&explanation, expected)
                    }
                };
                let answer =
                    if differences.is_empty() { Vec::new() } else { answer_lines(&explanation) };
                (differences, answer)
            }
        }
    }
}
