//! The two questions that the gate asks, and what it makes of the answers: from the record to the
//! route, and from the facts to the decision.

use super::audit::Known;
use super::facts::subject_type;
use super::http_request::path_of;
use super::outcome::{Allowed, Outcome, advice_codes};
use super::pending::PendingRequest;
use super::question::Question;
use super::response::{refused, refused_because};
use super::shown::leaks_credential;
use crate::error::{Code, Error};
use crate::policy::{Explanation, Route, RouteError, RouteResource, is_origin_form};
use crate::time::Time;
use crate::token::{Accepted, CredentialId, EdgeDigestCheck, Kind, Record};
use alloc::boxed::Box;

/// What the gate needs next, or what came out (the steps of section 15 of
/// `docs/policy-language.md`).
///
/// It borrows from the gate and from the request that [`Gate::begin`](super::Gate::begin) was
/// given. It is `Send`, so that an asynchronous service can hold it while it waits for its store.
/// The loop over steps is shown at [`Gate`](super::Gate).
#[derive(Debug)]
#[must_use = "nothing is decided until `Done`"]
pub enum Step<'g> {
    /// Fetch the record of a credential: its token is genuine.
    Record(RecordNeeded<'g>),
    /// Fetch the facts about a principal, an organization and a resource: the credential is active.
    Facts(FactsNeeded<'g>),
    /// This is the outcome.
    Done(Outcome),
}

/// A genuine token, whose record the gate asks for. [`RecordNeeded::found`] has an example.
#[derive(Debug)]
#[must_use = "answer with `found`, `absent` or `unavailable`"]
pub struct RecordNeeded<'g> {
    /// The request, whose `token` is the genuine one.
    pending: Box<PendingRequest<'g>>,
}

/// An accepted token, for whose principal the gate asks facts. [`Gate`](super::Gate) has an
/// example.
#[derive(Debug)]
#[must_use = "answer with `found`, `absent` or `unavailable`"]
pub struct FactsNeeded<'g> {
    pending: Box<PendingRequest<'g>>,
    // In a box, because steps are moved.
    accepted: Box<Accepted>,
    route: Route<'g>,
}

/// A credential that is accepted, kept apart from the request that it came with
/// ([`Gate::resume`](super::Gate::resume)). Nothing in it is secret.
#[doc(hidden)]
#[derive(Debug)]
pub struct HeldCredential {
    pub(super) accepted: Box<Accepted>,
    pub(super) now: Time,
}

/// How far apart the clocks of issuer, store and gate may be, in seconds.
const CLOCK_SLACK: u64 = 300;

impl<'g> RecordNeeded<'g> {
    /// Of a request whose token is genuine.
    pub(super) const fn new(pending: Box<PendingRequest<'g>>) -> Self {
        Self { pending }
    }

    /// The id of the credential, under which its record is stored.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.pending.token.id()
    }

    /// Answers that the record was found: its JSON text, of at most
    /// [`MAX_RECORD_BYTES`](crate::token::MAX_RECORD_BYTES), and when it was read from the issuer's
    /// store, which matters for
    /// [`with_max_record_age`](super::Gate::with_max_record_age) alone.
    ///
    /// What comes next is [`Step::Facts`] if the record vouches for the token and the path has a
    /// route. Otherwise the request is refused: with 503 if the text is not a record, lacks the
    /// digest that this gate compares, or was made more than 300 seconds after the present time;
    /// with 401 if it does not vouch for the token; with 400, 403 or 405 for the route. With a
    /// maximum age it is also refused with 503 if `fetched_at` is missing, too long ago, or more
    /// than 300 seconds after the present time.
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
    /// let header = "Bearer \
    ///     cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// let request = HttpRequest {
    ///     method: "GET",
    ///     target: b"/v3/organizations/org-a/sessions",
    ///     authorization: &[header.as_bytes()],
    ///     context: None,
    ///     client_address: None,
    /// };
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let Step::Record(needed) = gate.begin(&request, now)? else { panic!() };
    /// assert_eq!(needed.id().as_str(), "AAAABBBBCCCC");
    /// let Step::Done(Outcome::Refused(refused)) = needed.found(b"{}", None) else { panic!() };
    /// assert_eq!((refused.status(), refused.code()), (503, Code::InvalidRecord));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn found(self, record: &[u8], fetched_at: Option<Time>) -> Step<'g> {
        let (options, now) = (self.pending.options, self.pending.now);
        let record = match Record::from_json(record) {
            Ok(record) => record,
            Err(error) => return self.refuse(error),
        };
        if options.max_record_age.is_some_and(|most| !is_fresh(fetched_at, now, most)) {
            return self.refuse(Error::new(Code::StaleRecord));
        }
        if now.seconds() < record.created_at().seconds().saturating_sub(CLOCK_SLACK) {
            return self.refuse(Error::new(Code::ImplausibleTime));
        }
        self.accept(Some(record))
    }

    /// Answers that the store has no record of that id: 401, as for a wrong secret.
    pub fn absent(self) -> Step<'g> {
        self.accept(None)
    }

    /// Answers that the store could not be asked: 503.
    pub fn unavailable(self) -> Step<'g> {
        self.refuse(Error::new(Code::Unavailable))
    }

    fn accept(mut self, record: Option<Record>) -> Step<'g> {
        let check = self.pending.options.peppers.as_deref().unwrap_or(&EdgeDigestCheck);
        let accepted = self.pending.token.accept(record, check, self.pending.now);
        self.pending.token.wipe();
        match accepted {
            Ok(accepted) => find_route(self.pending, Box::new(accepted)),
            Err(error) => self.refuse(error),
        }
    }

    #[inline(never)]
    fn refuse(&self, error: Error) -> Step<'g> {
        Step::Done(refused_because(&Known::new(&self.pending), error))
    }
}

