//! Test cases in policy folders: reading them, running them, and saying what they covered.

use super::diagnostics::Diagnostics;
use super::fields::{listed, shown};
use super::tree::{Member, Node, Span, Value};
use crate::error::Code;
use crate::json::Writer;
use crate::policy::evaluate::Evaluation;
use crate::policy::image::layout;
use crate::policy::tri::Tri;
use crate::policy::{Decision, Policy, RouteError};
use alloc::collections::BTreeMap;
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

/// How many slashes a pointer into a request may have: no request is nested more deeply.
const MAX_POINTER: usize = 33;

/// How many bytes of named requests the cases may use, each counted for every case.
const MAX_CASE_BYTES: usize = 16_777_216;

const EXPECTED_OF_REQUESTS: [&str; 5] = ["class", "rules", "reasons", "missing", "advice"];
const CLASSES: [&str; 4] = ["forbidden", "requirement", "no_grant", "indeterminate"];
const ROUTE_ERRORS: [&str; 3] = ["unknown_route", "invalid_path", "method_not_allowed"];

/// Checks the form of all `tests` sections.
pub(super) fn check(diagnostics: &mut Diagnostics<'_>, roots: &[Node]) {
    let mut names: BTreeMap<String, Span> = BTreeMap::new();
    let mut bytes = 0_usize;
    for tests in roots.iter().filter_map(|root| root.member("tests")) {
        if diagnostics.object(tests, &["cases"], &["requests"]).is_none() {
            continue;
        }
        if let Some(requests) =
            tests.member("requests").filter(|node| diagnostics.object_of_any(node))
        {
            for member in requests.members() {
                diagnostics.object_of_any(&member.node);
            }
        }
        for case in tests.member("cases").map_or(&[][..], |cases| diagnostics.array(cases)) {
            let named = case.member("request").and_then(Node::text);
            let used = requests(tests).iter().find(|member| Some(member.name.as_str()) == named);
            bytes = bytes.saturating_add(
                used.map_or(0, |used| used.node.span.end.saturating_sub(used.node.span.start)),
            );
            if bytes > MAX_CASE_BYTES {
                let message =
                    format!("the cases use more than {MAX_CASE_BYTES} bytes of named requests");
                diagnostics.error(Code::LimitExceeded, case.span, message);
                return;
            }
            check_case(diagnostics, tests, case);
            let Some(name) = case.member("name").and_then(Node::text) else { continue };
            if names.insert(name.to_string(), case.span).is_some() {
                let message = format!("the case `{}` stands twice", shown(name));
                diagnostics.error(Code::DuplicateId, case.span, message);
            }
        }
    }
}

fn check_case(diagnostics: &mut Diagnostics<'_>, tests: &Node, case: &Node) {
    diagnostics.description(case);
    if let Some(name) = case.member("name") {
        diagnostics.string(name);
    }
    if case.member("route").is_some() {
        if diagnostics.object(case, &["name", "route", "expect"], &["description"]).is_some() {
            check_route_case(diagnostics, case);
        }
        return;
    }
    if diagnostics
        .object(case, &["name", "request", "expect"], &["set", "unset", "description"])
        .is_none()
    {
        return;
    }
    if let Some(request) = case.member("request") {
        match request.text() {
            Some(name) => {
                let known: Vec<&str> =
                    requests(tests).iter().map(|member| member.name.as_str()).collect();
                if !known.contains(&name) {
                    let message = format!("this document has no request `{}`", shown(name));
                    diagnostics.unknown(Code::UnknownValue, request.span, message, name, known);
                }
            }
            None => {
                diagnostics.object_of_any(request);
            }
        }
    }
    if let Some(set) = case.member("set").filter(|node| diagnostics.object_of_any(node)) {
        let fit = set
            .members()
            .iter()
            .all(|member| check_pointer(diagnostics, &member.name, member.span));
        let patched = if fit { patched(tests, case) } else { None };
        for span in patched.map_or_else(Vec::new, |(_, misplaced)| misplaced) {
            let message = "this pointer enters an array where it has no item".to_string();
            diagnostics.error(Code::InvalidPointer, span, message);
        }
    }
    for (pointer, node) in
        case.member("unset").map_or_else(Vec::new, |node| diagnostics.strings(node))
    {
        check_pointer(diagnostics, pointer, node.span);
    }
    if let Some(expect) = case.member("expect") {
        if let Some(malformed) = expect.member("malformed") {
            diagnostics.object(expect, &["malformed"], &[]);
            if !matches!(malformed.value, Value::Bool(true)) {
                diagnostics.wrong_type(malformed, "`true`");
            }
        } else if diagnostics.object(expect, &["decision"], &EXPECTED_OF_REQUESTS).is_some() {
            expect.member("decision").map(|node| diagnostics.boolean(node));
            expect.member("class").map(|node| diagnostics.choice(node, &CLASSES));
            for list in ["rules", "reasons", "missing", "advice"] {
                expect.member(list).map(|node| diagnostics.strings(node));
            }
        }
    }
}

