//! `token revoke`.

use crate::args::TokenRevokeArgs;
use crate::clock;
use crate::failure::{ErrorJson, Failure, json};
use crate::place::shown_path;
use crate::records;
use crate::report::{Exit, Report};
use crate::style::{BAD, GOOD, paint};
use crate::unseen::plain;
use cog_auth::token::{CredentialId, Record};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Revoked {
    revoked: Vec<Box<RawValue>>,
    /// The ids of which there is no record.
    unknown: Vec<String>,
    /// What is there and is no record, or cannot be read as one.
    errors: Vec<ErrorJson>,
}

/// Revokes what has a record, and says what has none.
pub(crate) fn revoke(args: &TokenRevokeArgs) -> Result<Report, Failure> {
    let now = clock::now(args.now.time)?;
    let place = &args.records.records;
    // One that cannot be read hinders no revocation of another.
    let (revoked, unknown, errors) = records::update(place, |records| {
        let (mut revoked, mut unknown): (Vec<Record>, Vec<CredentialId>) = Default::default();
        for id in &args.ids {
            records.change(*id, |record| record.revoke(now));
            let before = revoked.len();
            revoked.extend(records.all().into_iter().filter(|record| record.id() == *id));
            if revoked.len() == before {
                unknown.push(*id);
            }
        }
        Ok((revoked, unknown, records.problems().cloned().collect::<Vec<_>>()))
    })?;
    let mut text = String::new();
    for record in &revoked {
        let at = record.revoked_at().map(clock::shown).unwrap_or_default();
        let principal = plain(record.principal());
        let id = record.id();
        text.push_str(&format!("{} {id} of {principal}, at {at}\n", paint(GOOD, "revoked:")));
    }
    let name = plain(&shown_path(place));
    for id in &unknown {
        text.push_str(&format!("{} {id} has no record in {name}\n", paint(BAD, "unknown:")));
    }
    text.push_str(&said_of_unread(errors.len(), &name));
    let exit = match (unknown.is_empty(), errors.is_empty()) {
        (false, _) => Exit::No,
        (true, false) => Exit::Invalid,
        (true, true) => Exit::Yes,
    };
    let shown = |record: &Record| RawValue::from_string(record.to_display_json()).ok();
    let json = json(&Revoked {
        revoked: revoked.iter().filter_map(shown).collect(),
        unknown: unknown.iter().map(CredentialId::to_string).collect(),
        errors,
    });
    Ok(Report::new(exit, text, json))
}

/// What was not read may be another copy of a record, which is still active.
fn said_of_unread(count: usize, name: &str) -> String {
    let (what, them) = match count {
        0 => return String::new(),
        1 => ("1 thing".to_owned(), "it"),
        count => (format!("{count} things"), "them"),
    };
    format!(
        "{} {what} in {name} could not be read as a record, and may hold one of these ids that is \
         not revoked. See {them} with cog-auth token list --records {name}, mend {them}, and \
         revoke again.\n",
        paint(BAD, "not read:")
    )
}
