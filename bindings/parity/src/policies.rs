//! Decisions, batches, searches of actions and routes; and images, most of which are none.

use crate::answers;
use crate::calls::{Calls, Entry};
use crate::cases::{bytes, requests, targets};
use crate::{Value, json_files, read, root};
use cog_auth::Error;
use cog_auth::policy::{Policy, Source};
use serde_json::json;

/// The policy in `policies/`.
pub(crate) fn builtin() -> Policy {
    let mut source = Source::new();
    for (name, text) in json_files(&root().join("policies")) {
        source.add(name, text);
    }
    source.check().unwrap().into_policy()
}

pub(crate) fn add(calls: &mut Calls) {
    let policy = builtin();
    calls.image("builtin", policy.image());
    described(calls, "builtin", &policy);
    for case in requests() {
        let request = Value::from(case.request.to_string());
        let expect = json!({"expect": case.expect});
        let mut ask = |operation, states: &Value| {
            ask(calls, "builtin", &policy, (&case.name, operation), &request, states.clone());
        };
        ask("decide", &expect);
        ask("evaluate", &expect);
        ask("search_actions", &Value::Null);
    }
    routes(calls, &policy);
    standard(calls);
    images(calls, policy.image());
}

fn described(calls: &mut Calls, name: &str, policy: &Policy) {
    let actions: Vec<_> = policy.actions().collect();
    let found = json!({"digest": policy.digest().to_hex(), "actions": actions});
    let call = (Entry::Index, name.to_owned(), "describe");
    calls.add(call, json!({"policy": name}), Ok(found), Value::Null);
    let call = (Entry::Native, name.to_owned(), "image_digest");
    let found = policy.image_digest().to_hex().into();
    calls.add(call, json!({"policy": name}), Ok(found), Value::Null);
}

fn ask(
    calls: &mut Calls,
    name: &str,
    policy: &Policy,
    (case, operation): (&str, &str),
    request: &Value,
    states: Value,
) {
    let text = bytes(request, &str::to_owned);
    let found: Result<String, Error> = match operation {
        "decide" => policy.request(&text).map(|request| request.decide().explain().to_json()),
        "evaluate" => policy.evaluate(&text),
        _ => policy.search_actions(&text),
    };
    let arguments = json!({"policy": name, "request": request});
    calls.add(
        (Entry::Index, case.to_owned(), operation),
        arguments,
        found.map(Value::from),
        states,
    );
}

/// The cases of routes: those of the built-in policy, and those whose file is a policy itself.
fn routes(calls: &mut Calls, builtin: &Policy) {
    let mut stated = 0;
    for (_, text) in json_files(&root().join("policies/tests")) {
        stated += routes_of(calls, "builtin", builtin, &text);
    }
    assert_eq!(stated, targets().len());
    for (file, text) in json_files(&root().join("tests/cases/routes")) {
        let mut source = Source::new();
        source.add(file.as_str(), text.as_str());
        let policy = source.check().unwrap().into_policy();
        calls.image(&file, policy.image());
        assert!(routes_of(calls, &file, &policy, &text) > 0, "{file}");
    }
}

/// The cases of a document that are about routes. Says how many there are.
fn routes_of(calls: &mut Calls, name: &str, policy: &Policy, document: &str) -> usize {
    let document: Value = serde_json::from_str(document).unwrap();
    let cases = document["tests"]["cases"].as_array().unwrap().iter();
    let mut count = 0;
    for case in cases.filter(|case| case["route"].is_object()) {
        let (method, target) =
            (case["route"]["method"].as_str().unwrap(), case["route"]["path"].as_str().unwrap());
        let found = answers::route(&policy.route(method, target));
        let arguments = json!({"policy": name, "method": method, "target": target});
        let call = (Entry::Index, case["name"].as_str().unwrap().to_owned(), "route");
        calls.add(call, arguments, Ok(found), json!({"route": case["expect"]}));
        count += 1;
    }
    count
}

/// The cases of AuthZEN 1.0.
fn standard(calls: &mut Calls) {
    let mut source = Source::new();
    source.add("policy.json", read("tests/cases/authzen/policy.json").to_string());
    let policy = source.check().unwrap().into_policy();
    calls.image("authzen", policy.image());
    described(calls, "authzen", &policy);
    let digest = policy.digest().to_hex();
    for file in ["single", "batch", "search"] {
        let cases = read(&format!("tests/cases/authzen/{file}.json"));
        for case in cases["cases"].as_array().unwrap() {
            let states = match case.get("answer") {
                Some(answer) => {
                    let answer = String::from_utf8(bytes(answer, &str::to_owned)).unwrap();
                    json!({"answer": answer.replace("{policy}", &digest)})
                }
                None => json!({"number": case["error"]}),
            };
            let name = format!("{file}, {}", case["name"].as_str().unwrap());
            let operation = case["call"].as_str().unwrap();
            ask(calls, "authzen", &policy, (&name, operation), &case["request"], states);
            ask(calls, "authzen", &policy, (&name, "decide"), &case["request"], Value::Null);
        }
    }
}

/// Images that were cut or changed, and a whole one.
fn images(calls: &mut Calls, image: &[u8]) {
    let mut add = |arguments: Value, image: Vec<u8>| {
        let found = Policy::from_image(image).map(|policy| policy.digest().to_hex().into());
        let name = format!("an image {arguments}");
        calls.add((Entry::Edge, name, "load_image"), arguments, found, Value::Null);
    };
    add(json!({"policy": "builtin", "cut": image.len()}), image.to_vec());
    for part in 0..40 {
        let at = image.len() * part / 40;
        add(json!({"policy": "builtin", "cut": at}), image[..at].to_vec());
        let mut changed = image.to_vec();
        changed[at] ^= 0x41;
        add(json!({"policy": "builtin", "change": at}), changed);
    }
}
