//! What a rotation may do (section "Rotation" of `docs/token-format.md`), and the addresses and the
//! last use that a record tells.

use cog_auth::token::{Record, RotationLimits};
use cog_auth::{Code, Time};

const NOW: u64 = 1_795_000_000;
const DAY: u64 = 86_400;

fn time(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

/// A record with these members after those that it needs.
fn record(id: &str, members: &str) -> Record {
    read(id, members).unwrap()
}

fn read(id: &str, members: &str) -> Result<Record, Code> {
    let text = format!(
        r#"{{"v":1,"id":"{id}","kind":"service_user_key","principal":"a","scopes":[],"created_at":{NOW},
            "edge_digest":"$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE"{members}}}"#
    );
    Record::from_json(text.as_bytes()).map_err(|error| error.code())
}

const OLD: &str = "AAAABBBBCCCC";
const NEW: &str = "DDDDEEEEFFFF";

fn rotated(old: &str, new: &str, grace: u64, limits: RotationLimits) -> Option<Code> {
    let (old, new) = (record(OLD, old), record(NEW, new));
    let plain = old.rotate(&new, time(NOW + grace), time(NOW));
    let within = old.rotate_within(&new, time(NOW + grace), time(NOW), limits);
    if limits == RotationLimits::default() {
        assert_eq!(
            plain.clone().err().map(|error| error.code()),
            within.clone().err().map(|error| error.code())
        );
    }
    within.err().map(|error| error.code())
}

