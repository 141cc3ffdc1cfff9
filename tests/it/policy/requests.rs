//! Requests: built in Rust as read from JSON, and what is malformed.

use crate::common::cases::{put, remove, segment};
use crate::common::rich::draft;
use crate::common::rich_facts::{Facts, facts};
use crate::common::simple::{ENVELOPE, base, numbers, with};
use crate::common::{cases, documents, root, source};
use cog_auth::Code;
use cog_auth::policy::{Policy, RequestBuilder, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The strings of a list.
fn strings(value: &Json) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Json::as_str).collect()
}

/// Whether the policy reads a place.
fn reads(policy: &Policy, pointer: &str) -> bool {
    policy.build_request(("", ""), "", ("", "")).set(pointer, Value::Null).is_ok()
}

/// The values in a request with their pointers, memberships apart.
fn leaves<'j>(policy: &Policy, pointer: &str, value: &'j Json, out: &mut Vec<(String, &'j Json)>) {
    match value {
        _ if pointer == "/subject/properties/memberships" => {}
        Json::Object(members) if !reads(policy, pointer) => {
            for (name, value) in members {
                leaves(policy, &format!("{pointer}/{}", segment(name)), value, out);
            }
        }
        other => out.push((pointer.to_owned(), other)),
    }
}

/// The answer to a request that is built instead of read; none where the builder has no words for
/// it.
fn built(policy: &Policy, request: &Json) -> Option<String> {
    let mut values = Vec::new();
    leaves(policy, "", request, &mut values);
    let lists: Vec<Vec<&str>> =
        values.iter().map(|(_, value)| strings(value).unwrap_or_default()).collect();
    let [kind, id, action, resource, resource_id] =
        ENVELOPE.map(|pointer| request.pointer(pointer).and_then(Json::as_str).unwrap());
    let mut builder = policy.build_request((kind, id), action, (resource, resource_id));
    for ((pointer, value), list) in values.iter().zip(&lists) {
        let value = match value {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) if number.is_i64() => Value::Integer(number.as_i64().unwrap()),
            Json::String(text) => Value::Text(text),
            Json::Array(items) if items.len() == list.len() => Value::List(list),
            // Of no type that the builder has, and so unusable, as this is everywhere.
            Json::Number(_) | Json::Array(_) | Json::Object(_) => Value::Integer(i64::MIN),
        };
        if !ENVELOPE.contains(&pointer.as_str()) {
            builder = match builder.set(pointer, value) {
                Ok(builder) => builder,
                // What the policy does not read, it ignores: go on without it.
                Err(error) => {
                    assert_eq!(error.code(), Code::InvalidAttribute);
                    let mut rest = request.clone();
                    remove(&mut rest, pointer);
                    return built(policy, &rest);
                }
            };
        }
    }
    let memberships = match request.pointer("/subject/properties/memberships") {
        None | Some(Json::Null) => None,
        Some(memberships) => Some(memberships.as_array()?),
    };
    let mut lists = Vec::new();
    for item in memberships.into_iter().flatten() {
        let item = item.as_object()?;
        let list = |name: &str| match item.get(name) {
            None | Some(Json::Null) => Some(None),
            Some(list) => strings(list).map(Some),
        };
        let organization = match item.get("organization") {
            None | Some(Json::Null) => None,
            Some(organization) => Some(organization.as_str().filter(|id| !id.is_empty())?),
        };
        lists.push((organization, list("roles")?, list("permissions")?));
    }
    let known: Vec<&str> = lists.iter().filter_map(|(organization, _, _)| *organization).collect();
    let mut once = known.clone();
    once.sort_unstable();
    once.dedup();
    if once.len() < known.len() {
        return None;
    }
    for (organization, roles, permissions) in &lists {
        let is_known = organization.is_some_and(|id| !id.is_empty());
        let organization = organization.unwrap_or(RequestBuilder::UNKNOWN_ORGANIZATION);
        builder = match (roles, permissions) {
            (None, None) => builder.member_of(organization),
            (Some(roles), None) => builder.roles_in(organization, roles),
            (None, Some(permissions)) => builder.permissions_in(organization, permissions),
            (Some(_), Some(_)) if !is_known => return None,
            (Some(roles), Some(permissions)) => {
                builder.permissions_in(organization, permissions).roles_in(organization, roles)
            }
        };
    }
    if memberships.is_some() {
        builder = builder.no_other_memberships();
    }
    Some(builder.build().decide().explain().to_json())
}

