//! Date-times in text: the profile of RFC 3339, read as seconds since the Unix epoch.

use crate::json::Text;
use crate::time::LATEST;

/// The most bytes of a date-time. More can only be digits of a fraction, which is cut off.
const MAX_BYTES: usize = 64;
const SECONDS_OF_DAY: i64 = 86_400;
/// The years in which a date-time may be written whose time is from 1970 to 2999: its offset from
/// UTC may be up to a day.
const YEARS: core::ops::RangeInclusive<i32> = 1969..=3000;

/// The seconds since the Unix epoch that an RFC 3339 date-time stands for; none where the text is
/// no such date-time, and before 1970 and after 2999. A fraction is cut off. A leap second has the
/// number of the second after it.
pub(crate) fn read(text: Text<'_>) -> Option<i64> {
    let mut places = [0; MAX_BYTES];
    let rest = &mut text.decoded_into(&mut places)?;
    let mut parts = [0; 6];
    numbers(rest, b"0000-00-00T00:00:00", &mut parts)?;
    let [year, month, day, hour, minute, second] = parts;
    if let [b'.', digits @ ..] = rest {
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *rest = digits.get(count..).filter(|_| count > 0)?;
    }
    let (zone, after) = rest.split_first()?;
    *rest = after;
    let sign = match zone {
        b'Z' | b'z' => 0,
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut offset = [0; 2];
    if sign != 0 {
        numbers(rest, b"00:00", &mut offset)?;
    }
    let [offset_hour, offset_minute] = offset;
    let days = day_number(year, month, day);
    let minutes =
        minutes(hour, minute).wrapping_sub(minutes(offset_hour, offset_minute).wrapping_mul(sign));
    let seconds =
        first_second(days).wrapping_add(i64::from(minutes.wrapping_mul(60).wrapping_add(second)));
    // A leap second is the last second of June or December (section 5.7), so the next second begins
    // July or January. Month 13 is the next January.
    let is_good = rest.is_empty()
        && YEARS.contains(&year)
        && (1..=12).contains(&month)
        && day > 0
        && days < day_number(year, month.wrapping_add(1), 1)
        && hour.max(offset_hour) < 24
        && minute.max(offset_minute) < 60
        && (0..=LATEST).contains(&seconds)
        && (second < 60
            || second == 60
                && [1, 7, 13]
                    .iter()
                    .any(|month| first_second(day_number(year, *month, 1)) == seconds));
    is_good.then_some(seconds)
}

/// Takes a text of this form: a digit for each `0`, and else the same, but `t` for `T`. The digits
/// between other characters are the numbers.
fn numbers(rest: &mut &[u8], form: &[u8], out: &mut [i32]) -> Option<()> {
    let mut out = out.iter_mut();
    let mut number = out.next()?;
    for expected in form {
        let (byte, after) = rest.split_first()?;
        if *expected == b'0' {
            let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
            *number = number.wrapping_mul(10).wrapping_add(i32::from(digit));
        } else if byte == expected || (*expected == b'T' && *byte == b't') {
            number = out.next()?;
        } else {
            return None;
        }
        *rest = after;
    }
    Some(())
}

fn first_second(day: i32) -> i64 {
    i64::from(day).wrapping_mul(SECONDS_OF_DAY)
}

/// How many days a day is after 1 January 1970. Months after 12 are those of the next year.
///
/// Years are counted from March on, so that the leap day is the last one of a year. Then five
/// months from March or August on have 153 days.
const fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month < 3 {
        (year.wrapping_sub(1), month.wrapping_add(9))
    } else {
        (year, month.wrapping_sub(3))
    };
    year.wrapping_mul(365)
        .wrapping_add(year / 4)
        .wrapping_sub(year / 100)
        .wrapping_add(year / 400)
        .wrapping_add(month.wrapping_mul(153).wrapping_add(2) / 5)
        .wrapping_add(day)
        // 1 March of the year 0 is the day 0 so far, and its first day has the number 1.
        .wrapping_sub(719_469)
}

