//! The audit trail: what was done, and what was refused.

use crate::database::Database;
use cog_auth_stores::Unavailable;
use cog_auth_tower::audit::AuditSink;
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc::{self, Sender};

/// So many records of the API may wait to be written.
const WAITING: usize = 1_024;

/// Adds a record, and waits until it is stored: for what must not be done unless it is on record.
pub(crate) async fn note(database: &Database, line: &str) -> Result<(), Unavailable> {
    let record: Value = serde_json::from_str(line).unwrap_or_default();
    let id = |pointer| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let at = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
    database.add_audit(at, id("/principal/id"), id("/resource/owner"), line).await
}

/// Where the guard puts its records. No request waits for the database: what is too much is lost,
/// and the log says so.
pub(crate) struct Queue(Sender<String>);

impl Queue {
    pub(crate) fn to(database: Database) -> Self {
        let (sender, mut waiting) = mpsc::channel::<String>(WAITING);
        tokio::spawn(async move {
            while let Some(line) = waiting.recv().await {
                if let Err(error) = note(&database, &line).await {
                    tracing::error!("an audit record is lost: {error:?}");
                }
            }
        });
        Self(sender)
    }
}

impl AuditSink for Queue {
    fn record(&self, record: &str) {
        if self.0.try_send(record.to_owned()).is_err() {
            tracing::error!("an audit record is lost: too many wait to be written");
        }
    }
}
