//! The test cases of documents, to be chosen from and run.

use super::branches::Branches;
use super::read::TestCase;
use super::report::TestReport;
use super::run::run;
use crate::policy::Policy;
use alloc::vec::Vec;

/// The test cases of documents (section 13 of `docs/policy-language.md`), as
/// [`Checked::cases`](crate::policy::Checked::cases) and
/// [`Source::cases`](crate::policy::Source::cases) give them.
///
/// ```
/// use cog_auth::policy::Source;
///
/// let mut source = Source::new();
/// source.add("p.json", r#"{"v": 1, "schema": {
///         "actions": {"Read": {}}, "attributes": {"context.ci": {"type": "bool"}}},
///     "rules": [{"id": "all", "effect": "permit", "actions": ["*"]}],
///     "tests": {"cases": [{"name": "a reader", "expect": {"decision": true},
///         "matrix": {"/context/ci": [true, false], "/subject/id": ["u1", "u2"]},
///         "request": {"subject": {"type": "user", "id": "u"}, "action": {"name": "Read"},
///             "resource": {"type": "file", "id": "f1"}}}]}}"#);
/// let checked = source.check()?;
///
/// let mut cases = checked.cases().clone();
/// let names: Vec<&str> = cases.iter().map(|case| case.name).collect();
/// assert_eq!(names[0], r#"a reader [/context/ci=true, /subject/id="u1"]"#);
/// assert_eq!(names.len(), 4);
///
/// cases.retain(|case| case.name.contains("ci=false"));
/// assert_eq!(cases.run(checked.policy()).passed, 2);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cases {
    cases: Vec<TestCase>,
}

/// A test case, of those in [`Cases`]: one for each combination where a case has a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case<'c> {
    /// The name, with the values of the combination.
    pub name: &'c str,
    /// The name of the document, as it was given to [`Source::add`](crate::policy::Source::add).
    pub document: &'c str,
    /// The line in the document on which the case begins, from 1.
    pub line: usize,
}

impl Cases {
    pub(crate) const fn of(cases: Vec<TestCase>) -> Self {
        Self { cases }
    }

    /// The cases, in the order of the documents and of the cases in them.
    pub fn iter(&self) -> impl Iterator<Item = Case<'_>> {
        self.cases.iter().map(shown)
    }

    /// How many cases there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Keeps the cases for which the answer is true.
    pub fn retain(&mut self, mut keep: impl FnMut(Case<'_>) -> bool) {
        self.cases.retain(|case| keep(shown(case)));
    }

    /// Runs the cases on a policy, and tries its invariants on them. The failures of the report are
    /// in the order of the cases. Which branches of conditions they take is counted by
    /// [`Checked::run`](crate::policy::Checked::run) alone, since only documents tell where these
    /// are.
    #[must_use]
    pub fn run(&self, policy: &Policy) -> TestReport {
        self.run_counting(policy, &Branches::default())
    }

    pub(crate) fn run_counting(&self, policy: &Policy, branches: &Branches) -> TestReport {
        run(policy, &self.cases, branches)
    }
}

fn shown(case: &TestCase) -> Case<'_> {
    Case { name: &case.name, document: &case.document, line: case.line }
}
