//! The two questions that the gate asks, and what it makes of the answers.

use super::Exchange;
use super::audit::{Audit, leaks_credential};
use super::facts::Inquiry;
use super::outcome::{Allowed, Outcome};
use super::refuse::Refusal;
use crate::error::Code;
use crate::policy::{Route, RouteError};
use crate::time::Time;
use crate::token::{AcceptedAtEdge, AcceptedAtOrigin, CredentialId, Genuine, Handle, Record};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// What the gate needs next, or what came out.
#[derive(Debug)]
#[must_use = "nothing is decided until `Done`"]
pub enum Step<'s> {
    /// Fetch the record of a credential.
    Record(RecordNeeded<'s>),
    /// Fetch the facts about a principal and an organization.
    Facts(FactsNeeded<'s>),
    /// This is the outcome.
    Done(Outcome),
}

/// A genuine token, whose record the gate asks for.
#[derive(Debug)]
#[must_use = "answer with `found`, `absent` or `unavailable`"]
pub struct RecordNeeded<'s> {
    exchange: Box<Exchange<'s>>,
    token: Genuine,
}

/// An accepted token, for whose principal the gate asks facts.
#[derive(Debug)]
#[must_use = "answer with `found`, `absent` or `unavailable`"]
pub struct FactsNeeded<'s> {
    exchange: Box<Exchange<'s>>,
    accepted: Accepted,
    route: OwnedRoute,
}

/// A token with its record, on whichever word.
#[derive(Debug)]
pub(super) enum Accepted {
    Edge(AcceptedAtEdge),
    Origin(AcceptedAtOrigin),
}

/// A route that outlives the request's target.
#[derive(Debug)]
pub(super) struct OwnedRoute {
    pub(super) action: String,
    pub(super) organization: Option<String>,
    pub(super) undecided: Vec<String>,
}

/// How far before a credential's creation a clock may be.
const CLOCK_SLACK: u64 = 300;

impl<'s> RecordNeeded<'s> {
    pub(super) fn new(exchange: Exchange<'s>, token: Genuine) -> Self {
        Self { exchange: Box::new(exchange), token }
    }

    /// The id of the credential whose record is needed.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.token.id()
    }

    /// The record was found: its JSON text, and when it was read from the issuer's store, which matters
    /// for [`max_record_age`](super::Gate::with_max_record_age) alone.
    pub fn found(self, record: &[u8], fetched_at: Option<Time>) -> Step<'s> {
        let (gate, now) = (self.exchange.gate, self.exchange.now);
        let record = match Record::from_json(record) {
            Ok(record) => record,
            Err(_) => return self.refuse(Refusal::unavailable("invalid_record")),
        };
        if gate.max_record_age.is_some_and(|most| !is_fresh(fetched_at, now, most)) {
            return self.refuse(Refusal::unavailable("stale_record"));
        }
        if now.seconds() < record.created_at().seconds().saturating_sub(CLOCK_SLACK) {
            return self.refuse(Refusal::unavailable("implausible_time"));
        }
        self.accept(Some(record))
    }

    /// The store has no record of that id.
    pub fn absent(self) -> Step<'s> {
        self.accept(None)
    }

    /// The store could not be asked.
    pub fn unavailable(self) -> Step<'s> {
        self.refuse(Refusal::unavailable("unavailable"))
    }

    fn refuse(self, refusal: Refusal) -> Step<'s> {
        let audit = Audit::new(&self.exchange).token(&self.token);
        Step::Done(refusal.outcome(&self.exchange, audit))
    }

    fn accept(self, record: Option<Record>) -> Step<'s> {
        let Self { exchange, token } = self;
        let audit = Audit::new(&exchange).token(&token);
        let accepted = match exchange.gate.peppers {
            None => token.accept_at_edge(record, exchange.now).map(Accepted::Edge),
            Some(peppers) => {
                token.accept_at_origin(record, peppers, exchange.now).map(Accepted::Origin)
            }
        };
        let accepted = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                let refusal = match error.code() {
                    Code::InvalidRecord => Refusal::unavailable("invalid_record"),
                    code => Refusal::token(code),
                };
                return Step::Done(refusal.outcome(&exchange, audit));
            }
        };
        let audit = Audit::new(&exchange).accepted(&accepted);
        match exchange.route() {
            Ok(route) => Step::Facts(FactsNeeded { accepted, route, exchange }),
            Err(refusal) => Step::Done(refusal.outcome(&exchange, audit)),
        }
    }
}

