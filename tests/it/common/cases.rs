//! The cases in `policies/tests` and what those in `tests/cases/gate` say, read here without the
//! library; changing values by JSON pointers; and the bytes that a case spells.

use super::{json_files, root};
use serde_json::{Map, Value};

/// A case of the built-in policy: its name and its request, as it is after `set` and `unset`.
pub struct Case {
    pub name: String,
    pub request: Value,
    pub expect: Value,
}

/// All cases with a request.
pub fn requests() -> Vec<Case> {
    let mut cases = Vec::new();
    for (_, text) in json_files(&root().join("policies/tests")) {
        let document: Value = serde_json::from_str(&text).unwrap();
        let tests = &document["tests"];
        for case in tests["cases"].as_array().unwrap() {
            let mut request = match &case["request"] {
                Value::Null => continue,
                Value::String(name) => tests["requests"][name].clone(),
                own => own.clone(),
            };
            assert!(request.is_object(), "{}", case["name"]);
            for (pointer, value) in case["set"].as_object().unwrap_or(&Map::new()) {
                put(&mut request, pointer, value.clone());
            }
            for pointer in case["unset"].as_array().into_iter().flatten() {
                remove(&mut request, pointer.as_str().unwrap());
            }
            cases.push(Case {
                name: case["name"].as_str().unwrap().to_owned(),
                request,
                expect: case["expect"].clone(),
            });
        }
    }
    assert!(cases.len() >= 200, "only {} cases", cases.len());
    cases
}

/// All cases with a route: method and target.
pub fn targets() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (_, text) in json_files(&root().join("policies/tests")) {
        let document: Value = serde_json::from_str(&text).unwrap();
        for case in document["tests"]["cases"].as_array().unwrap() {
            if let (Some(method), Some(path)) =
                (case["route"]["method"].as_str(), case["route"]["path"].as_str())
            {
                found.push((method.to_owned(), path.to_owned()));
            }
        }
    }
    assert!(found.len() >= 50, "only {} targets", found.len());
    found
}

/// What a case of the gate says of its outcome, which is all that is not given. `fill` completes
/// texts.
pub fn outcome(case: &Value, fill: &impl Fn(&str) -> String) -> Value {
    const GIVEN: [&str; 8] =
        ["name", "why", "place", "options", "now", "request", "record", "facts"];
    let mut outcome = case.clone();
    outcome.as_object_mut().unwrap().retain(|name, _| !GIVEN.contains(&name.as_str()));
    if let Some(audit) = outcome.get_mut("audit") {
        *audit = fill(audit.as_str().unwrap()).into();
    }
    outcome
}

/// What a store has, as a case of the gate says it: a text, and how many spaces follow it. `base`
/// is `base.json`.
pub fn stored(
    base: &Value,
    kind: &str,
    given: &Value,
    fill: &impl Fn(&str) -> String,
) -> (String, usize) {
    if let Some(text) = given["text"].as_str() {
        return (fill(text), 0);
    }
    let mut value = base[kind][given["found"].as_str().unwrap()].clone();
    assert!(value.is_object(), "no {kind} {}", given["found"]);
    for (pointer, to) in given["set"].as_object().into_iter().flatten() {
        put(&mut value, pointer, to.clone());
    }
    for pointer in given["unset"].as_array().into_iter().flatten() {
        let pointer = pointer.as_str().unwrap();
        assert!(value.pointer(pointer).is_some(), "no {pointer} to unset");
        remove(&mut value, pointer);
    }
    let text = value.to_string();
    let pad = given["pad"].as_u64().map_or(0, |pad| usize::try_from(pad).unwrap());
    let pad = pad.saturating_sub(text.len());
    (text, pad)
}

/// Puts a value at a pointer; objects are made on the way.
pub fn put(root: &mut Value, pointer: &str, value: Value) {
    let mut place = root;
    for name in names(pointer) {
        place = match place {
            Value::Array(items) => &mut items[name.parse::<usize>().unwrap()],
            other => {
                if !other.is_object() {
                    *other = Value::Object(Map::new());
                }
                other.as_object_mut().unwrap().entry(name).or_insert(Value::Null)
            }
        };
    }
    *place = value;
}

/// Removes what is at a pointer, if anything is.
pub fn remove(root: &mut Value, pointer: &str) {
    let (parent, _) = pointer.rsplit_once('/').unwrap();
    let name = names(pointer).pop().unwrap();
    match root.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.remove(&name);
        }
        Some(Value::Array(items)) => {
            let index: usize = name.parse().unwrap();
            if index < items.len() {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// The names in a pointer, decoded.
pub fn names(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~")).collect()
}

/// A name as a segment of a pointer.
pub fn segment(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The bytes of a value: a text, which `fill` may change, `{"hex": …}`,
/// `{"repeat": [value, times]}`, or a list of values.
pub fn bytes(value: &Value, fill: &impl Fn(&str) -> String) -> Vec<u8> {
    if let Some(text) = value.as_str() {
        return fill(text).into_bytes();
    }
    if let Some(parts) = value.as_array() {
        return parts.iter().flat_map(|part| bytes(part, fill)).collect();
    }
    if let Some(digits) = value["hex"].as_str() {
        let pairs = (0..digits.len()).step_by(2);
        return pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect();
    }
    let times = usize::try_from(value["repeat"][1].as_u64().unwrap()).unwrap();
    bytes(&value["repeat"][0], fill).repeat(times)
}