const fn minutes(hour: i32, minute: i32) -> i32 {
    hour.wrapping_mul(60).wrapping_add(minute)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::json::Text;
    use alloc::format;

    fn seconds(text: &str) -> Option<i64> {
        read(Text::plain(text))
    }

    /// The numbers are those of `date -u -d <text> +%s` (GNU coreutils), but for leap seconds,
    /// which it does not read: theirs are those of the second after.
    #[test]
    fn date_times_are_seconds() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1985-04-12T23:20:50.52Z", 482_196_050),
            ("1996-12-19T16:39:57-08:00", 851_042_397),
            ("1937-01-01T12:00:27.87+00:20", -1),
            ("1990-12-31T23:59:60Z", 662_688_000),
            ("1990-12-31T15:59:60-08:00", 662_688_000),
            ("1991-01-01T00:00:00Z", 662_688_000),
            ("2026-11-18T11:06:40Z", 1_795_000_000),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("2100-02-28T23:59:59Z", 4_107_542_399),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("2400-02-29T00:00:00Z", 13_574_563_200),
            ("2999-12-31T23:59:59Z", 32_503_679_999),
        ] {
            let expected = Some(expected).filter(|seconds| *seconds >= 0);
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn letters_fractions_and_offsets_have_few_forms() {
        let expected = Some(1_795_000_000);
        for text in [
            "2026-11-18t11:06:40z",
            "2026-11-18T11:06:40.0Z",
            "2026-11-18T11:06:40.999999999999999999999999999999999999999999Z",
            "2026-11-18T11:06:40+00:00",
            "2026-11-18T11:06:40-00:00",
            "2026-11-18T12:06:40+01:00",
            "2026-11-18T00:36:40-10:30",
            "2026-11-19T11:05:40.5+23:59",
            "2026-11-17T11:07:40-23:59",
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-11-18",
            "11:06:40Z",
            "2026-11-18T11:06Z",
            "2026-11-18T11Z",
            "2026-11-18T11:06:40",
            "2026-11-18 11:06:40Z",
            "2026-11-18T11:06:40 Z",
            "2026-11-18_11:06:40Z",
            " 2026-11-18T11:06:40Z",
            "2026-11-18T11:06:40Z ",
            "2026-11-18T11:06:40ZZ",
            "2026-11-18T11:06:40.Z",
            "2026-11-18T11:06:40,5Z",
            "2026-11-18T11:06:40.5",
            "2026-11-18T11:06:40.5.5Z",
            "2026-11-18T11:06:40+0100",
            "2026-11-18T11:06:40+01",
            "2026-11-18T11:06:40+1:00",
            "2026-11-18T11:06:40+01:0",
            "2026-11-18T11:06:40+01:00Z",
            "2026-11-18T11:06:40+24:00",
            "2026-11-18T11:06:40+01:60",
            "2026-11-18T11:06:40\u{2212}01:00",
            "20261118T110640Z",
            "2026-W47-3T11:06:40Z",
            "26-11-18T11:06:40Z",
            "+2026-11-18T11:06:40Z",
            "02026-11-18T11:06:40Z",
            "2026-11-18T11:6:40Z",
            "2026-00-18T11:06:40Z",
            "2026-13-18T11:06:40Z",
            "2026-11-00T11:06:40Z",
            "2026-11-31T11:06:40Z",
            "2026-02-29T11:06:40Z",
            "2100-02-29T11:06:40Z",
            "2000-02-30T11:06:40Z",
            "2026-11-18T24:00:00Z",
            "2026-11-18T11:60:40Z",
            "2026-11-18T11:06:61Z",
            "2026-11-18T11:06:40.9999999999999999999999999999999999999999999Z0",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
        for day in
            [(1, 31), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31)]
        {
            let at = |day: u8, month: u8| format!("2027-{month:02}-{day:02}T00:00:00Z");
            assert!(seconds(&at(day.1, day.0)).is_some(), "{day:?}");
            assert_eq!(seconds(&at(day.1 + 1, day.0)), None, "{day:?}");
        }
    }

    #[test]
    fn a_text_has_at_most_64_bytes() {
        let of = |digits: usize| format!("1970-01-01T00:00:07.{}Z", "1".repeat(digits));
        assert_eq!((of(43).len(), seconds(&of(43))), (64, Some(7)));
        assert_eq!((of(44).len(), seconds(&of(44))), (65, None));
    }

    #[test]
    fn leap_seconds_are_the_last_of_june_and_december() {
        for (text, expected) in [
            ("2016-12-31T23:59:60Z", Some(1_483_228_800)),
            ("2015-06-30T23:59:60Z", Some(1_435_708_800)),
            // None was inserted there, but it is where one may be.
            ("2026-06-30T23:59:60.75Z", Some(1_782_864_000)),
            ("2017-01-01T00:59:60+01:00", Some(1_483_228_800)),
            ("2015-07-01T05:29:60+05:30", Some(1_435_708_800)),
            ("2015-06-30T00:00:60-23:59", Some(1_435_708_800)),
            ("1969-12-31T23:59:60Z", Some(0)),
            ("2016-12-31T23:59:60+01:00", None),
            ("2016-12-31T22:59:60Z", None),
            ("2016-12-30T23:59:60Z", None),
            ("2016-03-31T23:59:60Z", None),
            ("2016-09-30T23:59:60Z", None),
            ("2016-11-30T23:59:60Z", None),
            ("2016-06-29T23:59:60Z", None),
            ("2016-12-31T23:58:60Z", None),
            ("2999-12-31T23:59:60Z", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn times_are_from_1970_to_2999_whatever_the_offset() {
        for (text, expected) in [
            ("1969-12-31T23:59:59Z", None),
            ("1969-12-31T23:59:59-00:01", Some(59)),
            ("1970-01-01T00:00:00+00:01", None),
            ("3000-01-01T00:00:00Z", None),
            ("3000-01-01T00:00:00+00:01", Some(32_503_679_940)),
            ("2999-12-31T23:59:59-00:01", None),
            ("0000-01-01T00:00:00Z", None),
            ("9999-12-31T23:59:59Z", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