fn check_route_case(diagnostics: &mut Diagnostics<'_>, case: &Node) {
    let route =
        case.member("route").and_then(|route| diagnostics.object(route, &["method", "path"], &[]));
    for member in route.map_or(&[][..], Node::members) {
        diagnostics.string(&member.node);
    }
    let Some(expect) = case.member("expect") else { return };
    if let Some(error) = expect.member("error") {
        let with_methods = error.text() == Some("method_not_allowed");
        diagnostics.object(expect, &["error"], if with_methods { &["allow"] } else { &[] });
        diagnostics.choice(error, &ROUTE_ERRORS);
        expect.member("allow").map(|node| diagnostics.strings(node));
    } else if diagnostics.object(expect, &["action"], &["organization", "undecided"]).is_some() {
        expect.member("action").map(|node| diagnostics.string(node));
        expect.member("undecided").map(|node| diagnostics.strings(node));
        if let Some(organization) =
            expect.member("organization").filter(|node| !matches!(node.value, Value::Null))
        {
            diagnostics.string(organization);
        }
    }
}

fn check_pointer(diagnostics: &mut Diagnostics<'_>, pointer: &str, span: Span) -> bool {
    let escapes_fit = pointer.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
    let fits = pointer.starts_with('/') && pointer.split('/').count() <= MAX_POINTER && escapes_fit;
    if !fits {
        let message = format!("`{}` is no JSON pointer to a part of a request", shown(pointer));
        diagnostics.error(Code::InvalidPointer, span, message);
    }
    fits
}

