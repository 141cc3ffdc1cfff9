//! Running the test cases of policy folders, and saying what they covered.

use super::diagnostics::Document;
use super::patch::patched;
use super::text::listed;
use super::tree::{Node, NodeValue};
use crate::json::Writer;
use crate::policy::engine::conditions::Evaluation;
use crate::policy::image::layout;
use crate::policy::truth::Truth;
use crate::policy::vocabulary::member;
use crate::policy::{Decision, Denial, Explanation, Policy, Reason, RouteError};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What a run of the test cases found: made by [`Source::test`](super::super::Source::test). What counts is section 13 of
/// `docs/policy-language.md`.
///
/// ```
/// use cog_auth::policy::Source;
///
/// let mut source = Source::new();
/// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}},
///     "rules": [{"id": "all.read", "effect": "permit", "actions": ["Read"]}],
///     "invariants": [{"id": "nobody", "never": {"action.name": "Read"}}],
///     "tests": {
///         "requests": {"read": {"subject": {"type": "user", "id": "u1"}, "action": {"name": "Read"},
///                               "resource": {"type": "file", "id": "f1"}}},
///         "cases": [{"name": "a reader", "request": "read", "expect": {"decision": true}},
///                   {"name": "a guest", "request": "read", "expect": {"decision": false}}]}}"#);
/// let report = source.test()?;
/// assert_eq!((report.passed, report.failures.len()), (1, 1));
/// let failure = &report.failures[0];
/// assert_eq!((failure.name.as_str(), failure.document.as_str(), failure.line), ("a guest", "p.json", 8));
/// assert_eq!(failure.differences, ["decision: expected `false`, and it is `true`"]);
/// let rule = &report.rules[0];
/// assert_eq!((rule.id.as_str(), rule.decided, rule.silent), ("all.read", 2, 0));
/// let invariant = &report.invariants[0];
/// assert_eq!((invariant.id.as_str(), invariant.tried), ("nobody", 2));
/// assert_eq!(invariant.refuted_by, ["a reader", "a guest"]);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestReport {
    /// How many cases passed. See the example of [`TestReport`].
    pub passed: usize,
    /// The cases that failed, in the order of documents and of cases in them. See the example of [`TestReport`].
    pub failures: Vec<CaseFailure>,
    /// All rules, sorted by id, and how many cases each decided. See the example of [`TestReport`].
    pub rules: Vec<RuleCoverage>,
    /// All invariants, sorted by id, and whether a case refutes them. A refuted one fails no case: whoever runs the tests must look
    /// here, too. See the example of [`TestReport`].
    pub invariants: Vec<InvariantResult>,
}

/// A case whose answer was not the expected one. See the example of [`TestReport`], also for its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// The case's name. See the example of [`TestReport`].
    pub name: String,
    /// The name of the document that has it, as it was added. See the example of [`TestReport`].
    pub document: String,
    /// Its line there, from 1. See the example of [`TestReport`].
    pub line: usize,
    /// What was expected and what came, one line for each member that differs. For people: the words may change. See the example
    /// of [`TestReport`].
    pub differences: Vec<String>,
}

/// How often a rule decided. See the example of [`TestReport`], also for its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCoverage {
    /// The rule's id. See the example of [`TestReport`].
    pub id: String,
    /// How many cases there were in which it was determining, or gave its advice. See the example of [`TestReport`].
    pub decided: usize,
    /// How many cases there were with an action of the rule in which it was not. See the example of [`TestReport`].
    pub silent: usize,
}

/// What became of an invariant. No number of cases proves one. See the example of [`TestReport`], also for its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvariantResult {
    /// The invariant's id. See the example of [`TestReport`].
    pub id: String,
    /// How many allowed requests it was tried on. See the example of [`TestReport`].
    pub tried: usize,
    /// The names of the cases that refute it, in the order of cases; empty for an invariant that holds so far. See the example of
    /// [`TestReport`].
    pub refuted_by: Vec<String>,
}

