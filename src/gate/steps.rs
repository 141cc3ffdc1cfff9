//! The two questions that the gate asks, and what it makes of the answers.

use super::Exchange;
use super::audit::Audit;
use super::facts::{Inquiry, invalid};
use super::outcome::{Allowed, Outcome};
use super::refuse::Refusal;
use super::shown::leaks_credential;
use crate::error::Code;
use crate::policy::{Explanation, Request, Route, RouteError};
use crate::time::Time;
use crate::token::{Accepted, CredentialId, EdgeStore, Genuine, Record};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// What the gate needs next, or what came out (the steps of section 15 of `docs/policy-language.md`). The example of the loop
/// over steps is at [`Gate`](super::Gate).
#[derive(Debug)]
#[cfg_attr(
    target_pointer_width = "64",
    expect(
        clippy::large_enum_variant,
        reason = "a box would be one more place that a move leaves something in"
    )
)]
#[must_use = "nothing is decided until `Done`"]
pub enum Step<'s> {
    /// Fetch the record of a credential: the token is genuine. See the example of [`RecordNeeded`].
    Record(RecordNeeded<'s>),
    /// Fetch the facts about a principal and an organization: the credential is active. See the example of [`FactsNeeded`].
    Facts(FactsNeeded<'s>),
    /// This is the outcome. See the example of [`Outcome`].
    Done(Outcome),
}

/// A genuine token, whose record the gate asks for.
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
/// let gate = Gate::at_edge(policy, keys);
/// let Step::Record(needed) = gate.begin(&request, now)? else { panic!("the token is genuine") };
/// assert_eq!(needed.id().as_str(), "AAAABBBBCCCC"); // the key under which the record is stored
/// assert!(matches!(needed.found(record, Some(now)), Step::Facts(_)));
///
/// let Step::Record(needed) = gate.begin(&request, now)? else { panic!() };
/// let Step::Done(Outcome::Refused(refused)) = needed.absent() else { panic!() };
/// assert_eq!((refused.status(), refused.name()), (401, "unknown_credential"));
///
/// let Step::Record(needed) = gate.begin(&request, now)? else { panic!() };
/// let Step::Done(Outcome::Refused(refused)) = needed.unavailable() else { panic!() };
/// assert_eq!((refused.status(), refused.name()), (503, "unavailable"));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "answer with `found`, `absent` or `unavailable`"]
pub struct RecordNeeded<'s> {
    exchange: Box<Exchange<'s>>,
    token: Genuine,
}

/// An accepted token, for whose principal the gate asks facts.
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
/// # let gate = Gate::at_edge(policy, keys);
/// # let needed = || {
/// #     let Step::Record(needed) = gate.begin(&request, now)? else { panic!() };
/// #     let Step::Facts(needed) = needed.found(record, None) else { panic!() };
/// #     Ok::<_, cog_auth::Error>(needed)
/// # };
/// let facts_needed = needed()?; // what `RecordNeeded::found` gave
/// assert_eq!((facts_needed.principal(), facts_needed.organization()), ("su_ci", Some("org-a")));
/// let facts = br#"{
///     "principal": {"type": "service_user", "id": "su_ci", "memberships": [{"organization": "org-a", "roles": ["org_member"]}]},
///     "organization": {"id": "org-a"}}"#;
/// assert!(matches!(facts_needed.found(facts), Step::Done(Outcome::Allowed(_))));
///
/// let Step::Done(Outcome::Refused(refused)) = needed()?.absent() else { panic!() };
/// assert_eq!((refused.status(), refused.name()), (401, "unknown_principal"));
/// let Step::Done(Outcome::Refused(refused)) = needed()?.unavailable() else { panic!() };
/// assert_eq!((refused.status(), refused.name()), (503, "unavailable"));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "answer with `found`, `absent` or `unavailable`"]
pub struct FactsNeeded<'s> {
    exchange: Box<Exchange<'s>>,
    accepted: Accepted,
    route: OwnedRoute,
}

/// A route that outlives the request's target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnedRoute {
    pub(super) action: String,
    pub(super) organization: Option<String>,
    pub(super) undecided: Vec<String>,
}

/// How far apart the clocks of issuer, store and gate may be, in seconds.
const CLOCK_SLACK: u64 = 300;

