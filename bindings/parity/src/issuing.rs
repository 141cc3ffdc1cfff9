//! Minting, and making records.

use crate::calls::{Calls, Entry, described, described_code, hex};
use crate::cases::bytes;
use crate::tokens::{one_form, roots};
use crate::{Value, read};
use cog_auth::token::{ExpiryDay, KeyId, Kind, Peppers, RecordDraft, RootKeys, Scopes, Token};
use cog_auth::{Code, Error, Time};
use serde_json::json;

/// The digits of base 62, as tokens have them.
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

pub(crate) fn add(calls: &mut Calls) {
    let vectors = read("tests/vectors/token-v1.json");
    let keys = roots(&vectors, None);
    let key_sets = json!({
        "roots": keys.expose_json(str::to_owned),
        "peppers": keys.peppers().expose_json(str::to_owned),
    });
    let tokens = vectors["valid"].as_array().unwrap();
    for (index, case) in tokens.iter().enumerate() {
        let arguments = json!({
            "roots": key_sets["roots"], "keyId": case["key_id"], "kind": case["kind"],
            "hardExpiry": case["hard_expiry_day"],
            "random": random(case["token"].as_str().unwrap(), index),
        });
        let states = json!({"answer": case["token"]});
        minted(calls, Entry::Index, format!("valid {index}"), arguments, states);
    }
    refused_mints(calls, &key_sets["roots"]);
    let records = vectors["records"].as_array().unwrap();
    for (index, case) in records.iter().enumerate() {
        let (token, record) = (&case["token"], &case["record"]);
        // Those with both digests, which are right, and with nothing that came later.
        let right = case["edge"] == "ok" && case["origin"] == "ok";
        let later = record["revoked_at"].is_u64() || record["rotated_to"].is_string();
        if right && !later {
            recorded(calls, format!("records {index}"), &key_sets["peppers"], token, record);
        }
    }
    let base = read("tests/cases/gate/base.json");
    for (name, record) in base["records"].as_object().unwrap() {
        let (token, peppers) = (&base["tokens"][name]["token"], key_sets["peppers"].clone());
        recorded(calls, format!("the record of {name}"), &peppers, token, record);
    }
    drafts(calls, &base, &key_sets["peppers"]);
}

/// Bytes of which a token's 42 random characters are made: each of one of the four that give its
/// character, with bytes among them that give none.
fn random(token: &str, salt: usize) -> Value {
    let mut bytes = Vec::new();
    for (at, character) in token[11..53].chars().enumerate() {
        if (at + salt).is_multiple_of(13) {
            bytes.push(248 + u8::try_from(salt % 8).unwrap());
        }
        let digit = ALPHABET.find(character).unwrap();
        bytes.push(u8::try_from(digit + 62 * ((at + salt) % 4)).unwrap());
    }
    hex(&bytes)
}

fn refused_mints(calls: &mut Calls, roots: &Value) {
    let good = json!({
        "roots": roots, "keyId": "01", "kind": "service_user_key", "hardExpiry": null,
        "random": {"repeat": [{"hex": "07"}, 64]},
    });
    let mut add = |entry, name: &str, argument: &str, value: Value, code: Option<Code>| {
        let mut arguments = good.clone();
        arguments[argument] = value;
        let states = match code {
            Some(code) => json!({"code": code.name()}),
            None => json!({"ok": true}),
        };
        minted(calls, entry, format!("mint, {name}"), arguments, states);
    };
    let index = Entry::Index;
    add(index, "no root keys", "roots", "".into(), Some(Code::InvalidKeySet));
    add(index, "a key id that is not there", "keyId", "02".into(), Some(Code::UnknownKeyId));
    add(index, "the reserved key id", "keyId", "00".into(), Some(Code::ReservedKeyId));
    for id in ["", "1", "001", "0-", "é", "é1"] {
        add(index, &format!("the key id \"{id}\""), "keyId", id.into(), Some(Code::InvalidKeyId));
    }
    for kind in ["", "s", "session", "Service_user_key", "service_user_key "] {
        let name = format!("the kind \"{kind}\"");
        add(index, &name, "kind", kind.into(), Some(Code::UnknownKind));
    }
    for kind in Kind::ALL {
        add(index, &format!("the kind {}", kind.name()), "kind", kind.name().into(), None);
    }
    for day in [1, 238_327] {
        add(index, &format!("the day {day}"), "hardExpiry", day.into(), None);
    }
    for day in [0, 238_328, u32::MAX] {
        let code = Some(Code::TimeOutOfRange);
        add(index, &format!("the day {day}"), "hardExpiry", day.into(), code);
    }
    // The npm package takes its own random bytes, and always enough.
    for (name, random, enough) in [
        ("no random byte", json!({"hex": ""}), false),
        ("41 random bytes", json!({"repeat": [{"hex": "07"}, 41]}), false),
        ("42 random bytes", json!({"repeat": [{"hex": "f7"}, 42]}), true),
        ("42 random bytes, one too large", json!(["0".repeat(41), {"hex": "f8"}]), false),
        ("random bytes that are all too large", json!({"repeat": [{"hex": "ff"}, 300]}), false),
        ("1,024 random bytes", json!({"repeat": ["cog_", 256]}), true),
    ] {
        let code = if enough { None } else { Some(Code::NotEnoughRandomBytes) };
        add(Entry::Native, name, "random", random, code);
    }
}

