//! Records at their limits, and which successor may take over (`docs/token-format.md`).

use cog_auth::token::{
    EdgeKeys, KeyId, Kind, MAX_RECORD_BYTES, Record, RecordDraft, RootKey, RootKeys, Scopes, Token,
};
use cog_auth::{Code, Time};

const NOW: u64 = 1_795_000_000;

fn time(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

fn token(kind: Kind, random: u8) -> Token {
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    root.mint(kind, None, &[random; 64]).unwrap()
}

fn draft(token: &Token) -> RecordDraft<'_> {
    RecordDraft::new(token, "su", Scopes::all(), time(NOW)).for_edges()
}

/// The code of what is refused, none of what is issued and can then be read again.
fn refused(draft: RecordDraft<'_>) -> Option<Code> {
    match draft.issue() {
        Ok(record) => {
            assert_eq!(Record::from_json(record.to_json().as_bytes()).unwrap(), record);
            None
        }
        Err(error) => Some(error.code()),
    }
}

#[test]
fn a_draft_is_held_to_what_a_record_may_be() {
    let token = token(Kind::ServiceUserKey, 1);
    let invalid = Some(Code::InvalidRecord);
    let nested = |levels: usize| {
        format!("{}{}", r#"{"a":"#.repeat(levels - 1) + "{}", "}".repeat(levels - 1))
    };
    for (metadata, expected) in [
        (String::from("{}"), None),
        (String::from(r#"{"a":[1,"x",null,{}]}"#), None),
        (String::from("null"), invalid),
        (String::from("[]"), invalid),
        (String::from("\"x\""), invalid),
        (String::new(), invalid),
        (String::from("{} {}"), invalid),
        (String::from("{"), invalid),
        (String::from(r#"{"a":1,"a":2}"#), invalid),
        (String::from(r#"{"a":{"b":1,"\u0062":2}}"#), invalid),
        // A record has 16 levels, itself the first.
        (nested(15), None),
        (nested(16), invalid),
    ] {
        assert_eq!(refused(draft(&token).metadata(&metadata)), expected, "{metadata}");
    }
    for (length, expected) in [(256, None), (257, invalid)] {
        assert_eq!(refused(draft(&token).name(&"n".repeat(length))), expected, "{length}");
    }
    assert_eq!(refused(draft(&token).name("a\u{85}b")), invalid);
    for (organizations, expected) in [
        (&["o"][..], None),
        (&[], None),
        (&["o", ""], invalid),
        (&["*"], invalid),
        (&["o", "*"], invalid),
    ] {
        assert_eq!(
            refused(draft(&token).organizations(organizations)),
            expected,
            "{organizations:?}"
        );
    }
    // Together at most 16,384 bytes.
    let empty = draft(&token).metadata(r#"{"a":""}"#).issue().unwrap().to_json().len();
    for (length, expected) in
        [(MAX_RECORD_BYTES - 1, None), (MAX_RECORD_BYTES, None), (MAX_RECORD_BYTES + 1, invalid)]
    {
        let metadata = format!(r#"{{"a":"{}"}}"#, "x".repeat(length - empty));
        assert_eq!(refused(draft(&token).metadata(&metadata)), expected, "{length}");
    }
}

#[test]
fn a_null_is_absent_where_a_member_may_be() {
    let token = token(Kind::ServiceUserKey, 1);
    let record = draft(&token).issue().unwrap();
    let text = record.to_json();
    let start = text.strip_suffix('}').unwrap();
    for name in [
        "digest",
        "organizations",
        "addresses",
        "last_used_at",
        "name",
        "not_before",
        "expires_at",
        "revoked_at",
        "rotated_to",
        "grace_until",
        "metadata",
    ] {
        let read = Record::from_json(format!(r#"{start},"{name}":null}}"#).as_bytes());
        assert_eq!(read.unwrap(), record, "{name}");
        let wrong = Record::from_json(format!(r#"{start},"{name}":true}}"#).as_bytes());
        assert_eq!(wrong.unwrap_err().code(), Code::InvalidRecord, "{name}");
    }
}

#[test]
fn a_successor_takes_over_where_it_is_no_wider() {
    let (first, second) = (token(Kind::ServiceUserKey, 1), token(Kind::ServiceUserKey, 2));
    let personal = token(Kind::PersonalAccessToken, 3);
    let scopes = |names: &[&str]| Scopes::of(names).unwrap();
    let issue = |token, principal, scopes| {
        RecordDraft::new(token, principal, scopes, time(NOW)).for_edges().issue().unwrap()
    };
    let old = issue(&first, "su", scopes(&["A", "B"]));
    let good = issue(&second, "su", scopes(&["B"]));
    let rotate = |old: &Record, new: &Record, now| {
        old.rotate(new, time(NOW + 60), time(now)).map_err(|error| error.code())
    };
    let rotated = rotate(&old, &good, NOW).unwrap();
    assert_eq!(rotated.rotated_to(), Some(good.id()));
    assert_eq!(rotated.grace_until(), Some(time(NOW + 60)));
    for (new, expected) in [
        (issue(&second, "su", scopes(&["A", "B"])), None),
        (issue(&second, "su", Scopes::none()), None),
        (issue(&second, "su", scopes(&["A", "C"])), Some(Code::WiderThanPredecessor)),
        (issue(&second, "su", Scopes::all()), Some(Code::WiderThanPredecessor)),
        (issue(&second, "su_2", scopes(&["A"])), Some(Code::WiderThanPredecessor)),
        (issue(&personal, "su", scopes(&["A"])), Some(Code::WiderThanPredecessor)),
        (issue(&first, "su", scopes(&["A"])), Some(Code::InvalidRecord)),
    ] {
        assert_eq!(rotate(&old, &new, NOW).err(), expected, "{}", new.to_json());
    }
    let revoked = good.revoke(time(NOW));
    assert_eq!(rotate(&old, &revoked, NOW).err(), Some(Code::NotRotatable));
    let third = issue(&token(Kind::ServiceUserKey, 4), "su", Scopes::none());
    let gone = rotate(&good, &third, NOW).unwrap();
    assert_eq!(rotate(&old, &gone, NOW).err(), Some(Code::NotRotatable));
    let ended = old.revoke(time(NOW));
    assert_eq!(rotate(&ended, &good, NOW).err(), Some(Code::NotRotatable));
    assert_eq!(rotate(&rotated, &third, NOW).err(), Some(Code::AlreadyRotated));
    let expiring = draft(&first).expires_at(time(NOW + 5)).issue().unwrap();
    let good = draft(&second).expires_at(time(NOW + 5)).issue().unwrap();
    assert_eq!(rotate(&expiring, &good, NOW + 4).err(), None);
    assert_eq!(rotate(&expiring, &good, NOW + 5).err(), Some(Code::NotRotatable));
}

#[test]
fn a_key_set_names_its_keys_and_says_where_it_is_wrong() {
    let key = |id| RootKey::new(KeyId::parse(id).unwrap(), &[7; 32]);
    let mut roots = RootKeys::of(key("02"));
    roots.insert(key("zz")).unwrap();
    roots.insert(key("01")).unwrap();
    let ids = |ids: Vec<KeyId>| ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(roots.key_ids().collect()), ["01", "02", "zz"]);
    assert_eq!(ids(roots.edge_keys().key_ids().collect()), ["01", "02", "zz"]);
    assert_eq!(ids(roots.peppers().key_ids().collect()), ["01", "02", "zz"]);
    assert!(roots.key(KeyId::parse("03").unwrap()).is_none());

    let good = roots.edge_keys().expose_json(str::to_owned);
    assert!(EdgeKeys::from_json(good.as_bytes()).is_ok());
    let wrong_use = good.replace("edge-tag", "root");
    let error = EdgeKeys::from_json(wrong_use.as_bytes()).unwrap_err();
    assert_eq!((error.code(), error.offset()), (Code::WrongKeyUse, wrong_use.find("\"root\"")));
    let reserved = good.replace("\"01\"", "\"00\"");
    let error = EdgeKeys::from_json(reserved.as_bytes()).unwrap_err();
    assert_eq!((error.code(), error.offset()), (Code::ReservedKeyId, reserved.find("\"00\"")));
}
