//! `token list`.

use crate::args::TokenListArgs;
use crate::clock;
use crate::failure::{ErrorJson, Failure, json};
use crate::input::Inputs;
use crate::records::Records;
use crate::report::{Exit, Report};
use crate::style::{self, BAD, DIM, GOOD, NORMAL, WARN, paint};
use crate::table::{Cell, Table};
use crate::unseen::plain;
use anstyle::Style;
use cog_auth::token::Record;
use cog_auth::{Code, Time};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Listed<'a> {
    records: Vec<Row>,
    /// What is there and is no record.
    errors: Vec<&'a ErrorJson>,
}

#[derive(Serialize)]
struct Row {
    active: bool,
    /// The code that its token is refused with.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    record: Option<Box<RawValue>>,
}

/// Lists records, and says what is none.
pub(crate) fn list(args: &TokenListArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let now = clock::now(args.now.time)?;
    let records = Records::list(&args.records.records, inputs)?;
    let mut table = Table::new(["ID", "KIND", "PRINCIPAL", "NAME", "STATE", "SCOPES"]);
    let mut rows = Vec::new();
    for record in records.all() {
        let code = record.inactive_because(now);
        let wanted =
            args.principal.as_ref().is_none_or(|principal| principal == record.principal())
                && (code.is_none() || !args.active);
        if !wanted {
            continue;
        }
        let (style, state) = state(&record, code);
        table.row([
            Cell::new(NORMAL, record.id().as_str()),
            Cell::new(NORMAL, record.kind().name().replace('_', " ")),
            Cell::new(NORMAL, record.principal()),
            Cell::new(NORMAL, record.name().unwrap_or_default()),
            Cell::new(style, state),
            Cell::lines(NORMAL, record.scopes().names()),
        ]);
        rows.push(Row {
            active: code.is_none(),
            code: code.map(Code::name),
            record: RawValue::from_string(record.to_display_json()).ok(),
        });
    }
    let errors: Vec<&ErrorJson> = records.problems().collect();
    let mut text = if rows.is_empty() { String::new() } else { table.render(style::width()) };
    let count = match rows.len() {
        1 => "1 record".to_owned(),
        number => format!("{number} records"),
    };
    text.push_str(&format!("{}\n", paint(DIM, &count)));
    for error in &errors {
        let file = plain(error.file.as_deref().unwrap_or_default());
        let offset = error.offset.map_or_else(String::new, |offset| format!(", byte {offset}"));
        let message = plain(&error.message);
        text.push_str(&format!("{} {file}{offset}: {message}\n", paint(BAD, "no record:")));
    }
    let exit = if errors.is_empty() { Exit::Yes } else { Exit::Invalid };
    Ok(Report::new(exit, text, json(&Listed { records: rows, errors })))
}

/// Whether it is active, and until or since when.
fn state(record: &Record, code: Option<Code>) -> (Style, String) {
    let at = |time: Option<Time>| time.map(clock::shown).unwrap_or_default();
    let to = record.rotated_to().map(|id| id.to_string()).unwrap_or_default();
    match code {
        None => match (record.grace_until(), record.expires_at()) {
            (Some(grace), expiry) => {
                let end = expiry.map_or(grace, |expiry| expiry.min(grace));
                (WARN, format!("active until {}, rotated to {to}", clock::shown(end)))
            }
            (None, Some(expiry)) => (GOOD, format!("active until {}", clock::shown(expiry))),
            (None, None) => (GOOD, "active".to_owned()),
        },
        Some(Code::Revoked) => (BAD, format!("revoked at {}", at(record.revoked_at()))),
        Some(Code::Rotated) => (DIM, format!("rotated to {to}")),
        Some(Code::RecordExpired) => (DIM, format!("expired at {}", at(record.expires_at()))),
        Some(Code::NotYetValid) => (WARN, format!("active from {}", at(record.not_before()))),
        Some(other) => (BAD, other.name().to_owned()),
    }
}