fn minted(calls: &mut Calls, entry: Entry, name: String, arguments: Value, states: Value) {
    let found = mint(&arguments);
    calls.add_told((entry, name, "mint"), arguments, found, states);
}

fn mint(arguments: &Value) -> Result<Value, Value> {
    let text = |name: &str| arguments[name].as_str().unwrap();
    let told = |error: Error| described(&error);
    let roots = RootKeys::from_json(text("roots").as_bytes()).map_err(told)?;
    let key_id = KeyId::parse(text("keyId")).map_err(told)?;
    let root = roots.key(key_id).ok_or_else(|| described_code(Code::UnknownKeyId))?;
    let kind = Kind::from_name(text("kind")).ok_or_else(|| described_code(Code::UnknownKind))?;
    let day = arguments["hardExpiry"].as_u64().map(|day| u32::try_from(day).unwrap());
    let day = day.map(ExpiryDay::from_number).transpose().map_err(told)?;
    let random = bytes(&arguments["random"], &str::to_owned);
    Ok(root.mint(kind, day, &random).map_err(told)?.expose().into())
}

/// Makes a record that is known.
fn recorded(calls: &mut Calls, name: String, peppers: &Value, token: &Value, record: &Value) {
    let mut arguments = json!({
        "token": token, "principal": record["principal"], "scopes": record["scopes"],
        "createdAt": record["created_at"], "peppers": peppers, "edges": true,
    });
    for (argument, member) in [
        ("organizations", "organizations"),
        ("addresses", "addresses"),
        ("name", "name"),
        ("notBefore", "not_before"),
        ("expiresAt", "expires_at"),
    ] {
        if !record[member].is_null() {
            arguments[argument] = record[member].clone();
        }
    }
    if record["metadata"].is_object() {
        arguments["metadata"] = record["metadata"].to_string().into();
    }
    issued(calls, name, arguments, json!({"record": one_form(record)}));
}

