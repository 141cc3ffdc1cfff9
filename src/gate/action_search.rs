//! The question what a credential may do, asked without an HTTP request.

use super::question::{Question, read_context};
#[cfg(doc)]
use crate::error::Code;
use crate::error::Error;
use crate::policy::{Policy, Request};
use crate::time::Time;
use crate::token::Record;

/// The question which actions a credential may do, and why not the others.
///
/// The gate decides one action, that of the HTTP request's route. Pages that show people what their
/// credentials may do ask for all of them.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::gate::ActionSearch;
/// use cog_auth::policy::Policy;
/// use cog_auth::token::{Kind, KeyId, RecordDraft, RootKey, Scopes};
/// use cog_auth::{Code, Time};
///
/// let now = Time::from_seconds(1_795_000_000)?;
/// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
/// let token = root.mint(Kind::ServiceUserKey, None, &[42; 64])?;
/// let scopes = Scopes::of(["ViewOrgSessions"])?;
/// let record = RecordDraft::new(&token, "su_ci", scopes, now).for_edges().issue()?;
///
/// let policy = Policy::builtin();
/// let search = ActionSearch {
///     policy: &policy,
///     record: &record,
///     valid_until: None,
///     organization: Some("org-a"),
///     context: None,
///     client_address: None,
///     now,
/// };
/// let request = search.request(br#"{"principal": {"type": "service_user", "id": "su_ci",
///     "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]}}"#)?;
/// assert_eq!(request.allowed_actions().collect::<Vec<_>>(), ["ViewOrgSessions"]);
/// let explanation = request.decide_as("ManageOrgSecrets").explain();
/// assert_eq!(explanation.reasons()[0].code, "scope_missing");
///
/// let others = br#"{"principal": {"type": "service_user", "id": "su_other"}}"#;
/// assert_eq!(search.request(others).unwrap_err().code(), Code::InvalidFacts);
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ActionSearch<'q> {
    /// The policy that answers.
    pub policy: &'q Policy,
    /// The record of an accepted token.
    pub record: &'q Record,
    /// When the credential ends at the latest, as
    /// [`AcceptedAtEdge::valid_until`](crate::token::AcceptedAtEdge::valid_until) says.
    pub valid_until: Option<Time>,
    /// The id of the organization that is asked about; none for the account itself.
    pub organization: Option<&'q str>,
    /// Further members of the request's `context`, as for [`HttpRequest`](super::HttpRequest).
    pub context: Option<&'q [u8]>,
    /// The IP address of the client, as for [`HttpRequest`](super::HttpRequest).
    pub client_address: Option<&'q str>,
    /// The present time.
    pub now: Time,
}

impl<'q> ActionSearch<'q> {
    /// Makes the policy's request of the facts, which are a JSON object of the form in section 15
    /// of `docs/policy-language.md`. The request has no action: ask [`Request::allowed_actions`]
    /// for the actions that are allowed, and [`Request::decide_as`] for one.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidFacts`] for facts that cannot be read, or are about another principal or
    /// organization; [`Code::DisabledPrincipal`] if the principal is disabled;
    /// [`Code::ReservedContext`] and [`Code::InvalidContext`] as
    /// [`Gate::begin`](super::Gate::begin).
    pub fn request(&self, facts: &'q [u8]) -> Result<Request<'q>, Error> {
        let attributes = match self.context {
            Some(context) => read_context(self.policy, context)?,
            None => self.policy.attributes(),
        };
        let question = Question {
            policy: self.policy,
            record: self.record,
            valid_until: self.valid_until,
            organization: self.organization,
            resource: None,
            client_address: self.client_address,
            now: self.now,
        };
        question.ask(attributes, facts, None)
    }
}
