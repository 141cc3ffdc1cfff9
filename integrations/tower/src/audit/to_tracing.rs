//! Audit records as events.

use super::AuditSink;

/// Sends audit records to `tracing`: each is an event of the level INFO and the target
/// `cog_auth::audit`, with the record in its field `record`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ToTracing;

impl AuditSink for ToTracing {
    fn record(&self, record: &str) {
        tracing::info!(target: "cog_auth::audit", record);
    }
}