/// What a draft may be, and what it may not.
fn drafts(calls: &mut Calls, base: &Value, peppers: &Value) {
    let key = &base["tokens"]["key"]["token"];
    let good = json!({
        "token": key, "principal": "su", "scopes": ["*"], "createdAt": 1_794_000_000,
        "peppers": null, "edges": true,
    });
    let mut add = |name: String, argument: &str, value: Value, code: Option<Code>| {
        let mut arguments = good.clone();
        arguments[argument] = value;
        let states = match code {
            Some(code) => json!({"code": code.name()}),
            None => json!({"ok": true}),
        };
        issued(calls, format!("draft, {name}"), arguments, states);
    };
    let invalid = Some(Code::InvalidRecord);
    add("for edges and origins".into(), "peppers", peppers.clone(), None);
    add("for none".into(), "edges", false.into(), invalid);
    let other_key = json!({"v": 1, "use": "digest-pepper", "keys": {
        "A0": base["peppers"]["keys"]["01"],
    }});
    let unknown = Some(Code::UnknownKeyId);
    add("no pepper".into(), "peppers", other_key.to_string().into(), unknown);
    let use_of_edges = base["edge_keys"].to_string();
    let wrong_use = Some(Code::WrongKeyUse);
    add("edge keys as peppers".into(), "peppers", use_of_edges.into(), wrong_use);
    let token = key.as_str().unwrap();
    let sample = base["tokens"]["sample"]["token"].clone();
    add("a sample".into(), "token", sample, invalid);
    add("no token".into(), "token", "".into(), Some(Code::MissingPrefix));
    add("a token cut".into(), "token", token[..80].into(), Some(Code::WrongLength));
    for (length, code) in
        [(0, Some(Code::InvalidPrincipal)), (1_024, None), (1_025, Some(Code::InvalidPrincipal))]
    {
        let principal = "p".repeat(length).into();
        add(format!("a principal of {length} bytes"), "principal", principal, code);
    }
    for (scopes, code) in [
        (json!([]), None),
        (json!(["B", "A", "B"]), None),
        (json!(["a".repeat(128)]), None),
        (json!(["a".repeat(129)]), invalid),
        (json!(["*", "A"]), invalid),
        (json!([""]), invalid),
        (json!(["a b"]), invalid),
        (json!(["a\"b"]), invalid),
        (json!(["é"]), invalid),
    ] {
        add(format!("the scopes {scopes}"), "scopes", scopes, code);
    }
    for (organizations, code) in [
        (json!([]), None),
        (json!(["b", "a", "é", "a"]), None),
        (json!(["o", ""]), invalid),
        (json!(["*"]), invalid),
    ] {
        add(format!("the organizations {organizations}"), "organizations", organizations, code);
    }
    for (addresses, code) in [
        (json!([]), None),
        (json!(["2001:db8::/32", "192.0.2.1", "192.0.2.1"]), None),
        (json!(["192.0.2.1/24"]), invalid),
        (json!(["192.0.2.1", ""]), invalid),
        (json!(["localhost"]), invalid),
        (json!(vec!["::"; 257]), None),
    ] {
        add(format!("the addresses {addresses}"), "addresses", addresses, code);
    }
    let many: Vec<String> = (0..257).map(|number| format!("2001:db8::{number:x}")).collect();
    add("too many addresses".into(), "addresses", many.into(), invalid);
    for (name, code) in [
        (String::new(), None),
        ("日本 \"x\" \\".into(), None),
        ("n".repeat(256), None),
        ("n".repeat(257), invalid),
        ("a\u{85}b".into(), invalid),
        ("a\nb".into(), invalid),
    ] {
        add(format!("the name {name:?}"), "name", name.into(), code);
    }
    for (argument, time, code) in
        [("createdAt", 0, None), ("notBefore", 0, None), ("expiresAt", Time::MAX.seconds(), None)]
    {
        add(format!("{argument} {time}"), argument, time.into(), code);
    }
    for (metadata, code) in [
        ("{}", None),
        (r#" { "b" : [1, "é", null, {}] , "a": 1.50 } "#, None),
        ("", invalid),
        ("[]", invalid),
        ("{", invalid),
        ("{} {}", invalid),
        (r#"{"a":{"b":1,"\u0062":2}}"#, invalid),
    ] {
        add(format!("the metadata {metadata}"), "metadata", metadata.into(), code);
    }
    for (levels, code) in [(15, None), (16, invalid)] {
        let metadata = format!("{}{{}}{}", r#"{"a":"#.repeat(levels - 1), "}".repeat(levels - 1));
        add(format!("metadata of {levels} levels"), "metadata", metadata.into(), code);
    }
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(16_384));
    add("a record that is too large".into(), "metadata", large.into(), invalid);
}

fn issued(calls: &mut Calls, name: String, arguments: Value, states: Value) {
    let found = issue(&arguments);
    calls.add((Entry::Index, name, "issue_record"), arguments, found, states);
}

fn issue(arguments: &Value) -> Result<Value, Error> {
    let text = |name: &str| arguments[name].as_str();
    let time = |name: &str| arguments[name].as_u64().map(Time::from_seconds).transpose();
    let texts = |name: &str| {
        let items = arguments[name].as_array()?.iter();
        Some(items.map(|item| item.as_str().unwrap()).collect::<Vec<_>>())
    };
    let token = Token::parse(text("token").unwrap().as_bytes())?;
    let scopes = Scopes::of(texts("scopes").unwrap())?;
    let created_at = time("createdAt")?.unwrap();
    let mut draft = RecordDraft::new(&token, text("principal").unwrap(), scopes, created_at);
    let peppers = text("peppers").map(|text| Peppers::from_json(text.as_bytes())).transpose()?;
    if let Some(peppers) = &peppers {
        draft = draft.for_origins(peppers);
    }
    if arguments["edges"] == true {
        draft = draft.for_edges();
    }
    if let Some(organizations) = texts("organizations") {
        draft = draft.organizations(organizations);
    }
    if let Some(addresses) = texts("addresses") {
        draft = draft.addresses(addresses);
    }
    if let Some(name) = text("name") {
        draft = draft.name(name);
    }
    if let Some(time) = time("notBefore")? {
        draft = draft.not_before(time);
    }
    if let Some(time) = time("expiresAt")? {
        draft = draft.expires_at(time);
    }
    if let Some(metadata) = text("metadata") {
        draft = draft.metadata(metadata);
    }
    Ok(draft.issue()?.to_json().into())
}