impl<'s> RecordNeeded<'s> {
    /// The token given is wiped where it is: a move would leave it there.
    pub(super) const fn new(exchange: Box<Exchange<'s>>, token: &Genuine) -> Self {
        Self { exchange, token: token.copied() }
    }

    /// The id of the credential whose record is needed. See the example of [`RecordNeeded`].
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.token.id()
    }

    /// The record was found: its JSON text, and when it was read from the issuer's store, which matters
    /// for [`max_record_age`](super::Gate::with_max_record_age) alone.
    ///
    /// 503 if it is no record, too old, or made more than 300 seconds after `now`; 401 if it does not vouch for the token; else
    /// the route decides: [`Step::Facts`], or 400, 403 or 405. See also the example of [`RecordNeeded`].
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
    /// let gate = Gate::at_edge(policy, keys);
    /// let Step::Record(needed) = gate.begin(&request, now)? else { panic!("the token is genuine") };
    /// let Step::Done(Outcome::Refused(refused)) = needed.found(b"{}", None) else { panic!() };
    /// assert_eq!((refused.status(), refused.name()), (503, "invalid_record"));
    ///
    /// let unheard_of = HttpRequest { target: b"/v4/anything", ..request };
    /// let Step::Record(needed) = gate.begin(&unheard_of, now)? else { panic!() };
    /// let Step::Done(Outcome::Refused(refused)) = needed.found(record, None) else { panic!() };
    /// assert_eq!(refused.status(), 403);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn found(self, record: &[u8], fetched_at: Option<Time>) -> Step<'s> {
        let (gate, now) = (self.exchange.gate, self.exchange.now);
        let record = match Record::from_json(record) {
            Ok(record) => record,
            Err(error) => return self.exchange.refuse(Refusal::of(&error)),
        };
        if gate.max_record_age.is_some_and(|most| !is_fresh(fetched_at, now, most)) {
            return self.exchange.refuse(Refusal::new(Code::StaleRecord));
        }
        if now.seconds() < record.created_at().seconds().saturating_sub(CLOCK_SLACK) {
            return self.exchange.refuse(Refusal::new(Code::ImplausibleTime));
        }
        self.accept(Some(record))
    }

    /// The store has no record of that id: 401, as for a wrong secret. See the example of [`RecordNeeded`].
    pub fn absent(self) -> Step<'s> {
        self.accept(None)
    }

    /// The store could not be asked: 503. See the example of [`RecordNeeded`].
    pub fn unavailable(self) -> Step<'s> {
        self.exchange.refuse(Refusal::new(Code::Unavailable))
    }

    fn accept(self, record: Option<Record>) -> Step<'s> {
        let gate = self.exchange.gate;
        let digest = gate.peppers.as_deref().unwrap_or(&EdgeStore);
        let accepted = match self.token.accept(record, digest, self.exchange.now) {
            Ok(accepted) => accepted,
            Err(error) => return self.exchange.refuse(Refusal::of(&error)),
        };
        let mut audit = Audit::new(&self.exchange);
        audit.accepted = Some(&accepted);
        // A secret pasted into a path must not travel on to stores and logs.
        let path = core::str::from_utf8(&self.exchange.path)
            .ok()
            .filter(|path| !leaks_credential(path.as_bytes()))
            .ok_or(RouteError::InvalidPath);
        match path.and_then(|path| gate.policy.route(&self.exchange.method, path)) {
            Ok(route) => {
                let route = OwnedRoute::of(&route);
                Step::Facts(FactsNeeded { accepted, route, exchange: self.exchange })
            }
            Err(RouteError::InvalidPath) => Refusal::new(Code::InvalidPath).end(&audit),
            Err(RouteError::UnknownRoute) => {
                let explanation = Explanation::of_unknown_route(&gate.policy);
                audit.explanation = Some(&explanation);
                Refusal::new(Code::Denied).end(&audit)
            }
            Err(RouteError::MethodNotAllowed(methods)) => {
                audit.methods = &methods;
                Refusal::new(Code::MethodNotAllowed).end(&audit)
            }
        }
    }
}

impl<'s> FactsNeeded<'s> {
    /// The id of the principal that facts are needed about. See the example of [`FactsNeeded`].
    #[must_use]
    pub fn principal(&self) -> &str {
        self.accepted.record().principal()
    }

