//! The audit record: who acted, with what, on what, when, and what came of it. It can hold no secret.

use super::Exchange;
use super::facts::subject_type;
use super::steps::{Accepted, OwnedRoute};
use crate::json::Writer;
use crate::policy::Decision;
use crate::time::Time;
use crate::token::{Genuine, redact};
use alloc::string::String;
use alloc::vec::Vec;

/// How many characters of what a client sent are kept.
const MAX_CHARACTERS: usize = 256;

/// An audit record that is being written, as members already in JSON.
#[derive(Debug)]
pub(super) struct Audit {
    time: Time,
    principal: Option<String>,
    credential: Option<String>,
    request: String,
    route: Option<String>,
    decision: Option<String>,
    undecided: String,
    valid_until: String,
    policy: String,
}

impl Audit {
    pub(super) fn new(exchange: &Exchange<'_>) -> Self {
        let request = members(|w| {
            w.name("method").string(&shown(exchange.method.as_bytes()));
            w.name("target").string(&shown(exchange.path()));
        });
        Self {
            time: exchange.now,
            principal: None,
            credential: None,
            request,
            route: None,
            decision: None,
            undecided: String::new(),
            valid_until: String::new(),
            policy: exchange.gate.policy.digest().to_hex(),
        }
    }

    pub(super) fn token(mut self, token: &Genuine) -> Self {
        self.credential = Some(members(|w| {
            w.name("credential").object(|w| {
                w.name("kind").string(token.kind().name());
                w.name("id").string(token.id().as_str());
                w.name("handle").string(token.handle().as_str());
            });
        }));
        self
    }

    pub(super) fn accepted(mut self, accepted: &Accepted) -> Self {
        let record = accepted.record();
        self.principal = Some(members(|w| {
            w.name("principal").object(|w| {
                w.name("type").string(subject_type(record.kind()));
                w.name("id").string(&redact(record.principal()));
            });
        }));
        self.credential = Some(members(|w| {
            w.name("credential").object(|w| {
                w.name("kind").string(record.kind().name());
                w.name("id").string(record.id().as_str());
                w.name("handle").string(accepted.handle().as_str());
                if let Some(name) = record.name() {
                    w.name("name").string(&redact(name));
                }
            });
        }));
        if let Some(until) = accepted.valid_until() {
            self.valid_until = members(|w| {
                w.name("valid_until").integer(seconds(until));
            });
        }
        self
    }

    pub(super) fn route(mut self, route: &OwnedRoute) -> Self {
        self.route = Some(members(|w| {
            w.name("action").string(&route.action);
            w.name("organization");
            match &route.organization {
                Some(organization) => w.string(&shown(organization.as_bytes())),
                None => w.raw("null"),
            };
        }));
        if !route.undecided.is_empty() {
            self.undecided = members(|w| {
                w.name("undecided").strings(&route.undecided);
            });
        }
        self
    }

    pub(super) fn decision(mut self, decision: &Decision<'_>) -> Self {
        self.decision = Some(members(|w| {
            w.name("decision").boolean(decision.is_allowed());
            if let Some(denial) = decision.denial() {
                w.name("class").string(denial.name());
            }
            list(w, "rules", decision.rules().map(String::from).collect());
            list(
                w,
                "reasons",
                decision.reasons().iter().map(|reason| String::from(reason.code)).collect(),
            );
            list(w, "missing", decision.missing());
            list(
                w,
                "advice",
                decision.advice().iter().map(|reason| String::from(reason.code)).collect(),
            );
        }));
        self
    }

    pub(super) fn allowed(self) -> String {
        let outcome = members(|w| {
            w.name("outcome").string("allowed");
        });
        self.finish(outcome)
    }

    /// `class` is that of a denial without a decision of the policy: an unknown route.
    pub(super) fn refused(mut self, status: u16, code: &str, class: Option<&str>) -> String {
        let outcome = members(|w| {
            w.name("outcome").string("refused");
            w.name("status").integer(i64::from(status));
            w.name("code").string(code);
        });
        if let (None, Some(class)) = (&self.decision, class) {
            self.decision = Some(members(|w| {
                w.name("decision").boolean(false);
                w.name("class").string(class);
                w.name("reasons").strings([crate::policy::UNKNOWN_ROUTE.code]);
            }));
        }
        self.finish(outcome)
    }

