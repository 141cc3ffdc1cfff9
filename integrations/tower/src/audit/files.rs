//! Audit records in files.

use super::ToWriter;
use std::io;
use std::path::Path;
use tracing_appender::rolling;

/// Files that audit records are written to: a new one every hour or day. Old ones are removed.
///
/// ```
/// use cog_auth_tower::audit::{AuditSink, Files, Rotation};
///
/// # let folder = std::env::temp_dir().join(format!("cog-auth-tower-{}", std::process::id()));
/// // `audit.2026-11-30.jsonl` and so on, of which the last 90 are kept.
/// let files = Files { name: "audit", rotation: Rotation::Daily, keep: 90 };
/// let sink = files.open(&folder, 10_000)?;
/// sink.record(r#"{"v":1}"#);
/// drop(sink);
/// assert_eq!(std::fs::read_dir(&folder)?.count(), 1);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Files<'n> {
    /// What their names begin with.
    pub name: &'n str,
    /// When a new one begins, in UTC.
    pub rotation: Rotation,
    /// How many are kept, with the one that is written.
    pub keep: usize,
}

/// When a new file begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
}

impl Files<'_> {
    /// Opens the present file in a folder, which is made if it is not there. At most `capacity`
    /// records wait to be written, as [`ToWriter::spawn`] says.
    ///
    /// # Errors
    ///
    /// If the folder or the file cannot be made, or the system gives no thread.
    pub fn open(self, folder: impl AsRef<Path>, capacity: usize) -> io::Result<ToWriter> {
        let rotation = match self.rotation {
            Rotation::Hourly => rolling::Rotation::HOURLY,
            Rotation::Daily => rolling::Rotation::DAILY,
        };
        let files = rolling::Builder::new()
            .rotation(rotation)
            .filename_prefix(self.name)
            .filename_suffix("jsonl")
            .max_log_files(self.keep)
            .build(folder)
            .map_err(io::Error::other)?;
        ToWriter::spawn(files, capacity)
    }
}
