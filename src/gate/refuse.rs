//! Refusals: status, headers and problem body (RFC 6750, RFC 9110, RFC 9457).

use super::audit::Audit;
use super::outcome::{Outcome, Refused};
use super::steps::Step;
use crate::error::{Code, Entry, Error, Reply};
use crate::json::Writer;
use crate::policy::vocabulary::member;
use crate::policy::{Explanation, write_reasons};
use alloc::string::String;

/// Why a request is refused: the code, and what the client is told of it.
#[derive(Clone, Copy)]
pub(super) struct Refusal(&'static Entry);

impl Refusal {
    /// A refusal for a reason of the gate's own.
    #[inline(always)]
    pub(super) fn new(code: Code) -> Self {
        Self(code.entry())
    }

    /// The refusal of a header, a token, a record or facts.
    pub(super) fn of(error: &Error) -> Self {
        Self(error.entry())
    }

    pub(super) const fn name(self) -> &'static str {
        self.0.name
    }

    pub(super) const fn status(self) -> u16 {
        match self.0.reply {
            Reply::BadHeader | Reply::BadPath => 400,
            Reply::MissingCredential | Reply::BadToken | Reply::Hidden => 401,
            Reply::Denied => 403,
            Reply::MethodNotAllowed => 405,
            Reply::Unavailable => 503,
        }
    }

    const fn title(self) -> &'static str {
        match self.0.reply {
            Reply::BadHeader | Reply::BadPath => "Bad Request",
            Reply::MissingCredential | Reply::BadToken | Reply::Hidden => "Unauthorized",
            Reply::Denied => "Forbidden",
            Reply::MethodNotAllowed => "Method Not Allowed",
            Reply::Unavailable => "Service Unavailable",
        }
    }

    /// The code and the sentence that the client is told.
    const fn told(self) -> (&'static str, &'static str) {
        match self.0.reply {
            Reply::Hidden => ("invalid_credential", "the credential is not valid"),
            Reply::Unavailable => {
                let unavailable = Code::Unavailable.entry();
                (unavailable.name, unavailable.sentence)
            }
            Reply::MissingCredential
            | Reply::BadHeader
            | Reply::BadToken
            | Reply::BadPath
            | Reply::Denied
            | Reply::MethodNotAllowed => (self.0.name, self.0.sentence),
        }
    }

    /// What `WWW-Authenticate` says after the realm.
    const fn challenge(self) -> Option<&'static str> {
        match self.0.reply {
            Reply::MissingCredential => Some(""),
            Reply::BadHeader => Some("\", error=\"invalid_request"),
            Reply::BadToken | Reply::Hidden => Some("\", error=\"invalid_token"),
            Reply::BadPath | Reply::Denied | Reply::MethodNotAllowed | Reply::Unavailable => None,
        }
    }

    /// Ends a request of which this is known.
    pub(super) fn end<'s>(self, known: &Audit<'_>) -> Step<'s> {
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
            entry: self.0,
            audit: known.write(Some(self)),
        }))
    }

    fn authenticate(self, known: &Audit<'_>) -> String {
        let mut text = String::new();
        let scope = known.explanation.and_then(Explanation::insufficient_scope);
        let (challenge, scope) = match (scope, self.challenge()) {
            (Some(scope), _) => ("\", error=\"insufficient_scope\", scope=\"", scope),
            (None, Some(challenge)) => (challenge, ""),
            (None, None) => return text,
        };
        text.push_str("Bearer realm=\"");
        text.push_str(&known.exchange.gate.realm);
        text.push_str(challenge);
        text.push_str(scope);
        text.push('"');
        text
    }

    fn body(self, known: &Audit<'_>) -> String {
        let (code, detail) = self.told();
        let mut writer = Writer::new();
        writer.object(|w| {
            w.name("type").string("about:blank");
            w.name("title").string(self.title());
            w.name("status").integer(i64::from(self.status()));
            w.name("code").string(code);
            w.name("detail").string(detail);
            if let Some(explanation) = known.explanation {
                if let Some(denial) = explanation.denial() {
                    w.name(member::CLASS).string(denial.name());
                }
                write_reasons(w, member::REASONS, explanation.reasons());
            }
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
