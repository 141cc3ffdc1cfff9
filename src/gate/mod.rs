//! The gate: an HTTP request in, an outcome out, with the caller fetching what it asks for in between.
//!
//! The one module that knows tokens and policy. It does no I/O: [`Gate::begin`] and each answer give the next [`Step`],
//! until it is [`Step::Done`]. Steps, outcomes and every byte of a reply are specified in `docs/policy-language.md`, section 15.

mod audit;
mod facts;
mod outcome;
mod refuse;
mod steps;

pub use facts::Inquiry;
pub use outcome::{Allowed, Outcome, Refused};
pub use steps::{FactsNeeded, RecordNeeded, Step};

use crate::error::{Code, Error};
use crate::policy::Policy;
use crate::time::Time;
use crate::token::{Authorization, EdgeKeys, Genuine, Peppers, Token, authorization};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use refuse::Refusal;

/// An HTTP request, as far as the gate looks at it. `Debug` shows what an audit record may hold of it.
#[derive(Clone, Copy)]
pub struct HttpRequest<'r> {
    /// The method, as it was sent: compared with case.
    pub method: &'r str,
    /// The request target in origin form: the path, and the query, which is not looked at.
    pub target: &'r [u8],
    /// The value of each `Authorization` field.
    pub authorization: &'r [&'r [u8]],
    /// Further members of the policy request's `context`, as a JSON object without `credential` and `time`.
    pub context: Option<&'r [u8]>,
}

/// What stays the same from request to request: policy, keys and options.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
/// use cog_auth::policy::Policy;
/// use cog_auth::token::{EdgeKeys, Kind, KeyId, RecordDraft, RootKey, Scopes};
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
/// let (policy, keys) = (Policy::builtin(), EdgeKeys::of(root.edge_key()));
/// let gate = Gate::at_edge(&policy, &keys);
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
#[derive(Debug)]
pub struct Gate<'g> {
    policy: &'g Policy,
    edge_keys: &'g EdgeKeys,
    peppers: Option<&'g Peppers>,
    realm: String,
    retry_after: u64,
    max_record_age: Option<u64>,
    pass_on: bool,
    preflight: bool,
}

/// Seconds since the epoch at the end of the year 2999.
const END_OF_2999: u64 = 32_503_680_000;

impl<'g> Gate<'g> {
    /// A gate that accepts tokens at an edge: on the word of the record store.
    #[must_use]
    pub fn at_edge(policy: &'g Policy, edge_keys: &'g EdgeKeys) -> Self {
        Self {
            policy,
            edge_keys,
            peppers: None,
            realm: String::from("cog"),
            retry_after: 5,
            max_record_age: None,
            pass_on: false,
            preflight: false,
        }
    }

    /// A gate that accepts tokens at an origin, which holds the peppers: on the issuer's word.
    #[must_use]
    pub fn at_origin(policy: &'g Policy, edge_keys: &'g EdgeKeys, peppers: &'g Peppers) -> Self {
        Self { peppers: Some(peppers), ..Self::at_edge(policy, edge_keys) }
    }

    /// The realm in `WWW-Authenticate`; `cog` by default. Characters other than printable ASCII, `"` and `\` are left out.
    #[must_use]
    pub fn with_realm(mut self, realm: &str) -> Self {
        self.realm =
            realm.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')).collect();
        self
    }

    /// The seconds in `Retry-After` of a 503; 5 by default.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = seconds;
        self
    }

    /// Refuses records that were fetched longer than this many seconds ago; any age is taken by default.
    ///
    /// "Revoked at once" means at the next fresh read: this bounds how long that may take.
    #[must_use]
    pub fn with_max_record_age(mut self, seconds: u64) -> Self {
        self.max_record_age = Some(seconds);
        self
    }

    /// Passes older opaque `cog_` credentials on, as [`Outcome::PassOn`], instead of refusing them.
    #[must_use]
    pub fn with_pass_on(mut self) -> Self {
        self.pass_on = true;
        self
    }

    /// Answers `OPTIONS` requests with [`Outcome::Preflight`], before anything else is looked at.
    #[must_use]
    pub fn with_preflight(mut self) -> Self {
        self.preflight = true;
        self
    }

    /// Begins with a request: reads the header, verifies the token.
    ///
    /// # Errors
    ///
    /// [`Code::ReservedContext`] if the caller's context has `credential` or `time`, [`Code::InvalidContext`] if it is no JSON
    /// object within the limits. Everything that a client can do is an outcome, never an error.
    pub fn begin<'s>(&'s self, request: &HttpRequest<'_>, now: Time) -> Result<Step<'s>, Error> {
        if let Some(context) = request.context {
            facts::check_context(self.policy, context)?;
        }
        let exchange = Exchange {
            gate: self,
            now,
            method: String::from(request.method),
            target: request.target.to_vec(),
            context: request.context.map(<[u8]>::to_vec),
        };
        Ok(exchange.begin(request))
    }
}

/// One request on its way through the gate.
struct Exchange<'s> {
    gate: &'s Gate<'s>,
    now: Time,
    method: String,
    target: Vec<u8>,
    context: Option<Vec<u8>>,
}

impl<'s> Exchange<'s> {
    fn begin(self, request: &HttpRequest<'_>) -> Step<'s> {
        let gate = self.gate;
        if gate.preflight && request.method == "OPTIONS" {
            return Step::Done(Outcome::Preflight);
        }
        if self.now.seconds() >= END_OF_2999 {
            return self.refuse(Refusal::unavailable("implausible_time"));
        }
        let credential = match authorization(request.authorization.iter().copied()) {
            Ok(Authorization::Bearer(credential)) => credential,
            Ok(_) => return self.refuse(Refusal::missing_credential()),
            Err(error) => return self.refuse(Refusal::header(error.code())),
        };
        match self.verify(credential) {
            Ok(token) => Step::Record(RecordNeeded::new(self, token)),
            Err(error) => match error.code() {
                Code::UnknownVersion | Code::WrongLength | Code::UnknownKind if gate.pass_on => {
                    Step::Done(Outcome::PassOn)
                }
                code => self.refuse(Refusal::token(code)),
            },
        }
    }

    fn verify(&self, credential: &[u8]) -> Result<Genuine, Error> {
        self.gate.edge_keys.verify(Token::parse(credential)?, self.now)
    }
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "HttpRequest", self.method, self.target)
    }
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "Exchange", &self.method, &self.target)
    }
}

/// A client can put a credential anywhere, so only what is safe to keep is shown.
fn debug(f: &mut fmt::Formatter<'_>, name: &str, method: &str, target: &[u8]) -> fmt::Result {
    f.debug_struct(name)
        .field("method", &audit::shown(method.as_bytes()))
        .field("target", &audit::shown(audit::path(target)))
        .finish_non_exhaustive()
}
