//! The gate does what `tests/cases/gate/*.json` say, which every language's package runs too.
//!
//! A file has `cases`; a case has these members:
//!
//! | member | |
//! |---|---|
//! | `name`, `why` | what it is about, and which sentence of the specification it holds |
//! | `place` | the gate: `edge`, `origin` or `both`, one after the other |
//! | `options` | the gate's options that are not the default |
//! | `now` | seconds |
//! | `request` | `method`, `target` or `target_hex`, `authorization` (the fields' values), perhaps `context` (a text) and `client_address` |
//! | `record`, `facts` | what the stores answer, where they are asked; see below |
//! | `asks` | the questions, in order |
//! | `outcome` | `allowed`, `refused`, `pass_on`, `preflight`, or `error` with its code's number in `error` |
//! | the others | of an allowed or a refused outcome, compared in full; bodies and audit records are exact texts |
//!
//! An answer is `absent`, `unavailable`, or an object: `text`, or `found`, the name of a record or
//! of facts in `base.json`, to which `set` (values by JSON pointer) and then `unset` (JSON
//! pointers) are applied, and white space appended up to `pad` bytes. A record's `fetched_at` is
//! not stated where it is absent. In `authorization`, `audit` and answers' texts, `{name}` is a
//! token of `base.json`.

use crate::common::cases::{bytes, outcome, stored};
use crate::common::gate::{Base, time};
use crate::common::{json_files, root};
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::RouteResource;
use cog_auth::token::{ExpiryDay, Kind, RootKeys, Token};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_case_comes_out_as_written() {
    let base = Base::load();
    let (mut names, mut runs, mut failures) = (BTreeSet::new(), 0, Vec::new());
    for (file, text) in json_files(&root().join("tests/cases/gate")) {
        if file == "base.json" {
            continue;
        }
        let cases: Value = serde_json::from_str(&text).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let name = case["name"].as_str().unwrap();
            assert!(names.insert(String::from(name)), "{name} stands twice");
            let places: &[&str] = match case["place"].as_str().unwrap() {
                "edge" => &["edge"],
                "origin" => &["origin"],
                "both" => &["edge", "origin"],
                other => panic!("{name}: no place {other}"),
            };
            for place in places {
                runs += 1;
                let expected = outcome(case, &|text| base.fill(text));
                let found = run(&base, case, place);
                if expected != found {
                    failures.push(format!(
                        "{file}, {name}, at the {place}\n  expected {expected}\n  found    {found}"
                    ));
                }
            }
        }
    }
    assert!(runs >= 500, "only {runs} runs");
    assert!(failures.is_empty(), "{} of {runs}:\n{}", failures.len(), failures.join("\n"));
}

/// The tokens and digests that another implementation made are those that this one makes.
#[test]
fn the_base_is_what_would_be_minted() {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let base = Base::load();
    let roots = RootKeys::from_json(base.json["roots"].to_string().as_bytes()).unwrap();
    for (name, spec) in base.json["tokens"].as_object().unwrap() {
        let text = |member: &str| spec[member].as_str().unwrap();
        let token = Token::parse(text("token").as_bytes()).unwrap();
        // A byte below 62 is that character of the alphabet.
        let random: Vec<u8> = [text("id"), text("secret")]
            .concat()
            .bytes()
            .map(|byte| ALPHABET.iter().position(|known| *known == byte).unwrap() as u8)
            .collect();
        let day = spec["hard_expiry_day"].as_u64();
        let day = day.map(|day| ExpiryDay::from_number(u32::try_from(day).unwrap()).unwrap());
        let root = roots.key(token.key_id()).unwrap();
        let minted = root.mint(Kind::from_name(text("kind")).unwrap(), day, &random).unwrap();
        assert_eq!(minted.expose(), text("token"), "{name}");
        assert_eq!(token.key_id().as_str(), text("key_id"), "{name}");
        let Some(record) = base.json["records"].get(name) else { continue };
        let principal = record["principal"].as_str().unwrap();
        let digest = token.digest(principal, &root.peppers()).unwrap();
        assert_eq!(record["digest"], digest, "{name}");
        let edge_digest = token.edge_digest(principal).unwrap();
        assert_eq!(record["edge_digest"], edge_digest, "{name}");
    }
}

