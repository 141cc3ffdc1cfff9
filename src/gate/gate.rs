//! The gate itself, and its beginning with a request: the header and the token.

use super::audit::Known;
use super::http_request::HttpRequest;
use super::options::{Options, quotable};
use super::outcome::Outcome;
use super::pending::PendingRequest;
use super::question::read_context;
use super::response::refused;
use super::steps::{HeldCredential, RecordNeeded, Step, find_route};
use crate::error::{Code, Entry, Error};
use crate::policy::Policy;
use crate::time::{LATEST, Time};
use crate::token::{Authorization, EdgeKeys, Peppers, authorization};
use alloc::boxed::Box;
use alloc::sync::Arc;

/// What stays the same from request to request: policy, keys and options.
///
/// A gate owns all of it and is `Send`, `Sync` and `'static`. A service keeps one in an
/// [`Arc`] in its state, and puts another in its place when the policy or the keys change:
/// requests that have begun end with the gate that they began with.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
/// use cog_auth::policy::Policy;
/// use cog_auth::token::{Kind, KeyId, RecordDraft, RootKey, Scopes};
/// use cog_auth::Time;
///
/// // The issuer makes a token and stores its record.
/// let now = Time::from_seconds(1_795_000_000)?;
/// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
/// let token = root.mint(Kind::ServiceUserKey, None, &[42; 64])?;
/// let record = RecordDraft::new(&token, "su_ci", Scopes::all(), now).for_edges().issue()?;
/// let stored_record = record.to_json();
/// let stored_facts = r#"{
///     "principal": {"type": "service_user", "id": "su_ci",
///         "account": {"id": "acct_7", "sso": false, "plan": "team"},
///         "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]},
///     "organization": {"id": "org-a", "account": {"id": "acct_7", "sso": false, "plan": "team"}}
/// }"#;
///
/// // An edge has a gate.
/// let gate = Gate::at_edge(Policy::builtin(), root.edge_keys());
///
/// // It asks for what it needs, and the caller fetches it, until there is an outcome.
/// let header = format!("Bearer {}", token.expose());
/// let request = HttpRequest {
///     method: "GET",
///     target: b"/v3/organizations/org-a/sessions",
///     authorization: &[header.as_bytes()],
///     context: None,
///     client_address: None,
/// };
/// let mut step = gate.begin(&request, now)?;
/// let outcome = loop {
///     step = match step {
///         // The record is stored under `needed.id()`.
///         Step::Record(needed) => needed.found(stored_record.as_bytes(), Some(now)),
///         // The facts are about `needed.principal()` and `needed.organization()`.
///         Step::Facts(needed) => needed.found(stored_facts.as_bytes()),
///         Step::Done(outcome) => break outcome,
///     };
/// };
/// match outcome {
///     Outcome::Allowed(allowed) => assert_eq!(allowed.principal(), "su_ci"), // on to the service
///     Outcome::Refused(refused) => panic!("{}", refused.body()),             // to the client
///     Outcome::PassOn | Outcome::Preflight => panic!("only with options that are off"),
/// }
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gate {
    options: Options,
}

impl Gate {
    /// A gate that accepts tokens at an edge, on the word of the record store. Records need an
    /// `edge_digest` ([`Genuine::accept_at_edge`](crate::token::Genuine::accept_at_edge)); a
    /// request whose record has none is refused with 503.
    ///
    /// Gates can share their keys: pass an `Arc` of them.
    #[must_use]
    pub fn at_edge(policy: Policy, edge_keys: impl Into<Arc<EdgeKeys>>) -> Self {
        Self { options: Options::new(policy, edge_keys.into()) }
    }

    /// A gate that accepts tokens at an origin, which holds the peppers, on the issuer's word.
    /// Records need a `digest`
    /// ([`Genuine::accept_at_origin`](crate::token::Genuine::accept_at_origin)); a request whose
    /// record has none is refused with 503.
    #[must_use]
    pub fn at_origin(
        policy: Policy,
        edge_keys: impl Into<Arc<EdgeKeys>>,
        peppers: impl Into<Arc<Peppers>>,
    ) -> Self {
        let mut gate = Self::at_edge(policy, edge_keys);
        gate.options.peppers = Some(peppers.into());
        gate
    }

    /// Sets the realm in `WWW-Authenticate` (RFC 9110, 11.5), which is `cog` by default. Only
    /// printable ASCII is kept, and of it neither `"` nor `\`.
    #[must_use]
    pub fn with_realm(mut self, realm: &str) -> Self {
        self.options.realm = quotable(realm);
        self
    }