fn read(policy: &Policy, request: &Json) -> String {
    policy.request(request.to_string().as_bytes()).unwrap().decide().explain().to_json()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn built_requests_are_as_read_ones(draft in draft(), requests in prop::collection::vec(facts(), 6)) {
        let policy = draft.policy();
        for request in requests.iter().map(Facts::json) {
            if let Some(answer) = built(&policy, &request) {
                prop_assert_eq!(answer, read(&policy, &request), "{}", request);
            }
        }
    }
}

#[test]
fn built_requests_answer_the_built_in_cases() {
    let policy = source(&root().join("policies")).check().unwrap().into_policy();
    let mut expressible = 0;
    for case in cases::requests() {
        if case.expect.get("malformed").is_some() {
            let error = policy.request(case.request.to_string().as_bytes()).unwrap_err();
            assert_eq!(error.code(), Code::MalformedRequest, "{}", case.name);
        } else if let Some(answer) = built(&policy, &case.request) {
            assert_eq!(answer, read(&policy, &case.request), "{}", case.name);
            let answer: Json = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer["decision"], case.expect["decision"], "{}", case.name);
            expressible += 1;
        }
    }
    assert!(expressible >= 200, "only {expressible}");
}

#[test]
fn the_builder_refuses_what_it_cannot_set() {
    let policy = numbers();
    let begin = || policy.build_request(("user", "u"), "Do", ("thing", "t"));
    let refused = ENVELOPE.into_iter().chain([
        "",
        "/",
        "context/n",
        "/context/other",
        "/subject",
        "/context",
        "/subject/properties",
        "/subject/properties/memberships",
    ]);
    for pointer in refused {
        let error = begin().set(pointer, Value::Null).unwrap_err();
        assert_eq!(error.code(), Code::InvalidAttribute, "{pointer}");
    }
    let twice =
        begin().set("/context/n", Value::Integer(1)).unwrap().set("/context/n", Value::Integer(2));
    assert_eq!(twice.unwrap_err().code(), Code::DuplicateName);
}

#[test]
fn an_attribute_is_found_once_for_all_requests() {
    let policy = numbers();
    let n = policy.attribute("/context/n").unwrap();
    assert_eq!(policy.attribute("/context/other").unwrap_err().code(), Code::InvalidAttribute);
    for number in [1, 2] {
        let mut put = policy.build_request(("user", "u"), "Do", ("thing", "t"));
        put.put(n, Value::Integer(number)).unwrap();
        // The same place twice, by its handle or by its pointer; what was set first stays.
        let twice = put.put(n, Value::Integer(9)).unwrap_err();
        assert_eq!(twice.code(), Code::DuplicateName);
        let set = policy.build_request(("user", "u"), "Do", ("thing", "t"));
        let set = set.set("/context/n", Value::Integer(number)).unwrap();
        let answer = |builder: RequestBuilder<'_>| builder.build().decide().explain().to_json();
        assert_eq!(answer(put), answer(set));
    }

    // A clone, or the same image loaded again, is the same policy.
    let again = Policy::from_image(policy.image().to_vec()).unwrap();
    for same in [policy.clone(), again] {
        let mut request = same.build_request(("user", "u"), "Do", ("thing", "t"));
        assert!(request.put(n, Value::Integer(1)).is_ok());
    }
    // Another policy is another one, wherever its places are.
    let other = source(&root().join("policies")).check().unwrap().into_policy();
    let mut request = other.build_request(("user", "u"), "Do", ("thing", "t"));
    let error = request.put(n, Value::Integer(1)).unwrap_err();
    assert_eq!(error.code(), Code::InvalidAttribute);
    assert!(error.message().contains("another policy"), "{}", error.message());
}

