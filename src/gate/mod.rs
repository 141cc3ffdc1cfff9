//! The gate: an HTTP request in, an outcome out, with the caller fetching what it asks for in between.
//!
//! The one module that knows tokens and policy. It does no I/O: [`Gate::begin`] and each answer give the next [`Step`],
//! until it is [`Step::Done`]. Steps, outcomes and every byte of a reply are specified in `docs/policy-language.md`, section 15.
//!
//! | step | the gate needs | the caller answers |
//! |---|---|---|
//! | [`Step::Record`] | the stored record of a credential | `found`, `absent` or `unavailable` of [`RecordNeeded`] |
//! | [`Step::Facts`] | facts about the principal and the organization | `found`, `absent` or `unavailable` of [`FactsNeeded`] |
//! | [`Step::Done`] | nothing | lets the request through, or sends what [`Refused`] holds |
//!
//! No step can be left out: there is no other way to an [`Allowed`]. The whole example is at [`Gate`].

mod audit;
mod facts;
mod outcome;
mod refuse;
mod shown;
mod steps;

pub use facts::Inquiry;
pub use outcome::{Allowed, Outcome, Refused};
pub use steps::{FactsNeeded, RecordNeeded, Step};

use crate::error::{Code, Error};
use crate::policy::Policy;
use crate::time::Time;
use crate::token::{Authorization, DigestCheck, EdgeKeys, Handle, Peppers, authorization};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use audit::Audit;
use core::fmt;
use refuse::Refusal;
use shown::shown;

/// An HTTP request, as far as the gate looks at it. `Debug` shows what an audit record may hold of it.
///
/// ```
/// use cog_auth::gate::HttpRequest;
///
/// let request = HttpRequest {
///     method: "POST",
///     target: b"/v3/organizations/org-a/sessions?dry_run=1",
///     authorization: &[b"Bearer cog_1s01...".as_slice()],
///     context: Some(br#"{"ci": true}"#),
/// };
/// assert_eq!(request.authorization.len(), 1); // none, or several, are refused
/// ```
#[derive(Clone, Copy)]
pub struct HttpRequest<'r> {
    /// The method, as it was sent: compared with case. See the example of [`HttpRequest`].
    pub method: &'r str,
    /// The request target in origin form, as it was sent, in any bytes: the path, and the query, which is not looked at. Not one
    /// that was decoded or normalized on the way. See the example of [`HttpRequest`].
    pub target: &'r [u8],
    /// The value of each `Authorization` field, without its name: all of them, so that several are seen. See the example of
    /// [`HttpRequest`].
    pub authorization: &'r [&'r [u8]],
    /// Further members of the policy request's `context`, as a JSON object without `credential` and `time`, of at most
    /// [`MAX_REQUEST_BYTES`](crate::policy::MAX_REQUEST_BYTES): what the caller itself knows, never what a client says. See the
    /// example of [`HttpRequest`].
    pub context: Option<&'r [u8]>,
}

/// What stays the same from request to request: policy, keys and options. It is made once, and may be shared.
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
/// let record = RecordDraft::new(&token, "su_ci", Scopes::all(), now).for_edges().issue()?.to_json();
/// let header = format!("Bearer {}", token.expose());
///
/// // The edge decides a request, and fetches what the gate asks for.
/// let (policy, keys) = (Policy::builtin(), root.edge_keys());
/// let gate = Gate::at_edge(policy, keys);
/// let request = HttpRequest {
///     method: "GET",
///     target: b"/v3/organizations/org-a/sessions",
///     authorization: &[header.as_bytes()],
///     context: None,
/// };
/// let mut step = gate.begin(&request, now)?;
/// let outcome = loop {
///     step = match step {
///         Step::Record(needed) => needed.found(record.as_bytes(), Some(now)),
///         Step::Facts(needed) => needed.found(br#"{
///             "principal": {"type": "service_user", "id": "su_ci", "account": {"id": "acct_7", "sso": false, "plan": "team"},
///                           "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]},
///             "organization": {"id": "org-a", "account": {"id": "acct_7", "sso": false, "plan": "team"}}}"#),
///         Step::Done(outcome) => break outcome,
///     };
/// };
/// assert!(matches!(outcome, Outcome::Allowed(_)));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gate {
    policy: Policy,
    edge_keys: Arc<EdgeKeys>,
    /// The peppers of an origin. It is a trait object so that a module for edges does not contain
    /// what only origins need.
    peppers: Option<Arc<dyn DigestCheck>>,
    realm: String,
    retry_after: u64,
    max_record_age: Option<u64>,
    pass_on: bool,
    preflight: bool,
}

