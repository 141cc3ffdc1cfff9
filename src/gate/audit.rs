//! The audit record: who acted, with what, on what, when, and what came of it. It can hold no secret.

use super::Exchange;
use super::facts::subject_type;
use super::refuse::Refusal;
use super::shown::shown;
use super::steps::OwnedRoute;
use crate::json::Writer;
use crate::policy::{Decision, Reason, UNKNOWN_ROUTE};
use crate::time::Time;
use crate::token::{Accepted, Handle, redact};
use alloc::string::String;
use alloc::vec::Vec;

/// What is known of a request when it ends.
#[derive(Clone, Copy)]
pub(super) struct Audit<'a> {
    pub(super) exchange: &'a Exchange<'a>,
    /// The genuine token's.
    pub(super) handle: Option<Handle>,
    pub(super) accepted: Option<&'a Accepted>,
    pub(super) route: Option<&'a OwnedRoute>,
    pub(super) decision: Option<&'a Decision<'a>>,
}

impl<'a> Audit<'a> {
    /// Of a request of which nothing more is known.
    pub(super) const fn new(exchange: &'a Exchange<'a>) -> Self {
        Self { exchange, handle: None, accepted: None, route: None, decision: None }
    }

    /// The record of a request that was refused, or of one that was allowed.
    pub(super) fn write(&self, refusal: Option<&Refusal<'_>>) -> String {
        let mut writer = Writer::new();
        writer.object(|w| self.members(w, refusal));
        writer.finish()
    }

    fn members(&self, w: &mut Writer, refusal: Option<&Refusal<'_>>) {
        w.name("v").integer(1);
        w.name("time").integer(seconds(self.exchange.now));
        match refusal {
            None => {
                w.name("outcome").string("allowed");
            }
            Some(refusal) => {
                w.name("outcome").string("refused");
                w.name("status").integer(i64::from(refusal.status));
                w.name("code").string(refusal.code);
            }
        }
        self.credential(w);
        w.name("method").string(&shown(self.exchange.method.as_bytes()));
        w.name("target").string(&shown(&self.exchange.path));
        if let Some(route) = self.route {
            w.name("action").string(&route.action);
            w.name("organization");
            match &route.organization {
                Some(organization) => w.string(&shown(organization.as_bytes())),
                None => w.raw("null"),
            };
        }
        if let Some(decision) = self.decision {
            write_decision(w, decision);
        } else if let Some((class, _)) = refusal.and_then(|refusal| refusal.denial) {
            w.name("decision").boolean(false);
            w.name("class").string(class);
            w.name("reasons").strings([UNKNOWN_ROUTE.code]);
        }
        if let Some(route) = self.route {
            list(w, "undecided", route.undecided.iter().map(String::as_str).collect());
        }
        if let Some(until) = self.accepted.and_then(Accepted::valid_until) {
            w.name("valid_until").integer(seconds(until));
        }
        w.name("policy").string(&self.exchange.gate.policy.digest().to_hex());
    }

    fn credential(&self, w: &mut Writer) {
        let record = self.accepted.map(Accepted::record);
        if let Some(record) = record {
            w.name("principal").object(|w| {
                w.name("type").string(subject_type(record.kind()));
                w.name("id").string(&redact(record.principal()));
            });
        }
        if let Some(handle) = self.handle {
            w.name("credential").object(|w| {
                w.name("kind").string(handle.kind().name());
                w.name("id").string(handle.id().as_str());
                w.name("handle").string(handle.as_str());
                if let Some(name) = record.and_then(|record| record.name()) {
                    w.name("name").string(&redact(name));
                }
            });
        }
    }
}

fn write_decision(w: &mut Writer, decision: &Decision<'_>) {
    w.name("decision").boolean(decision.is_allowed());
    if let Some(denial) = decision.denial() {
        w.name("class").string(denial.name());
    }
    list(w, "rules", decision.rules().collect());
    list(w, "reasons", codes(decision.reasons()));
    let missing = decision.missing();
    list(w, "missing", missing.iter().map(String::as_str).collect());
    list(w, "advice", codes(decision.advice()));
}

fn codes(reasons: Vec<Reason<'_>>) -> Vec<&str> {
    reasons.into_iter().map(|reason| reason.code).collect()
}

fn list(w: &mut Writer, name: &str, items: Vec<&str>) {
    if !items.is_empty() {
        w.name(name).strings(items);
    }
}

fn seconds(time: Time) -> i64 {
    i64::try_from(time.seconds()).unwrap_or(i64::MAX)
}
