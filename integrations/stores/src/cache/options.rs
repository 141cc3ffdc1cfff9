//! How long and how much is kept.

use std::time::Duration;

/// How long a cache keeps what it has read, and how much of that.
///
/// ```
/// use cog_auth_stores::CacheOptions;
/// use std::time::Duration;
///
/// let options = CacheOptions::new(Duration::from_secs(10)).with_max_bytes(1 << 20);
/// assert_ne!(options, CacheOptions::new(Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheOptions {
    pub(super) max_age: Duration,
    pub(super) absent_for: Duration,
    pub(super) max_bytes: u64,
}

impl CacheOptions {
    /// What was read is kept for at most this long, also when no notice comes. For records that is
    /// counted from when they were read from the issuer's store. Choose less than the gate's
    /// `max_record_age`: the gate refuses what is older than that.
    ///
    /// What is absent is kept for a second, and in all 64 MiB are kept.
    #[must_use]
    pub const fn new(max_age: Duration) -> Self {
        Self { max_age, absent_for: Duration::from_secs(1), max_bytes: 1 << 26 }
    }

    /// Sets for how long it is known that something is absent, at most `max_age`. What is stored
    /// within that time is seen at the end of it, or when a notice comes.
    #[must_use]
    pub const fn with_absent_for(mut self, time: Duration) -> Self {
        self.absent_for = time;
        self
    }

    /// Sets how many bytes are kept at most, by the lengths of texts and an estimate of the rest.
    /// What was not asked for lately is forgotten first.
    #[must_use]
    pub const fn with_max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }
}
