//! Texts that say an address, a network or a time, and texts that nearly do.

use super::random::Random;
use crate::time::LAST;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};

/// Several texts of a few addresses.
const ADDRESSES: [&str; 17] = [
    "10.0.0.1",
    "::ffff:10.0.0.1",
    "::FFFF:0A00:0001",
    "0:0:0:0:0:ffff:a00:1",
    "10.0.0.2",
    "192.0.2.1",
    "0.0.0.0",
    "::ffff:0:0",
    "255.255.255.255",
    "::",
    "::1",
    "::10.0.0.1",
    "2001:db8::1",
    "2001:DB8:0:0:0:0:0:1",
    "2001:db8::192.0.2.33",
    "fe80::fffe:0:1",
    "1:2:3:4:5:6:7::",
];

const PREFIXES: [&str; 16] = [
    "10.0.0.0/8",
    "10.0.0.0/31",
    "10.0.0.1/32",
    "10.0.0.2/31",
    "0.0.0.0/0",
    "0.0.0.0/32",
    "128.0.0.0/1",
    "192.0.2.0/24",
    "::/0",
    "::/96",
    "::fffe:0:0/95",
    "::ffff:0:0/96",
    "::ffff:10.0.0.0/104",
    "::FFFF:10.0.0.1/128",
    "2001:db8::/32",
    "2001:DB8::1/128",
];

/// What is neither an address nor a network.
const NO_ADDRESSES: [&str; 30] = [
    "10.0.0.1:80",
    "[::1]",
    "[::1]:80",
    "fe80::1%eth0",
    "10.0.0.01",
    "010.0.0.1",
    "10.0.0",
    "10.0.0.1.",
    "10.0.0.256",
    "0x0a.0.0.1",
    " 10.0.0.1",
    "10.0.0.1 ",
    "10.0.0.1/8",
    "10.0.0.0/08",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0.0/255.0.0.0",
    "2001:db8::/129",
    "2001:db8::1/32",
    "::ffff:0:0/95",
    "::ffff:10.0.0.1/104",
    "1:2:3:4:5:6:7:8::",
    "1:2:3:4:5:6:7",
    "1::2::3",
    ":::",
    "::00001",
    "::1.2.3",
    "::1.2.3.4:5",
];

/// Times at edges, which any text of a time may say too.
const TIMES: [&str; 9] = [
    "1990-12-31T23:59:60Z",
    "1990-12-31T15:59:60-08:00",
    "1997-07-01T05:29:60.999+05:30",
    "1970-01-01T00:00:00-00:00",
    "2999-12-31T23:59:59.999999999Z",
    "3000-01-01T00:59:59+01:00",
    "1969-12-31T00:01:00-23:59",
    "2024-02-29t00:00:00.0000000000000000000z",
    "2000-02-29T23:59:59+23:59",
];

const NO_TIMES: [&str; 28] = [
    "1969-12-31T23:59:59Z",
    "2999-12-31T23:59:60Z",
    "3000-01-01T00:00:00Z",
    "2999-12-31T23:30:00-01:00",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "1990-12-31T23:59:60+01:00",
    "1990-12-31T22:59:60Z",
    "1990-11-30T23:59:60Z",
    "1990-12-31T23:58:60Z",
    "1990-12-31T23:59:61Z",
    "2023-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-01-00T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z",
    "2024-01-01 00:00:00Z",
    "2024-01-01T00:00:00",
    "2024-01-01T00:00Z",
    "2024-01-01T00:00:00.Z",
    "2024-01-01T00:00:00,5Z",
    "2024-01-01T00:00:00+0100",
    "2024-01-01T00:00:00+24:00",
    "2024-01-01T00:00:00+01:60",
    "2024-01-01",
    "1704067200",
];

pub(super) fn address(random: &mut Random) -> Value {
    let usual = if random.chance(50) { &ADDRESSES[..5] } else { &ADDRESSES };
    (*random.pick(usual)).into()
}

pub(super) fn network(random: &mut Random) -> Value {
    if random.chance(40) { address(random) } else { (*random.pick(&PREFIXES)).into() }
}

/// Seconds, as a number or as one of the texts that say them; now and then another time.
pub(super) fn time(random: &mut Random, seconds: i64) -> Value {
    match random.below(10) {
        0..=5 => seconds.into(),
        6 => (*random.pick(&TIMES)).into(),
        _ => date_time(random, seconds).into(),
    }
}

fn date_time(random: &mut Random, seconds: i64) -> String {
    let minutes = *random.pick(&[0, 0, 0, 60, -60, 330, -1439, 1439, 1]);
    let local = Timestamp::from_second(seconds.clamp(0, LAST) + minutes * 60).expect("a time");
    let local = Offset::UTC.to_datetime(local);
    let fraction = *random.pick(&["", "", ".0", ".999999999999", ".5"]);
    let offset = match minutes {
        0 => (*random.pick(&["Z", "z", "+00:00", "-00:00"])).to_owned(),
        _ => {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
        }
    };
    let parting = if random.chance(10) { 't' } else { 'T' };
    let (date, time) = (local.date(), local.time());
    format!(
        "{:04}-{:02}-{:02}{parting}{:02}:{:02}:{:02}{fraction}{offset}",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
    )
}

/// A value that nearly is one of a type that is read from texts; none for other types.
pub(super) fn nearly(random: &mut Random, kind: &str) -> Option<Value> {
    let long = format!("2024-02-29T00:00:00.{}Z", "0".repeat(random.between(42, 45)));
    let odd: Value = match kind {
        "time" => match random.below(8) {
            0 => long.into(),
            1 => random.pick(&[json!(LAST + 1), json!(-1), json!(1_795_000_000_000_u64)]).clone(),
            2 => (*random.pick(&NO_ADDRESSES)).into(),
            _ => (*random.pick(&NO_TIMES)).into(),
        },
        "ip" => match random.below(5) {
            0 => (*random.pick(&PREFIXES)).into(),
            _ => (*random.pick(&NO_ADDRESSES)).into(),
        },
        "ip_set" => match random.below(8) {
            0 => network(random),
            1 => json!([network(random), null]),
            2 => json!([network(random), [network(random)]]),
            _ => json!([network(random), random.pick(&NO_ADDRESSES), network(random)]),
        },
        _ => return None,
    };
    Some(odd)
}

/// Any of the odd texts, where something else should stand.
pub(super) fn odd(random: &mut Random) -> Value {
    match random.below(4) {
        0 => (*random.pick(&NO_ADDRESSES)).into(),
        1 => (*random.pick(&NO_TIMES)).into(),
        2 => network(random),
        _ => (*random.pick(&TIMES)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Address, Network};
    use crate::time::seconds;

    #[test]
    fn the_texts_are_what_their_lists_say() {
        assert!(ADDRESSES.iter().all(|text| Address::read(text).is_some()));
        assert!(PREFIXES.iter().all(|text| Network::read(text).is_some()));
        assert!(NO_ADDRESSES.iter().all(|text| Network::read(text).is_none()));
        assert!(TIMES.iter().all(|text| seconds(text).is_some()));
        assert!(NO_TIMES.iter().all(|text| seconds(text).is_none()));
        let random = &mut Random::new(2);
        for _ in 0..1_000 {
            let time = i64::try_from(random.bits() % u64::try_from(LAST).unwrap_or(1)).unwrap_or(0);
            assert_eq!(seconds(&date_time(random, time)), Some(time));
        }
    }
}