/// Seconds since the epoch at the end of the year 2999.
const END_OF_2999: u64 = 32_503_680_000;

impl Gate {
    /// A gate that accepts tokens at an edge: on the word of the record store. Records need an `edge_digest`
    /// ([`Genuine::accept_at_edge`](crate::token::Genuine::accept_at_edge)). See the example of [`Gate`].
    #[must_use]
    pub fn at_edge(policy: Policy, edge_keys: impl Into<Arc<EdgeKeys>>) -> Self {
        Self {
            policy,
            edge_keys: edge_keys.into(),
            peppers: None,
            realm: String::from("cog"),
            retry_after: 5,
            max_record_age: None,
            pass_on: false,
            preflight: false,
        }
    }

    /// A gate that accepts tokens at an origin, which holds the peppers: on the issuer's word. Records need a `digest`
    /// ([`Genuine::accept_at_origin`](crate::token::Genuine::accept_at_origin)); one without is refused with 503.
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
    /// # let request = HttpRequest { method: "GET", target: b"/v3/organizations/org-a/sessions", authorization: &[token], context: None };
    /// # use cog_auth::token::RootKeys;
    /// let roots = RootKeys::from_json(br#"{"v": 1, "use": "root", "keys": {"01": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}"#)?;
    /// let peppers = roots.peppers();
    /// let gate = Gate::at_origin(policy, keys, peppers);
    /// let Step::Record(needed) = gate.begin(&request, now)? else { panic!("the token is genuine") };
    /// // A record that was made for edges alone.
    /// let Step::Done(Outcome::Refused(refused)) = needed.found(record, None) else { panic!() };
    /// assert_eq!((refused.status(), refused.name()), (503, "invalid_record"));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn at_origin(
        policy: Policy,
        edge_keys: impl Into<Arc<EdgeKeys>>,
        peppers: impl Into<Arc<Peppers>>,
    ) -> Self {
        Self { peppers: Some(peppers.into()), ..Self::at_edge(policy, edge_keys) }
    }

    /// The realm in `WWW-Authenticate` (RFC 9110, 11.5); `cog` by default. Only printable ASCII is kept, and of it neither `"` nor
    /// `\`.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
    /// # let now = Time::from_seconds(1_795_000_000)?;
    /// # let policy = Policy::builtin();
    /// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
    /// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// let gate = Gate::at_edge(policy, keys).with_realm("Sessions \"beta\"");
    /// let nothing_sent = HttpRequest { method: "GET", target: b"/", authorization: &[], context: None };
    /// let Step::Done(Outcome::Refused(refused)) = gate.begin(&nothing_sent, now)? else { panic!() };
    /// let challenge = refused.headers().find(|(name, _)| *name == "www-authenticate");
    /// assert_eq!(challenge, Some(("www-authenticate", r#"Bearer realm="Sessions beta""#)));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn with_realm(mut self, realm: &str) -> Self {
        let mut kept = Vec::new();
        for byte in realm.bytes() {
            if matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\') {
                kept.push(byte);
            }
        }
        self.realm = String::from_utf8(kept).unwrap_or_default();
        self
    }

    /// The seconds in `Retry-After` (RFC 9110, 10.2.3) of a 503; 5 by default.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
    /// # let now = Time::from_seconds(1_795_000_000)?;
    /// # let policy = Policy::builtin();
    /// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
    /// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// # let request = HttpRequest { method: "GET", target: b"/v3/organizations/org-a/sessions", authorization: &[token], context: None };
    /// let gate = Gate::at_edge(policy, keys).with_retry_after(30);
    /// let Step::Record(needed) = gate.begin(&request, now)? else { panic!("the token is genuine") };
    /// let Step::Done(Outcome::Refused(refused)) = needed.unavailable() else { panic!() };
    /// assert_eq!(refused.status(), 503);
    /// assert!(refused.headers().any(|header| header == ("retry-after", "30")));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = seconds;
        self
    }

    /// Refuses records that were fetched longer than this many seconds ago, or at a time that is not stated, with 503; any age
    /// is taken by default.
    ///
    /// "Revoked at once" means at the next fresh read: this bounds how long that may take.
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
    /// # let request = HttpRequest { method: "GET", target: b"/v3/organizations/org-a/sessions", authorization: &[token], context: None };
    /// let gate = Gate::at_edge(policy, keys).with_max_record_age(60);
    /// let Step::Record(needed) = gate.begin(&request, now)? else { panic!("the token is genuine") };
    /// let minutes_ago = Time::from_seconds(now.seconds() - 120)?;
    /// let Step::Done(Outcome::Refused(refused)) = needed.found(record, Some(minutes_ago)) else { panic!() };
    /// assert_eq!((refused.status(), refused.name()), (503, "stale_record"));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn with_max_record_age(mut self, seconds: u64) -> Self {
        self.max_record_age = Some(seconds);
        self
    }

    /// Passes older opaque `cog_` credentials on, as [`Outcome::PassOn`], instead of refusing them: what begins with `cog_` and is
    /// refused with `unknown_version`, `wrong_length` or `unknown_kind`.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
    /// # let now = Time::from_seconds(1_795_000_000)?;
    /// # let policy = Policy::builtin();
    /// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
    /// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// let older = b"Bearer cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7w2".as_slice();
    /// let request = HttpRequest { method: "GET", target: b"/v3/enterprise/self", authorization: &[older], context: None };
    /// let gate = Gate::at_edge(policy, keys); // by default it is refused
    /// assert!(matches!(gate.begin(&request, now)?, Step::Done(Outcome::Refused(_))));
    ///
    /// let gate = gate.with_pass_on();
    /// assert!(matches!(gate.begin(&request, now)?, Step::Done(Outcome::PassOn)));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn with_pass_on(mut self) -> Self {
        self.pass_on = true;
        self
    }

    /// Answers `OPTIONS` requests with [`Outcome::Preflight`], before anything else is looked at. By default they need a
    /// credential like any other.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
    /// # let now = Time::from_seconds(1_795_000_000)?;
    /// # let policy = Policy::builtin();
    /// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
    /// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// let gate = Gate::at_edge(policy, keys).with_preflight();
    /// let options = HttpRequest { method: "OPTIONS", target: b"/", authorization: &[], context: None };
    /// assert!(matches!(gate.begin(&options, now)?, Step::Done(Outcome::Preflight)));
    /// let get = HttpRequest { method: "GET", ..options };
    /// assert!(matches!(gate.begin(&get, now)?, Step::Done(Outcome::Refused(_))));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn with_preflight(mut self) -> Self {
        self.preflight = true;
        self
    }

    /// Begins with a request: reads the header (RFC 6750), verifies the token. What comes next is [`Step::Record`] for a genuine
    /// token, else the outcome. The example of a whole run is at [`Gate`].
    ///
    /// # Errors
    ///
    /// [`Code::ReservedContext`] if the caller's context has `credential` or `time`, [`Code::InvalidContext`] if it is no JSON
    /// object within the limits, or has a name twice. Everything that a client can do is an outcome, never an error.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// # use cog_auth::{Time, gate::{Gate, HttpRequest, Outcome, Step}, policy::Policy, token::EdgeKeys};
    /// # let now = Time::from_seconds(1_795_000_000)?;
    /// # let policy = Policy::builtin();
    /// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
    /// # let token = b"Bearer cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// # let request = HttpRequest { method: "GET", target: b"/v3/organizations/org-a/sessions", authorization: &[token], context: None };
    /// # use cog_auth::Code;
    /// let gate = Gate::at_edge(policy, keys);
    /// let forged = HttpRequest { context: Some(br#"{"time": 0}"#), ..request };
    /// assert_eq!(gate.begin(&forged, now).unwrap_err().code(), Code::ReservedContext);
    ///
    /// let nothing_sent = HttpRequest { authorization: &[], ..request };
    /// let Step::Done(Outcome::Refused(refused)) = gate.begin(&nothing_sent, now)? else { panic!() };
    /// assert_eq!((refused.status(), refused.name()), (401, "missing_credential"));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn begin<'s>(&'s self, request: &HttpRequest<'_>, now: Time) -> Result<Step<'s>, Error> {
        if let Some(context) = request.context {
            facts::check_context(&self.policy, context)?;
        }
        let exchange = Box::new(Exchange {
            gate: self,
            now,
            method: String::from(request.method),
            path: path(request.target).to_vec(),
            context: request.context.unwrap_or_default().to_vec(),
            handle: None,
        });
        Ok(exchange.begin(request))
    }
}

