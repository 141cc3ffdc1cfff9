//! The audit record: who acted, with what, on what, when, and what came of it. It can hold no secret.

use super::Exchange;
use super::facts::subject_type;
use super::refuse::Refusal;
use super::shown::shown;
use super::steps::OwnedRoute;
use crate::json::Writer;
use crate::policy::{Decision, Reason};
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
    pub(super) decision: Option<&'a Decision<'a>>,
    /// The class of the denial; empty without one.
    pub(super) class: &'static str,
    pub(super) reasons: &'a [Reason<'a>],
    pub(super) advice: &'a [Reason<'a>],
}

impl<'a> Audit<'a> {
    /// Of a request of which nothing more is known.
    pub(super) const fn new(exchange: &'a Exchange<'a>) -> Self {
        Self {
            exchange,
            accepted: None,
            route: None,
            methods: &[],
            decision: None,
            class: "",
            reasons: &[],
            advice: &[],
        }
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
        self.decision(w, refusal.is_none());
        if let Some(route) = self.route {
            write_list(w, "undecided", &route.undecided);
        }
        if let Some(until) = self.accepted.and_then(Accepted::valid_until) {
            write_time(w, "valid_until", until);
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

    /// What the policy said, and that it says nothing of an unknown route.
    fn decision(&self, w: &mut Writer, allowed: bool) {
        if self.decision.is_some() || !self.class.is_empty() {
            w.name("decision").boolean(allowed);
        }
        if !self.class.is_empty() {
            w.name("class").string(self.class);
        }
        if let Some(decision) = self.decision {
            let mut list = List::new(w, "rules");
            decision.rules().for_each(|rule| list.add(rule));
            list.end();
        }
        write_codes(w, "reasons", self.reasons);
        if let Some(decision) = self.decision {
            write_list(w, "missing", &decision.missing());
        }
        write_codes(w, "advice", self.advice);
    }
}

/// A member that lists strings; none without strings.
struct List<'w> {
    w: &'w mut Writer,
    name: &'static str,
}

impl<'w> List<'w> {
    const fn new(w: &'w mut Writer, name: &'static str) -> Self {
        Self { w, name }
    }

    fn add(&mut self, text: &str) {
        if !self.name.is_empty() {
            self.w.name(self.name).open(b'[');
            self.name = "";
        }
        self.w.string(text);
    }

    fn end(self) {
        if self.name.is_empty() {
            self.w.close(b']');
        }
    }
}

fn write_list(w: &mut Writer, name: &'static str, texts: &[String]) {
    let mut list = List::new(w, name);
    texts.iter().for_each(|text| list.add(text));
    list.end();
}

fn write_codes(w: &mut Writer, name: &'static str, reasons: &[Reason<'_>]) {
    let mut list = List::new(w, name);
    reasons.iter().for_each(|reason| list.add(reason.code));
    list.end();
}

fn write_time(w: &mut Writer, name: &str, time: Time) {
    w.name(name).integer(i64::try_from(time.seconds()).unwrap_or(i64::MAX));
}