/// Finds the route of a request whose credential is active.
pub(super) fn find_route<'g>(
    pending: Box<PendingRequest<'g>>,
    accepted: Box<Accepted>,
) -> Step<'g> {
    // A secret that was pasted into a path must not travel on to stores and logs.
    let path = core::str::from_utf8(path_of(pending.target))
        .ok()
        .filter(|path| is_origin_form(pending.target) && !leaks_credential(path.as_bytes()))
        .ok_or(RouteError::InvalidPath);
    let policy = &pending.options.policy;
    let error = match path.and_then(|path| policy.route(pending.method, path)) {
        Ok(route) => return Step::Facts(FactsNeeded { pending, accepted, route }),
        Err(error) => error,
    };
    let mut known = Known { accepted: Some(&accepted), ..Known::new(&pending) };
    Step::Done(match &error {
        RouteError::InvalidPath => refused(&known, Code::InvalidPath.entry()),
        RouteError::UnknownRoute => {
            let explanation = Explanation::of_unknown_route(policy.digest());
            known.explanation = Some(&explanation);
            refused(&known, Code::Denied.entry())
        }
        RouteError::MethodNotAllowed(methods) => {
            known.methods = methods;
            refused(&known, Code::MethodNotAllowed.entry())
        }
    })
}

impl<'g> FactsNeeded<'g> {
    /// The kind of the credential.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.accepted.handle().kind()
    }

    /// The type of the principal that facts are needed about: `user` or `service_user`, after the
    /// kind of the credential. Ids alone do not tell a user from a service user.
    #[must_use]
    pub const fn principal_type(&self) -> &'static str {
        subject_type(self.kind())
    }

    /// The id of the principal that facts are needed about.
    #[must_use]
    pub fn principal(&self) -> &str {
        self.accepted.record().principal()
    }

    /// The id of the organization that facts are needed about, as it stands in the path; none for a
    /// request about the account itself.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.route.organization
    }

    /// The resource that facts are needed about, as it stands in the path; none for a request about
    /// the organization or the account.
    #[must_use]
    pub const fn resource(&self) -> Option<RouteResource<'_>> {
        self.route.resource
    }

    /// Answers that the facts were found: their JSON text, an object with `principal` and perhaps
    /// `organization` and `resource` (section 15 of `docs/policy-language.md`), of at most
    /// [`MAX_REQUEST_BYTES`](crate::policy::MAX_REQUEST_BYTES).
    ///
    /// The policy decides, and what comes next is the outcome. The request is refused with 503 for
    /// facts that cannot be read or are about anything else than was asked for, with 401 for a
    /// principal that is disabled, and with 403 for a denial.
    pub fn found(mut self, facts: &[u8]) -> Step<'g> {
        let policy = &self.pending.options.policy;
        let attributes = match self.pending.context.take() {
            Some(context) => *context,
            None => policy.attributes(),
        };
        let question = Question {
            policy,
            record: self.accepted.record(),
            valid_until: self.accepted.valid_until(),
            organization: self.route.organization,
            resource: self.route.resource,
            client_address: self.pending.client_address,
            now: self.pending.now,
        };
        let request = match question.ask(attributes, facts, Some(self.route.action)) {
            Ok(request) => request,
            Err(error) => return self.refuse(error),
        };
        let explanation = request.decide().explain();
        let known = Known { explanation: Some(&explanation), ..self.known() };
        if !explanation.is_allowed() {
            return Step::Done(refused(&known, Code::Denied.entry()));
        }
        let (audit, advice) = (known.audit(None), advice_codes(&explanation));
        Step::Done(Outcome::Allowed(Allowed::new(self.accepted, &self.route, advice, audit)))
    }

    /// Keeps the credential for [`Gate::resume`](super::Gate::resume), and nothing else.
    #[doc(hidden)]
    #[must_use]
    pub fn hold(self) -> HeldCredential {
        HeldCredential { accepted: self.accepted, now: self.pending.now }
    }

    /// Answers that there is no such principal: 401.
    pub fn absent(self) -> Step<'g> {
        self.refuse(Error::new(Code::UnknownPrincipal))
    }

    /// Answers that the facts could not be had: 503.
    pub fn unavailable(self) -> Step<'g> {
        self.refuse(Error::new(Code::Unavailable))
    }

    #[inline(never)]
    fn refuse(&self, error: Error) -> Step<'g> {
        Step::Done(refused_because(&self.known(), error))
    }

    fn known(&self) -> Known<'_> {
        Known {
            accepted: Some(&self.accepted),
            route: Some(&self.route),
            ..Known::new(&self.pending)
        }
    }
}

fn is_fresh(fetched_at: Option<Time>, now: Time, most: u64) -> bool {
    fetched_at.is_some_and(|fetched| {
        let ahead = fetched.seconds().saturating_sub(now.seconds());
        ahead <= CLOCK_SLACK && now.seconds().saturating_sub(fetched.seconds()) <= most
    })
}
