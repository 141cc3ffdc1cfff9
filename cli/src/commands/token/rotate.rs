//! `token rotate`.

use crate::acceptance::{refused, refused_because};
use crate::args::TokenRotateArgs;
use crate::clock;
use crate::expiry;
use crate::failure::{Failure, json};
use crate::input::Inputs;
use crate::mint::{mint, root_key};
use crate::records;
use crate::report::{Exit, Report};
use cog_auth::token::{Record, RecordDraft, RootKey, RotationLimits, Token};
use cog_auth::{Code, Error, Time};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Rotated<'a> {
    token: &'a str,
    successor: Option<Box<RawValue>>,
    predecessor: Option<Box<RawValue>>,
}

/// Why there is no successor.
enum Refused {
    Unknown,
    Library(Error),
}

/// Mints a successor, and stores its record and then that of the predecessor.
pub(crate) fn rotate(args: &TokenRotateArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let now = clock::now(args.now.time)?;
    let roots = inputs.root_keys(&args.root.root)?;
    let root = root_key(&roots, &args.root)?;
    expiry::check(&args.expiry, None, now)?;
    let grace_until = Time::from_seconds(now.seconds().saturating_add(args.grace))
        .map_err(|error| Failure::usage(error.to_string()))?;
    let done = records::update(&args.records.records, |records| {
        let Some(old) = records.find(args.id)? else { return Ok(Err(Refused::Unknown)) };
        let token = mint(root, old.kind(), args.expiry.hard_expiry)?;
        let new = successor(&old, &token, root, args, now)?;
        let rotated = match old.rotate_within(&new, grace_until, now, limits(args)) {
            Ok(rotated) => rotated,
            Err(error) => return Ok(Err(Refused::Library(error))),
        };
        records.add(new.clone());
        // Each copy gets what the rotation adds, and stays what it is besides.
        records.change(args.id, |record| record.merge(&rotated).unwrap_or_else(|_| record.clone()));
        Ok(Ok((token, new, rotated)))
    })?;
    let (token, new, rotated) = match done {
        Ok(done) => done,
        Err(Refused::Library(error)) => return Ok(refused(&error)),
        Err(Refused::Unknown) => {
            let sentence = format!("{} has no record there", args.id);
            return Ok(refused_because(Code::UnknownCredential, &sentence));
        }
    };
    let shown = |record: &Record| RawValue::from_string(record.to_display_json()).ok();
    let json = json(&Rotated {
        token: token.expose(),
        successor: shown(&new),
        predecessor: shown(&rotated),
    });
    let note = format!(
        "The new token, shown this once; its record is stored.{}\nThe old one, {}, is good beside \
         it until {}.\n",
        expiry::sentence(new.expires_at(), &args.expiry),
        args.id,
        clock::shown(grace_until)
    );
    Ok(Report::new(Exit::Yes, format!("{}\n", token.expose()), json).with_notes(note))
}

fn limits(args: &TokenRotateArgs) -> RotationLimits {
    let limits = RotationLimits::new().with_max_grace(args.max_grace);
    if args.extend { limits.with_later_expiry() } else { limits }
}

/// The record of a token that may do what the old one may.
fn successor(
    old: &Record,
    token: &Token,
    root: &RootKey,
    args: &TokenRotateArgs,
    now: Time,
) -> Result<Record, Failure> {
    let peppers = root.peppers();
    let mut draft = RecordDraft::successor(token, old, now).for_origins(&peppers).for_edges();
    expiry::check(&args.expiry, old.not_before(), now)?;
    let mut expires_at = expiry::of_record(&args.expiry, old.kind(), old.not_before(), now)?;
    // Where no time was asked for, it ends no later than its predecessor.
    if !args.extend && args.expiry.expires_at.is_none() && !args.expiry.no_expiry {
        expires_at = expires_at.min(old.expires_at()).or(expires_at).or(old.expires_at());
    }
    if let Some(time) = expires_at {
        draft = draft.expires_at(time);
    }
    draft.issue().map_err(|error| Failure::error(&error))
}
