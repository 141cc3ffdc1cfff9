//! The vectors of tokens, and what else is done with tokens, keys and records.

use crate::answers;
use crate::calls::{Calls, Entry, filled};
use crate::cases::bytes;
use crate::{Value, read};
use cog_auth::token::{EdgeKeys, KeyId, Peppers, Record, RootKey, RootKeys, Token};
use cog_auth::{Code, Error, Time};
use serde_json::json;

pub(crate) fn add(calls: &mut Calls) {
    let vectors = read("tests/vectors/token-v1.json");
    let group = |name: &'static str| {
        let cases = vectors[name].as_array().unwrap().clone();
        cases.into_iter().enumerate().map(move |(index, case)| (format!("{name} {index}"), case))
    };
    for (name, case) in group("valid") {
        let mut states = json!({
            "handle": case["handle"], "kind": case["kind"], "keyId": case["key_id"],
            "id": case["id"],
        });
        if !case["hard_expiry_day"].is_null() {
            states["hardExpiry"] = case["hard_expiry_day"].clone();
        }
        parse(calls, name, &case["token"], json!({"answer": states}));
    }
    for (name, case) in group("refused_by_parse").chain(group("refused_bytes")) {
        let text = case.get("text").cloned().unwrap_or_else(|| json!({"hex": case["hex"]}));
        parse(calls, name, &text, json!({"code": case["code"], "offset": case["offset"]}));
    }
    for (name, case) in group("verify") {
        let keys = roots(&vectors, Some(&case["edge_key_ids"])).edge_keys();
        let found = parsed(&case["token"]).and_then(|token| keys.verify(token, time(&case["now"])));
        let keys = keys.expose_json(str::to_owned);
        let arguments = json!({"keys": keys, "token": case["token"], "now": case["now"]});
        let found = found.map(|genuine| answers::genuine(&genuine));
        calls.add((Entry::Verify, name, "verify"), arguments, found, outcome(&case["result"]));
    }
    let all = roots(&vectors, None);
    for (name, case) in group("digests") {
        let (token, principal) =
            (parsed(&case["token"]).unwrap(), case["principal"].as_str().unwrap());
        let peppers = all.peppers();
        let digest = token.digest(principal, &peppers);
        let edge_digest = token.edge_digest(principal);
        let peppers = peppers.expose_json(str::to_owned);
        let arguments = json!({"peppers": peppers, "token": case["token"], "principal": principal});
        let found = digest.map(Value::from);
        let states = json!({"answer": case["digest"]});
        calls.add((Entry::Index, name.clone(), "digest"), arguments.clone(), found, states);
        let found = edge_digest.map(Value::from);
        let states = json!({"answer": case["edge_digest"]});
        calls.add((Entry::Index, name, "edge_digest"), arguments, found, states);
    }
    for (name, case) in group("records") {
        accept(calls, &vectors, &name, &case);
        if !case["record"].is_null() {
            records(calls, &name, &case["record"].to_string().into());
            display(calls, name, &case["record"]);
        }
    }
    for (name, case) in group("invalid_records") {
        refused_record(calls, name, case["record"].to_string().into());
    }
    for (name, case) in group("invalid_records_text") {
        refused_record(calls, name, case["text"].clone());
    }
    for (name, case) in group("invalid_records_hex") {
        refused_record(calls, name, json!({"hex": case["hex"]}));
    }
    let merges = read("tests/vectors/record-merge.json");
    for case in merges["cases"].as_array().unwrap() {
        merge(calls, &merges["base"], case);
    }
    keys(calls, &all);
    headers(calls);
}

/// Two records of one credential, brought together.
fn merge(calls: &mut Calls, base: &Value, case: &Value) {
    let with = |members: &Value| {
        let mut record = base.clone();
        for (name, value) in members.as_object().into_iter().flatten() {
            record[name] = value.clone();
        }
        record
    };
    let (record, stored) = (with(&case["first"]), with(&case["second"]));
    let read = |record: &Value| Record::from_json(record.to_string().as_bytes());
    let found =
        read(&record).and_then(|record| Ok(record.merge(&read(&stored)?)?.to_json().into()));
    let states = match case["refused"].as_str() {
        Some(code) => json!({"code": code}),
        None => json!({"record": one_form(&with(&case["merged"]))}),
    };
    let name = format!("merged, {}", case["why"].as_str().unwrap());
    let arguments = json!({"record": record.to_string(), "stored": stored.to_string()});
    calls.add((Entry::Index, name, "merge_records"), arguments, found, states);
}

fn parsed(text: &Value) -> Result<Token, Error> {
    Token::parse(&bytes(text, &str::to_owned))
}

fn parse(calls: &mut Calls, name: String, text: &Value, states: Value) {
    let found = parsed(text).map(|token| answers::token(&token));
    calls.add((Entry::Verify, name, "parse"), json!({"token": text}), found, states);
}

