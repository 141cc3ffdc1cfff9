//! What Redis answers.

use super::keys::HERE;
use crate::records::Overlay;
use crate::{Revision, StoredRecord, Unavailable, WriteError};
use cog_auth::Time;

/// `record`, `revision`, `revoked_at`, `last_used_at`; and `current`.
pub(super) type RecordReply =
    ((Option<String>, Option<u64>, Option<u64>, Option<u64>), Option<String>);

/// A record that was read at a time, or none, if it is known that there is none.
pub(super) fn stored(reply: RecordReply, now: Time) -> Result<Option<StoredRecord>, Unavailable> {
    let ((text, revision, revoked_at, last_used_at), current) = reply;
    let current = current.ok_or_else(|| Unavailable::because(EMPTY))?;
    let read_at = if current == HERE { now } else { seconds(current.parse())?.min(now) };
    let (text, revision) = match (text, revision) {
        (None, None) => return Ok(None),
        (Some(text), Some(revision)) => (text, Revision::new(revision)),
        (Some(_), None) | (None, Some(_)) => return Err(Unavailable::because("half a record")),
    };
    let time = |seconds: Option<u64>| seconds.map(Time::from_seconds).transpose();
    let overlay = Overlay {
        revoked_at: time(revoked_at).map_err(Unavailable::because)?,
        last_used_at: time(last_used_at).map_err(Unavailable::because)?,
    };
    let text = overlay.over(&text).map_err(Unavailable::because)?;
    Ok(Some(StoredRecord::new(&*text, read_at, revision)))
}

/// What a script that writes answered: the new revision, or a word.
pub(super) fn written(reply: &str) -> Result<Revision, WriteError> {
    Err(match reply {
        "there" => WriteError::AlreadyThere,
        "absent" => WriteError::Absent,
        "changed" => WriteError::Changed,
        "revoked" => WriteError::Revoked,
        "empty" => Unavailable::because(EMPTY).into(),
        "copy" => Unavailable::because("this is a copy; write where it comes from").into(),
        revision => {
            let revision = revision.parse().map_err(Unavailable::because)?;
            return Ok(Revision::new(revision));
        }
    })
}

/// Checks that what was read is the store itself.
pub(super) fn must_be_here(current: Option<&str>) -> Result<(), Unavailable> {
    match current {
        Some(HERE) => Ok(()),
        Some(_) => {
            Err(Unavailable::because("this is a copy of records, and has no facts or lists"))
        }
        None => Err(Unavailable::because(EMPTY)),
    }
}

/// What is said of a Redis that was never filled, or was emptied.
const EMPTY: &str = "this Redis has not been filled: call `begin`, or copy a store to it";

fn seconds(parsed: Result<u64, std::num::ParseIntError>) -> Result<Time, Unavailable> {
    Time::from_seconds(parsed.map_err(Unavailable::because)?).map_err(Unavailable::because)
}
