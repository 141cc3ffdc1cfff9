//! Documents in which nothing is wrong.

use super::cases::{Branches, Cases, TestReport};
use crate::error::Error;
use crate::policy::Policy;
use alloc::string::String;
use alloc::vec::Vec;

/// Documents in which nothing is wrong, as [`Source::check`](super::Source::check) gives them: the
/// policy that was compiled from them, their canonical bundle, and their test cases. It owns all
/// three, so that it can be kept without the documents.
///
/// ```
/// use cog_auth::policy::{Denial, PolicyDigest, Source};
///
/// let mut source = Source::new();
/// source.add("p.json", r#"{"v": 1, "description": "One.",
///     "schema": {"actions": {"Write": {}, "Read": {}}},
///     "rules": [{"id": "all.read", "effect": "permit", "actions": ["Read"]}],
///     "tests": {"cases": [{"name": "a reader", "expect": {"decision": true}, "request": {
///         "subject": {"type": "user", "id": "u1"}, "action": {"name": "Read"},
///         "resource": {"type": "file", "id": "f1"}}}]}}"#);
/// let checked = source.check()?;
///
/// assert_eq!(checked.test().passed, 1);
/// assert_eq!(
///     checked.bundle(),
///     r#"{"rules":[{"actions":["Read"],"effect":"permit","id":"all.read"}],"#.to_owned()
///         + r#""schema":{"actions":{"Read":{},"Write":{}}},"v":1}"#
/// );
/// assert_eq!(checked.policy().digest(), PolicyDigest::of(checked.bundle().as_bytes()));
///
/// let policy = checked.into_policy();
/// let write = policy.build_request(("user", "u1"), "Write", ("file", "f1")).build();
/// assert_eq!(write.decide().denial(), Some(Denial::NoGrant));
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Checked {
    pub(super) policy: Policy,
    pub(super) bundle: String,
    pub(super) cases: Cases,
    pub(super) branches: Branches,
    pub(super) absences: Vec<AbsentValue>,
    pub(super) warnings: Vec<Error>,
    pub(super) omitted_warnings: usize,
}

/// What an attribute declares of its absence (the member `absent` of section 2 of
/// `docs/policy-language.md`), as [`Checked::absences`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsentValue {
    /// The name of the attribute.
    pub attribute: String,
    /// What its absence means, as JSON: `null` where there is none then.
    pub value: String,
}

impl Checked {
    /// The policy that the documents were compiled to.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy, to be kept alone.
    #[must_use]
    pub fn into_policy(self) -> Policy {
        self.policy
    }

    /// The attributes that declare what their absence means, sorted by name.
    ///
    /// For these a caller that leaves something out has said something, so a reviewer looks at
    /// them.
    ///
    /// ```
    /// use cog_auth::policy::Source;
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}, "attributes": {
    ///     "resource.archived": {"type": "bool", "absent": false}}}}"#);
    /// let checked = source.check()?;
    /// let absent = &checked.absences()[0];
    /// assert_eq!(absent.attribute, "resource.archived");
    /// assert_eq!(absent.value, "false");
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn absences(&self) -> &[AbsentValue] {
        &self.absences
    }

    /// The canonical bundle: one JSON document, whose SHA-256 is the policy's digest (section 14 of
    /// `docs/policy-language.md`). Test cases and descriptions are left out, and everything is
    /// sorted whose order means nothing, so that it is the same text however the documents were
    /// split and written.
    #[must_use]
    pub fn bundle(&self) -> &str {
        &self.bundle
    }

    /// What is not wrong in the documents and probably not meant, in the order of the documents and
    /// of the places in them: at most 100. Each has a [`Code`](crate::Code) of 8xx, and else the
    /// form of an error (section 17 of `docs/policy-language.md`). A warning refuses nothing.
    ///
    /// ```
    /// use cog_auth::{Code, policy::Source};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}, "attributes": {
    ///         "subject.id": {"type": "id", "domain": "user"},
    ///         "resource.owner": {"type": "id", "domain": "user"}}},
    ///     "rules": [{"id": "owner", "effect": "permit", "actions": ["Read"],
    ///         "when": {"resource.owner": "subject.id"}}]}"#);
    /// let checked = source.check()?;
    /// let warning = &checked.warnings()[0];
    /// assert_eq!((warning.code(), warning.line()), (Code::Unused, Some(2)));
    /// let warning = &checked.warnings()[1];
    /// assert_eq!((warning.code(), warning.line()), (Code::LiteralAttribute, Some(5)));
    /// assert_eq!(warning.suggestion(), Some(r#"{"attribute": "subject.id"}"#));
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> &[Error] {
        &self.warnings
    }

    /// How many more warnings there are than [`Checked::warnings`] has.
    #[must_use]
    pub const fn omitted_warnings(&self) -> usize {
        self.omitted_warnings
    }

    /// Runs the test cases that the documents have, and tries the invariants on them (section 13 of
    /// `docs/policy-language.md`). A case that fails is no error but one of the report's failures.
    #[must_use]
    pub fn test(&self) -> TestReport {
        self.run(&self.cases)
    }

    /// The test cases that the documents have.
    #[must_use]
    pub const fn cases(&self) -> &Cases {
        &self.cases
    }

    /// Runs these cases, as [`Checked::test`] runs all that the documents have.
    #[must_use]
    pub fn run(&self, cases: &Cases) -> TestReport {
        cases.run_counting(&self.policy, &self.branches)
    }
}
