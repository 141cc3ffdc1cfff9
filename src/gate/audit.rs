//! The audit record: who acted, with what, on what, when, and what came of it. It can hold no
//! secret.

use super::facts::subject_type;
use super::http_request::{path_of, shown_start};
use super::pending::PendingRequest;
use super::shown::shown_segment;
use crate::address::Address;
use crate::error::Entry;
use crate::json::Writer;
use crate::policy::vocabulary::member;
use crate::policy::{Explanation, Reason, Route};
use crate::time::Time;
use crate::token::{Accepted, Handle, Record, redacted_text};
use alloc::borrow::Cow;
use alloc::string::String;

/// How many bytes most audit records have at most.
const ROOM: usize = 768;

/// What is known of a request when it ends.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) pending: &'a PendingRequest<'a>,
    pub(super) accepted: Option<&'a Accepted>,
    pub(super) route: Option<&'a Route<'a>>,
    /// The methods that the path has, if it does not have the request's.
    pub(super) methods: &'a [&'a str],
    /// What the policy decided, or the denial that is given because no route has the path.
    pub(super) explanation: Option<&'a Explanation<'a>>,
}

impl<'a> Known<'a> {
    /// What is known of a request whose credential is not accepted.
    pub(super) const fn new(pending: &'a PendingRequest<'a>) -> Self {
        Self { pending, accepted: None, route: None, methods: &[], explanation: None }
    }

    /// The audit record of a request that was refused for this reason, or of one that was allowed.
    pub(super) fn audit(&self, refused: Option<&Entry>) -> String {
        let mut writer = Writer::with_room(ROOM);
        writer.object(|w| self.write_members(w, refused));
        writer.finish()
    }

    fn write_members(&self, w: &mut Writer, refused: Option<&Entry>) {
        w.name("v").integer(1);
        write_time(w, "time", self.pending.now);
        w.name("outcome").string(if refused.is_none() { "allowed" } else { "refused" });
        if let Some(entry) = refused {
            w.name("status").natural(entry.reply.status().0.into());
            w.name("code").string(entry.name);
        }
        self.write_credential(w);
        w.name("method").string(&shown_start(self.pending.method.as_bytes()));
        let path = path_of(self.pending.target);
        let shown_path = shown_start(path);
        w.name("target").string(&shown_path);
        if let Some(address) = self.pending.client_address.filter(|it| Address::parse(it).is_some())
        {
            w.name("client_address").string(address);
        }
        if let Some(route) = self.route {
            let path = match shown_path {
                Cow::Borrowed(_) => None,
                Cow::Owned(_) => Some(path),
            };
            write_route(w, route, path);
        }
        // The policy says nothing of requests that end before it is asked.
        if let Some(explanation) = self.explanation {
            write_decision(w, explanation);
        }
        if let Some(route) = self.route {
            write_list(w, "undecided", route.undecided.iter());
        }
        if let Some(until) = self.accepted.and_then(Accepted::valid_until) {
            write_time(w, "valid_until", until);
        }
        w.name(member::POLICY).string(&self.pending.options.policy.digest().to_hex());
    }

    fn write_credential(&self, w: &mut Writer) {
        let record = self.accepted.map(Accepted::record);
        if let Some(record) = record {
            write_principal(w, subject_type(record.kind()), record.principal());
        }
        if let Some(handle) = &self.pending.handle {
            write_credential(w, handle, record);
        }
    }
}

/// Writes who acted.
pub(crate) fn write_principal(w: &mut Writer, type_name: &str, id: &str) {
    w.name("principal").object(|w| {
        w.name("type").string(type_name);
        w.name("id").string(&redacted_text(id));
    });
}

/// Writes with which credential somebody acted, and its name, if its record is known.
pub(crate) fn write_credential(w: &mut Writer, handle: &Handle, record: Option<&Record>) {
    w.name("credential").object(|w| {
        w.name("kind").string(handle.kind().name());
        w.name("id").string(handle.id().as_str());
        w.name("handle").string(handle.as_str());
        if let Some(name) = record.and_then(Record::name) {
            w.name("name").string(&redacted_text(name));
        }
    });
}

/// Writes what the policy said: the decision, and of reasons and advice the codes.
pub(crate) fn write_decision(w: &mut Writer, explanation: &Explanation<'_>) {
    w.name(member::DECISION).boolean(explanation.is_allowed());
    if let Some(denial) = explanation.denial() {
        w.name(member::CLASS).string(denial.name());
    }
    write_list(w, member::RULES, explanation.rules().iter().copied());
    write_codes(w, member::REASONS, explanation.reasons());
    write_codes(w, member::POSSIBLE, explanation.possible());
    write_list(w, member::MISSING, explanation.missing().iter());
    explanation.write_unusable(w);
    write_codes(w, member::ADVICE, explanation.advice());
}

/// Writes what the route says and what it names, of which the values are the client's. The path is
/// given unless it is shown as it is.
fn write_route(w: &mut Writer, route: &Route<'_>, path: Option<&[u8]>) {
    w.name("action").string(route.action);
    w.name("organization");
    match route.organization {
        Some(organization) => w.string(&shown_segment(organization, path)),
        None => w.raw("null"),
    };
    if let Some(resource) = route.resource {
        w.name("resource").object(|w| {
            w.name("type").string(resource.type_name);
            w.name("id").string(&shown_segment(resource.id, path));
        });
    }
    if !route.parameters.is_empty() {
        w.name("parameters").object(|w| {
            for parameter in &route.parameters {
                w.name(parameter.name).string(&shown_segment(parameter.value, path));
            }
        });
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

pub(super) fn write_codes(w: &mut Writer, name: &'static str, reasons: &[Reason<'_>]) {
    write_list(w, name, reasons.iter().map(|reason| reason.code));
}

fn write_time(w: &mut Writer, name: &str, time: Time) {
    w.name(name).natural(time.seconds());
}
