//! What a run of test cases found.

use alloc::string::String;
use alloc::vec::Vec;

/// What a run of the test cases found, as [`Checked::test`](crate::policy::Checked::test) gives it.
/// What a case expects, and what is counted, is section 13 of `docs/policy-language.md`.
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
/// assert_eq!(failure.answer, ["decision: `true`", "rules: `all.read`"]);
///
/// let rule = &report.rules[0];
/// assert_eq!((rule.id.as_str(), rule.surely, rule.perhaps, rule.silent), ("all.read", 2, 0, 0));
///
/// let invariant = &report.invariants[0];
/// assert_eq!((invariant.id.as_str(), invariant.tried, invariant.refuted), ("nobody", 2, 2));
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
    /// The branches that no case took, in the order of conditions and rules: at most 1,000.
    pub untaken_branches: Vec<Branch>,
    /// How many branches no case took, also those that are not listed.
    pub untaken_branch_count: usize,
    /// All invariants, sorted by id, with the cases that refute them. A refuted invariant fails no
    /// case, so whoever runs the tests must look here, too: [`TestReport::holds`] does.
    pub invariants: Vec<InvariantResult>,
}

impl TestReport {
    /// Whether something was tested and nothing speaks against it: a case passed, none failed, and
    /// no case refutes or perhaps violates an invariant.
    #[must_use]
    pub fn holds(&self) -> bool {
        let broken = |invariant: &InvariantResult| invariant.refuted > 0 || invariant.perhaps > 0;
        self.passed > 0 && self.failures.is_empty() && !self.invariants.iter().any(broken)
    }
}

/// A case whose answer was not the expected one. The example of [`TestReport`] has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// The case's name.
    pub name: String,
    /// The name of the case's document, as it was given to
    /// [`Source::add`](crate::policy::Source::add).
    pub document: String,
    /// The line in the document on which the case begins, from 1.
    pub line: usize,
    /// What was expected and what came, one line for each member of the answer that differs. This
    /// is for people: the words may change, long lists are cut, and once the lines of all cases
    /// have 4 MiB together, the others are left out.
    pub differences: Vec<String>,
    /// The answer that came to a case's request, one line for each member that it has: decision,
    /// class, rules, reasons, missing. Empty for a case that tests a route. This is for people,
    /// too.
    pub answer: Vec<String>,
}

/// How often a rule decided. The example of [`TestReport`] has one.
///
/// A rule that was only ever unknown has determined denials, and never did what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCoverage {
    /// The rule's id.
    pub id: String,
    /// The number of cases that the rule surely determined, or in which it gave its advice.
    pub surely: usize,
    /// The number of cases that the rule determined because nobody knows whether it applies.
    pub perhaps: usize,
    /// The number of other cases with one of the rule's actions.
    pub silent: usize,
}

/// A branch of a condition: one of several conditions in an `any`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Whether it is a part of a rule, or of a condition that was declared under an id.
    pub owner: BranchOwner,
    /// The id of the rule or of the condition.
    pub id: String,
    /// The name of the document, as it was given to [`Source::add`](crate::policy::Source::add).
    pub document: String,
    /// The line in the document, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// What a branch is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchOwner {
    /// The `when` or the `must` of a rule.
    Rule,
    /// A declared condition.
    Condition,
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
    /// The number of these cases that refute it: its `never` is true.
    pub refuted: usize,
    /// The names of the cases that refute it, in the order of the cases: the first 100.
    pub refuted_by: Vec<String>,
    /// The number of these cases that perhaps violate it: its `never` is unknown, and they are
    /// allowed all the same.
    pub perhaps: usize,
    /// The names of the cases that perhaps violate it, in the order of the cases: the first 100.
    pub perhaps_by: Vec<String>,
}
