//! Refusals: status, headers and problem body (RFC 6750, RFC 9110, RFC 9457).

use super::audit::Audit;
use super::outcome::{Outcome, Refused};
use super::steps::Step;
use crate::error::{Code, Error};
use crate::json::Writer;
use crate::policy::{Decision, write_reasons};
use alloc::string::String;

/// Why a request is refused.
#[derive(Clone, Copy)]
pub(super) struct Refusal {
    kind: &'static Kind,
    /// For the audit record.
    pub(super) code: &'static str,
    /// For the client, where the kind has no detail.
    detail: &'static str,
}

/// What the client is told of refusals of a kind.
struct Kind {
    status: u16,
    title: &'static str,
    /// In place of the code, unless empty.
    shown: &'static str,
    detail: &'static str,
    /// What `WWW-Authenticate` says after the realm.
    challenge: Option<&'static str>,
}

/// Nothing, or another scheme, was sent: no error code, for nothing went wrong yet.
static MISSING: Kind = Kind {
    detail: "send a cog_ credential in the Authorization header as a bearer token",
    challenge: Some(""),
    ..UNAUTHORIZED
};

static HEADER: Kind =
    Kind { challenge: Some("\", error=\"invalid_request"), ..kind(400, "Bad Request") };

static TOKEN: Kind = UNAUTHORIZED;

/// A credential that is not good, without saying why to the client: it would tell real ids or secrets from wrong ones.
static HIDDEN: Kind =
    Kind { shown: "invalid_credential", detail: "the credential is not valid", ..UNAUTHORIZED };

static PATH: Kind = kind(400, "Bad Request");

static DENIED: Kind = Kind { detail: "the credential may not do this", ..kind(403, "Forbidden") };

static METHOD: Kind =
    Kind { detail: "this path has no such method", ..kind(405, "Method Not Allowed") };

static UNAVAILABLE: Kind = Kind {
    shown: "unavailable",
    detail: "the credential could not be checked; try again later",
    ..kind(503, "Service Unavailable")
};

const UNAUTHORIZED: Kind =
    Kind { challenge: Some("\", error=\"invalid_token"), ..kind(401, "Unauthorized") };

const fn kind(status: u16, title: &'static str) -> Kind {
    Kind { status, title, shown: "", detail: "", challenge: None }
}

const QUOTE: &str = "\"";

impl Refusal {
    const fn new(kind: &'static Kind, code: &'static str) -> Self {
        Self { kind, code, detail: "" }
    }

    pub(super) const MISSING_CREDENTIAL: &'static Self = &Self::new(&MISSING, "missing_credential");

    pub(super) const UNKNOWN_PRINCIPAL: &'static Self = &Self::new(&HIDDEN, "unknown_principal");

    pub(super) const UNAVAILABLE: &'static Self = &Self::new(&UNAVAILABLE, "unavailable");

    pub(super) const STALE_RECORD: &'static Self = &Self::new(&UNAVAILABLE, "stale_record");

    pub(super) const IMPLAUSIBLE_TIME: &'static Self = &Self::new(&UNAVAILABLE, "implausible_time");

    pub(super) const INVALID_PATH: &'static Self = &Self {
        detail: Code::InvalidPath.sentence(),
        ..Self::new(&PATH, Code::InvalidPath.name())
    };

    pub(super) const METHOD_NOT_ALLOWED: &'static Self = &Self::new(&METHOD, "method_not_allowed");

    pub(super) const DENIED: &'static Self = &Self::new(&DENIED, "denied");

    /// The refusal of a header, a token, a record or facts.
    pub(super) fn of(error: &Error) -> Self {
        let kind = match error.code() {
            Code::SeveralCredentials | Code::MalformedHeader => &HEADER,
            Code::MissingPrefix
            | Code::UnknownVersion
            | Code::WrongLength
            | Code::UnknownKind
            | Code::InvalidCharacter
            | Code::ChecksumMismatch
            | Code::ReservedKeyId
            | Code::TagOutOfRange
            | Code::SampleToken
            | Code::Expired => &TOKEN,
            Code::InvalidRecord | Code::InvalidFacts => &UNAVAILABLE,
            _ => &HIDDEN,
        };
        Self { kind, code: error.name(), detail: error.sentence() }
    }

    pub(super) const fn status(&self) -> u16 {
        self.kind.status
    }

    /// Ends a request of which this is known.
    pub(super) fn end<'s>(&self, known: &Audit<'_>) -> Step<'s> {
        let status = self.status();
        Step::Done(Outcome::Refused(Refused {
            status,
            authenticate: self.authenticate(known),
            allow: list(known.methods),
            retry_after: if status == 503 {
                decimal(known.exchange.gate.retry_after)
            } else {
                String::new()
            },
            body: self.body(known),
            code: self.code,
            audit: known.write(Some(self)),
        }))
    }

    fn authenticate(&self, known: &Audit<'_>) -> String {
        let mut text = String::new();
        let scope = known.decision.and_then(Decision::insufficient_scope);
        let (challenge, scope) = match (scope, self.kind.challenge) {
            (Some(scope), _) => ("\", error=\"insufficient_scope\", scope=\"", scope),
            (None, Some(challenge)) => (challenge, ""),
            (None, None) => return text,
        };
        text.push_str("Bearer realm=\"");
        text.push_str(&known.exchange.gate.realm);
        text.push_str(challenge);
        text.push_str(scope);
        text.push_str(QUOTE);
        text
    }

    fn body(&self, known: &Audit<'_>) -> String {
        let kind = self.kind;
        let or = |text, other| if str::is_empty(text) { other } else { text };
        let mut writer = Writer::new();
        writer.object(|w| {
            w.name("type").string("about:blank");
            w.name("title").string(kind.title);
            w.name("status").integer(i64::from(kind.status));
            w.name("code").string(or(kind.shown, self.code));
            w.name("detail").string(or(kind.detail, self.detail));
            if !known.class.is_empty() {
                w.name("class").string(known.class);
            }
            write_reasons(w, "reasons", known.reasons);
        });
        writer.finish()
    }
}

fn list(names: &[&str]) -> String {
    let mut text = String::new();
    for name in names {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(name);
    }
    text
}

fn decimal(number: u64) -> String {
    let mut writer = Writer::new();
    writer.integer(i64::try_from(number).unwrap_or(i64::MAX));
    writer.finish()
}
