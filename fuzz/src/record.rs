//! Records: which texts are one, how they are written, and which of them a token is accepted with.

use crate::base::{BASE, NOW, time};
use crate::json::{Json, Reading, read};
use crate::spelling::{base64url, hmac, is_alphanumeric, is_key_id, to_base64url};
use cog_auth::token::{Record, Token};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// The text as it is; and as a record of a token that is at hand, so that accepting goes past the
/// digests.
pub fn check(data: &[u8]) {
    let reading = read(data, 16_384, 16);
    reads(data, &reading);
    if let Reading::Json(json) = &reading
        && let (Value::Object(mut record), false) = (json.value(), json.has_twins_anywhere())
    {
        own(&mut record);
        let text = Value::Object(record).to_string();
        reads(text.as_bytes(), &read(text.as_bytes(), 16_384, 16));
    }
}

/// Makes a record that of the token `key`.
fn own(record: &mut Map<String, Value>) {
    let token = BASE.token("key");
    let principal = record.get("principal").and_then(Value::as_str).unwrap_or_default().to_owned();
    record.insert(String::from("id"), json!(&token[11..23]));
    record.insert(String::from("kind"), json!("service_user_key"));
    record.insert(String::from("digest"), json!(digest(token, &principal)));
    record.insert(String::from("edge_digest"), json!(edge_digest(token, &principal)));
}

fn length(principal: &str) -> [u8; 2] {
    u16::try_from(principal.len()).unwrap_or(u16::MAX).to_be_bytes()
}

fn digest(token: &str, principal: &str) -> String {
    let pepper = BASE.json["peppers"]["keys"]["01"].as_str().and_then(base64url).unwrap();
    let length = length(principal);
    let parts = [b"cog/v1/record\0", length.as_slice(), principal.as_bytes(), token.as_bytes()];
    format!("$cog1$01${}", to_base64url(&hmac(&pepper, &parts)))
}

fn edge_digest(token: &str, principal: &str) -> String {
    let length = length(principal);
    let parts =
        [b"cog/v1/edge-digest\0", length.as_slice(), principal.as_bytes(), token.as_bytes()];
    format!("$cog1e${}", to_base64url(&Sha256::digest(parts.concat())))
}

fn reads(text: &[u8], reading: &Reading) {
    let record = Record::from_json(text);
    let sound = match reading {
        Reading::Json(json) => is_record(json),
        Reading::Refused => false,
        // Only in `metadata` may such a number stand, and the rest was not looked at.
        Reading::Unsure => return,
    };
    let code = record.as_ref().err().map(|error| error.code().name());
    assert_eq!(code, if sound { None } else { Some("invalid_record") });
    let (Ok(record), Reading::Json(json)) = (record, reading) else { return };
    let written = record.to_json();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), normal(json));
    let again = Record::from_json(written.as_bytes()).expect("what is written is read");
    assert_eq!(again.to_json(), written);
    assert!(in_order(&written), "{written}");
    match record.to_edge_json() {
        Err(_) => assert!(set(json, "edge_digest").is_none()),
        Ok(edge) => {
            let mut expected = normal(json);
            expected.as_object_mut().unwrap().remove("digest");
            assert_eq!(serde_json::from_str::<Value>(&edge).unwrap(), expected);
        }
    }
    accepts(&record, json);
}

const MEMBERS: [&str; 16] = [
    "v",
    "id",
    "kind",
    "principal",
    "digest",
    "edge_digest",
    "scopes",
    "organizations",
    "name",
    "created_at",
    "not_before",
    "expires_at",
    "revoked_at",
    "rotated_to",
    "grace_until",
    "metadata",
];

/// A member that is there, null being absent.
fn set<'j>(record: &'j Json, name: &str) -> Option<&'j Json> {
    record.member(name).filter(|value| **value != Json::Null)
}

