//! The built-in policy: Cedar answers its cases as the library does, and as the cases say.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use common::{Guarded, ask_library, compile, documents, root, with_stack};
use serde_json::{Map, Value};

#[test]
fn cedar_answers_the_cases_of_the_built_in_policy() {
    with_stack(|| {
        let built_in = documents(&root().join("policies"));
        let library = compile(&built_in);
        let guarded = Guarded::new(&built_in).unwrap();
        let cases = cases();
        assert!(cases.len() >= 200, "only {} cases", cases.len());
        for (name, request, expect) in cases {
            let answer = guarded.ask(&request);
            assert_eq!(answer, ask_library(&library, &request), "{name}");
            assert_eq!(answer.is_null(), expect["malformed"] == true, "{name}");
            for (member, expected) in expect.as_object().unwrap() {
                if !["malformed", "missing"].contains(&member.as_str()) {
                    assert_eq!(&answer[member], expected, "{member} of {name}");
                }
            }
        }
    });
}

/// The cases with a request: name, request, expectation. Those that are malformed by a name that stands twice are none here,
/// since a `Value` has no such thing.
fn cases() -> Vec<(String, Value, Value)> {
    let mut cases = Vec::new();
    for document in documents(&root().join("policies/tests")) {
        let tests = &document["tests"];
        for case in tests["cases"].as_array().unwrap() {
            let mut request = match &case["request"] {
                Value::Null => continue,
                Value::String(name) => tests["requests"][name].clone(),
                own => own.clone(),
            };
            for (pointer, value) in case["set"].as_object().unwrap_or(&Map::new()) {
                *place(&mut request, pointer) = value.clone();
            }
            for pointer in case["unset"].as_array().into_iter().flatten() {
                let (parent, name) = pointer.as_str().unwrap().rsplit_once('/').unwrap();
                match request.pointer_mut(parent) {
                    Some(Value::Object(members)) => drop(members.remove(name)),
                    Some(Value::Array(items)) => drop(items.remove(name.parse().unwrap())),
                    _ => {}
                }
            }
            cases.push((
                case["name"].as_str().unwrap().to_owned(),
                request,
                case["expect"].clone(),
            ));
        }
    }
    cases
}

/// The place of a pointer, with objects made on the way. No case has a name that needs an escape.
fn place<'v>(root: &'v mut Value, pointer: &str) -> &'v mut Value {
    assert!(!pointer.contains('~'), "{pointer}");
    let mut place = root;
    for name in pointer.split('/').skip(1) {
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
    place
}
