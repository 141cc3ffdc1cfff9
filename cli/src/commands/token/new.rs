//! `token new`.

use crate::args::TokenNewArgs;
use crate::clock;
use crate::expiry;
use crate::failure::{Failure, json};
use crate::files;
use crate::input::Inputs;
use crate::mint::{mint, root_key};
use crate::place::shown_path;
use crate::records;
use crate::report::{Exit, Report};
use crate::scopes;
use crate::unseen::{plain, seen_json};
use cog_auth::token::{Kind, Record, RecordDraft, RootKey, Token};
use cog_auth::{Error, Time};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Minted<'a> {
    token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record_file: Option<String>,
}

/// Mints a token, and its record.
pub(crate) fn new(args: &TokenNewArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let now = clock::now(args.now.time)?;
    let roots = inputs.root_keys(&args.root.root)?;
    let root = root_key(&roots, &args.root)?;
    expiry::check(&args.expiry, args.not_before, now)?;
    let token = mint(root, args.kind, args.expiry.hard_expiry)?;
    let record = match args.kind {
        Kind::Sample => None,
        _ => Some(record(args, root, &token, now, inputs)?),
    };
    let expires = record
        .as_ref()
        .map_or_else(String::new, |record| expiry::sentence(record.expires_at(), &args.expiry));
    let record_file = match &record {
        Some(record) => store(args, record)?,
        None => None,
    };
    let record = record.map(|record| record.to_json());
    let shown = record.as_deref().filter(|_| record_file.is_none());
    let minted = Minted {
        token: token.expose(),
        record: shown.and_then(|record| RawValue::from_string(record.to_owned()).ok()),
        record_file: record_file.clone(),
    };
    let json = json(&minted);
    let text = match shown {
        Some(record) => format!("{}\n{}\n", token.expose(), seen_json(record)),
        None => format!("{}\n", token.expose()),
    };
    let note = match (shown, record_file) {
        (Some(_), _) => format!(
            "The token, shown this once, and its record, which the issuer stores.{expires}\n"
        ),
        (None, Some(file)) => {
            format!("The token, shown this once. Its record is in {}.{expires}\n", plain(&file))
        }
        (None, None) => {
            "A sample, for documentation and scanner tests. It has no record.\n".to_owned()
        }
    };
    Ok(Report::new(Exit::Yes, text, json).with_notes(note))
}

/// Stores the record where the arguments say, and gives that.
fn store(args: &TokenNewArgs, record: &Record) -> Result<Option<String>, Failure> {
    let place = match (&args.record, &args.records) {
        (Some(path), _) => {
            files::write_secret(path, record.to_json().as_bytes())?;
            path
        }
        (None, Some(place)) => {
            records::update(place, |records| {
                records.check_file()?;
                records.add(record.clone());
                Ok(())
            })?;
            place
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(shown_path(place)))
}

fn record(
    args: &TokenNewArgs,
    root: &RootKey,
    token: &Token,
    now: Time,
    inputs: &mut Inputs,
) -> Result<Record, Failure> {
    let Some(principal) = &args.principal else {
        return Err(Failure::usage("say whose credential it is: --principal ID"));
    };
    let scopes = scopes::declared(&args.scopes, inputs)?;
    let peppers = root.peppers();
    let mut draft =
        RecordDraft::new(token, principal, scopes, now).for_origins(&peppers).for_edges();
    if !args.organizations.is_empty() {
        draft = draft.organizations(&args.organizations);
    }
    if !args.addresses.is_empty() {
        draft = draft.addresses(&args.addresses);
    }
    if let Some(name) = &args.name {
        draft = draft.name(name);
    }
    if let Some(time) = args.not_before {
        draft = draft.not_before(time);
    }
    if let Some(time) = expiry::of_record(&args.expiry, args.kind, args.not_before, now)? {
        draft = draft.expires_at(time);
    }
    draft.issue().map_err(|error: Error| Failure::usage(error.to_string()))
}