    /// Sets the seconds in `Retry-After` (RFC 9110, 10.2.3) of a 503, which are 5 by default.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.options.retry_after = seconds;
        self
    }

    /// Refuses with 503 if the record was fetched longer than this many seconds ago, or at a time
    /// that is not stated. By default a record of any age is taken.
    ///
    /// A revoked credential is refused from the next fresh read of its record on: this bounds how
    /// long that may take.
    #[must_use]
    pub fn with_max_record_age(mut self, seconds: u64) -> Self {
        self.options.max_record_age = Some(seconds);
        self
    }

    /// Passes older opaque `cog_` credentials on, as [`Outcome::PassOn`], instead of refusing them:
    /// those that are refused with `unknown_version`, `wrong_length` or `unknown_kind`.
    #[must_use]
    pub fn with_pass_on(mut self) -> Self {
        self.options.pass_on = true;
        self
    }

    /// Answers `OPTIONS` requests with [`Outcome::Preflight`], before anything but the length of
    /// the target is looked at. By default they need a credential like any other request.
    #[must_use]
    pub fn with_preflight(mut self) -> Self {
        self.options.preflight = true;
        self
    }

    /// Begins with a request: reads the header (RFC 6750) and verifies the token. What comes next
    /// is [`Step::Record`] for a genuine token, else the outcome.
    ///
    /// Whatever a client sends leads to an outcome, never to an error.
    ///
    /// # Errors
    ///
    /// [`Code::ReservedContext`] if the caller's context has `credential`, `time` or
    /// `client_address`; [`Code::InvalidContext`] if it is not a JSON object within the limits, or
    /// has a name twice.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
    /// use cog_auth::policy::Policy;
    /// use cog_auth::token::EdgeKeys;
    /// use cog_auth::{Code, Time};
    ///
    /// let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys":
    ///     {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
    /// let gate = Gate::at_edge(Policy::builtin(), keys);
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let request = HttpRequest {
    ///     method: "GET",
    ///     target: b"/",
    ///     authorization: &[],
    ///     context: None,
    ///     client_address: None,
    /// };
    /// let Step::Done(Outcome::Refused(refused)) = gate.begin(&request, now)? else { panic!() };
    /// assert_eq!((refused.status(), refused.code()), (401, Code::MissingCredential));
    ///
    /// let forged = HttpRequest { context: Some(br#"{"time": 0}"#), ..request };
    /// assert_eq!(gate.begin(&forged, now).unwrap_err().code(), Code::ReservedContext);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn begin<'g>(&'g self, request: &HttpRequest<'g>, now: Time) -> Result<Step<'g>, Error> {
        let pending = self.pending(request, now)?;
        Ok(self.first_step(request, pending))
    }

    /// Goes on with a request from [`Step::Facts`] on: with the same one whose credential was
    /// accepted before, by an equal gate. For the npm package, which can keep no step between two
    /// calls: a step borrows.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin).
    #[doc(hidden)]
    pub fn resume<'g>(
        &'g self,
        request: &HttpRequest<'g>,
        accepted: HeldCredential,
    ) -> Result<Step<'g>, Error> {
        let HeldCredential { accepted, now } = accepted;
        let mut pending = self.pending(request, now)?;
        pending.handle = Some(accepted.handle());
        Ok(find_route(pending, accepted))
    }

    fn pending<'g>(
        &'g self,
        request: &HttpRequest<'g>,
        now: Time,
    ) -> Result<Box<PendingRequest<'g>>, Error> {
        let context = match request.context {
            Some(context) => Some(Box::new(read_context(&self.options.policy, context)?)),
            None => None,
        };
        // It gets its place before any secret is worked with, and stays there.
        Ok(Box::new(PendingRequest::new(&self.options, request, context, now)))
    }

    fn first_step<'g>(
        &self,
        request: &HttpRequest<'_>,
        mut pending: Box<PendingRequest<'g>>,
    ) -> Step<'g> {
        let options = &self.options;
        if !request.is_within_limits() {
            return refuse(&pending, Code::InvalidPath.entry());
        }
        if options.preflight && request.method == "OPTIONS" {
            return Step::Done(Outcome::Preflight);
        }
        if pending.now.seconds() > LATEST.unsigned_abs() {
            return refuse(&pending, Code::ImplausibleTime.entry());
        }
        let credential = match authorization(request.authorization.iter().copied()) {
            Ok(Authorization::Bearer(credential)) => credential,
            Ok(Authorization::Nothing | Authorization::OtherScheme) => {
                return refuse(&pending, Code::MissingCredential.entry());
            }
            Err(error) => return refuse(&pending, error.entry()),
        };
        match options.edge_keys.verify_text(credential, pending.now, &mut pending.token) {
            Ok(()) => {
                pending.handle = Some(pending.token.handle());
                Step::Record(RecordNeeded::new(pending))
            }
            Err(error) if options.pass_on && is_of_older_credential(error.code()) => {
                Step::Done(Outcome::PassOn)
            }
            Err(error) => refuse(&pending, error.entry()),
        }
    }
}

/// Whether an older opaque credential is refused with this code.
fn is_of_older_credential(code: Code) -> bool {
    matches!(code, Code::UnknownVersion | Code::WrongLength | Code::UnknownKind)
}

#[inline(never)]
fn refuse<'g>(pending: &PendingRequest<'_>, entry: &'static Entry) -> Step<'g> {
    Step::Done(refused(&Known::new(pending), entry))
}