#[test]
fn a_place_is_not_set_beside_one_below_it() {
    let policy = documents([r#"{"v": 1, "schema": {
        "attributes": {
            "an.outer": {"type": "id", "domain": "thing", "from": "/context/a"},
            "an.inner": {"type": "id", "domain": "thing", "from": "/context/a/b/c"},
            "a.beside": {"type": "id", "domain": "thing", "from": "/context/ab"}},
        "actions": {"Do": {}}},
        "rules": [{"id": "p", "effect": "permit", "actions": ["*"], "when": {"an.inner": "x"}}]}"#]);
    let policy = policy.check().unwrap().into_policy();
    let pointers = ["/context/a", "/context/a/b/c", "/context/ab"];
    for first in pointers {
        for second in pointers {
            let request = policy.build_request(("user", "u"), "Do", ("thing", "t"));
            let both = request
                .set(first, Value::Text("x"))
                .and_then(|request| request.set(second, Value::Text("x")));
            let expected = first != second && [first, second].contains(&"/context/ab");
            assert_eq!(both.is_ok(), expected, "{first} {second}");
        }
    }
}

#[test]
fn malformed_requests_are_told() {
    let policy = numbers();
    let refuse = |text: &str| {
        for error in [
            policy.request(text.as_bytes()).unwrap_err(),
            policy.evaluate(text.as_bytes()).unwrap_err(),
        ] {
            assert_eq!(error.code(), Code::MalformedRequest, "{text}");
            assert!(error.offset().is_none_or(|offset| offset <= text.len()), "{text}");
        }
    };
    for text in ["", " ", "null", "[]", "\"x\"", "1", "{}", "{", "nul", "{}{}", "\u{feff}{}"] {
        refuse(text);
    }
    let places = [
        "/subject",
        "/action",
        "/resource",
        "/subject/properties",
        "/action/properties",
        "/resource/properties",
        "/context",
    ];
    for place in places.into_iter().chain(ENVELOPE) {
        let is_string = ENVELOPE.contains(&place);
        for value in [Json::Null, json!(true), json!(7), json!("x"), json!(["x"]), json!({})] {
            let fits = if is_string {
                value.is_string()
            } else {
                place.matches('/').count() == 2 || place == "/context"
            } && (is_string || value.is_object());
            let mut request = base();
            put(&mut request, place, value);
            match fits {
                true => drop(read(&policy, &request)),
                false => refuse(&request.to_string()),
            }
        }
        let mut request = base();
        remove(&mut request, place);
        match place.ends_with("properties") || place == "/context" {
            true => drop(read(&policy, &request)),
            false => refuse(&request.to_string()),
        }
    }
    // Names that stand twice, also when one is spelt with escapes.
    for (place, member) in [
        ("", r#""x":1,"x":2"#),
        ("", r#""x":1,"\u0078":2"#),
        ("", r#""\u0063ontext":{}"#),
        ("/subject", r#""id":"u""#),
        ("/subject", r#""x":1,"\u0078":1"#),
        ("/action", r#""name":"Do""#),
        ("/resource", r#""propertie\u0073":{}"#),
        ("/subject/properties", r#""a":1,"a":1"#),
        ("/action/properties", r#""a":1,"\u0061":1"#),
        ("/resource/properties", r#""a":1,"a":1"#),
        ("/context", r#""\u006e":2"#),
        ("/context/deep", r#""y":1,"y":1"#),
        ("/subject/properties", r#""\u006demberships":[]"#),
    ] {
        refuse(&with(place, member));
    }
    for item in [r#"{"x":1,"x":1}"#, r#"{"roles":[],"\u0072oles":[]}"#] {
        refuse(
            &base()
                .to_string()
                .replace(r#""memberships":[]"#, &format!(r#""memberships":[{item}]"#)),
        );
    }
    // Among many names too, wherever the two stand, however long they are, and however one of them
    // is written.
    for (first, second) in [(0, 1), (0, 39), (11, 12), (12, 13), (20, 3), (38, 39)] {
        for pad in [0, 5, 6, 13, 14, 40] {
            let name = |index: usize| format!("n{}{index:02}", "x".repeat(pad));
            let mut names: Vec<String> =
                (0..40).map(|index| format!(r#""{}":0"#, name(index))).collect();
            assert!(policy.request(with("/context", &names.join(",")).as_bytes()).is_ok());
            let plain = name(first);
            let (rest, last) = plain.split_at(plain.len() - 1);
            for again in
                [plain.clone(), plain.replacen('n', "\\u006e", 1), format!("{rest}\\u003{last}")]
            {
                names[second] = format!(r#""{again}":0"#);
                for place in ["", "/context", "/subject/properties", "/context/deep"] {
                    refuse(&with(place, &names.join(",")));
                }
            }
        }
    }
    // They are ignored elsewhere, at any depth.
    for (place, member) in [
        ("", r#""x":{"a":1,"a":1}"#),
        ("/subject", r#""x":[{"a":1,"\u0061":1}]"#),
        ("/subject/properties", r#""x":{"a":{"b":1,"b":1}}"#),
        ("/context", r#""x":{"a":1,"a":1}"#),
        ("/context/deep", r#""y":{"a":1,"a":1}"#),
    ] {
        assert!(policy.request(with(place, member).as_bytes()).unwrap().decide().is_allowed());
    }
    let inside =
        base().to_string().replace(r#""memberships":[]"#, r#""memberships":[{"x":{"a":1,"a":1}}]"#);
    assert!(policy.request(inside.as_bytes()).unwrap().decide().is_allowed());
}

#[test]
fn no_declared_name_may_stand_twice_however_many_there_are() {
    let declared: Vec<String> =
        (0..130).map(|index| format!(r#""context.n{index}": {{ "type": "bool" }}"#)).collect();
    let policy = documents([format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{ {} }}, "actions": {{ "A": {{}} }} }} }}"#,
        declared.join(",")
    )
    .as_str()])
    .check()
    .unwrap()
    .into_policy();
    let read = |names: &[String]| {
        let text = format!(
            r#"{{"subject":{{"type":"u","id":"u"}},"action":{{"name":"A"}},"resource":{{"type":"r","id":"r"}},"context":{{{}}}}}"#,
            names.join(",")
        );
        policy
            .request(text.as_bytes())
            .map(drop)
            .map_err(|error| (error.code(), error.offset(), text.len()))
    };
    let names: Vec<String> = (0..130).map(|index| format!(r#""n{index}":true"#)).collect();
    assert_eq!(read(&names), Ok(()));
    for index in 0..130 {
        for again in [format!(r#""n{index}":null"#), format!(r#""\u006e{index}":true"#)] {
            let (code, offset, length) = read(&[&names[..], &[again]].concat()).unwrap_err();
            // At the end of the object that has it, one byte before that of the request.
            assert_eq!((code, offset), (Code::MalformedRequest, Some(length - 1)), "{index}");
        }
    }
}

/// Ids are compared when a request has been read: few each with each, and many in another way.
#[test]
fn equal_ids_are_found_however_many_there_are() {
    let policy = documents([r#"{ "v": 1,
        "schema": { "actions": { "A": {} }, "attributes": {
            "context.id": { "type": "id", "domain": "d" },
            "context.ids": { "type": "id_set", "domain": "d" } } },
        "rules": [{ "id": "r", "effect": "permit", "actions": ["A"],
            "when": { "context.ids": { "has": { "attribute": "context.id" } } } }] }"#])
    .check()
    .unwrap()
    .into_policy();
    for (count, pad) in [(4, 0), (4, 20), (40, 0), (40, 6), (40, 20), (400, 20)] {
        let id = |index: usize| format!("i{}{index:03}", "x".repeat(pad));
        let ids: Vec<String> = (0..count).map(|index| format!(r#""{}""#, id(index))).collect();
        let ids = ids.join(",");
        let is_allowed = |id: &str| {
            let text = format!(
                r#"{{"subject":{{"type":"t","id":"i"}},"action":{{"name":"A"}},
                "resource":{{"type":"t","id":"i"}},"context":{{"id":"{id}","ids":[{ids}]}}}}"#
            );
            policy.request(text.as_bytes()).unwrap().decide().is_allowed()
        };
        for index in [0, 1, count / 2, count - 1] {
            let plain = id(index);
            let (rest, last) = plain.split_at(plain.len() - 1);
            assert!(is_allowed(&plain), "{plain}");
            assert!(is_allowed(&plain.replacen('i', "\\u0069", 1)), "{plain}");
            assert!(is_allowed(&format!("{rest}\\u003{last}")), "{plain}");
            assert!(!is_allowed(&format!("{plain}x")), "{plain}");
            assert!(!is_allowed(rest), "{plain}");
            assert!(!is_allowed(&plain.replacen('i', "j", 1)), "{plain}");
        }
    }
}