/// Runs all cases of documents that passed all checks.
pub(super) fn run(documents: &[Document<'_>], roots: &[Node<'_>], policy: &Policy) -> TestReport {
    let mut run = Run::new(policy);
    for (document, root) in documents.iter().zip(roots) {
        let Some(tests) = root.member("tests") else { continue };
        for case in tests.items_of("cases") {
            let differences = run.case(tests, case);
            if differences.is_empty() {
                run.report.passed = run.report.passed.saturating_add(1);
            } else {
                let before = document.text.get(..case.span.start).unwrap_or_default();
                run.report.failures.push(CaseFailure {
                    name: case.text_of("name").unwrap_or_default().to_string(),
                    document: document.name.to_string(),
                    line: before.matches('\n').count().saturating_add(1),
                    differences,
                });
            }
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

    /// Runs one case and says how its answer differs from the expected one.
    fn case(&mut self, tests: &Node<'_>, case: &Node<'_>) -> Vec<String> {
        let mut out = Differences::default();
        let Some(expect) = case.member("expect") else { return out.lines };
        if let Some(route) = case.member("route") {
            self.route(route, expect, &mut out);
            return out.lines;
        }
        let name = case.text_of("name").unwrap_or_default();
        let text = request_text(tests, case);
        match (self.policy.request(text.as_bytes()), expect.member("malformed").is_some()) {
            (Err(_), true) => {}
            (Err(error), false) => out
                .lines
                .push(format!("expected a decision, and the request is malformed: {error}")),
            (Ok(_), true) => {
                out.lines.push("expected a malformed request, and it is well formed".to_string())
            }
            (Ok(request), false) => {
                let decision = request.decide();
                let explanation = decision.explain();
                self.cover(&decision, &explanation);
                if let Some(evaluation) = decision.evaluation().filter(|_| decision.is_allowed()) {
                    self.try_invariants(name, &evaluation);
                }
                compare(&explanation, expect, &mut out);
            }
        }
        out.lines
    }

    fn route(&self, route: &Node<'_>, expect: &Node<'_>, out: &mut Differences) {
        let text = |name| route.text_of(name).unwrap_or_default();
        let wanted = expect.text_of("error");
        match self.policy.route(text("method"), text("path")) {
            Ok(route) => {
                out.scalar("error", wanted, None);
                out.scalar("action", expect.text_of("action"), Some(route.action));
                if let Some(organization) = expect.member("organization") {
                    out.scalar("organization", organization.text(), route.organization);
                }
                if let Some(undecided) = expect.member("undecided") {
                    out.list(
                        "undecided",
                        undecided,
                        route.undecided.iter().map(|name| (*name).to_string()).collect(),
                    );
                }
            }
            Err(error) => {
                out.scalar("error", wanted, Some(error.name()));
                if let (Some(allow), RouteError::MethodNotAllowed(methods)) =
                    (expect.member("allow"), &error)
                {
                    out.list(
                        "allow",
                        allow,
                        methods.iter().map(|name| (*name).to_string()).collect(),
                    );
                }
            }
        }
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

fn compare(explanation: &Explanation<'_>, expect: &Node<'_>, out: &mut Differences) {
    let shown = |allowed| if allowed { "true" } else { "false" };
    let wanted = matches!(
        expect.member(member::DECISION).map(|node| &node.value),
        Some(NodeValue::Bool(true))
    );
    out.scalar(member::DECISION, Some(shown(wanted)), Some(shown(explanation.is_allowed())));
    if let Some(class) = expect.member(member::CLASS) {
        out.scalar(member::CLASS, class.text(), explanation.denial().map(Denial::name));
    }
    let codes = |reasons: &[Reason<'_>]| {
        reasons.iter().map(|reason| reason.code.to_string()).collect::<Vec<_>>()
    };
    for (name, actual) in [
        (member::RULES, explanation.rules().iter().map(|rule| (*rule).to_string()).collect()),
        (member::REASONS, codes(explanation.reasons())),
        (member::MISSING, explanation.missing().to_vec()),
        (member::ADVICE, codes(explanation.advice())),
    ] {
        if let Some(wanted) = expect.member(name) {
            out.list(name, wanted, actual);
        }
    }
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

    fn list(&mut self, name: &str, wanted: &Node<'_>, actual: Vec<String>) {
        let wanted: Vec<&str> = wanted.items().iter().filter_map(Node::text).collect();
        let actual: Vec<&str> = actual.iter().map(String::as_str).collect();
        if wanted != actual {
            self.lines.push(format!(
                "{name}: expected [{}], and it is [{}]",
                listed(&wanted),
                listed(&actual)
            ));
        }
    }
}

/// The text of a case's request.
fn request_text(tests: &Node<'_>, case: &Node<'_>) -> String {
    let mut writer = Writer::new();
    if let Some((request, _)) = patched(tests, case) {
        request.write(&mut writer);
    }
    writer.finish()
}