/// Runs a case, and describes its outcome as a case would.
fn run(base: &Base, case: &Value, place: &str) -> Value {
    let gate = gate(base, case, place);
    let request = &case["request"];
    let target = match request["target"].as_str() {
        Some(target) => base.fill(target).into_bytes(),
        None => bytes(&json!({"hex": request["target_hex"]}), &str::to_owned),
    };
    let values = request["authorization"].as_array().unwrap().iter();
    let values: Vec<String> = values.map(|value| base.fill(value.as_str().unwrap())).collect();
    let authorization: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
    let request = HttpRequest {
        method: request["method"].as_str().unwrap(),
        target: &target,
        authorization: &authorization,
        context: request["context"].as_str().map(str::as_bytes),
        client_address: request["client_address"].as_str(),
    };
    let now = time(case["now"].as_u64().unwrap());
    let mut asks = Vec::new();
    let mut step = match gate.begin(&request, now) {
        Ok(step) => step,
        Err(error) => {
            return json!({"asks": asks, "outcome": "error", "error": error.code().number()});
        }
    };
    loop {
        step = match step {
            Step::Record(needed) => {
                asks.push(json!({"record": needed.id().as_str()}));
                match answer(base, "records", case.get("record")) {
                    Answered::Text(text) => {
                        let fetched_at = case["record"]["fetched_at"].as_u64().map(time);
                        needed.found(text.as_bytes(), fetched_at)
                    }
                    Answered::Absent => needed.absent(),
                    Answered::Unavailable => needed.unavailable(),
                }
            }
            Step::Facts(needed) => {
                asks.push(json!({"facts": {
                    "principal": needed.principal(),
                    "organization": needed.organization(),
                    "resource": needed.resource().map(resource),
                }}));
                match answer(base, "facts", case.get("facts")) {
                    Answered::Text(text) => needed.found(text.as_bytes()),
                    Answered::Absent => needed.absent(),
                    Answered::Unavailable => needed.unavailable(),
                }
            }
            Step::Done(outcome) => return described(asks, &outcome),
        };
    }
}

fn gate(base: &Base, case: &Value, place: &str) -> Gate {
    let mut gate = if place == "edge" { base.edge() } else { base.origin() };
    for (name, value) in case["options"].as_object().into_iter().flatten() {
        gate = match (name.as_str(), value) {
            ("realm", Value::String(realm)) => gate.with_realm(realm),
            ("retry_after", Value::Number(seconds)) => {
                gate.with_retry_after(seconds.as_u64().unwrap())
            }
            ("max_record_age", Value::Number(seconds)) => {
                gate.with_max_record_age(seconds.as_u64().unwrap())
            }
            ("pass_on", Value::Bool(true)) => gate.with_pass_on(),
            ("preflight", Value::Bool(true)) => gate.with_preflight(),
            _ => panic!("{}: no option {name}", case["name"]),
        };
    }
    gate
}

enum Answered {
    Text(String),
    Absent,
    Unavailable,
}

fn answer(base: &Base, kind: &str, given: Option<&Value>) -> Answered {
    let given = given.expect("a question that the case does not answer");
    match given.as_str() {
        Some("absent") => return Answered::Absent,
        Some("unavailable") => return Answered::Unavailable,
        _ => {}
    }
    let (text, spaces) = stored(&base.json, kind, given, &|text| base.fill(text));
    Answered::Text(text + &" ".repeat(spaces))
}

fn resource(resource: RouteResource<'_>) -> Value {
    json!({"type": resource.type_name, "id": resource.id})
}

fn described(asks: Vec<Value>, outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Allowed(allowed) => json!({
            "asks": asks,
            "outcome": "allowed",
            "principal": {"type": allowed.principal_type(), "id": allowed.principal()},
            "credential": {
                "kind": allowed.kind().name(),
                "id": allowed.id().as_str(),
                "handle": allowed.handle().as_str(),
            },
            "action": allowed.action(),
            "organization": allowed.organization(),
            "resource": allowed.resource().map(resource),
            "parameters": allowed
                .parameters()
                .map(|parameter| (parameter.name, parameter.value))
                .collect::<BTreeMap<_, _>>(),
            "undecided": allowed.undecided(),
            "advice": allowed.advice(),
            "valid_until": allowed.valid_until().map(|time| time.seconds()),
            "audit": allowed.audit(),
        }),
        Outcome::Refused(refused) => json!({
            "asks": asks,
            "outcome": "refused",
            "status": refused.status(),
            "headers": refused.headers().map(|(name, value)| [name, value]).collect::<Vec<_>>(),
            "code": refused.code().name(),
            "body": refused.body(),
            "audit": refused.audit(),
        }),
        Outcome::PassOn => json!({"asks": asks, "outcome": "pass_on"}),
        Outcome::Preflight => json!({"asks": asks, "outcome": "preflight"}),
    }
}
