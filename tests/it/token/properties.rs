//! What holds for every token, record, header and text.

use cog_auth::token::{
    Authorization, CredentialId, ExpiryDay, KeyId, Kind, Record, RecordDraft, RootKey, RootKeys,
    Scopes, Token, authorization, redact, scan,
};
use cog_auth::{Code, Time};
use proptest::prelude::*;

fn root(seed: u8) -> RootKey {
    RootKey::new(KeyId::parse("k1").unwrap(), &[seed; 32])
}

fn now() -> Time {
    Time::from_seconds(1_795_000_000).unwrap()
}

prop_compose! {
    fn minted()(
        seed in any::<u8>(),
        random in prop::collection::vec(any::<u8>(), 128),
        kind in prop::sample::select(&Kind::ALL[..2]),
        day in prop::option::of(20_900..=238_327_u32),
    ) -> (RootKey, Token) {
        let root = root(seed);
        let day = day.map(|day| ExpiryDay::from_number(day).unwrap());
        let token = root.mint(kind, day, &random).unwrap();
        assert_eq!((token.kind(), token.hard_expiry()), (kind, day));
        (root, token)
    }
}

fn again(token: &Token) -> Token {
    Token::parse(token.expose().as_bytes()).unwrap()
}

proptest! {
    #[test]
    fn what_is_minted_is_genuine((root, token) in minted(), other in any::<u8>()) {
        let keys = root.edge_keys();
        let id = token.id();
        prop_assert_eq!(keys.verify(again(&token), now()).unwrap().id(), id);
        let others = RootKey::new(root.key_id(), &[other; 32]).edge_keys();
        let text = |root| RootKeys::of(root).expose_json(str::to_owned);
        let ours = text(root) == text(self::root(other));
        prop_assert_eq!(others.verify(token, now()).is_ok(), ours);
    }

    #[test]
    fn a_changed_byte_is_refused((_, token) in minted(), at in 0..81_usize, byte in any::<u8>()) {
        let mut bytes = token.expose().as_bytes().to_vec();
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(Token::parse(&bytes).is_err());
    }

    #[test]
    fn nothing_but_81_bytes_is_a_token(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let prefixed = [b"cog_1s01".as_slice(), &bytes].concat();
        prop_assert!(Token::parse(&bytes).is_err());
        prop_assert!(Token::parse(&prefixed).is_err());
    }

    #[test]
    fn the_digests_belong_to_one_principal(
        (root, token) in minted(),
        one in "[ab]{1,3}",
        other in "[ab]{1,3}",
    ) {
        let record = |principal: &str| {
            RecordDraft::new(&token, principal, Scopes::all(), now())
                .for_origins(&root.peppers())
                .for_edges()
                .issue()
                .unwrap()
        };
        let (ours, theirs) = (record(&one), record(&other));
        prop_assert_eq!(ours.digest() == theirs.digest(), one == other);
        prop_assert_eq!(ours.edge_digest() == theirs.edge_digest(), one == other);

        let keys = root.edge_keys();
        let moved = ours.to_json().replace(
            &format!("\"principal\":\"{one}\""),
            &format!("\"principal\":\"{other}\""),
        );
        let moved = Record::from_json(moved.as_bytes()).unwrap();
        let genuine = || keys.verify(again(&token), now()).unwrap();
        let edge = genuine().accept_at_edge(Some(moved.clone()), now());
        prop_assert_eq!(edge.is_ok(), one == other);
        let peppers = root.peppers();
        match genuine().accept_at_origin(Some(moved), &peppers, now()) {
            Ok(accepted) => prop_assert_eq!(accepted.principal(), &one),
            Err(error) => prop_assert_eq!(error.code(), Code::DigestMismatch),
        }
    }

    #[test]
    fn records_survive_json(
        (root, token) in minted(),
        principal in "\\PC{1,100}",
        name in "\\PC{0,60}",
        scopes in prop::collection::vec("[!#-)+-\\[\\]-~]{1,128}", 0..5),
        organizations in prop::option::of(prop::collection::vec("[a-z\\\\\"\u{1}é]{1,9}", 0..4)),
        times in prop::array::uniform3(0..=9_007_199_254_740_991_u64),
        metadata in prop::sample::select(vec!["{}", r#"{ "a": [1.5e3, {"b": null}] }"#]),
    ) {
        let time = |at: usize| Time::from_seconds(times[at]).unwrap();
        let peppers = root.peppers();
        let mut draft = RecordDraft::new(&token, &principal, Scopes::of(&scopes).unwrap(), time(0))
            .for_origins(&peppers)
            .for_edges()
            .name(&name)
            .not_before(time(1))
            .expires_at(time(2))
            .metadata(metadata);
        if let Some(ids) = &organizations {
            draft = draft.organizations(ids);
        }
        let record = draft.issue().unwrap();
        let json = record.to_json();
        let read = Record::from_json(json.as_bytes()).unwrap();
        prop_assert_eq!(&read, &record);
        prop_assert_eq!(read.to_json(), json);
        let edge = Record::from_json(record.to_edge_json().unwrap().as_bytes()).unwrap();
        prop_assert!(edge.digest().is_none());
        prop_assert_eq!(edge.edge_digest(), record.edge_digest());
        let revoked = record.revoke(time(1));
        prop_assert_eq!(Record::from_json(revoked.to_json().as_bytes()).unwrap(), revoked);
    }

    #[test]
    fn cut_or_changed_records_never_panic((root, token) in minted(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let record = RecordDraft::new(&token, "u", Scopes::all(), now())
            .for_origins(&root.peppers()).name("n\u{e9}").metadata("{\"a\": [1]}").issue().unwrap();
        let mut bytes = record.to_json().into_bytes();
        let at = at.index(bytes.len());
        for text in [bytes[..at].to_vec(), { bytes[at] = byte; bytes }] {
            if let Err(error) = Record::from_json(&text) {
                prop_assert_eq!(error.code(), Code::InvalidRecord);
            }
        }
    }

    #[test]
    fn headers_never_panic(
        values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..3),
        bearer in "[ \t]{0,2}([bB]earer|Basic)?[ \t]{0,2}[a-c,]{0,4}[ \t]{0,2}",
    ) {
        let several = authorization(values.iter().map(Vec::as_slice)).is_err();
        prop_assert!(several || values.len() < 2);
        if let Ok(Authorization::Bearer(bytes)) = authorization([bearer.as_bytes()]) {
            prop_assert!(!bytes.is_empty() && !bytes.contains(&b','));
            prop_assert!(bearer.trim().to_ascii_lowercase().starts_with("bearer "));
        }
    }

    #[test]
    fn nothing_secret_is_shown(
        (_, token) in minted(),
        before in "[ a-c_.;é]{0,5}",
        after in "[ a-c_.;é]{0,5}",
        twice in prop::option::of(Just("cog")),
    ) {
        let text = [&before, twice.unwrap_or(""), token.expose(), &after].concat();
        let shown = redact(&text);
        let secret = token.expose().split_at(23).1;
        // Fewer characters stand in `Token` or `cogcog_` by chance.
        for window in secret.as_bytes().windows(6) {
            let part = std::str::from_utf8(window).unwrap();
            prop_assert!(!shown.contains(part) || before.contains(part) || after.contains(part)
                || token.handle().as_str().contains(part), "{}", shown);
        }
        prop_assert_eq!(redact(&shown), shown.clone());
        let debug = format!("{token:?} {:?} {}", token.handle(), token.handle());
        prop_assert!(!debug.contains(&secret[..6]) || token.handle().as_str().contains(&secret[..6]));
        let found: Vec<_> = scan(text.as_bytes()).collect();
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&text.as_bytes()[found[0].range()], token.expose().as_bytes());
        prop_assert_eq!(found[0].handle(), Some(token.handle()));
    }
}

/// A run that ends in `cog`, with an underscore and a secret after it, hides that secret too.
#[test]
fn overlapping_runs_are_all_cut() {
    let secret = "S".repeat(60);
    let text = format!("cog_{}cog_{secret}cog_{secret} cog_short", "a".repeat(30));
    assert_eq!(redact(&text), "cog_…cog_…cog_… cog_short");
    assert_eq!(scan(text.as_bytes()).count(), 1);
}

/// Keys, records and every level show no secret.
#[test]
fn debug_shows_no_secret() {
    let root = RootKey::new(KeyId::parse("k1").unwrap(), &[0xab; 32]);
    let random: Vec<u8> = (100..164).collect();
    let token = root.mint(Kind::ServiceUserKey, None, &random).unwrap();
    let secret = token.expose().to_owned().split_off(23);
    let peppers = root.peppers();
    let record =
        RecordDraft::new(&token, "su", Scopes::all(), now()).for_origins(&peppers).for_edges();
    let draft = format!("{record:?}");
    let record = record.issue().unwrap();
    let genuine = || root.edge_keys().verify(again(&token), now()).unwrap();
    let shown = [
        draft,
        format!("{root:?} {:?} {peppers:?}", root.edge_keys()),
        format!("{token:?} {:?} {record:?}", genuine()),
        format!("{:?}", genuine().accept_at_edge(Some(record.clone()), now())),
        format!("{:?}", genuine().accept_at_origin(Some(record.clone()), &peppers, now())),
        format!(
            "{:?}",
            authorization([[b"Bearer ", token.expose().as_bytes()].concat().as_slice()])
        ),
    ];
    for shown in shown {
        assert!(!shown.contains(&secret[..8]) && !shown.contains(&secret[44..]), "{shown}");
        assert!(!shown.contains("171, 171") && !shown.to_lowercase().contains("abab"), "{shown}");
    }
}

#[test]
fn rejection_uses_the_bytes_in_order() {
    let root = root(1);
    let mut random: Vec<u8> = (0..42).collect();
    random.insert(3, 255);
    random.insert(20, 248);
    let token = root.mint(Kind::Sample, None, &random).unwrap();
    assert_eq!(&token.expose()[11..53], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef");
    let error = root.mint(Kind::Sample, None, &random[..43]).unwrap_err();
    assert_eq!(error.code(), Code::NotEnoughRandomBytes);
    assert_eq!(CredentialId::parse("0123456789AB").unwrap(), token.id());
}

#[test]
fn key_sets_are_read_strictly() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let set = |members: &str| format!(r#"{{"v":1,"use":"root","keys":{{{members}}}}}"#);
    let cases = [
        (set(&format!(r#""01":"{key}""#)), "ok"),
        (set(&format!(r#""\u0030\u0031":"\u0041{}""#, &key[1..])), "ok"),
        (set(&format!(r#""00":"{key}""#)), "reserved_key_id"),
        (set(""), "invalid_key_set"),
        (set(&format!(r#""0":"{key}""#)), "invalid_key_set"),
        (set(&format!(r#""01":"{key}","\u00301":"{key}""#)), "invalid_key_set"),
        (set(&format!(r#""01":"{key}=""#)), "invalid_key_set"),
        (set(&format!(r#""01":"{}9""#, &key[..42])), "invalid_key_set"),
        (set(&format!(r#""01":"{}""#, &key[1..])), "invalid_key_set"),
        (set(r#""01":null"#), "invalid_key_set"),
        (set(&format!(r#""01":"{key}""#)).replace("root", "edge-tag"), "wrong_key_use"),
        (set(&format!(r#""01":"{key}""#)).replace("\"v\":1", "\"v\":2"), "invalid_key_set"),
        (set(&format!(r#""01":"{key}""#)).replace("\"v\":1", "\"v\":1.0"), "invalid_key_set"),
        (set(&format!(r#""01":"{key}""#)).replace("\"v\":1,", ""), "invalid_key_set"),
        (set(&format!(r#""01":"{key}""#)).replace("\"v\":1", "\"v\":1,\"x\":1"), "invalid_key_set"),
        (set(&format!(r#""01":"{key}""#)) + "x", "invalid_key_set"),
        (" ".repeat(16_384) + &set(&format!(r#""01":"{key}""#)), "invalid_key_set"),
        ("[]".to_owned(), "invalid_key_set"),
    ];
    for (text, expected) in cases {
        let result = RootKeys::from_json(text.as_bytes());
        let name = result.as_ref().map_or_else(|error| error.code().name(), |_| "ok");
        assert_eq!(name, expected, "{text} {result:?}");
        if let Err(error) = result {
            assert!(error.offset().is_some(), "{error}");
            assert!(!error.to_string().contains(&key[..6]));
        }
    }
}

#[test]
fn acceptance_knows_its_end() {
    let root = root(3);
    let day = ExpiryDay::of(now()).unwrap();
    let token = root.mint(Kind::PersonalAccessToken, Some(day), &[5; 64]).unwrap();
    let successor = root.mint(Kind::PersonalAccessToken, None, &[6; 64]).unwrap();
    let draft = || RecordDraft::new(&token, "u", Scopes::all(), now()).for_edges();
    let later = |seconds| Time::from_seconds(now().seconds() + seconds).unwrap();
    let until = |record: Record| {
        let genuine = root.edge_keys().verify(again(&token), now()).unwrap();
        genuine.accept_at_edge(Some(record), now()).unwrap().valid_until()
    };
    assert_eq!(until(draft().issue().unwrap()), Some(day.end()));
    let record = draft().expires_at(later(10)).issue().unwrap();
    assert_eq!(until(record.clone()), Some(later(10)));
    let next = RecordDraft::new(&successor, "u", Scopes::all(), now()).for_edges();
    let next = next.expires_at(later(10)).issue().unwrap();
    let rotated = record.rotate(&next, later(5), now()).unwrap();
    assert_eq!(until(rotated), Some(later(5)));
    let revoked = record.revoke(later(99));
    assert_eq!(revoked.rotate(&next, later(5), now()).unwrap_err().code(), Code::NotRotatable);
    assert_eq!(record.rotate(&next, later(5), later(10)).unwrap_err().code(), Code::NotRotatable);
}
