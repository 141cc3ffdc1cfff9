//! Audit records to a writer, which no request waits for.

use super::AuditSink;
use crate::telemetry;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

/// Writes audit records with a thread of its own, one a line. Requests never wait for it: where the
/// writer is too slow, or fails, records are lost, and counted.
///
/// When it is dropped, it waits until all records that it has taken are written.
///
/// ```
/// use cog_auth_tower::audit::{AuditSink, ToWriter};
///
/// let sink = ToWriter::spawn(std::io::stderr(), 10_000)?;
/// sink.record(r#"{"v":1}"#);
/// assert_eq!(sink.lost(), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ToWriter {
    /// Is none only while the sink is dropped.
    sender: Option<SyncSender<String>>,
    lost: Lost,
    thread: Option<JoinHandle<()>>,
}

/// Counts the records that were lost.
#[derive(Clone, Default)]
struct Lost(Arc<AtomicU64>);

impl ToWriter {
    /// Begins to write. At most `capacity` records wait; a record has some hundred bytes, and with
    /// a policy that names many rules in one decision some thousand.
    ///
    /// # Errors
    ///
    /// If the system gives no thread.
    pub fn spawn(writer: impl Write + Send + 'static, capacity: usize) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(capacity);
        let lost = Lost::default();
        let counter = lost.clone();
        let thread = Builder::new()
            .name("cog-auth-audit".to_owned())
            .spawn(move || write_all(&receiver, writer, &counter))?;
        Ok(Self { sender: Some(sender), lost, thread: Some(thread) })
    }

    /// How many records were lost since the beginning.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.0.load(Ordering::Relaxed)
    }
}

impl AuditSink for ToWriter {
    fn record(&self, record: &str) {
        let sent = self.sender.as_ref().map(|sender| sender.try_send(record.to_owned()));
        if !matches!(sent, Some(Ok(()))) {
            self.lost.add(1);
        }
    }
}

impl Drop for ToWriter {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            // If the writer panicked, its records are lost, and that was printed.
            drop(thread.join());
        }
    }
}

impl fmt::Debug for ToWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToWriter").field("lost", &self.lost()).finish_non_exhaustive()
    }
}

impl Lost {
    fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
        telemetry::audit_lost(count);
    }
}

/// Writes what comes until the sink is dropped, and flushes whenever nothing waits.
fn write_all(receiver: &Receiver<String>, mut writer: impl Write, lost: &Lost) {
    let mut is_broken = false;
    while let Ok(first) = receiver.recv() {
        let mut count = 0_u64;
        let mut waiting = Some(first);
        let mut failed = 0_u64;
        while let Some(mut record) = waiting {
            count = count.saturating_add(1);
            record.push('\n');
            // What a write left half done is no part of the next line.
            let start = if is_broken { writer.write_all(b"\n") } else { Ok(()) };
            let written = start.and_then(|()| writer.write_all(record.as_bytes()));
            is_broken = written.is_err();
            if let Err(error) = written {
                failed = failed.saturating_add(1);
                tracing::error!(%error, "an audit record could not be written");
            }
            waiting = receiver.try_recv().ok();
        }
        if let Err(error) = writer.flush() {
            // Nobody knows which of them were kept.
            failed = count;
            tracing::error!(%error, "audit records could not be written");
        }
        if failed > 0 {
            lost.add(failed);
        }
    }
}
