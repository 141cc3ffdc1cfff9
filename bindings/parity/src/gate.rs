//! The gate.

use crate::answers;
use crate::calls::{Calls, Entry, filled};
use crate::cases::{self, bytes};
use crate::{Value, json_files, read, root};
use cog_auth::gate::{Gate, HttpRequest, Step};
use cog_auth::policy::Policy;
use cog_auth::token::{EdgeKeys, Peppers};
use cog_auth::{Error, Time};
use serde_json::json;
use std::sync::Arc;

struct Base {
    json: Value,
    policy: Policy,
    edge_keys: Arc<EdgeKeys>,
    peppers: Arc<Peppers>,
}

/// The text with `{name}` replaced by the token of that name.
pub(crate) fn fill(base: &Value, text: &str) -> String {
    let mut text = text.to_owned();
    for (name, token) in base["tokens"].as_object().unwrap() {
        text = text.replace(&format!("{{{name}}}"), token["token"].as_str().unwrap());
    }
    text
}

pub(crate) fn add(calls: &mut Calls) {
    let json = read("tests/cases/gate/base.json");
    let base = Base {
        policy: crate::policies::builtin(),
        edge_keys: EdgeKeys::from_json(json["edge_keys"].to_string().as_bytes()).unwrap().into(),
        peppers: Peppers::from_json(json["peppers"].to_string().as_bytes()).unwrap().into(),
        json,
    };
    for (file, text) in json_files(&root().join("tests/cases/gate")) {
        let cases: Value = serde_json::from_str(&text).unwrap();
        for case in cases["cases"].as_array().into_iter().flatten() {
            gate_case(calls, &base, &file, case);
        }
    }
    for file in ["headers", "paths"] {
        let cases = read(&format!("tests/cases/http/{file}.json"));
        for case in cases["cases"].as_array().unwrap() {
            http_case(calls, &base, &cases, case);
        }
    }
}

/// A case of `tests/cases/gate`, of which `tests/it/gate/cases.rs` says what its members mean.
fn gate_case(calls: &mut Calls, base: &Base, file: &str, case: &Value) {
    let digest = base.policy.digest().to_hex();
    let fill = |text: &str| fill(&base.json, &text.replace("{policy}", &digest));
    let states = cases::outcome(case, &fill);
    let given = &case["request"];
    let mut request = json!({
        "method": given["method"],
        "target": match given["target"].as_str() {
            Some(target) => Value::from(fill(target)),
            None => json!({"hex": given["target_hex"]}),
        },
        "values": filled(&given["authorization"], &fill),
        "times": 1,
    });
    if given["context"].is_string() {
        request["context"] = given["context"].clone();
    }
    if given["client_address"].is_string() {
        request["clientAddress"] = given["client_address"].clone();
    }
    let record = stored(base, "records", case.get("record"), &fill);
    let facts = stored(base, "facts", case.get("facts"), &fill);
    let name = format!("{file}, {}", case["name"].as_str().unwrap());
    let place = case["place"].as_str().unwrap();
    for place in if place == "both" { vec!["edge", "origin"] } else { vec![place] } {
        let arguments = json!({
            "place": place, "options": case.get("options").unwrap_or(&json!({})),
            "now": case["now"], "request": request, "record": record, "facts": facts,
        });
        drive(calls, base, &name, arguments, json!({"gate": states}));
    }
}

/// The values of `Authorization`: the whole list as often as `times` says.
pub(crate) fn values(arguments: &Value) -> Vec<Vec<u8>> {
    let values = arguments["values"].as_array().unwrap().iter();
    let values: Vec<_> = values.map(|value| bytes(value, &str::to_owned)).collect();
    let times = usize::try_from(arguments["times"].as_u64().unwrap()).unwrap();
    std::iter::repeat_n(values, times).flatten().collect()
}

/// What a store answers: `absent`, `unavailable`, null where nothing is asked, or a text and when
/// it was fetched.
fn stored(base: &Base, kind: &str, given: Option<&Value>, fill: &impl Fn(&str) -> String) -> Value {
    let Some(given) = given else { return Value::Null };
    if given.is_string() {
        return given.clone();
    }
    let (text, spaces) = cases::stored(&base.json, kind, given, fill);
    let mut stored = json!({"text": [text, {"repeat": [" ", spaces]}]});
    if given["fetched_at"].is_u64() {
        stored["fetchedAt"] = given["fetched_at"].clone();
    }
    stored
}