/// One request on its way through the gate.
struct Exchange<'s> {
    gate: &'s Gate,
    now: Time,
    method: String,
    path: Vec<u8>,
    /// Empty for none, since an empty text is no object.
    context: Vec<u8>,
    /// The genuine token's.
    handle: Option<Handle>,
}

impl<'s> Exchange<'s> {
    fn begin(mut self: Box<Self>, request: &HttpRequest<'_>) -> Step<'s> {
        let gate = self.gate;
        if gate.preflight && request.method == "OPTIONS" {
            return Step::Done(Outcome::Preflight);
        }
        if self.now.seconds() >= END_OF_2999 {
            return self.refuse(Refusal::new(Code::ImplausibleTime));
        }
        let credential = match authorization(request.authorization.iter().copied()) {
            Ok(Authorization::Bearer(credential)) => credential,
            Ok(_) => return self.refuse(Refusal::new(Code::MissingCredential)),
            Err(error) => return self.refuse(Refusal::of(&error)),
        };
        match &gate.edge_keys.verify_text(credential, self.now) {
            Ok(token) => {
                self.handle = Some(token.handle());
                Step::Record(RecordNeeded::new(self, token))
            }
            Err(error) => match error.code() {
                Code::UnknownVersion | Code::WrongLength | Code::UnknownKind if gate.pass_on => {
                    Step::Done(Outcome::PassOn)
                }
                _ => self.refuse(Refusal::of(error)),
            },
        }
    }

    #[inline(never)]
    fn refuse(&self, refusal: Refusal) -> Step<'s> {
        refusal.end(&Audit::new(self))
    }
}

/// The path of a target: all before the query.
fn path(target: &[u8]) -> &[u8] {
    let end = target.iter().position(|byte| *byte == b'?').unwrap_or(target.len());
    target.get(..end).unwrap_or_default()
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "HttpRequest", self.method, path(self.target))
    }
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "Exchange", &self.method, &self.path)
    }
}

/// A client can put a credential anywhere, so only what is safe to keep is shown.
fn debug(f: &mut fmt::Formatter<'_>, name: &str, method: &str, path: &[u8]) -> fmt::Result {
    f.debug_struct(name)
        .field("method", &shown(method.as_bytes()))
        .field("target", &shown(path))
        .finish_non_exhaustive()
}
