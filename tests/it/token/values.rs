//! What the values of the token part hold, and what they show of themselves.

use cog_auth::gate::{Gate, HttpRequest};
use cog_auth::policy::Source;
use cog_auth::token::{
    Authorization, ExpiryDay, KeyId, Kind, Record, RecordDraft, RootKey, Scopes, Token,
    authorization,
};
use cog_auth::{Code, Time};
use std::sync::Arc;

const NOW: u64 = 1_795_000_000;

fn time(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

fn root() -> RootKey {
    RootKey::new(KeyId::parse("01").unwrap(), &[7; 32])
}

fn token(random: u8) -> Token {
    root().mint(Kind::ServiceUserKey, None, &[random; 64]).unwrap()
}

fn draft<'a>(token: &'a Token, scopes: Scopes) -> RecordDraft<'a> {
    RecordDraft::new(token, "su", scopes, time(NOW)).for_edges()
}

#[test]
fn a_record_holds_what_it_was_given() {
    let (token, successor) = (token(1), token(2));
    let bare = draft(&token, Scopes::none()).issue().unwrap();
    assert_eq!(
        (bare.not_before(), bare.expires_at(), bare.revoked_at(), bare.rotated_to()),
        (None, None, None, None)
    );
    assert_eq!((bare.grace_until(), bare.metadata(), bare.name()), (None, None, None));
    assert!(bare.organizations().is_none());

    let full = draft(&token, Scopes::none())
        .not_before(time(NOW + 1))
        .expires_at(time(NOW + 4))
        .metadata(r#"{ "a": [1] }"#)
        .name("deploy")
        .issue()
        .unwrap();
    let successor = draft(&successor, Scopes::none()).expires_at(time(NOW + 4)).issue().unwrap();
    let full = full.rotate(&successor, time(NOW + 3), time(NOW)).unwrap();
    let full = full.revoke(time(NOW + 2)).revoke(time(NOW + 9));
    for full in [&full, &Record::from_json(full.to_json().as_bytes()).unwrap()] {
        assert_eq!(full.kind(), Kind::ServiceUserKey);
        assert_eq!(full.created_at(), time(NOW));
        assert_eq!(full.not_before(), Some(time(NOW + 1)));
        assert_eq!(full.revoked_at(), Some(time(NOW + 2)));
        assert_eq!(full.grace_until(), Some(time(NOW + 3)));
        assert_eq!(full.expires_at(), Some(time(NOW + 4)));
        assert_eq!(full.rotated_to(), Some(successor.id()));
        assert_eq!(full.metadata(), Some(r#"{ "a": [1] }"#));
        assert_eq!(full.name(), Some("deploy"));
    }
}

#[test]
fn scopes_are_within_others_where_each_of_them_is() {
    let of = |names: &[&str]| Scopes::of(names).unwrap();
    for (some, others, within) in [
        (of(&["A"]), of(&["A", "B"]), true),
        (of(&["B", "A"]), of(&["A", "B"]), true),
        (of(&["A", "C"]), of(&["A", "B"]), false),
        (of(&["A"]), Scopes::none(), false),
        (Scopes::none(), Scopes::none(), true),
        (Scopes::none(), of(&["A"]), true),
        (of(&["A"]), Scopes::all(), true),
        (Scopes::all(), of(&["A"]), false),
        (Scopes::all(), Scopes::all(), true),
    ] {
        assert_eq!(some.is_within(&others), within, "{some:?} {others:?}");
    }
    assert!(of(&["*"]).are_all() && !of(&["A"]).are_all() && !Scopes::none().are_all());
    assert_eq!(of(&["B", "A", "B"]).names().collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(Scopes::all().names().collect::<Vec<_>>(), ["*"]);
    assert_eq!(Scopes::none().names().count(), 0);
    for refused in [&["*", "A"][..], &["A", "*"], &[""], &["a b"], &["a\"b"], &["a\\b"], &["é"]] {
        assert_eq!(Scopes::of(refused).unwrap_err().code(), Code::InvalidRecord, "{refused:?}");
    }
    let longest = "a".repeat(128);
    assert!(Scopes::of([&longest]).is_ok());
    assert!(Scopes::of([longest + "a"]).is_err());
}

#[test]
fn a_successor_has_no_wider_organizations() {
    let (old, new) = (token(1), token(2));
    let issued = |ids: Option<&[&str]>, token| match ids {
        Some(ids) => draft(token, Scopes::all()).organizations(ids).issue().unwrap(),
        None => draft(token, Scopes::all()).issue().unwrap(),
    };
    for (before, after, allowed) in [
        (None, None, true),
        (None, Some(&["o"][..]), true),
        (Some(&["o"][..]), None, false),
        (Some(&["o", "p"][..]), Some(&["p"][..]), true),
        (Some(&["o"][..]), Some(&["o", "p"][..]), false),
        (Some(&["o"][..]), Some(&["p"][..]), false),
        (Some(&["o"][..]), Some(&[][..]), true),
        (Some(&[][..]), Some(&["o"][..]), false),
    ] {
        let rotated = issued(before, &old).rotate(&issued(after, &new), time(NOW), time(NOW));
        let expected = if allowed { None } else { Some(Code::WiderThanPredecessor) };
        assert_eq!(rotated.err().map(|error| error.code()), expected, "{before:?} {after:?}");
    }
}

#[test]
fn a_value_shows_what_it_is_and_no_secret() {
    let root = root();
    let random: [u8; 64] = core::array::from_fn(|index| u8::try_from(index * 3).unwrap());
    let token = root.mint(Kind::ServiceUserKey, None, &random).unwrap();
    let handle = token.handle().as_str().to_owned();
    let record = draft(&token, Scopes::all())
        .for_origins(&root.peppers())
        .name(token.expose())
        .issue()
        .unwrap();
    let id = record.id();
    let keys = Arc::new(root.edge_keys());
    let header = format!("Bearer {}", token.expose());
    let headers = [header.as_bytes()];
    let credential = authorization(headers).unwrap();
    let mut source = Source::new();
    source.add("p.json", r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#);
    let policy = source.check().unwrap().into_policy();
    let target = format!("/v3/{}?q=secret", token.expose());
    let request = HttpRequest {
        method: "GET",
        target: target.as_bytes(),
        authorization: &headers,
        context: None,
        client_address: None,
    };
    let gate = Gate::at_edge(policy, keys.clone());
    let step = gate.begin(&request, time(NOW)).unwrap();
    let genuine = keys.verify(Token::parse(token.expose().as_bytes()).unwrap(), time(NOW)).unwrap();
    let cut = format!("/v3/{handle}…");
    let shown = [
        (format!("{token:?}"), vec!["Token(", &handle]),
        (format!("{genuine:?}"), vec!["Genuine(", &handle]),
        (format!("{root:?}"), vec!["RootKey(01"]),
        (format!("{keys:?}"), vec!["EdgeKeys(", "01"]),
        (format!("{:?}", root.peppers()), vec!["Peppers(", "01"]),
        (format!("{record:?}"), vec!["Record(", "service_user_key", id.as_str()]),
        (format!("{credential:?}"), vec!["Bearer("]),
        (format!("{:?}", Authorization::Nothing), vec!["Nothing"]),
        (format!("{:?}", Authorization::OtherScheme), vec!["OtherScheme"]),
        (format!("{request:?}"), vec!["HttpRequest", "GET", &cut]),
        (format!("{step:?}"), vec!["GET", &cut]),
    ];
    // What follows the handle is secret, and so is what is in the query, and any digest.
    let secret = &token.expose().strip_prefix(handle.as_str()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
    let digest = json["digest"].as_str().unwrap().rsplit('$').next().unwrap();
    for (shown, parts) in &shown {
        for part in parts {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(!shown.contains(secret.get(..8).unwrap()), "{shown}");
        assert!(!shown.contains("secret") && !shown.contains(digest), "{shown}");
    }
}

#[test]
fn a_day_begins_and_ends_with_its_seconds() {
    for (number, first) in [(1, 86_400), (20_775, 1_794_960_000), (238_327, 20_591_452_800)] {
        let day = ExpiryDay::from_number(number).unwrap();
        assert_eq!(day.number(), number);
        assert_eq!(day.last_second(), time(first + 86_399));
        assert_eq!(day.end(), time(first + 86_400));
        for second in [first, first + 1, first + 86_399] {
            assert_eq!(ExpiryDay::of(time(second)).unwrap(), day, "{second}");
        }
    }
    assert!(ExpiryDay::of(time(86_399)).is_err() && ExpiryDay::from_number(0).is_err());
    assert!(ExpiryDay::from_number(238_328).is_err());
    assert!(ExpiryDay::of(time(238_328 * 86_400)).is_err());
    assert_eq!(ExpiryDay::of(time(238_328 * 86_400 - 1)).unwrap(), ExpiryDay::MAX);
}

#[test]
fn what_is_genuine_says_what_its_token_says() {
    let keys = root().edge_keys();
    for day in [None, Some(ExpiryDay::from_number(20_819).unwrap())] {
        for kind in [Kind::ServiceUserKey, Kind::PersonalAccessToken] {
            let token = root().mint(kind, day, &[5; 64]).unwrap();
            let genuine = keys.verify(Token::parse(token.expose().as_bytes()).unwrap(), time(NOW));
            let genuine = genuine.unwrap();
            assert_eq!((genuine.kind(), genuine.hard_expiry()), (kind, day));
            assert_eq!((genuine.key_id(), genuine.id()), (token.key_id(), token.id()));
            assert_eq!(genuine.handle().as_str(), &token.expose()[..23]);
        }
    }
}

#[test]
fn people_see_a_record_without_digests_and_metadata() {
    let token = token(1);
    let record = draft(&token, Scopes::all())
        .for_origins(&root().peppers())
        .name("deploy")
        .expires_at(time(NOW + 9))
        .metadata(r#"{"note": "internal"}"#)
        .issue()
        .unwrap();
    let mut shown: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
    for left_out in ["digest", "edge_digest", "metadata"] {
        assert!(shown.as_object_mut().unwrap().remove(left_out).is_some(), "{left_out}");
    }
    let json: serde_json::Value = serde_json::from_str(&record.to_display_json()).unwrap();
    assert_eq!(json, shown);
    assert!(Record::from_json(record.to_display_json().as_bytes()).is_err());
}

#[test]
fn sets_of_keys_are_merged_whole_or_not_at_all() {
    let root = |id| RootKey::new(KeyId::parse(id).unwrap(), &[7; 32]);
    let mut keys = root("02").edge_keys();
    keys.merge(root("01").edge_keys()).unwrap();
    let mut others = root("03").edge_keys();
    others.merge(root("01").edge_keys()).unwrap();
    assert_eq!(keys.merge(others).unwrap_err().code(), Code::InvalidKeySet);
    assert!(keys.key_ids().map(|id| id.to_string()).eq(["01", "02"]));
}
