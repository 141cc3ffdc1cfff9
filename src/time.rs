//! Points in time. The library has no clock: the caller supplies them.

use crate::error::{Code, Error};
use crate::json::MAX_SAFE_INTEGER;

/// The last second of the year 2999. What is later is no time that anybody means, but milliseconds
/// mostly: the gate does not take it for the present, and no value of a policy is later.
pub(crate) const LATEST: i64 = 32_503_679_999;

/// A point in time: whole seconds since the Unix epoch, from 0 to 2⁵³ − 1.
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
    /// The latest time, 2⁵³ − 1 seconds: the largest integer that JavaScript and other readers of
    /// JSON (RFC 8259, section 6) represent exactly.
    pub const MAX: Self = Self(MAX_SAFE_INTEGER.unsigned_abs());

    /// The time so many seconds after the Unix epoch.
    ///
    /// # Errors
    ///
    /// [`Code::TimeOutOfRange`] for 2⁵³ seconds and more.
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

    /// As [`Time::from_seconds`], with none in place of an error.
    pub(crate) fn within(seconds: u64) -> Option<Self> {
        if seconds > Self::MAX.0 { None } else { Some(Self(seconds)) }
    }

    /// As [`Time::from_seconds`], with the latest time in place of an error.
    pub(crate) fn saturating(seconds: u64) -> Self {
        Self(seconds.min(Self::MAX.0))
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }
}