/// A case of `tests/cases/http`, which say themselves what their members mean.
fn http_case(calls: &mut Calls, base: &Base, shared: &Value, case: &Value) {
    let fill = |text: &str| fill(&base.json, text);
    let member = |name: &str| case.get(name).unwrap_or(&shared[name]).clone();
    let now = &shared["now"];
    let request = json!({
        "method": filled(&member("method"), &fill),
        "target": filled(&member("target"), &fill),
        "values": filled(&member("authorization"), &fill),
        "times": case["times"].as_u64().unwrap_or(1),
    });
    // A method is text here: what is none cannot be sent.
    let Ok(_) = String::from_utf8(bytes(&request["method"], &str::to_owned)) else { return };
    let text = |kind: &str, name: &Value| base.json[kind][name.as_str().unwrap()].to_string();
    let mut states = case.clone();
    for given in ["name", "why", "authorization", "times", "method", "target", "fields"] {
        states.as_object_mut().unwrap().remove(given);
    }
    for place in ["edge", "origin"] {
        let arguments = json!({
            "place": place, "options": {}, "now": now, "request": request,
            "record": {"text": text("records", &shared["record"]), "fetchedAt": now},
            "facts": {"text": text("facts", &shared["facts"])},
        });
        let name = format!("http, {}", case["name"].as_str().unwrap());
        drive(calls, base, &name, arguments, json!({"http": states}));
    }
}

fn drive(calls: &mut Calls, base: &Base, name: &str, mut arguments: Value, states: Value) {
    let found = run(base, &arguments);
    arguments["keys"] = base.json["edge_keys"].to_string().into();
    arguments["peppers"] = base.json["peppers"].to_string().into();
    arguments["policy"] = "builtin".into();
    let entry = if arguments["place"] == "edge" { Entry::Edge } else { Entry::Index };
    calls.add((entry, name.to_owned(), "gate"), arguments, found, states);
}

fn run(base: &Base, arguments: &Value) -> Result<Value, Error> {
    let mut gate = match arguments["place"].as_str().unwrap() {
        "edge" => Gate::at_edge(base.policy.clone(), base.edge_keys.clone()),
        _ => Gate::at_origin(base.policy.clone(), base.edge_keys.clone(), base.peppers.clone()),
    };
    for (name, value) in arguments["options"].as_object().unwrap() {
        gate = match name.as_str() {
            "realm" => gate.with_realm(value.as_str().unwrap()),
            "retry_after" => gate.with_retry_after(value.as_u64().unwrap()),
            "max_record_age" => gate.with_max_record_age(value.as_u64().unwrap()),
            "pass_on" => gate.with_pass_on(),
            "preflight" => gate.with_preflight(),
            other => panic!("no option {other}"),
        };
    }
    let spelled = |value: &Value| bytes(value, &str::to_owned);
    let request = &arguments["request"];
    let method = String::from_utf8(spelled(&request["method"])).unwrap();
    let target = spelled(&request["target"]);
    let values = values(request);
    let authorization: Vec<&[u8]> = values.iter().map(|value| &**value).collect();
    let request = HttpRequest {
        method: &method,
        target: &target,
        authorization: &authorization,
        context: request["context"].as_str().map(str::as_bytes),
        client_address: request["clientAddress"].as_str(),
    };
    let now = Time::from_seconds(arguments["now"].as_u64().unwrap())?;
    let mut steps = Vec::new();
    let mut step = gate.begin(&request, now)?;
    loop {
        steps.push(answers::step(&step));
        step = match step {
            Step::Record(needed) => match arguments["record"].as_str() {
                Some("absent") => needed.absent(),
                Some(_) => needed.unavailable(),
                None => {
                    let fetched_at = arguments["record"]["fetchedAt"].as_u64();
                    let fetched_at = fetched_at.map(Time::from_seconds).transpose()?;
                    needed.found(&spelled(&arguments["record"]["text"]), fetched_at)
                }
            },
            Step::Facts(needed) => match arguments["facts"].as_str() {
                Some("absent") => needed.absent(),
                Some(_) => needed.unavailable(),
                None => needed.found(&spelled(&arguments["facts"]["text"])),
            },
            Step::Done(_) => return Ok(steps.into()),
        };
    }
}