/// The table of docs/token-format.md, *Records*.
fn is_record(json: &Json) -> bool {
    let text = |name: &str| set(json, name).and_then(Json::text);
    let is_time = |value: &Json| {
        value.integer().is_some_and(|time| (0..=9_007_199_254_740_991).contains(&time))
    };
    let absent_or = |name: &str, good: &dyn Fn(&Json) -> bool| set(json, name).is_none_or(good);
    let digest_is = |value: &Json| {
        let parts: Vec<&str> = value.text().unwrap_or_default().split('$').collect();
        matches!(parts[..], ["", "cog1", id, hash] if is_key_id(id) && base64url(hash).is_some())
    };
    let edge_digest_is = |value: &Json| {
        let hash = value.text().and_then(|text| text.strip_prefix("$cog1e$"));
        hash.is_some_and(|hash| base64url(hash).is_some())
    };
    let id_is = |value: &Json| value.text().is_some_and(|id| is_alphanumeric(id, 12));
    json.is_object()
        && !json.has_twins_anywhere()
        && json.members().iter().all(|(name, _)| MEMBERS.contains(&name.as_str()))
        && json.member("v").and_then(Json::integer) == Some(1)
        && set(json, "id").is_some_and(id_is)
        && matches!(text("kind"), Some("service_user_key" | "personal_access_token"))
        && text("principal").is_some_and(|id| (1..=1_024).contains(&id.len()))
        && (set(json, "digest").is_some() || set(json, "edge_digest").is_some())
        && absent_or("digest", &digest_is)
        && absent_or("edge_digest", &edge_digest_is)
        && set(json, "scopes").is_some_and(are_scopes)
        && absent_or("organizations", &|value| {
            let id = |id: &Json| id.text().is_some_and(|id| !id.is_empty() && id != "*");
            matches!(value, Json::Array(_)) && value.items().iter().all(id)
        })
        && absent_or("name", &|value| {
            value.text().is_some_and(|name| name.len() <= 256 && !name.contains(char::is_control))
        })
        && set(json, "created_at").is_some_and(is_time)
        && ["not_before", "expires_at", "revoked_at", "grace_until"]
            .iter()
            .all(|name| absent_or(name, &is_time))
        && absent_or("rotated_to", &id_is)
        && (set(json, "rotated_to").is_none() || text("rotated_to") != text("id"))
        && (set(json, "grace_until").is_none() || set(json, "rotated_to").is_some())
        && absent_or("metadata", &Json::is_object)
}

fn are_scopes(value: &Json) -> bool {
    let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let name = |item: &Json| {
        let name = item.text().unwrap_or_default();
        (1..=128).contains(&name.len()) && name != "*" && name.bytes().all(allowed)
    };
    let star = |item: &Json| item.text() == Some("*");
    let items = value.items();
    matches!(value, Json::Array(_))
        && (items.iter().all(name) || (!items.is_empty() && items.iter().all(star)))
}

/// A record as it is written: nothing absent, lists sorted and without repeats.
fn normal(json: &Json) -> Value {
    let mut record = json.value();
    record.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    for name in ["scopes", "organizations"] {
        if let Some(list) = set(json, name) {
            let sorted: BTreeSet<&str> = list.items().iter().filter_map(Json::text).collect();
            record[name] = json!(sorted);
        }
    }
    record
}

/// Whether the members stand in the order of the table.
fn in_order(written: &str) -> bool {
    let json: Json = serde_json::from_str(written).unwrap();
    let place = |(name, _): &(String, Json)| MEMBERS.iter().position(|known| known == name);
    json.members().iter().map(place).is_sorted()
}

/// What comes of accepting the token `key` with this record, at both places: docs/token-format.md,
/// *Accepting*.
fn accepts(record: &Record, json: &Json) {
    let text = BASE.token("key");
    let principal = record.principal();
    let token = || Token::parse(text.as_bytes()).unwrap();
    assert_eq!(token().edge_digest(principal).unwrap(), edge_digest(text, principal));
    let genuine = || BASE.edge_keys.verify(token(), time(NOW)).unwrap();
    let name = |error: cog_auth::Error| error.code().name();
    let until = |until: Option<cog_auth::Time>| until.map(|time| i128::from(time.seconds()));
    let record = || Record::from_json(record.to_json().as_bytes()).ok();
    let edge = genuine().accept_at_edge(record(), time(NOW));
    let edge = edge.map(|accepted| until(accepted.valid_until())).map_err(name);
    let origin = genuine().accept_at_origin(record(), &BASE.peppers, time(NOW));
    let origin = origin.map(|accepted| until(accepted.valid_until())).map_err(name);
    assert_eq!(edge, acceptance(json, "edge_digest", &edge_digest(text, principal)));
    assert_eq!(origin, acceptance(json, "digest", &digest(text, principal)));
}

fn acceptance(json: &Json, place: &str, expected: &str) -> Result<Option<i128>, &'static str> {
    let text = |name: &str| set(json, name).and_then(Json::text);
    let time = |name: &str| set(json, name).and_then(Json::integer);
    let now = i128::from(NOW);
    let token = BASE.token("key");
    let Some(digest) = text(place) else { return Err("invalid_record") };
    let key_id = digest.strip_prefix("$cog1$").map(|rest| &rest[..2]);
    if text("id") != Some(&token[11..23])
        || text("kind") != Some("service_user_key")
        || key_id.is_some_and(|id| id != &token[6..8])
    {
        return Err("record_mismatch");
    }
    match () {
        () if digest != expected => Err("digest_mismatch"),
        () if time("revoked_at").is_some() => Err("revoked"),
        () if text("rotated_to").is_some()
            && time("grace_until").is_none_or(|until| now >= until) =>
        {
            Err("rotated")
        }
        () if time("expires_at").is_some_and(|until| now >= until) => Err("record_expired"),
        () if time("not_before").is_some_and(|from| now < from) => Err("not_yet_valid"),
        () => Ok([time("expires_at"), time("grace_until")].into_iter().flatten().min()),
    }
}
