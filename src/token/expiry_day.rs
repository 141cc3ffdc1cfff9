//! The hard expiry of a token, a whole day.

use super::alphabet;
use crate::error::{Code, Error};
use crate::time::Time;

/// The last day on which a token is good: its hard expiry, which is fixed when it is minted.
///
/// It is a number of whole days since the Unix epoch, from 1 to 238,327 (in the year 2622). The
/// token is good through the last second of that day, UTC.
///
/// ```
/// use cog_auth::{Time, token::ExpiryDay};
///
/// let day = ExpiryDay::from_number(20_819)?; // 2027-01-01
/// assert_eq!(day.last_second().seconds(), 1_798_847_999);
/// assert_eq!(day.end().seconds(), 1_798_848_000);
/// assert_eq!(ExpiryDay::of(Time::from_seconds(1_798_800_000)?)?, day);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpiryDay(u32);

const SECONDS: u64 = 86_400;

impl ExpiryDay {
    /// The last day that the three characters of a token can spell: 62³ − 1.
    pub const MAX: Self = Self(238_327);

    /// The day with this number of days since the Unix epoch.
    ///
    /// # Errors
    ///
    /// [`Code::TimeOutOfRange`] for 0, which stands for no hard expiry in a token, and for numbers
    /// from 238,328 on.
    ///
    /// ```
    /// use cog_auth::{Code, token::ExpiryDay};
    ///
    /// assert_eq!(ExpiryDay::from_number(238_327)?, ExpiryDay::MAX);
    /// assert_eq!(ExpiryDay::from_number(0).unwrap_err().code(), Code::TimeOutOfRange);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn from_number(number: u32) -> Result<Self, Error> {
        Self::in_range(number).ok_or_else(|| Error::new(Code::TimeOutOfRange))
    }

    /// The day, UTC, in which a time lies.
    ///
    /// # Errors
    ///
    /// [`Code::TimeOutOfRange`] for times on 1 January 1970 and after [`ExpiryDay::MAX`].
    ///
    /// ```
    /// use cog_auth::{Code, Time, token::ExpiryDay};
    ///
    /// assert_eq!(ExpiryDay::of(Time::from_seconds(86_400)?)?.number(), 1);
    /// assert_eq!(ExpiryDay::of(Time::MAX).unwrap_err().code(), Code::TimeOutOfRange);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn of(time: Time) -> Result<Self, Error> {
        Self::from_number(u32::try_from(time.seconds() / SECONDS).unwrap_or(u32::MAX))
    }

    /// Days since the Unix epoch.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The last second of the day, which is the last at which the token is good.
    #[must_use]
    pub fn last_second(self) -> Time {
        self.second(SECONDS - 1)
    }

    /// The first second after the day. The token is expired from then on.
    #[must_use]
    pub fn end(self) -> Time {
        self.second(SECONDS)
    }

    /// The time that is `second` seconds after the beginning of the day.
    fn second(self, second: u64) -> Time {
        Time::saturating(u64::from(self.0).saturating_mul(SECONDS).saturating_add(second))
    }

    const fn in_range(number: u32) -> Option<Self> {
        if number == 0 || number > Self::MAX.0 { None } else { Some(Self(number)) }
    }

    /// The day that the three characters in a token spell. None for `000`: no hard expiry.
    pub(super) fn from_characters(characters: &[u8; 3]) -> Option<Self> {
        Self::in_range(alphabet::decode_days(characters))
    }

    /// The three characters for a token.
    pub(super) fn characters(day: Option<Self>) -> [u8; 3] {
        let mut characters = [0; 3];
        alphabet::encode(&day.map_or(0, |day| u128::from(day.0)), &mut characters);
        characters
    }
}
