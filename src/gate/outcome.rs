//! What comes out of the gate.

use super::facts::subject_type;
use super::steps::OwnedRoute;
use crate::error::{Code, Entry};
use crate::time::Time;
use crate::token::{Accepted, CredentialId, Handle, Kind};
use alloc::string::String;
use alloc::vec::Vec;

/// What to do with a request (section 15 of `docs/policy-language.md`).
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
/// # let now = Time::from_seconds(1_795_000_000)?;
/// # let policy = Policy::builtin();
/// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
/// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
/// # let record = br#"{"v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "su_ci", "created_at": 1795000000,
/// #     "scopes": ["*"], "edge_digest": "$cog1e$3ytbuIsKt1HcDPgXgOa0RdPWv7zA_QXCH2RowLfqvX0"}"#;
/// # let facts = br#"{"principal": {"type": "service_user", "id": "su_ci", "account": {"id": "acct_7", "sso": false, "plan": "team"},
/// #     "memberships": [{"organization": "org-a", "roles": ["org_member"]}]}, "organization": {"id": "org-a"}}"#;
/// # let request = HttpRequest { method: "GET", target: b"/v3/organizations/org-a/sessions", authorization: &[token], context: None };
/// # let gate = Gate::at_edge(policy, keys);
/// # let outcome = |request: &HttpRequest<'_>| {
/// #     let mut step = gate.begin(request, now)?;
/// #     loop {
/// #         step = match step {
/// #             Step::Record(needed) => needed.found(record, None),
/// #             Step::Facts(needed) => needed.found(facts),
/// #             Step::Done(outcome) => return Ok::<_, cog_auth::Error>(outcome),
/// #         };
/// #     }
/// # };
/// # assert!(matches!(outcome(&request)?, Outcome::Allowed(_)));
/// match outcome(&request)? {
///     Outcome::Allowed(allowed) => assert_eq!(allowed.principal(), "su_ci"), // on to the service
///     Outcome::Refused(refused) => panic!("{} {}", refused.status(), refused.body()), // to the client
///     Outcome::PassOn => panic!("to whoever issued the older credential"),
///     Outcome::Preflight => panic!("to the CORS layer"),
/// }
/// let secrets = HttpRequest { target: b"/v3/organizations/org-a/secrets", ..request };
/// assert!(matches!(outcome(&secrets)?, Outcome::Refused(_))); // a member's key may not
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Let it through. See the example of [`Allowed`].
    Allowed(Allowed),
    /// Answer it with this. See the example of [`Refused`].
    Refused(Refused),
    /// It has an older opaque credential, of which nothing is known here: whoever issued that must judge it. Never an allow. Only
    /// with [`Gate::with_pass_on`](super::Gate::with_pass_on), which has an example.
    PassOn,
    /// It is a CORS preflight, which carries no credential: answer it as CORS asks, and never with data. Only with
    /// [`Gate::with_preflight`](super::Gate::with_preflight), which has an example.
    Preflight,
}