/// Runs all cases of documents that passed all checks.
pub(super) fn run(diagnostics: &Diagnostics<'_>, policy: &Policy) -> TestReport {
    let mut run = Run::new(policy);
    for document in &diagnostics.documents {
        let Some(tests) = document.root.as_ref().and_then(|root| root.member("tests")) else {
            continue;
        };
        for case in tests.member("cases").map_or(&[][..], Node::items) {
            let differences = run.case(tests, case);
            if differences.is_empty() {
                run.report.passed = run.report.passed.saturating_add(1);
            } else {
                let before = document.text.get(..case.span.start).unwrap_or_default();
                run.report.failures.push(CaseFailure {
                    name: case.member("name").and_then(Node::text).unwrap_or_default().to_string(),
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
                    id: image.string(rule.id).to_string(),
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
    fn case(&mut self, tests: &Node, case: &Node) -> Vec<String> {
        let mut out = Differences::default();
        let Some(expect) = case.member("expect") else { return out.lines };
        if let Some(route) = case.member("route") {
            self.route(route, expect, &mut out);
            return out.lines;
        }
        let name = case.member("name").and_then(Node::text).unwrap_or_default();
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
                self.cover(&decision);
                if let Some(evaluation) = decision.evaluation().filter(|_| decision.is_allowed()) {
                    self.try_invariants(name, &evaluation);
                }
                compare(&decision, expect, &mut out);
            }
        }
        out.lines
    }

    fn route(&self, route: &Node, expect: &Node, out: &mut Differences) {
        let text = |name| route.member(name).and_then(Node::text).unwrap_or_default();
        let wanted = expect.member("error").and_then(Node::text);
        match self.policy.route(text("method"), text("path")) {
            Ok(route) => {
                out.scalar("error", wanted, None);
                out.scalar(
                    "action",
                    expect.member("action").and_then(Node::text),
                    Some(route.action),
                );
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
                let name = match &error {
                    RouteError::InvalidPath => "invalid_path",
                    RouteError::UnknownRoute => "unknown_route",
                    RouteError::MethodNotAllowed(_) => "method_not_allowed",
                };
                out.scalar("error", wanted, Some(name));
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

    fn cover(&mut self, decision: &Decision<'_>) {
        let Some(evaluation) = decision.evaluation() else { return };
        let deciding: Vec<&str> = decision.rules().chain(decision.advising()).collect();
        let image = &self.policy.image;
        for rule in evaluation.rules() {
            let id = image.string(rule.id);
            if let Some(coverage) = self.report.rules.iter_mut().find(|coverage| coverage.id == id)
            {
                let count = if deciding.contains(&id) {
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
            if evaluation.node(never) == Tri::True {
                result.refuted_by.push(name.to_string());
            }
        }
    }
}

fn compare(decision: &Decision<'_>, expect: &Node, out: &mut Differences) {
    let shown = |allowed| if allowed { "true" } else { "false" };
    let wanted =
        matches!(expect.member("decision").map(|node| &node.value), Some(Value::Bool(true)));
    out.scalar("decision", Some(shown(wanted)), Some(shown(decision.is_allowed())));
    if let Some(class) = expect.member("class") {
        out.scalar("class", class.text(), decision.denial().map(|denial| denial.name()));
    }
    let codes = |reasons: Vec<crate::policy::Reason<'_>>| {
        reasons.into_iter().map(|reason| reason.code.to_string()).collect::<Vec<_>>()
    };
    for (name, actual) in [
        ("rules", decision.rules().map(String::from).collect()),
        ("reasons", codes(decision.reasons())),
        ("missing", decision.missing()),
        ("advice", codes(decision.advice())),
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

    fn list(&mut self, name: &str, wanted: &Node, actual: Vec<String>) {
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

fn requests(tests: &Node) -> &[Member] {
    tests.member("requests").map_or(&[], Node::members)
}

fn request_text(tests: &Node, case: &Node) -> String {
    let mut writer = Writer::new();
    if let Some((request, _)) = patched(tests, case) {
        write(&mut writer, &request);
    }
    writer.finish()
}

/// The request of a case, with what it sets and unsets; and the pointers that lead nowhere.
fn patched(tests: &Node, case: &Node) -> Option<(Node, Vec<Span>)> {
    let request = case.member("request")?;
    let mut request = match request.text() {
        Some(name) => requests(tests).iter().find(|member| member.name == name)?.node.clone(),
        None => request.clone(),
    };
    let mut set: Vec<&Member> = case.member("set").map_or(&[][..], Node::members).iter().collect();
    set.sort_by(|a, b| a.name.cmp(&b.name));
    let misplaced = set
        .into_iter()
        .filter(|member| !put(&mut request, &segments(&member.name), &member.node))
        .map(|member| member.span)
        .collect();
    for pointer in case.member("unset").map_or(&[][..], Node::items).iter().filter_map(Node::text) {
        remove(&mut request, &segments(pointer));
    }
    Some((request, misplaced))
}

fn segments(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// Puts a value at a place: in an array at an index that is there, else in an object, which is made where there is none.
fn put(node: &mut Node, path: &[String], value: &Node) -> bool {
    let Some((name, rest)) = path.split_first() else {
        *node = value.clone();
        return true;
    };
    if let Value::Array(items) = &mut node.value {
        let item = index(name).and_then(|index| items.get_mut(index));
        return item.is_some_and(|item| put(item, rest, value));
    }
    if !matches!(node.value, Value::Object(_)) {
        node.value = Value::Object(Vec::new());
    }
    let Value::Object(members) = &mut node.value else { return false };
    if !members.iter().any(|member| member.name == *name) {
        let node = Node { span: Span::default(), value: Value::Object(Vec::new()) };
        members.push(Member { name: name.clone(), span: Span::default(), node });
    }
    let member = members.iter_mut().find(|member| member.name == *name);
    member.is_some_and(|member| put(&mut member.node, rest, value))
}

/// An array index as RFC 6901 spells it: digits without leading zeros.
fn index(name: &str) -> Option<usize> {
    name.parse().ok().filter(|index: &usize| index.to_string() == name)
}

fn remove(node: &mut Node, path: &[String]) {
    let Some((name, rest)) = path.split_first() else { return };
    match &mut node.value {
        Value::Array(items) => {
            let index = index(name).filter(|index| *index < items.len());
            match (index, rest) {
                (Some(index), []) => {
                    items.remove(index);
                }
                (Some(index), rest) => {
                    if let Some(item) = items.get_mut(index) {
                        remove(item, rest);
                    }
                }
                _ => {}
            }
        }
        Value::Object(members) => {
            if rest.is_empty() {
                members.retain(|member| member.name != *name);
            } else if let Some(member) = members.iter_mut().find(|member| member.name == *name) {
                remove(&mut member.node, rest);
            }
        }
        _ => {}
    }
}

fn write(w: &mut Writer, node: &Node) {
    match &node.value {
        Value::Object(members) => {
            w.object(|w| {
                for member in members {
                    write(w.name(&member.name), &member.node);
                }
            });
        }
        Value::Array(items) => {
            w.array(|w| {
                for item in items {
                    write(w, item);
                }
            });
        }
        _ => super::bundle::write_plain(w, node),
    }
}
