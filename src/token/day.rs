//! Hard expiries: whole days.

use super::alphabet;
use crate::error::{Code, Error};
use crate::time::Time;

/// The last day on which a token is good: its hard expiry, fixed when it is minted.
///
/// A number of whole days since the Unix epoch, 1 to 238,327 (in the year 2622). The token is good through the end
/// of that day, UTC.
///
/// ```
/// use cog_auth::{Code, Time, token::Day};
///
/// let day = Day::from_number(20_819)?;
/// assert_eq!(day.last_second().seconds(), 1_798_847_999);
/// assert_eq!(day.end().seconds(), 1_798_848_000);
/// assert_eq!(Day::of(Time::from_seconds(1_798_847_999)?)?, day);
/// assert_eq!(Day::from_number(0).unwrap_err().code(), Code::TimeOutOfRange);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

const SECONDS: u64 = 86_400;

impl Day {
    /// The last day that a token can name: 62^3 − 1.
    pub const MAX: Self = Self(238_327);

    /// A day by its number.
    ///
    /// # Errors
    ///
    /// [`Code::TimeOutOfRange`] for 0, which in a token says that there is no hard expiry, and from 238,328 on.
    pub fn from_number(number: u32) -> Result<Self, Error> {
        Self::in_range(number).ok_or_else(|| Error::new(Code::TimeOutOfRange))
    }

    /// The day, UTC, in which a time lies.
    ///
    /// # Errors
    ///
    /// [`Code::TimeOutOfRange`] on 1 January 1970 and after [`Day::MAX`].
    pub fn of(time: Time) -> Result<Self, Error> {
        Self::from_number(u32::try_from(time.seconds() / SECONDS).unwrap_or(u32::MAX))
    }

    /// Days since the Unix epoch.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The last second of the day, the last at which the token is good.
    #[must_use]
    pub fn last_second(self) -> Time {
        self.second(SECONDS - 1)
    }

    /// The first second after the day, from which the token is expired.
    #[must_use]
    pub fn end(self) -> Time {
        self.second(SECONDS)
    }

    fn second(self, second: u64) -> Time {
        Time::of(u64::from(self.0).wrapping_mul(SECONDS).wrapping_add(second))
    }

    const fn in_range(number: u32) -> Option<Self> {
        if number == 0 || number > Self::MAX.0 { None } else { Some(Self(number)) }
    }

    /// The day that the three characters in a token spell; `000` is none.
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
