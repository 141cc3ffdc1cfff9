//! Times as seconds, read with the crate that Cedar reads dates with.

use chrono::{DateTime, Datelike, Timelike};
use serde_json::Value;

/// The last second of the year 2999.
const LAST: i64 = 32_503_679_999;

/// What a number or a text says; none where it is no value of the type `time`.
pub(crate) fn seconds(value: &Value) -> Option<i64> {
    let seconds = match value {
        Value::String(text) => of_text(text)?,
        other => other.as_i64()?,
    };
    (0..=LAST).contains(&seconds).then_some(seconds)
}

fn of_text(text: &str) -> Option<i64> {
    // `chrono` takes a space and other minus signs, too.
    let has_form =
        text.is_ascii() && text.len() <= 64 && matches!(text.as_bytes().get(10), Some(b'T' | b't'));
    let time = DateTime::parse_from_rfc3339(text).ok().filter(|_| has_form)?.to_utc();
    // It takes a second 60 in every minute, and counts it as the second before.
    if time.nanosecond() < 1_000_000_000 {
        return Some(time.timestamp());
    }
    let ends_half_year = matches!((time.month(), time.day()), (6, 30) | (12, 31))
        && (time.hour(), time.minute(), time.second()) == (23, 59, 59);
    ends_half_year.then(|| time.timestamp().saturating_add(1))
}
