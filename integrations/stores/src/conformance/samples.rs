//! Records and ids that no store has yet.

use super::Broken;
use crate::RecordStore;
use cog_auth::Time;
use cog_auth::token::{CredentialId, Kind, Record};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// When everything happens.
pub(super) const NOW: u64 = 1_795_000_000;

/// A number of seconds after [`NOW`].
pub(super) fn at(seconds: u64) -> Time {
    Time::from_seconds(NOW.saturating_add(seconds)).unwrap_or(Time::MAX)
}

/// Text that was not there before: 12 characters of `0-9a-f`.
pub(super) fn fresh() -> String {
    let random = RandomState::new().build_hasher().finish();
    format!("{random:016x}").chars().take(12).collect()
}

/// The record of a new credential of a principal.
pub(super) fn record(kind: Kind, principal: &str) -> Result<Record, Broken> {
    with(kind, principal, &fresh(), "")
}

/// A key of a service user that is not there yet.
pub(super) fn key() -> Result<Record, Broken> {
    record(Kind::ServiceUserKey, &fresh())
}

/// The same credential, under another name.
pub(super) fn renamed(record: &Record, name: &str) -> Result<Record, Broken> {
    let name = format!(r#","name":"{name}""#);
    with(record.kind(), record.principal(), record.id().as_str(), &name)
}

fn with(kind: Kind, principal: &str, id: &str, more: &str) -> Result<Record, Broken> {
    let kind = kind.name();
    let text = format!(r#"{{"v":1,"id":"{id}","kind":"{kind}","principal":"{principal}","#)
        + r#""edge_digest":"$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE","#
        + &format!(r#""scopes":["*"]{more},"created_at":{NOW}}}"#);
    Ok(Record::from_json(text.as_bytes())?)
}

/// The record that a store has under an id.
pub(super) async fn read(store: &impl RecordStore, id: CredentialId) -> Result<Record, Broken> {
    match store.record(id).await? {
        Some(stored) => Ok(stored.record()?),
        None => Err(Broken::new("a record that was written is there", &id)),
    }
}