    fn finish(self, outcome: String) -> String {
        let start = members(|w| {
            w.name("v").integer(1);
            w.name("time").integer(seconds(self.time));
        });
        let policy = members(|w| {
            w.name("policy").string(&self.policy);
        });
        let optional = |part: Option<String>| part.unwrap_or_default();
        let parts = [
            start,
            outcome,
            optional(self.principal),
            optional(self.credential),
            self.request,
            optional(self.route),
            optional(self.decision),
            self.undecided,
            self.valid_until,
            policy,
        ];
        ["{", &joined(&parts), "}"].concat()
    }
}

/// Members of an object, without its braces.
fn members(fill: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::new();
    fill(&mut writer);
    writer.finish()
}

/// Members behind each other, those that are empty left out.
fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(",")
}

fn list(w: &mut Writer, name: &str, items: Vec<String>) {
    if !items.is_empty() {
        w.name(name).strings(items);
    }
}

fn seconds(time: Time) -> i64 {
    i64::try_from(time.seconds()).unwrap_or(i64::MAX)
}

/// The path of a target: all before the query.
pub(super) fn path(target: &[u8]) -> &[u8] {
    target.split(|byte| *byte == b'?').next().unwrap_or_default()
}

/// What a client sent, as a record may hold it: without control characters and credentials, and not longer than 256 characters.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    let decoded = unescaped(&text);
    let source = if holds_credential(&decoded) { decoded } else { text };
    let (redacted, joined) = (redact(&source), joined_up(&source));
    // Whole credentials are cut the same before and after joining; a broken one is not.
    let whole = redact(&joined) == joined_up(&redacted);
    let text = if whole { redacted } else { before_credential(&joined) };
    let text = without_pieces(text);
    match text.char_indices().nth(MAX_CHARACTERS) {
        None => text,
        Some((cut, _)) => [text.get(..cut).unwrap_or_default(), "…"].concat(),
    }
}

/// The text up to a credential that is no whole one, since what follows may be its other piece; and without slashes up to one that
/// they break.
fn without_pieces(mut text: String) -> String {
    if let Some((before, _)) = text.split_once(PIECE) {
        text = [before, PIECE].concat();
    }
    let joined = joined_up(&text).replace('/', "");
    if holds_credential(&joined) { before_credential(&joined) } else { text }
}

/// Whether something of a credential's shape is in a path: spelt out, behind escapes, or with line breaks and the like in it.
pub(super) fn leaks_credential(path: &str) -> bool {
    holds_credential(path)
        || holds_credential(&unescaped(path))
        || holds_credential(&joined_up(path))
}

/// The text with all escapes decoded and without what may stand unseen inside a credential: all but visible ASCII characters. The
/// mark of what was cut stays.
fn joined_up(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        out.push(byte);
        while let Some(decoded) = escape_at_end(&out) {
            out.truncate(out.len().saturating_sub(3));
            out.push(decoded);
        }
    }
    let stays = |c: &char| c.is_ascii_graphic() || *c == '…';
    String::from_utf8_lossy(&out).chars().filter(stays).collect()
}

/// What is shown in place of a credential without a handle.
const PIECE: &str = "cog_…";

/// What stands before the first `cog_` of a text, and that.
fn before_credential(text: &str) -> String {
    let before = text.split("cog_").next().unwrap_or_default();
    [before, PIECE].concat()
}

/// The byte that the escape at the end of a text spells, if there is one.
fn escape_at_end(text: &[u8]) -> Option<u8> {
    let [.., b'%', high, low] = text else { return None };
    let digit =
        |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)?.wrapping_shl(4) | digit(low)?)
}

fn holds_credential(text: &str) -> bool {
    redact(text) != text
}

/// The text with the escapes of visible ASCII characters decoded, and those that come out of it, until none is left: a credential
/// could hide behind them.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        out.push(character);
        while let Some(decoded) = last_escape(&out) {
            out.truncate(out.len().saturating_sub(3));
            out.push(decoded);
        }
    }
    out
}

/// The visible character that the escape at the end of a text spells, if there is one.
fn last_escape(text: &str) -> Option<char> {
    escape_at_end(text.as_bytes()).map(char::from).filter(char::is_ascii_graphic)
}