    /// The id of the organization that facts are needed about, as it stands in the path; none for a request about the account
    /// itself. See the example of [`FactsNeeded`].
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.route.organization.as_deref()
    }

    /// The facts were found: their JSON text, an object with `principal` and optionally `organization` (section 15 of
    /// `docs/policy-language.md`), of at most [`MAX_REQUEST_BYTES`](crate::policy::MAX_REQUEST_BYTES).
    ///
    /// Then the policy decides. 503 for facts that do not read or are about another principal, 401 for a principal that is
    /// disabled, 403 for a denial. See also the example of [`FactsNeeded`].
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
    /// # let gate = Gate::at_edge(policy, keys);
    /// # let refusal = |facts: &[u8]| {
    /// #     let Step::Record(needed) = gate.begin(&request, now)? else { panic!() };
    /// #     let Step::Facts(needed) = needed.found(record, None) else { panic!() };
    /// #     let Step::Done(Outcome::Refused(refused)) = needed.found(facts) else { panic!() };
    /// #     Ok::<_, cog_auth::Error>((refused.status(), refused.name().to_owned()))
    /// # };
    /// // `refusal` begins, finds the record, and gives these facts.
    /// let status = |facts: &str| refusal(facts.as_bytes());
    /// let stranger = r#"{"principal": {"type": "user", "id": "user_01"}}"#;
    /// assert_eq!(status(stranger)?, (503, "invalid_facts".into()));
    /// let disabled = r#"{"principal": {"type": "service_user", "id": "su_ci", "disabled": true}}"#;
    /// assert_eq!(status(disabled)?, (401, "disabled_principal".into()));
    /// let of_nothing = r#"{"principal": {"type": "service_user", "id": "su_ci", "roles": [], "memberships": []}}"#;
    /// assert_eq!(status(of_nothing)?, (403, "denied".into()));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn found(self, facts: &[u8]) -> Step<'s> {
        let inquiry = Inquiry {
            policy: &self.exchange.gate.policy,
            record: self.accepted.record(),
            valid_until: self.accepted.valid_until(),
            organization: self.route.organization.as_deref(),
            context: Some(self.exchange.context.as_slice()).filter(|context| !context.is_empty()),
            now: self.exchange.now,
        };
        let mut request = Request::empty(inquiry.policy);
        let action = Some(self.route.action.as_str());
        if let Err(error) = inquiry.fill(&mut request, facts, action, |_| invalid()) {
            return self.refuse(Refusal::of(&error));
        }
        let request = request.seal();
        let explanation = request.decide().explain();
        let mut audit = self.audit();
        audit.explanation = Some(&explanation);
        if !explanation.is_allowed() {
            return Refusal::new(Code::Denied).end(&audit);
        }
        let mut codes = Vec::new();
        for reason in explanation.advice() {
            codes.push(String::from(reason.code));
        }
        let audit = audit.write(None);
        Step::Done(Outcome::Allowed(Allowed::new(&self.accepted, self.route, codes, audit)))
    }

    /// There is no such principal: 401. See the example of [`FactsNeeded`].
    pub fn absent(self) -> Step<'s> {
        self.refuse(Refusal::new(Code::UnknownPrincipal))
    }

    /// The facts could not be had: 503. See the example of [`FactsNeeded`].
    pub fn unavailable(self) -> Step<'s> {
        self.refuse(Refusal::new(Code::Unavailable))
    }

    #[inline(never)]
    fn refuse(&self, refusal: Refusal) -> Step<'s> {
        refusal.end(&self.audit())
    }

    fn audit(&self) -> Audit<'_> {
        let mut audit = Audit::new(&self.exchange);
        audit.accepted = Some(&self.accepted);
        audit.route = Some(&self.route);
        audit
    }
}

impl OwnedRoute {
    fn of(route: &Route<'_>) -> Self {
        let mut undecided = Vec::new();
        for action in &route.undecided {
            undecided.push(String::from(*action));
        }
        Self {
            action: String::from(route.action),
            organization: route.organization.map(String::from),
            undecided,
        }
    }
}

fn is_fresh(fetched_at: Option<Time>, now: Time, most: u64) -> bool {
    fetched_at.is_some_and(|fetched| {
        let ahead = fetched.seconds().saturating_sub(now.seconds());
        ahead <= CLOCK_SLACK && now.seconds().saturating_sub(fetched.seconds()) <= most
    })
}