fn time(seconds: &Value) -> Time {
    Time::from_seconds(seconds.as_u64().unwrap()).unwrap()
}

/// What a vector says: `ok`, or the name of a code.
fn outcome(result: &Value) -> Value {
    if result == "ok" { json!({"ok": true}) } else { json!({"code": result}) }
}

/// The roots with these key ids, or all.
pub(crate) fn roots(vectors: &Value, only: Option<&Value>) -> RootKeys {
    let keys = vectors["roots"].as_object().unwrap().iter();
    let keys = keys.filter(|(id, _)| match only {
        Some(ids) => ids.as_array().unwrap().iter().any(|held| held == *id),
        None => true,
    });
    let mut keys = keys.map(|(id, hex)| {
        let key = bytes(&json!({"hex": hex}), &str::to_owned);
        RootKey::new(KeyId::parse(id).unwrap(), &key.try_into().unwrap())
    });
    let mut roots = RootKeys::of(keys.next().unwrap());
    for key in keys {
        roots.insert(key).unwrap();
    }
    roots
}

fn accept(calls: &mut Calls, vectors: &Value, name: &str, case: &Value) {
    let keys = roots(vectors, None).edge_keys();
    let peppers = roots(vectors, case.get("pepper_ids_held")).peppers();
    let now = time(&case["now"]);
    let verified_at = case.get("verified_at").unwrap_or(&case["now"]);
    let text = match &case["record"] {
        Value::Null => None,
        record => Some(record.to_string()),
    };
    let arguments = json!({
        "keys": keys.expose_json(str::to_owned),
        "peppers": peppers.expose_json(str::to_owned),
        "token": case["token"],
        "verifiedAt": verified_at, "record": text, "now": case["now"],
    });
    let given = || {
        let genuine = keys.verify(parsed(&case["token"])?, time(verified_at))?;
        Ok((genuine, text.as_ref().map(|text| Record::from_json(text.as_bytes())).transpose()?))
    };
    let token = parsed(&case["token"]).unwrap();
    let found = given().and_then(|(genuine, record)| genuine.accept_at_edge(record, now));
    let found =
        found.map(|accepted| answers::accepted(&token, accepted.record(), accepted.valid_until()));
    let call = (Entry::Index, name.to_owned(), "accept_at_edge");
    calls.add(call, arguments.clone(), found, outcome(&case["edge"]));
    let found =
        given().and_then(|(genuine, record)| genuine.accept_at_origin(record, &peppers, now));
    let found =
        found.map(|accepted| answers::accepted(&token, accepted.record(), accepted.valid_until()));
    let call = (Entry::Index, name.to_owned(), "accept_at_origin");
    calls.add(call, arguments, found, outcome(&case["origin"]));
}

/// What an issuer does with a record.
fn records(calls: &mut Calls, name: &str, text: &Value) {
    let record = || Record::from_json(text.as_str().unwrap().as_bytes());
    let mut add = |operation: &str, found: Result<Value, Error>| {
        let arguments = json!({"record": text, "at": 1_798_761_600, "successor": SUCCESSOR});
        calls.add((Entry::Index, name.to_owned(), operation), arguments, found, Value::Null);
    };
    let at = Time::from_seconds(1_798_761_600).unwrap();
    let until = Time::from_seconds(1_798_761_700).unwrap();
    add("read_record", record().map(|record| serde_json::from_str(&record.to_json()).unwrap()));
    add("edge_record", record().and_then(|record| Ok(record.to_edge_json()?.into())));
    add("revoke_record", record().map(|record| record.revoke(at).to_json().into()));
    add("use_record", record().map(|record| record.used(at).to_json().into()));
    // The name of a code, and no text where it is active.
    let inactive = |record: Record| record.inactive_because(at).map_or("", Code::name).into();
    add("inactive_because", record().map(inactive));
    let successor = Record::from_json(SUCCESSOR.as_bytes()).unwrap();
    add(
        "rotate_record",
        record().and_then(|record| Ok(record.rotate(&successor, until, at)?.to_json().into())),
    );
}

const SUCCESSOR: &str = concat!(
    r#"{"v":1,"id":"AAAABBBBCCCC","kind":"service_user_key","principal":"su_ci","#,
    r#""edge_digest":"$cog1e$PLDbKeHBRi2UWOYJ7ryBkssjc6wroAi-K1QG0jWref4","#,
    r#""scopes":["*"],"created_at":1798756600}"#,
);

fn refused_record(calls: &mut Calls, name: String, text: Value) {
    let found = Record::from_json(&bytes(&text, &str::to_owned));
    let found = found.map(|record| serde_json::from_str(&record.to_json()).unwrap());
    let states = json!({"code": "invalid_record"});
    let call = (Entry::Index, name.clone(), "read_record");
    calls.add(call, json!({"record": text}), found, states.clone());
    shown(calls, name, text, states);
}

