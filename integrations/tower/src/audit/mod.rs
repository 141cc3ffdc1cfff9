//! Where audit records go.
//!
//! The gate writes a record of every request that it allows or refuses (section 15 of
//! `docs/policy-language.md`). A sink keeps them: [`ToTracing`], [`ToWriter`], or one of your own.
//! Any function of a text will do:
//!
//! ```
//! use cog_auth_tower::audit::AuditSink;
//! use std::sync::Mutex;
//!
//! let kept = Mutex::new(Vec::new());
//! let sink = |record: &str| {
//!     if let Ok(mut kept) = kept.lock() {
//!         kept.push(record.to_owned());
//!     }
//! };
//! sink.record(r#"{"v":1}"#);
//! ```

#[cfg(feature = "files")]
mod files;
mod to_tracing;
mod to_writer;

#[cfg(feature = "files")]
pub use files::{Files, Rotation};
pub use to_tracing::ToTracing;
pub use to_writer::ToWriter;

/// Keeps audit records.
pub trait AuditSink: Send + Sync {
    /// Keeps a record: one line of JSON without its end, which holds no secret. The request waits
    /// for this, so that it must not block.
    fn record(&self, record: &str);
}

impl<S: Fn(&str) + Send + Sync> AuditSink for S {
    fn record(&self, record: &str) {
        self(record);
    }
}