#[test]
fn a_successor_outlives_its_predecessor_only_where_that_is_said() {
    let end = |seconds: u64| format!(r#","expires_at":{}"#, NOW + seconds);
    let wider = Some(Code::WiderThanPredecessor);
    for (old, new, expected) in [
        (String::new(), String::new(), None),
        (String::new(), end(100), None),
        (end(100), end(99), None),
        (end(100), end(100), None),
        (end(100), end(101), wider),
        (end(100), String::new(), wider),
        (end(100), r#","expires_at":0"#.to_owned(), None),
    ] {
        assert_eq!(rotated(&old, &new, 0, RotationLimits::new()), expected, "{old} {new}");
        let managed = RotationLimits::new().with_later_expiry();
        assert_eq!(rotated(&old, &new, 0, managed), None, "{old} {new}");
    }
    // Who may give a longer life may not give more scopes.
    let principal = r#","expires_at":1"#;
    let ended = RotationLimits::new().with_later_expiry();
    assert_eq!(rotated(principal, "", 0, ended), Some(Code::NotRotatable));
}

#[test]
fn grace_is_bounded() {
    let too_long = Some(Code::NotRotatable);
    let limit = |seconds| RotationLimits::new().with_max_grace(seconds);
    for (grace, limits, expected) in [
        (0, RotationLimits::new(), None),
        (30 * DAY, RotationLimits::new(), None),
        (30 * DAY + 1, RotationLimits::new(), too_long),
        (31 * DAY, limit(31 * DAY), None),
        (0, limit(0), None),
        (1, limit(0), too_long),
        (60, limit(60), None),
        (61, limit(60), too_long),
    ] {
        assert_eq!(rotated("", "", grace, limits), expected, "{grace} {limits:?}");
    }
    // No grace at all is always within the limits.
    let (old, new) = (record(OLD, ""), record(NEW, ""));
    let gone = old.rotate_within(&new, time(0), time(NOW), limit(0)).unwrap();
    assert_eq!(gone.grace_until(), Some(time(0)));
    let error = old.rotate(&new, Time::MAX, time(NOW)).unwrap_err();
    assert!(error.message().contains("30 days"), "{}", error.message());
}

#[test]
fn a_successor_has_no_other_addresses() {
    let wider = Some(Code::WiderThanPredecessor);
    for (old, new, expected) in [
        ("null", r#"["192.0.2.1"]"#, None),
        (r#"["192.0.2.0/24"]"#, "null", wider),
        (r#"["192.0.2.0/24"]"#, r#"["192.0.2.0/24"]"#, None),
        (r#"["192.0.2.0/24"]"#, r#"["192.0.2.7", "192.0.2.128/25"]"#, None),
        (r#"["192.0.2.0/24"]"#, r#"["::ffff:192.0.2.7"]"#, None),
        (r#"["192.0.2.0/24"]"#, r#"["192.0.0.0/16"]"#, wider),
        (r#"["192.0.2.0/24"]"#, r#"["192.0.3.1"]"#, wider),
        (r#"["192.0.2.0/24"]"#, "[]", None),
        ("[]", "[]", None),
        ("[]", r#"["::1"]"#, wider),
        (r#"["::/0"]"#, r#"["2001:db8::/32"]"#, None),
        (r#"["::/0"]"#, r#"["192.0.2.1"]"#, wider),
    ] {
        let member = |list: &str| format!(r#","addresses":{list}"#);
        let found = rotated(&member(old), &member(new), 0, RotationLimits::new());
        assert_eq!(found, expected, "{old} {new}");
    }
}

#[test]
fn addresses_of_a_record_are_read_strictly() {
    let list = |count: usize| {
        let items: Vec<String> =
            (0..count).map(|index| format!(r#""10.0.{}.{}""#, index / 256, index % 256)).collect();
        format!(r#","addresses":[{}]"#, items.join(","))
    };
    for (members, fits) in [
        (r#","addresses":["2001:db8::1", "10.0.0.0/8", "10.0.0.0/8"]"#.to_owned(), true),
        (r#","addresses":[]"#.to_owned(), true),
        (r#","addresses":["\u0031.2.3.4"]"#.to_owned(), true),
        (list(256), true),
        (list(257), false),
        (r#","addresses":["10.0.0.1/8"]"#.to_owned(), false),
        (r#","addresses":["010.0.0.1"]"#.to_owned(), false),
        (r#","addresses":["10.0.0.1:80"]"#.to_owned(), false),
        (r#","addresses":["[::1]"]"#.to_owned(), false),
        (r#","addresses":["fe80::1%eth0"]"#.to_owned(), false),
        (r#","addresses":["localhost"]"#.to_owned(), false),
        (r#","addresses":[""]"#.to_owned(), false),
        (r#","addresses":["*"]"#.to_owned(), false),
        (r#","addresses":"10.0.0.1""#.to_owned(), false),
        (r#","addresses":[1]"#.to_owned(), false),
        (r#","addresses":{}"#.to_owned(), false),
        (r#","last_used_at":0"#.to_owned(), true),
        (r#","last_used_at":-1"#.to_owned(), false),
        (r#","last_used_at":"0""#.to_owned(), false),
    ] {
        let expected = if fits { None } else { Some(Code::InvalidRecord) };
        assert_eq!(read(OLD, &members).err(), expected, "{members}");
    }
    let read = record(OLD, r#","addresses":["2001:db8::1","10.0.0.0/8","10.0.0.0/8"]"#);
    assert_eq!(read.addresses().unwrap(), ["10.0.0.0/8", "2001:db8::1"]);
    assert!(read.to_edge_json().unwrap().contains(r#""addresses":["10.0.0.0/8","2001:db8::1"]"#));
    assert_eq!(record(OLD, "").addresses(), None);
}

#[test]
fn the_last_use_is_the_latest() {
    let never = record(OLD, "");
    assert_eq!(never.last_used_at(), None);
    let used = never.used(time(NOW + 5));
    assert_eq!(used.last_used_at(), Some(time(NOW + 5)));
    assert_eq!(used.used(time(NOW)), used);
    assert_eq!(used.used(time(NOW + 6)).last_used_at(), Some(time(NOW + 6)));
    assert!(used.to_edge_json().unwrap().contains(&format!(r#""last_used_at":{}"#, NOW + 5)));
    assert_eq!(Record::from_json(used.to_json().as_bytes()).unwrap(), used);
}
