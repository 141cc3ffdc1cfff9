//! Decisions as values.

use super::denial::Denial;
use super::explanation::Explanation;
use super::reason::Reason;
use crate::policy::engine::conditions::Evaluation;
use crate::policy::engine::rules::{RuleResults, Verdict};
use crate::policy::request::Attributes;

/// The answer to one request, made by [`Request::decide`]. A denial is a value like an allow.
///
/// Deciding allocates nothing. [`Decision::explain`] works out what can be said about the answer,
/// for those who want to know.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy};
///
/// let policy = Policy::builtin();
/// let request = policy
///     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
///     .build();
/// let decision = request.decide();
/// assert!(!decision.is_allowed());
/// assert_eq!(decision.denial(), Some(Denial::Indeterminate));
/// let explanation = decision.explain();
/// assert!(explanation.missing().iter().any(|place| place == "/context/credential/kind"));
/// # }
/// ```
///
/// [`Request::decide`]: crate::policy::Request::decide
#[derive(Clone, Copy)]
#[must_use]
pub struct Decision<'r> {
    attributes: &'r Attributes<'r>,
    /// The action, or the reason why no rule is evaluated.
    action: Result<u32, &'static Reason<'static>>,
    verdict: Verdict,
    results: RuleResults,
}

impl<'r> Decision<'r> {
    /// Decides a request with these attributes and this action, none where it is not declared.
    pub(crate) fn of(attributes: &'r Attributes<'r>, action: Option<u32>) -> Self {
        let action = match action {
            None => Err(&Reason::UNKNOWN_ACTION),
            Some(action) if attributes.is_of_type_for(action) => Ok(action),
            Some(_) => Err(&Reason::WRONG_RESOURCE_TYPE),
        };
        let results = action
            .map_or(RuleResults::default(), |action| Evaluation::new(attributes, action).results());
        Self { attributes, action, verdict: results.verdict(), results }
    }

    /// Whether the request is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.verdict == Verdict::Allow
    }

    /// The class of the denial; none for an allow.
    #[must_use]
    pub const fn denial(&self) -> Option<Denial> {
        Denial::of(self.verdict)
    }

    /// Works out everything that can be said about the decision: rules, reasons, what is missing,
    /// and advice. It evaluates the rules of the action once more, and allocates.
    #[must_use]
    pub fn explain(&self) -> Explanation<'r> {
        Explanation::of(self.attributes, self.action, self.results)
    }

    /// The evaluation of this request's rules and conditions; none where no rule is evaluated.
    #[cfg(feature = "documents")]
    pub(crate) fn evaluation(&self) -> Option<Evaluation<'r>> {
        self.action.ok().map(|action| Evaluation::new(self.attributes, action))
    }
}

impl core::fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decision")
            .field("allowed", &self.is_allowed())
            .field("denial", &self.denial())
            .finish()
    }
}
