//! The audit record: who acted, with what, on what, when, and what came of it. It can hold no secret.

use super::Exchange;
use super::facts::subject_type;
use super::refuse::Refusal;
use super::shown::shown;
use super::steps::OwnedRoute;
use crate::json::Writer;
use crate::policy::vocabulary::member;
use crate::policy::{Explanation, Reason};
use crate::time::Time;
use crate::token::{Accepted, redact};
use alloc::string::String;

/// What is known of a request when it ends.
#[derive(Clone, Copy)]
pub(super) struct Audit<'a> {
    pub(super) exchange: &'a Exchange<'a>,
    pub(super) accepted: Option<&'a Accepted>,
    pub(super) route: Option<&'a OwnedRoute>,
    /// The methods that the path has, if it has not the request's.
    pub(super) methods: &'a [&'a str],
    /// What the policy said, or what an unknown route comes to.
    pub(super) explanation: Option<&'a Explanation<'a>>,
}

impl<'a> Audit<'a> {
    /// Of a request of which nothing more is known.
    pub(super) const fn new(exchange: &'a Exchange<'a>) -> Self {
        Self { exchange, accepted: None, route: None, methods: &[], explanation: None }
    }

    /// The record of a request that was refused, or of one that was allowed.
    pub(super) fn write(&self, refusal: Option<Refusal>) -> String {
        let mut writer = Writer::new();
        writer.object(|w| self.members(w, refusal));
        writer.finish()
    }

    fn members(&self, w: &mut Writer, refusal: Option<Refusal>) {
        w.name("v").integer(1);
        write_time(w, "time", self.exchange.now);
        w.name("outcome").string(if refusal.is_none() { "allowed" } else { "refused" });
        if let Some(refusal) = refusal {
            w.name("status").integer(i64::from(refusal.status()));
            w.name("code").string(refusal.name());
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
        self.decision(w);
        if let Some(route) = self.route {
            write_list(w, "undecided", route.undecided.iter());
        }
        if let Some(until) = self.accepted.and_then(Accepted::valid_until) {
            write_time(w, "valid_until", until);
        }
        w.name(member::POLICY).string(&self.exchange.gate.policy.digest().to_hex());
    }

    fn credential(&self, w: &mut Writer) {
        let record = self.accepted.map(Accepted::record);
        if let Some(record) = record {
            w.name("principal").object(|w| {
                w.name("type").string(subject_type(record.kind()));
                w.name("id").string(&redact(record.principal()));
            });
        }
        if let Some(handle) = &self.exchange.handle {
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

    /// What the policy said. It says nothing of requests that end before it is asked.
    fn decision(&self, w: &mut Writer) {
        let Some(explanation) = self.explanation else { return };
        w.name(member::DECISION).boolean(explanation.is_allowed());
        if let Some(denial) = explanation.denial() {
            w.name(member::CLASS).string(denial.name());
        }
        write_list(w, member::RULES, explanation.rules().iter().copied());
        write_codes(w, member::REASONS, explanation.reasons());
        write_list(w, member::MISSING, explanation.missing().iter());
        write_codes(w, member::ADVICE, explanation.advice());
    }
}

/// Writes a member that lists strings, unless there are none.
fn write_list<T: AsRef<str>>(
    w: &mut Writer,
    name: &'static str,
    texts: impl ExactSizeIterator<Item = T>,
) {
    if texts.len() > 0 {
        w.name(name).strings(texts);
    }
}

fn write_codes(w: &mut Writer, name: &'static str, reasons: &[Reason<'_>]) {
    write_list(w, name, reasons.iter().map(|reason| reason.code));
}

fn write_time(w: &mut Writer, name: &str, time: Time) {
    w.name(name).integer(i64::try_from(time.seconds()).unwrap_or(i64::MAX));
}