/// A request that may pass: who it is, and what is known of the credential.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
/// # let now = Time::from_seconds(1_795_000_000)?;
/// # let policy = Policy::builtin();
/// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
/// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
/// # let record = br#"{"v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "su_ci", "created_at": 1795000000,
/// #     "scopes": ["*"], "edge_digest": "$cog1e$3ytbuIsKt1HcDPgXgOa0RdPWv7zA_QXCH2RowLfqvX0"}"#;
/// # let facts = br#"{"principal": {"type": "service_user", "id": "su_ci", "account": {"id": "acct_7", "sso": false, "plan": "team"},
/// #     "memberships": [{"organization": "org-a", "roles": ["org_member"]}]}, "organization": {"id": "org-a"}}"#;
/// # let request = HttpRequest { method: "GET", target: b"/v3/organizations/org-a/sessions", authorization: &[token], context: None };
/// # let gate = Gate::at_edge(policy, keys);
/// # let outcome = |request: &HttpRequest<'_>| {
/// #     let mut step = gate.begin(request, now)?;
/// #     loop {
/// #         step = match step {
/// #             Step::Record(needed) => needed.found(record, None),
/// #             Step::Facts(needed) => needed.found(facts),
/// #             Step::Done(outcome) => return Ok::<_, cog_auth::Error>(outcome),
/// #         };
/// #     }
/// # };
/// # use cog_auth::token::{ExpiryDay, Kind};
/// let request = HttpRequest { method: "POST", ..request }; // a new session
/// let Outcome::Allowed(allowed) = outcome(&request)? else { panic!() };
/// assert_eq!((allowed.principal_type(), allowed.principal()), ("service_user", "su_ci"));
/// assert_eq!((allowed.action(), allowed.organization()), ("UseDevinSessions", Some("org-a")));
/// assert_eq!(allowed.undecided(), ["ImpersonateOrgSessions"]); // if its body asks for that
/// assert!(allowed.advice().is_empty());
/// assert_eq!(allowed.credential_kind(), Kind::ServiceUserKey);
/// assert_eq!(allowed.credential_id().as_str(), "AAAABBBBCCCC");
/// assert_eq!(allowed.handle().as_str(), "cog_1s015PnAAAABBBBCCCC");
/// assert_eq!(allowed.valid_until(), allowed.handle().hard_expiry().map(ExpiryDay::end));
/// assert!(allowed.audit().starts_with(r#"{"v":1,"time":1795000000,"outcome":"allowed","#));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Allowed {
    handle: Handle,
    principal: String,
    route: OwnedRoute,
    advice: Vec<String>,
    valid_until: Option<Time>,
    audit: String,
}

impl Allowed {
    pub(super) fn new(
        accepted: &Accepted,
        route: OwnedRoute,
        advice: Vec<String>,
        audit: String,
    ) -> Self {
        Self {
            handle: accepted.handle(),
            principal: String::from(accepted.record().principal()),
            route,
            advice,
            valid_until: accepted.valid_until(),
            audit,
        }
    }

    /// The type of who acts: `user` or `service_user`, after the kind of the credential. See the example of [`Allowed`].
    #[must_use]
    pub const fn principal_type(&self) -> &'static str {
        subject_type(self.credential_kind())
    }

    /// The id of who acts. See the example of [`Allowed`].
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// The kind of the credential. See the example of [`Allowed`].
    #[must_use]
    pub const fn credential_kind(&self) -> Kind {
        self.handle.kind()
    }

    /// The public id of the credential. See the example of [`Allowed`].
    #[must_use]
    pub const fn credential_id(&self) -> CredentialId {
        self.handle.id()
    }

    /// The credential's display handle, which logs may show. See the example of [`Allowed`].
    #[must_use]
    pub const fn handle(&self) -> Handle {
        self.handle
    }

    /// The action that was allowed: the route's. See the example of [`Allowed`].
    #[must_use]
    pub fn action(&self) -> &str {
        &self.route.action
    }

    /// The id of the organization that it was allowed in; none for the account itself. See the example of [`Allowed`].
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.route.organization.as_deref()
    }

    /// Further actions that this request may need, by what is in its body, sorted: the origin must decide them, with
    /// [`Policy::request`](crate::policy::Policy::request) for one. See the example of [`Allowed`].
    #[must_use]
    pub fn undecided(&self) -> &[String] {
        &self.route.undecided
    }

    /// The codes of the policy's advice, in the order of [`Explanation::advice`](crate::policy::Explanation::advice). See the example of [`Allowed`].
    #[must_use]
    pub fn advice(&self) -> &[String] {
        &self.advice
    }

    /// When the credential ends at the latest: the first second at which it is no longer good, as far as is known now; none if
    /// there is no end. No answer may be kept longer; it can be revoked before. See the example of [`Allowed`].
    #[must_use]
    pub const fn valid_until(&self) -> Option<Time> {
        self.valid_until
    }

    /// The audit record, as one line of JSON (section 15 of `docs/policy-language.md`). It holds no secret. See the example of
    /// [`Allowed`].
    #[must_use]
    pub fn audit(&self) -> &str {
        &self.audit
    }
}