impl<'s> FactsNeeded<'s> {
    /// The id of the principal that facts are needed about.
    #[must_use]
    pub fn principal(&self) -> &str {
        self.accepted.record().principal()
    }

    /// The organization that facts are needed about; none for a request about the account itself.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.route.organization.as_deref()
    }

    /// The facts were found: their JSON text.
    pub fn found(self, facts: &[u8]) -> Step<'s> {
        let inquiry = Inquiry {
            policy: self.exchange.gate.policy,
            record: self.accepted.record(),
            valid_until: self.accepted.valid_until(),
            organization: self.route.organization.as_deref(),
            context: self.exchange.context.as_deref(),
            now: self.exchange.now,
        };
        let request = match inquiry.read(facts, Some(&self.route.action)) {
            Ok(request) => request,
            Err(error) => {
                let refusal = match error.code() {
                    Code::DisabledPrincipal => Refusal::credential("disabled_principal"),
                    _ => Refusal::unavailable("invalid_facts"),
                };
                return self.refuse(refusal);
            }
        };
        let decision = request.decide();
        let audit = self.audit().decision(&decision);
        Step::Done(if decision.is_allowed() {
            Outcome::Allowed(Allowed::new(&self.accepted, &self.route, &decision, audit.allowed()))
        } else {
            Refusal::denied(&decision).outcome(&self.exchange, audit)
        })
    }

    /// There is no such principal.
    pub fn absent(self) -> Step<'s> {
        self.refuse(Refusal::credential("unknown_principal"))
    }

    /// The facts could not be had.
    pub fn unavailable(self) -> Step<'s> {
        self.refuse(Refusal::unavailable("unavailable"))
    }

    fn audit(&self) -> Audit {
        Audit::new(&self.exchange).accepted(&self.accepted).route(&self.route)
    }

    fn refuse(self, refusal: Refusal) -> Step<'s> {
        Step::Done(refusal.outcome(&self.exchange, self.audit()))
    }
}

impl<'s> Exchange<'s> {
    pub(super) fn refuse(self, refusal: Refusal) -> Step<'s> {
        let audit = Audit::new(&self);
        Step::Done(refusal.outcome(&self, audit))
    }

    /// The path of the target: all before the query.
    pub(super) fn path(&self) -> &[u8] {
        super::audit::path(&self.target)
    }

    fn route(&self) -> Result<OwnedRoute, Box<Refusal>> {
        let Ok(path) = core::str::from_utf8(self.path()) else {
            return Err(Box::new(Refusal::invalid_path()));
        };
        // A secret pasted into a path must not travel on to stores and logs.
        if leaks_credential(path) {
            return Err(Box::new(Refusal::invalid_path()));
        }
        match self.gate.policy.route(&self.method, path) {
            Ok(Route { action, organization, undecided }) => Ok(OwnedRoute {
                action: String::from(action),
                organization: organization.map(String::from),
                undecided: undecided.into_iter().map(String::from).collect(),
            }),
            Err(RouteError::InvalidPath) => Err(Box::new(Refusal::invalid_path())),
            Err(RouteError::UnknownRoute) => Err(Box::new(Refusal::unknown_route())),
            Err(RouteError::MethodNotAllowed(methods)) => {
                Err(Box::new(Refusal::method_not_allowed(&methods)))
            }
        }
    }
}

impl Accepted {
    pub(super) fn record(&self) -> &Record {
        match self {
            Self::Edge(accepted) => accepted.record(),
            Self::Origin(accepted) => accepted.record(),
        }
    }

    pub(super) fn handle(&self) -> Handle {
        match self {
            Self::Edge(accepted) => accepted.handle(),
            Self::Origin(accepted) => accepted.handle(),
        }
    }

    pub(super) fn valid_until(&self) -> Option<Time> {
        match self {
            Self::Edge(accepted) => accepted.valid_until(),
            Self::Origin(accepted) => accepted.valid_until(),
        }
    }
}

fn is_fresh(fetched_at: Option<Time>, now: Time, most: u64) -> bool {
    fetched_at.is_some_and(|fetched| now.seconds().saturating_sub(fetched.seconds()) <= most)
}
