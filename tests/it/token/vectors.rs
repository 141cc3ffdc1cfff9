//! The vectors of token version 1, made by an independent implementation from the specification
//! alone.

use cog_auth::token::{EdgeKeys, KeyId, Peppers, Record, RootKey, RootKeys, Token};
use cog_auth::{Error, Time};
use serde_json::Value;

const VECTORS: &str = include_str!("../../vectors/token-v1.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

/// The cases of a group, of which there must be some.
fn group(name: &str) -> Vec<Value> {
    let cases = vectors()[name].as_array().unwrap().clone();
    assert!(!cases.is_empty(), "{name} is empty");
    cases
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn key_id(text: &str) -> KeyId {
    KeyId::parse(text).unwrap()
}

fn time(seconds: &Value) -> Time {
    Time::from_seconds(seconds.as_u64().unwrap()).unwrap()
}

fn token(case: &Value) -> Token {
    Token::parse(text(&case["token"]).as_bytes()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The roots with these key ids, or all.
fn roots(only: Option<&Value>) -> RootKeys {
    let vectors = vectors();
    let keys = vectors["roots"].as_object().unwrap().iter();
    let keys = keys.filter(|(id, _)| match only {
        Some(ids) => ids.as_array().unwrap().iter().any(|held| held == *id),
        None => true,
    });
    let mut keys =
        keys.map(|(id, hex)| RootKey::new(key_id(id), &bytes(text(hex)).try_into().unwrap()));
    let mut roots = RootKeys::of(keys.next().unwrap());
    for key in keys {
        roots.insert(key).unwrap();
    }
    roots
}

fn outcome<T>(result: Result<T, Error>) -> &'static str {
    result.map_or_else(|error| error.code().name(), |_| "ok")
}

#[test]
fn every_group_is_tested_here() {
    let known = [
        "about",
        "roots",
        "edge_keys",
        "peppers",
        "valid",
        "refused_by_parse",
        "refused_bytes",
        "verify",
        "digests",
        "records",
        "invalid_records",
        "invalid_records_hex",
        "invalid_records_text",
    ];
    for name in vectors().as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "{name} is not tested");
    }
}

#[test]
fn keys_derive() {
    fn keys(json: &str) -> Value {
        let set: Value = serde_json::from_str(json).unwrap();
        let keys = set["keys"].as_object().unwrap().iter().map(|(id, key)| {
            let hex: String =
                base64url(text(key)).iter().map(|byte| format!("{byte:02x}")).collect();
            (id.clone(), Value::from(hex))
        });
        Value::Object(keys.collect())
    }
    let roots = roots(None);
    assert_eq!(keys(&roots.expose_json(str::to_owned)), vectors()["roots"]);
    assert_eq!(keys(&roots.edge_keys().expose_json(str::to_owned)), vectors()["edge_keys"]);
    assert_eq!(keys(&roots.peppers().expose_json(str::to_owned)), vectors()["peppers"]);
    let again = roots.expose_json(|text| RootKeys::from_json(text.as_bytes())).unwrap();
    assert_eq!(again.expose_json(str::to_owned), roots.expose_json(str::to_owned));
}

fn base64url(text: &str) -> Vec<u8> {
    let digit = |character: u8| -> u32 {
        let place = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .iter()
            .position(|other| *other == character);
        u32::try_from(place.unwrap()).unwrap()
    };
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for character in text.bytes() {
        bits = bits << 6 | digit(character);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    out
}

#[test]
fn valid() {
    for case in group("valid") {
        let token = token(&case);
        assert_eq!(token.expose(), text(&case["token"]));
        assert_eq!(token.kind().name(), text(&case["kind"]));
        assert_eq!(token.key_id().as_str(), text(&case["key_id"]));
        let day = token.hard_expiry().map(|day| u64::from(day.number()));
        assert_eq!(day, case["hard_expiry_day"].as_u64());
        assert_eq!(token.id().as_str(), text(&case["id"]));
        assert_eq!(token.handle().as_str(), text(&case["handle"]));
    }
}

#[test]
fn refused_by_parse() {
    let texts = group("refused_by_parse");
    let texts = texts.iter().map(|case| (text(&case["text"]).as_bytes().to_vec(), case));
    let raw = group("refused_bytes");
    let raw = raw.iter().map(|case| (bytes(text(&case["hex"])), case));
    for (input, case) in texts.chain(raw) {
        let error = Token::parse(&input).unwrap_err();
        assert_eq!(error.code().name(), text(&case["code"]), "{case}");
        let offset = error.offset().map(|offset| offset as u64);
        assert_eq!(offset, case["offset"].as_u64(), "{case}");
    }
}

#[test]
fn verify() {
    for case in group("verify") {
        let keys: EdgeKeys = roots(Some(&case["edge_key_ids"])).edge_keys();
        let result = keys.verify(token(&case), time(&case["now"]));
        assert_eq!(outcome(result), text(&case["result"]), "{case}");
    }
}

#[test]
fn digests() {
    for case in group("digests") {
        let token = token(&case);
        let principal = text(&case["principal"]);
        let peppers = roots(None).peppers();
        let digest = token.digest(principal, &peppers).unwrap();
        assert_eq!(digest, text(&case["digest"]));
        let edge_digest = token.edge_digest(principal).unwrap();
        assert_eq!(edge_digest, text(&case["edge_digest"]));
        // A record takes the texts and gives them back.
        let record = serde_json::json!({
            "v": 1, "id": token.id().as_str(), "kind": "service_user_key", "principal": principal,
            "digest": digest, "edge_digest": edge_digest, "scopes": [], "created_at": 0,
        });
        let record = Record::from_json(record.to_string().as_bytes()).unwrap();
        assert_eq!(record.digest(), Some(&*digest));
        assert_eq!(record.edge_digest(), Some(&*edge_digest));
    }
}

#[test]
fn records() {
    let keys = roots(None).edge_keys();
    for case in group("records") {
        let peppers: Peppers = roots(case.get("pepper_ids_held")).peppers();
        let now = time(&case["now"]);
        let verified_at = case.get("verified_at").map_or(now, time);
        let record = match &case["record"] {
            Value::Null => None,
            record => Some(Record::from_json(record.to_string().as_bytes()).unwrap()),
        };
        let edge = keys
            .verify(token(&case), verified_at)
            .and_then(|genuine| genuine.accept_at_edge(record.clone(), now));
        assert_eq!(outcome(edge), text(&case["edge"]), "{case}");
        let origin = keys
            .verify(token(&case), verified_at)
            .and_then(|genuine| genuine.accept_at_origin(record, &peppers, now));
        assert_eq!(outcome(origin), text(&case["origin"]), "{case}");
    }
}

#[test]
fn invalid_records() {
    let json = group("invalid_records");
    let json = json.iter().map(|case| (case["record"].to_string().into_bytes(), case));
    let texts = group("invalid_records_text");
    let texts = texts.iter().map(|case| (text(&case["text"]).as_bytes().to_vec(), case));
    let raw = group("invalid_records_hex");
    let raw = raw.iter().map(|case| (bytes(text(&case["hex"])), case));
    for (input, case) in json.chain(texts).chain(raw) {
        let error = Record::from_json(&input).unwrap_err();
        assert_eq!(error.code().name(), "invalid_record", "{case}");
        assert!(error.offset().is_some(), "{error} {case}");
    }
}
