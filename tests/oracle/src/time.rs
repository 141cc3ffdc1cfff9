//! Times: seconds, or date-times of RFC 3339 (sections 2 and 7).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The last second of the year 2999.
pub(crate) const LAST: i64 = 32_503_679_999;
/// The most bytes of a date-time.
const LONGEST: usize = 64;
const FORM: &[u8] = b"dddd-dd-ddTdd:dd:dd";

/// The seconds since 1970 that a date-time says; none where it says no time that the type has.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (head, rest) = bytes.split_at_checked(FORM.len())?;
    if bytes.len() > LONGEST || !has_form(head, FORM) {
        return None;
    }
    let at = |start: usize, end: usize| number(&head[start..end]);
    let second = at(17, 19);
    // Whether there is such a day, and which it is, `jiff` knows; it has no second 60.
    let civil = DateTime::new(
        i16::try_from(at(0, 4)).ok()?,
        i8::try_from(at(5, 7)).ok()?,
        i8::try_from(at(8, 10)).ok()?,
        i8::try_from(at(11, 13)).ok()?,
        i8::try_from(at(14, 16)).ok()?,
        i8::try_from(second.min(59)).ok()?,
        0,
    )
    .ok()?;
    let local = Offset::UTC.to_timestamp(civil).ok()?.as_second();
    let utc = local - offset(without_fraction(rest)?)?;
    let time = match second {
        0..=59 => utc,
        60 if ends_a_half_year(utc) => utc + 1,
        _ => return None,
    };
    (0..=LAST).contains(&time).then_some(time)
}

/// Whether it is 23:59:59 on 30 June or 31 December: a leap second may follow.
fn ends_a_half_year(utc: i64) -> bool {
    let Ok(time) = Timestamp::from_second(utc) else { return false };
    let civil = Offset::UTC.to_datetime(time);
    (civil.hour(), civil.minute(), civil.second()) == (23, 59, 59)
        && matches!((civil.month(), civil.day()), (6, 30) | (12, 31))
}

/// Without a point and the digits behind it; none where no digit is behind it.
fn without_fraction(rest: &[u8]) -> Option<&[u8]> {
    let Some(behind) = rest.strip_prefix(b".") else { return Some(rest) };
    let digits = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then(|| &behind[digits..])
}

/// The seconds that a place is ahead of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    if matches!(text, b"Z" | b"z") {
        return Some(0);
    }
    let (sign, amount) = text.split_first()?;
    if !has_form(amount, b"dd:dd") {
        return None;
    }
    let (hours, minutes) = (number(&amount[..2]), number(&amount[3..]));
    let seconds = (hours * 60 + minutes) * 60;
    match sign {
        _ if hours > 23 || minutes > 59 => None,
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

fn has_form(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len()
        && text.iter().zip(form).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't'),
            other => byte == other,
        })
}

fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 3339, section 5.8, and what they are by its section 4.
    #[test]
    fn the_examples_of_the_rfc() {
        assert_eq!(seconds("1985-04-12T23:20:50.52Z"), Some(482_196_050));
        assert_eq!(seconds("1996-12-19T16:39:57-08:00"), Some(851_042_397));
        assert_eq!(seconds("1996-12-20T00:39:57Z"), Some(851_042_397));
        assert_eq!(seconds("1990-12-31T23:59:60Z"), Some(662_688_000));
        assert_eq!(seconds("1990-12-31T15:59:60-08:00"), Some(662_688_000));
        // The time of Amsterdam then was 19 minutes and 32.13 seconds ahead; before 1970.
        assert_eq!(seconds("1937-01-01T12:00:27.87+00:20"), None);
    }

    #[test]
    fn the_ends() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("1969-12-31T23:59:59Z"), None);
        assert_eq!(seconds("1969-12-31T23:59:59-00:01"), Some(59));
        assert_eq!(seconds("2999-12-31T23:59:59.999Z"), Some(LAST));
        assert_eq!(seconds("2999-12-31T23:59:60Z"), None);
        assert_eq!(seconds("3000-01-01T00:59:59+01:00"), Some(LAST));
        assert_eq!(seconds("2999-12-31T23:30:00-01:00"), None);
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "2026-01-01",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:60Z",
            "2026-12-31T23:59:61Z",
            "2026-12-31T23:59:60+00:01",
            "2026-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-1-01T00:00:00Z",
            "+2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+01:60",
            "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+01",
            "2026-01-01T00:00:00Z ",
            "2026-01-01T00:00:00,5Z",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("2024-02-29t00:00:00z"), Some(1_709_164_800));
        let digits = |count: usize| format!("2024-02-29T00:00:00.{}Z", "9".repeat(count));
        assert_eq!((seconds(&digits(43)), seconds(&digits(44))), (Some(1_709_164_800), None));
    }
}