/// What people see of a record: all but the digests and the metadata.
fn display(calls: &mut Calls, name: String, record: &Value) {
    let mut states = one_form(record);
    for left_out in ["digest", "edge_digest", "metadata"] {
        states.as_object_mut().unwrap().remove(left_out);
    }
    shown(calls, name, record.to_string().into(), json!({"record": states}));
}

fn shown(calls: &mut Calls, name: String, text: Value, states: Value) {
    let found = Record::from_json(&bytes(&text, &str::to_owned));
    let found = found.map(|record| record.to_display_json().into());
    calls.add((Entry::Native, name, "display_record"), json!({"record": text}), found, states);
}

/// A record without the members that are null, and its lists sorted.
pub(crate) fn one_form(record: &Value) -> Value {
    let mut record = record.clone();
    record.as_object_mut().unwrap().retain(|_, member| !member.is_null());
    for name in ["scopes", "organizations", "addresses"] {
        if let Some(Value::Array(items)) = record.get_mut(name) {
            items.sort_unstable_by_key(|item| item.as_str().unwrap().to_owned());
            items.dedup();
        }
    }
    record
}

/// Key sets that are good and such as are not.
fn keys(calls: &mut Calls, roots: &RootKeys) {
    let root = roots.expose_json(str::to_owned);
    let arguments = json!({"roots": root});
    let found = Ok(json!([
        roots.edge_keys().expose_json(str::to_owned),
        roots.peppers().expose_json(str::to_owned),
    ]));
    calls.add((Entry::Index, "derived".into(), "derive_keys"), arguments, found, Value::Null);
    let key = "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA";
    let texts = [
        String::new(),
        "{}".into(),
        "[]".into(),
        "{\"v\":1".into(),
        root.to_string(),
        roots.peppers().expose_json(str::to_owned),
        format!(r#"{{"v":1,"use":"edge-tag","keys":{{"01":"{key}"}}}}"#),
        format!(r#" {{ "keys": {{ "01": "{key}" }}, "use": "edge-tag", "v": 1 }} "#),
        format!(r#"{{"v":2,"use":"edge-tag","keys":{{"01":"{key}"}}}}"#),
        format!(r#"{{"v":1,"use":"edge-tag","keys":{{"00":"{key}"}}}}"#),
        format!(r#"{{"v":1,"use":"edge-tag","keys":{{"0":"{key}"}}}}"#),
        format!(r#"{{"v":1,"use":"edge-tag","keys":{{"01":"{key}","01":"{key}"}}}}"#),
        format!(r#"{{"v":1,"use":"edge-tag","keys":{{"01":"{}"}}}}"#, &key[1..]),
        format!(r#"{{"v":1,"use":"edge-tag","keys":{{"01":"{}B"}}}}"#, &key[1..]),
        format!(r#"{{"v":1,"use":"edge-tag","keys":{{"01":"{key}"}},"more":1}}"#),
        r#"{"v":1,"use":"edge-tag","keys":{}}"#.into(),
        r#"{"v":1,"use":"edge-tag","keys":{"01":null}}"#.into(),
        r#"{"v":1,"use":"edge-tag","keys":{"01":"\ud800"}}"#.into(),
        r#"{"v":1,"use":"other","keys":{}}"#.into(),
        "x".repeat(65_537),
    ];
    for (index, text) in texts.iter().enumerate() {
        let name = format!("key set {index}");
        let mut add = |entry, operation: &str, found: Result<(), Error>| {
            let found = found.map(|()| true.into());
            calls.add((entry, name.clone(), operation), json!({"keys": text}), found, Value::Null);
        };
        add(Entry::Verify, "load_edge_keys", EdgeKeys::from_json(text.as_bytes()).map(drop));
        add(Entry::Index, "load_peppers", Peppers::from_json(text.as_bytes()).map(drop));
        add(Entry::Index, "load_root_keys", RootKeys::from_json(text.as_bytes()).map(drop));
    }
}

/// The headers of the cases of HTTP, read alone.
fn headers(calls: &mut Calls) {
    let base = read("tests/cases/gate/base.json");
    let fill = |text: &str| crate::gate::fill(&base, text);
    for case in read("tests/cases/http/headers.json")["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let values = filled(&case["authorization"], &fill);
        let arguments = json!({"values": values, "times": case["times"].as_u64().unwrap_or(1)});
        let sent = crate::gate::values(&arguments);
        // The gate's calls have the large ones too; their answers here would be as large.
        if sent.iter().map(Vec::len).sum::<usize>() > 10_000 {
            continue;
        }
        let found = cog_auth::token::authorization(sent.iter().map(|value| &**value));
        let found = found.map(|read| answers::authorization(&read));
        let call = (Entry::Index, name.to_owned(), "authorization");
        calls.add(call, arguments, found, Value::Null);
    }
}
