//! Refusals: status, headers and problem body (RFC 6750, RFC 9110, RFC 9457).

use super::audit::Audit;
use super::outcome::{Outcome, Refused};
use crate::error::Code;
use crate::json::Writer;
use crate::policy::{Reason, write_reasons};
use alloc::string::String;

/// Why a request is refused, and what of that the client is told.
#[derive(Clone, Copy)]
pub(super) struct Refusal<'d> {
    pub(super) status: u16,
    /// For the audit record.
    pub(super) code: &'static str,
    /// For the client.
    shown: &'static str,
    detail: &'static str,
    challenge: Challenge<'d>,
    /// The methods that the path has.
    methods: &'d [&'d str],
    /// The class and the reasons of a denial.
    pub(super) denial: Option<(&'static str, &'d [Reason<'d>])>,
}

/// What `WWW-Authenticate` says.
#[derive(Clone, Copy)]
pub(super) enum Challenge<'d> {
    None,
    Bare,
    Error(&'static str),
    Scope(&'d str),
}

impl<'d> Refusal<'d> {
    const fn new(status: u16, code: &'static str, detail: &'static str) -> Self {
        Self {
            status,
            code,
            shown: code,
            detail,
            challenge: Challenge::None,
            methods: &[],
            denial: None,
        }
    }

    const fn challenging(mut self, challenge: Challenge<'d>) -> Self {
        self.challenge = challenge;
        self
    }

    const fn hiding(mut self, shown: &'static str) -> Self {
        self.shown = shown;
        self
    }

    /// Nothing, or another scheme, was sent: no error code, for nothing went wrong yet.
    pub(super) const fn missing_credential() -> Self {
        let detail = "send a cog_ credential in the Authorization header as a bearer token";
        Self::new(401, "missing_credential", detail).challenging(Challenge::Bare)
    }

    pub(super) fn header(code: Code) -> Self {
        let (code, detail) = shown(code).unwrap_or((Code::MalformedHeader.name(), ""));
        Self::new(400, code, detail).challenging(Challenge::Error("invalid_request"))
    }

    /// A token that was refused. What would tell real ids or secrets from wrong ones is not shown.
    pub(super) fn token(code: Code) -> Self {
        match shown(code) {
            Some((code, detail)) => {
                Self::new(401, code, detail).challenging(Challenge::Error("invalid_token"))
            }
            None => Self::credential(hidden(code)),
        }
    }

    /// A credential that is not good, without saying why to the client.
    pub(super) const fn credential(code: &'static str) -> Self {
        Self::new(401, code, "the credential is not valid")
            .challenging(Challenge::Error("invalid_token"))
            .hiding("invalid_credential")
    }

    pub(super) const fn unavailable(code: &'static str) -> Self {
        Self::new(503, code, "the credential could not be checked; try again later")
            .hiding("unavailable")
    }

    pub(super) const fn invalid_path() -> Self {
        Self::new(400, Code::InvalidPath.name(), Code::InvalidPath.sentence())
    }

    pub(super) const fn method_not_allowed(methods: &'d [&'d str]) -> Self {
        let mut refusal = Self::new(405, "method_not_allowed", "this path has no such method");
        refusal.methods = methods;
        refusal
    }

    pub(super) const fn denied(
        class: &'static str,
        reasons: &'d [Reason<'d>],
        challenge: Challenge<'d>,
    ) -> Self {
        let mut refusal = Self::new(403, "denied", "the credential may not do this");
        refusal.denial = Some((class, reasons));
        refusal.challenging(challenge)
    }

    pub(super) fn outcome(&self, audit: &Audit<'_>) -> Outcome {
        let gate = audit.exchange.gate;
        Outcome::Refused(Refused {
            status: self.status,
            authenticate: self.authenticate(&gate.realm),
            allow: if self.methods.is_empty() { None } else { Some(self.methods.join(", ")) },
            retry_after: if self.status == 503 { Some(decimal(gate.retry_after)) } else { None },
            body: self.body(),
            code: self.code,
            audit: audit.write(Some(self)),
        })
    }

    fn authenticate(&self, realm: &str) -> Option<String> {
        let (before, value) = match self.challenge {
            Challenge::None => return None,
            Challenge::Bare => ("", ""),
            Challenge::Error(error) => ("\", error=\"", error),
            Challenge::Scope(action) => ("\", error=\"insufficient_scope\", scope=\"", action),
        };
        Some(["Bearer realm=\"", realm, before, value, "\""].concat())
    }

    fn body(&self) -> String {
        let mut writer = Writer::new();
        writer.object(|w| {
            w.name("type").string("about:blank");
            w.name("title").string(title(self.status));
            w.name("status").integer(i64::from(self.status));
            w.name("code").string(self.shown);
            w.name("detail").string(self.detail);
            if let Some((class, reasons)) = self.denial {
                w.name("class").string(class);
                write_reasons(w, "reasons", reasons);
            }
        });
        writer.finish()
    }
}

// Lists of codes with their texts, so that an edge carries the texts of these alone.

macro_rules! shown {
    ($($variant:ident)*) => {
        [$((Code::$variant, Code::$variant.name(), Code::$variant.sentence())),*]
    };
}

macro_rules! hidden {
    ($($variant:ident)*) => {
        [$((Code::$variant, Code::$variant.name())),*]
    };
}

/// What a client may know of its header or token, with name and sentence.
static SHOWN: [(Code, &str, &str); 12] = shown!(SeveralCredentials MalformedHeader MissingPrefix UnknownVersion WrongLength UnknownKind
    InvalidCharacter ChecksumMismatch ReservedKeyId TagOutOfRange SampleToken Expired);

fn shown(code: Code) -> Option<(&'static str, &'static str)> {
    SHOWN.iter().find(|named| named.0 == code).map(|named| (named.1, named.2))
}

/// What a client may not know, with its name.
static HIDDEN: [(Code, &str); 9] = hidden!(UnknownKeyId TagMismatch UnknownCredential RecordMismatch DigestMismatch Revoked
    Rotated RecordExpired NotYetValid);

fn hidden(code: Code) -> &'static str {
    HIDDEN.iter().find(|named| named.0 == code).map_or("invalid_credential", |named| named.1)
}

fn decimal(number: u64) -> String {
    let mut writer = Writer::new();
    writer.integer(i64::try_from(number).unwrap_or(i64::MAX));
    writer.finish()
}

const fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        405 => "Method Not Allowed",
        _ => "Service Unavailable",
    }
}
