//! The clock, and times as people write them.

use crate::failure::Failure;
use cog_auth::Time;
use cog_auth::token::ExpiryDay;
use jiff::Timestamp;
use jiff::civil::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// The present time, or the one that the caller gave in its place.
pub(crate) fn now(given: Option<Time>) -> Result<Time, Failure> {
    if let Some(time) = given {
        return Ok(time);
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since
        .and_then(|since| Time::from_seconds(since.as_secs()).ok())
        .ok_or_else(|| Failure::usage("the clock stands before 1970; set it, or give --now"))
}

/// Reads a time: seconds since 1970, a date (its first second, UTC), or RFC 3339.
pub(crate) fn time(text: &str) -> Result<Time, String> {
    let seconds = if is_number(text) {
        text.parse::<u64>().ok()
    } else if let Some(first) = first_second(text) {
        u64::try_from(first).ok()
    } else {
        text.parse::<Timestamp>().ok().and_then(|time| u64::try_from(time.as_second()).ok())
    };
    seconds.and_then(|seconds| Time::from_seconds(seconds).ok()).ok_or_else(|| {
        "a time is 2026-12-31T18:00:00Z, 2026-12-31, or a number of seconds since 1970".to_owned()
    })
}

/// Reads a day: days since 1970, or a date.
pub(crate) fn day(text: &str) -> Result<ExpiryDay, String> {
    let day = if is_number(text) {
        text.parse().ok().and_then(|number| ExpiryDay::from_number(number).ok())
    } else {
        first_second(text)
            .and_then(|first| u64::try_from(first).ok())
            .and_then(|first| ExpiryDay::of(Time::from_seconds(first).ok()?).ok())
    };
    day.ok_or_else(|| {
        "a day is a date from 1970-01-02 to 2622-07-08, or its number of days since 1970".to_owned()
    })
}

/// Reads a duration in whole seconds, minutes, hours or days.
pub(crate) fn duration(text: &str) -> Result<u64, String> {
    let number = text.trim_end_matches(|last: char| last.is_ascii_alphabetic());
    let unit = match text.strip_prefix(number) {
        Some("s") => Some(1),
        Some("m") => Some(60),
        Some("h") => Some(3_600),
        Some("d") => Some(86_400),
        Some("") if number == "0" => Some(0),
        _ => None,
    };
    let number = Some(number).filter(|number| is_number(number));
    let number = number.and_then(|number| number.parse::<u64>().ok());
    number
        .and_then(|number| number.checked_mul(unit?))
        .ok_or_else(|| "a duration is 45s, 30m, 12h, 7d or 0".to_owned())
}

/// RFC 3339, in UTC; seconds for what lies after the year 9999.
pub(crate) fn shown(time: Time) -> String {
    let seconds = i64::try_from(time.seconds()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds)
        .map_or_else(|_| format!("second {seconds} since 1970"), |time| time.to_string())
}

/// The date of a day.
pub(crate) fn shown_day(day: ExpiryDay) -> String {
    shown(day.last_second()).chars().take_while(|character| *character != 'T').collect()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Of a date in the form 2026-12-31, and no other.
fn first_second(text: &str) -> Option<i64> {
    if text.len() != 10 {
        return None;
    }
    let date: Date = text.parse().ok()?;
    let midnight = date.at(0, 0, 0, 0);
    jiff::tz::Offset::UTC.to_timestamp(midnight).ok().map(Timestamp::as_second)
}
