//! How far a scan is, for who waits at a terminal.

use crate::unseen::write_lines;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How often it is shown. What is done before the first time shows nothing.
const EVERY: Duration = Duration::from_millis(250);

/// What was looked into up to now.
#[derive(Default)]
pub(super) struct Progress {
    files: AtomicU64,
    bytes: AtomicU64,
    found: AtomicU64,
}

impl Progress {
    /// Counts a file.
    pub(super) fn add(&self, bytes: u64, found: usize) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.found.fetch_add(u64::try_from(found).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Does some work, and shows meanwhile how far it is, in one line that goes away in the end.
    pub(super) fn shown_during(&self, work: impl FnOnce()) {
        if !io::stderr().is_terminal() {
            return work();
        }
        thread::scope(|scope| {
            let (done, is_done) = channel::<()>();
            scope.spawn(move || {
                let mut shown = false;
                while is_done.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                    // A terminal that cannot be written to shows nothing, and the work goes on.
                    shown |= self.show().is_ok();
                }
                if shown {
                    clear().unwrap_or_default();
                }
            });
            work();
            drop(done);
        });
    }

    fn show(&self) -> io::Result<()> {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let megabytes = read(&self.bytes) >> 20;
        let (files, found) = (read(&self.files), read(&self.found));
        clear()?;
        let mut out = io::stderr().lock();
        write_lines(&mut out, &format!("{files} files, {megabytes} MiB, {found} found"))?;
        out.flush()
    }
}

/// Takes the line away. This is the only place that commands a terminal besides styles.
fn clear() -> io::Result<()> {
    io::stderr().lock().write_all(b"\r\x1b[K")
}
