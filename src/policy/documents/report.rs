//! What a run of test cases found.

use alloc::string::String;
use alloc::vec::Vec;

/// What a run of the test cases found, as [`Checked::test`](super::Checked::test) gives it. What a
/// case expects, and what is counted, is section 13 of `docs/policy-language.md`.
///
/// ```
/// use cog_auth::policy::Source;
///
/// let mut source = Source::new();
/// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}},
///     "rules": [{"id": "all.read", "effect": "permit", "actions": ["Read"]}],
///     "invariants": [{"id": "nobody", "never": {"action.name": "Read"}}],
///     "tests": {
///         "requests": {"read": {
///             "subject": {"type": "user", "id": "u1"}, "action": {"name": "Read"},
///             "resource": {"type": "file", "id": "f1"}}},
///         "cases": [
///             {"name": "a reader", "request": "read", "expect": {"decision": true}},
///             {"name": "a guest", "request": "read", "expect": {"decision": false}}]}}"#);
/// let report = source.check()?.test();
/// assert_eq!((report.passed, report.failures.len()), (1, 1));
///
/// let failure = &report.failures[0];
/// assert_eq!((failure.name.as_str(), failure.line), ("a guest", 10));
/// assert_eq!(failure.document, "p.json");
/// assert_eq!(failure.differences, ["decision: expected `false`, and it is `true`"]);
///
/// let rule = &report.rules[0];
/// assert_eq!((rule.id.as_str(), rule.decided, rule.silent), ("all.read", 2, 0));
///
/// let invariant = &report.invariants[0];
/// assert_eq!((invariant.id.as_str(), invariant.tried), ("nobody", 2));
/// assert_eq!(invariant.refuted_by, ["a reader", "a guest"]);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestReport {
    /// How many cases passed.
    pub passed: usize,
    /// The cases that failed, in the order of the documents and of the cases in them.
    pub failures: Vec<CaseFailure>,
    /// All rules, sorted by id, with the number of cases that each decided.
    pub rules: Vec<RuleCoverage>,
    /// All invariants, sorted by id, with the cases that refute them. A refuted invariant fails no
    /// case, so whoever runs the tests must look here, too.
    pub invariants: Vec<InvariantResult>,
}

/// A case whose answer was not the expected one. The example of [`TestReport`] has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// The case's name.
    pub name: String,
    /// The name of the case's document, as it was given to [`Source::add`](super::Source::add).
    pub document: String,
    /// The line in the document on which the case begins, from 1.
    pub line: usize,
    /// What was expected and what came, one line for each member of the answer that differs. This
    /// is for people: the words may change.
    pub differences: Vec<String>,
}

/// How often a rule decided. The example of [`TestReport`] has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCoverage {
    /// The rule's id.
    pub id: String,
    /// The number of cases in which the rule determined the decision, or gave its advice.
    pub decided: usize,
    /// The number of cases with one of the rule's actions in which it did not.
    pub silent: usize,
}

/// What became of an invariant. The example of [`TestReport`] has one.
///
/// A case can refute an invariant; no number of cases proves one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvariantResult {
    /// The invariant's id.
    pub id: String,
    /// The number of cases it was tried on: those whose request was allowed.
    pub tried: usize,
    /// The names of the cases that refute it, in the order of the cases; empty for an invariant
    /// that holds so far.
    pub refuted_by: Vec<String>,
}
