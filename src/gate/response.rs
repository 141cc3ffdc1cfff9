//! The response to a request that is refused: status, headers and problem body (RFC 6750, RFC 9110,
//! RFC 9457).

use super::audit::{Known, write_codes};
use super::outcome::{Outcome, Refused};
use crate::error::{Code, Entry, Error, Reply};
use crate::json::Writer;
use crate::policy::vocabulary::member;
use crate::policy::{Explanation, write_reasons};
use alloc::string::String;

/// Ends a request, of which this is known, with a code.
pub(super) fn refused(known: &Known<'_>, entry: &'static Entry) -> Outcome {
    respond(known, entry, None)
}

/// Ends a request, of which this is known, with an error. What is wrong with what a store gave is
/// kept for logs: of anything else the code says all.
pub(super) fn refused_because(known: &Known<'_>, error: Error) -> Outcome {
    let entry = error.entry();
    let of_store = matches!(entry.code, Code::InvalidRecord | Code::InvalidFacts);
    respond(known, entry, of_store.then_some(error))
}

fn respond(known: &Known<'_>, entry: &'static Entry, cause: Option<Error>) -> Outcome {
    let retry_after = if entry.reply == Reply::Unavailable {
        decimal(known.pending.options.retry_after)
    } else {
        String::new()
    };
    Outcome::Refused(Refused {
        entry,
        authenticate: authenticate(known, entry.reply),
        allow: list(known.methods),
        retry_after,
        body: body(known, entry),
        audit: known.audit(Some(entry)),
        cause,
    })
}

/// `WWW-Authenticate`; empty where it is not sent.
fn authenticate(known: &Known<'_>, reply: Reply) -> String {
    let mut text = String::new();
    let scope = known.explanation.and_then(Explanation::insufficient_scope);
    let (error, scope) = match (reply, scope) {
        (Reply::MissingCredential, _) => ("", ""),
        (Reply::BadHeader, _) => ("\", error=\"invalid_request", ""),
        (Reply::BadToken | Reply::Hidden, _) => ("\", error=\"invalid_token", ""),
        (Reply::Denied, Some(scope)) => ("\", error=\"insufficient_scope\", scope=\"", scope),
        (Reply::Denied, None)
        | (Reply::BadPath | Reply::MethodNotAllowed | Reply::Unavailable, _) => return text,
    };
    text.push_str("Bearer realm=\"");
    text.push_str(&known.pending.options.realm);
    text.push_str(error);
    text.push_str(scope);
    text.push('"');
    text
}

fn body(known: &Known<'_>, entry: &Entry) -> String {
    let (status, title) = entry.reply.status();
    let unavailable = Code::Unavailable.entry();
    let (code, detail) = match entry.reply {
        Reply::Hidden => ("invalid_credential", "the credential is not valid"),
        Reply::Unavailable => (unavailable.name, unavailable.sentence),
        Reply::MissingCredential
        | Reply::BadHeader
        | Reply::BadToken
        | Reply::BadPath
        | Reply::Denied
        | Reply::MethodNotAllowed => (entry.name, entry.sentence),
    };
    problem((status, title), code, detail, known.explanation)
}

/// Writes a problem body (RFC 9457), with what the policy said if it was asked.
pub(crate) fn problem(
    (status, title): (u16, &str),
    code: &str,
    detail: &str,
    explanation: Option<&Explanation<'_>>,
) -> String {
    let mut writer = Writer::new();
    writer.object(|w| {
        w.name("type").string("about:blank");
        w.name("title").string(title);
        w.name("status").natural(status.into());
        w.name("code").string(code);
        w.name("detail").string(detail);
        if let Some(explanation) = explanation {
            if let Some(denial) = explanation.denial() {
                w.name(member::CLASS).string(denial.name());
            }
            write_reasons(w, member::REASONS, explanation.reasons());
            write_codes(w, member::POSSIBLE, explanation.possible());
        }
    });
    writer.finish()
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
    writer.natural(number);
    writer.finish()
}