impl core::fmt::Debug for Allowed {
    /// The audit record, which holds no secret, whatever a store holds.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Allowed({})", self.audit)
    }
}

/// A request that may not pass: the whole HTTP response (RFC 6750, RFC 9110, RFC 9457), and what to log.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
/// # let now = Time::from_seconds(1_795_000_000)?;
/// # let policy = Policy::builtin();
/// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
/// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
/// # let record = br#"{"v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "su_ci", "created_at": 1795000000,
/// #     "scopes": ["*"], "edge_digest": "$cog1e$3ytbuIsKt1HcDPgXgOa0RdPWv7zA_QXCH2RowLfqvX0"}"#;
/// # let facts = br#"{"principal": {"type": "service_user", "id": "su_ci", "account": {"id": "acct_7", "sso": false, "plan": "team"},
/// #     "memberships": [{"organization": "org-a", "roles": ["org_member"]}]}, "organization": {"id": "org-a"}}"#;
/// # let request = HttpRequest { method: "GET", target: b"/v3/organizations/org-a/sessions", authorization: &[token], context: None };
/// # let gate = Gate::at_edge(policy, keys);
/// # let outcome = |request: &HttpRequest<'_>| {
/// #     let mut step = gate.begin(request, now)?;
/// #     loop {
/// #         step = match step {
/// #             Step::Record(needed) => needed.found(record, None),
/// #             Step::Facts(needed) => needed.found(facts),
/// #             Step::Done(outcome) => return Ok::<_, cog_auth::Error>(outcome),
/// #         };
/// #     }
/// # };
/// let secrets = HttpRequest { target: b"/v3/organizations/org-a/secrets", ..request };
/// let Outcome::Refused(refused) = outcome(&secrets)? else { panic!() };
/// assert_eq!((refused.status(), refused.name()), (403, "denied"));
/// assert_eq!(refused.headers().next(), Some(("content-type", "application/problem+json")));
/// assert!(refused.body().contains(r#""class":"no_grant","reasons":[{"code":"no_grant""#));
/// assert!(refused.audit().contains(r#""action":"ManageOrgSecrets","organization":"org-a","decision":false"#));
///
/// // The client is not told what would help to guess; the log is.
/// let Step::Record(needed) = gate.begin(&request, now)? else { panic!() };
/// let Step::Done(Outcome::Refused(refused)) = needed.absent() else { panic!() };
/// assert_eq!((refused.status(), refused.name()), (401, "unknown_credential"));
/// assert!(refused.body().contains(r#""code":"invalid_credential""#));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub(super) status: u16,
    // Of these headers an empty one is not sent.
    pub(super) authenticate: String,
    pub(super) allow: String,
    pub(super) retry_after: String,
    pub(super) body: String,
    pub(super) entry: &'static Entry,
    pub(super) audit: String,
}

impl Refused {
    /// The HTTP status: 400, 401, 403, 405 or 503. See the example of [`Refused`].
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The header fields, names in lower case, in the order in which they are specified: all that the response needs. See the
    /// example of [`Refused`].
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let header = |index| match index {
            0 => ("content-type", "application/problem+json"),
            1 => ("cache-control", "no-store"),
            2 => ("www-authenticate", &*self.authenticate),
            3 => ("allow", &*self.allow),
            _ => ("retry-after", &*self.retry_after),
        };
        (0..5).map(header).filter(|(_, value)| !value.is_empty())
    }

    /// The body: RFC 9457 problem details, as JSON without white space. See the example of [`Refused`].
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The true code, also where the body hides it: for logs, never for the client. Its name is
    /// the `code` of the audit record.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.entry.code
    }

    /// The true code's name, as [`Code::name`] gives it. A program that asks for the names of
    /// refusals alone does not link the names of all codes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.entry.name
    }

    /// The audit record, as one line of JSON (section 15 of `docs/policy-language.md`). It holds no secret. See the example of
    /// [`Refused`].
    #[must_use]
    pub fn audit(&self) -> &str {
        &self.audit
    }
}
