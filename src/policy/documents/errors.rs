//! What is wrong with the documents of a policy: one error or more.

use crate::error::Error;
use alloc::vec::{self, Vec};
use core::fmt;
use core::iter::{Chain, Once, once};
use core::slice;

/// Everything that is wrong with the documents of a policy, in the order of the documents and of
/// the places in them. There is always at least one error, and there are at most 100: more are only
/// counted ([`Errors::omitted`]). The first ten errors that are about an unknown name may suggest a
/// known one.
///
/// Errors that would only follow from another one are left out. Where a document is no JSON, names
/// that it may declare are not reported as unknown elsewhere; where the schema is wrong, rules are
/// not checked.
///
/// `Display` prints each error on a line of its own, and then how many more there are. In a
/// function that returns [`Error`], `?` turns the errors into the first of them.
///
/// ```
/// use cog_auth::{Code, policy::Source};
///
/// let mut source = Source::new();
/// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}},
///     "rules": [{"id": "a", "effect": "permit", "actions": ["Reed"]},
///               {"id": "a", "effect": "forbid", "actions": ["Read"]}]}"#);
/// let errors = source.check().unwrap_err();
/// assert_eq!(errors.len(), 2);
/// assert_eq!(errors.first().code(), Code::UnknownAction);
///
/// let codes: Vec<Code> = errors.iter().map(|error| error.code()).collect();
/// assert_eq!(codes, [Code::UnknownAction, Code::MissingMember]); // the second has no reason
/// assert_eq!(
///     errors.to_string(),
///     "p.json:2:59: the action `Reed` is not declared; did you mean `Read`? \
///      (unknown_action, 312, at /rules/0/actions/0)\n\
///      p.json:3:15: the member `reason` is missing here (missing_member, 302, at /rules/1)"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Errors {
    first: Error,
    others: Vec<Error>,
    omitted: usize,
}

impl Errors {
    /// The errors of a list, if it has any, and how many more there were.
    pub(super) fn of(errors: Vec<Error>, omitted: usize) -> Option<Self> {
        let mut errors = errors.into_iter();
        Some(Self { first: errors.next()?, others: errors.collect(), omitted })
    }

    /// One error alone.
    pub(super) const fn one(error: Error) -> Self {
        Self { first: error, others: Vec::new(), omitted: 0 }
    }

    /// The first error. `Error::from(errors)` gives the same one.
    #[must_use]
    pub const fn first(&self) -> &Error {
        &self.first
    }

    /// How many errors there are: from 1 to 100.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always an error")]
    pub fn len(&self) -> usize {
        self.others.len().saturating_add(1)
    }

    /// How many more errors were found than are in here: 0 unless there are 100.
    ///
    /// ```
    /// use cog_auth::policy::Source;
    ///
    /// let mut source = Source::new();
    /// let actions = vec!["\"Reed\""; 130].join(",");
    /// let rule = format!(r#"{{"id": "r", "effect": "permit", "actions": [{actions}]}}"#);
    /// source.add("p.json", format!(
    ///     r#"{{"v": 1, "schema": {{"actions": {{"Read": {{}}}}}}, "rules": [{rule}]}}"#));
    /// let errors = source.check().unwrap_err();
    /// assert_eq!((errors.len(), errors.omitted()), (100, 30));
    /// assert!(errors.to_string().ends_with("\nand 30 more errors"));
    /// ```
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// The errors, the first one first.
    pub fn iter(&self) -> impl Iterator<Item = &Error> {
        self.into_iter()
    }
}

impl IntoIterator for Errors {
    type Item = Error;
    type IntoIter = Chain<Once<Error>, vec::IntoIter<Error>>;

    fn into_iter(self) -> Self::IntoIter {
        once(self.first).chain(self.others)
    }
}

impl<'e> IntoIterator for &'e Errors {
    type Item = &'e Error;
    type IntoIter = Chain<Once<&'e Error>, slice::Iter<'e, Error>>;

    fn into_iter(self) -> Self::IntoIter {
        once(&self.first).chain(&self.others)
    }
}

impl From<Errors> for Error {
    /// The first error; the others are dropped.
    fn from(errors: Errors) -> Self {
        errors.first
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        for error in &self.others {
            write!(f, "\n{error}")?;
        }
        match self.omitted {
            0 => Ok(()),
            1 => f.write_str("\nand 1 more error"),
            more => write!(f, "\nand {more} more errors"),
        }
    }
}

impl fmt::Debug for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl core::error::Error for Errors {}
