//! Refusals: status, headers and problem body (RFC 6750, RFC 9110, RFC 9457).

use super::Exchange;
use super::audit::Audit;
use super::outcome::{Outcome, Refused};
use crate::error::Code;
use crate::json::Writer;
use crate::policy::{Decision, UNKNOWN_ROUTE, write_reasons};
use alloc::string::String;
use alloc::vec::Vec;

/// Why a request is refused, and what of that the client is told.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    /// For the audit record.
    code: &'static str,
    /// For the client.
    shown: &'static str,
    detail: &'static str,
    challenge: Challenge,
    allow: Option<String>,
    /// The class and the reasons of a denial, as JSON.
    denial: Option<(&'static str, String)>,
}

/// What `WWW-Authenticate` says.
#[derive(Debug)]
enum Challenge {
    None,
    Bare,
    Error(&'static str),
    Scope(String),
}

const UNAVAILABLE: &str = "the credential could not be checked; try again later";

impl Refusal {
    const fn new(status: u16, code: &'static str, detail: &'static str) -> Self {
        Self {
            status,
            code,
            shown: code,
            detail,
            challenge: Challenge::None,
            allow: None,
            denial: None,
        }
    }

    /// Nothing, or another scheme, was sent: no error code, for nothing went wrong yet.
    pub(super) fn missing_credential() -> Self {
        let detail = "send a cog_ credential in the Authorization header as a bearer token";
        Self { challenge: Challenge::Bare, ..Self::new(401, "missing_credential", detail) }
    }

    pub(super) fn header(code: Code) -> Self {
        let (code, detail) = shown(code).unwrap_or((Code::MalformedHeader.name(), ""));
        Self { challenge: Challenge::Error("invalid_request"), ..Self::new(400, code, detail) }
    }

    /// A token that was refused. What would tell real ids or secrets from wrong ones is not shown.
    pub(super) fn token(code: Code) -> Self {
        match shown(code) {
            Some((code, detail)) => Self {
                challenge: Challenge::Error("invalid_token"),
                ..Self::new(401, code, detail)
            },
            None => Self::credential(hidden(code)),
        }
    }

    /// A credential that is not good, without saying why to the client.
    pub(super) fn credential(code: &'static str) -> Self {
        Self {
            shown: "invalid_credential",
            challenge: Challenge::Error("invalid_token"),
            ..Self::new(401, code, "the credential is not valid")
        }
    }

    pub(super) fn unavailable(code: &'static str) -> Self {
        Self { shown: "unavailable", ..Self::new(503, code, UNAVAILABLE) }
    }

    pub(super) const fn invalid_path() -> Self {
        Self::new(400, Code::InvalidPath.name(), Code::InvalidPath.sentence())
    }

    pub(super) fn method_not_allowed(methods: &[&str]) -> Self {
        let allow = Some(methods.join(", "));
        Self { allow, ..Self::new(405, "method_not_allowed", "this path has no such method") }
    }

    pub(super) fn unknown_route() -> Self {
        Self::denial("no_grant", &[UNKNOWN_ROUTE])
    }

    pub(super) fn denied(decision: &Decision<'_>) -> Self {
        let class = decision.denial().map_or("", |denial| denial.name());
        let challenge = decision
            .insufficient_scope()
            .map_or(Challenge::None, |action| Challenge::Scope(String::from(action)));
        Self { challenge, ..Self::denial(class, &decision.reasons()) }
    }

    fn denial(class: &'static str, reasons: &[crate::policy::Reason<'_>]) -> Self {
        let mut writer = Writer::new();
        writer.object(|w| write_reasons(w, "reasons", reasons));
        let denial = Some((class, writer.finish()));
        Self { denial, ..Self::new(403, "denied", "the credential may not do this") }
    }

    pub(super) fn outcome(self, exchange: &Exchange<'_>, audit: Audit) -> Outcome {
        let gate = exchange.gate;
        let mut headers = Vec::new();
        headers.push(("content-type", String::from("application/problem+json")));
        headers.push(("cache-control", String::from("no-store")));
        let realm = ["Bearer realm=\"", &gate.realm, "\""].concat();
        match &self.challenge {
            Challenge::None => {}
            Challenge::Bare => headers.push(("www-authenticate", realm)),
            Challenge::Error(error) => {
                headers.push((
                    "www-authenticate",
                    [realm.as_str(), ", error=\"", error, "\""].concat(),
                ));
            }
            Challenge::Scope(action) => {
                let scope =
                    [realm.as_str(), ", error=\"insufficient_scope\", scope=\"", action, "\""]
                        .concat();
                headers.push(("www-authenticate", scope));
            }
        }
        if let Some(allow) = &self.allow {
            headers.push(("allow", allow.clone()));
        }
        if self.status == 503 {
            headers.push(("retry-after", decimal(gate.retry_after)));
        }
        let class = self.denial.as_ref().map(|(class, _)| *class);
        Outcome::Refused(Refused {
            status: self.status,
            headers,
            body: self.body(),
            code: String::from(self.code),
            audit: audit.refused(self.status, self.code, class),
        })
    }

    fn body(&self) -> String {
        let mut writer = Writer::new();
        writer.object(|w| {
            w.name("type").string("about:blank");
            w.name("title").string(title(self.status));
            w.name("status").integer(i64::from(self.status));
            w.name("code").string(self.shown);
            w.name("detail").string(self.detail);
            if let Some((class, reasons)) = &self.denial {
                w.name("class").string(class);
                // The members of the object that was written before, without its braces.
                let members = reasons.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                if let Some(members) = members.filter(|members| !members.is_empty()) {
                    w.raw(members);
                }
            }
        });
        writer.finish()
    }
}

/// Picks codes out of all, so that an edge carries the texts of these alone.
macro_rules! pick {
    ($code:expr, $($variant:ident)*) => {
        match $code {
            $(Code::$variant => Some(const { (Code::$variant.name(), Code::$variant.sentence()) }),)*
            _ => None,
        }
    };
}

/// Name and sentence of what a client may know of its header or token.
const fn shown(code: Code) -> Option<(&'static str, &'static str)> {
    pick!(code, SeveralCredentials MalformedHeader MissingPrefix UnknownVersion WrongLength UnknownKind InvalidCharacter
        ChecksumMismatch ReservedKeyId TagOutOfRange SampleToken Expired)
}

/// The name of what a client may not know.
fn hidden(code: Code) -> &'static str {
    let picked = pick!(code, UnknownKeyId TagMismatch UnknownCredential RecordMismatch DigestMismatch Revoked Rotated
        RecordExpired NotYetValid);
    picked.map_or("invalid_credential", |(name, _)| name)
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
