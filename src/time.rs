//! Points in time, supplied by the caller: the library has no clock.

use crate::error::{Code, Error};
use crate::json::MAX_SAFE_INTEGER;

/// A time: whole seconds since the Unix epoch, 0 to 2^53 − 1.
///
/// ```
/// use cog_auth::Time;
///
/// let time = Time::from_seconds(1_795_000_000)?; // 2026-11-18T11:06:40Z
/// assert_eq!(time.seconds(), 1_795_000_000);
/// assert!(time < Time::MAX);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

impl Time {
    /// The latest time, 2^53 − 1: the largest integer that every language reads exactly. See the example of [`Time`].
    pub const MAX: Self = Self(MAX_SAFE_INTEGER.unsigned_abs());

    /// A time from seconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// [`Code::TimeOutOfRange`] from 2^53 on.
    ///
    /// ```
    /// use cog_auth::{Code, Time};
    ///
    /// assert_eq!(Time::from_seconds((1 << 53) - 1)?, Time::MAX);
    /// assert_eq!(Time::from_seconds(1 << 53).unwrap_err().code(), Code::TimeOutOfRange);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn from_seconds(seconds: u64) -> Result<Self, Error> {
        Self::within(seconds).ok_or_else(|| Error::new(Code::TimeOutOfRange))
    }

    pub(crate) fn within(seconds: u64) -> Option<Self> {
        if seconds > Self::MAX.0 { None } else { Some(Self(seconds)) }
    }

    /// A time from seconds of which there are never too many.
    pub(crate) fn of(seconds: u64) -> Self {
        Self(seconds.min(Self::MAX.0))
    }

    /// Seconds since the Unix epoch. See the example of [`Time`].
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }
}
