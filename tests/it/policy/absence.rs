//! What it means that nothing stands at the place of an attribute (`docs/policy-language.md`,
//! sections 2 and 7).

use crate::common::cases::put;
use crate::common::rich::{ATTRIBUTES, Attribute, Draft, draft, schema, value};
use crate::common::rich_facts::{Facts, facts};
use crate::common::{documents, errors_of};
use cog_auth::Code;
use cog_auth::policy::{Denial, Policy, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Each type, with a literal of it, another value, a value of another type, and the condition that
/// is true of the literal alone.
fn types() -> Vec<(&'static str, Json, Json, Json, Json)> {
    vec![
        ("bool", json!({ "type": "bool" }), json!(false), json!(true), json!("false")),
        (
            "enum",
            json!({ "type": "enum", "values": ["a", "b"] }),
            json!("b"),
            json!("a"),
            json!("c"),
        ),
        ("id", json!({ "type": "id", "domain": "d" }), json!("x"), json!("y"), json!("")),
        ("int", json!({ "type": "int", "min": -9, "max": 9 }), json!(-3), json!(3), json!(10)),
        ("time", json!({ "type": "time" }), json!(7), json!(8), json!(-1)),
        (
            "enum_set",
            json!({ "type": "enum_set", "values": ["a", "b"] }),
            json!(["b"]),
            json!([]),
            json!("b"),
        ),
        (
            "enum_set",
            json!({ "type": "enum_set", "values": ["a", "b"], "open": true }),
            json!([]),
            json!(["a"]),
            json!([1]),
        ),
        (
            "id_set",
            json!({ "type": "id_set", "domain": "d" }),
            json!(["y", "x", "y"]),
            json!(["x"]),
            json!({}),
        ),
        ("ip", json!({ "type": "ip" }), json!("192.0.2.1"), json!("::1"), json!("192.0.2.0/24")),
        (
            "id_set",
            json!({ "type": "id_set", "domain": "d" }),
            json!([]),
            json!(["z"]),
            json!([""]),
        ),
    ]
}

/// A policy with the attribute `deep.value` at `/context/deep/value`. One action asks if it equals
/// the literal, and one if it is present.
fn policy(declaration: &Json, absent: Option<Json>, literal: &Json) -> Policy {
    let mut declaration = declaration.clone();
    declaration["from"] = json!("/context/deep/value");
    if let Some(absent) = absent {
        declaration["absent"] = absent;
    }
    let policy = json!({ "v": 1,
        "schema": { "attributes": { "deep.value": declaration }, "actions": { "Equal": {}, "Present": {} } },
        "rules": [
            { "id": "equal", "effect": "permit", "actions": ["Equal"], "when": { "deep.value": { "eq": literal } } },
            { "id": "present", "effect": "permit", "actions": ["Present"], "when": { "deep.value": { "present": true } } } ] });
    let documents = documents([policy.to_string().as_str()]);
    assert_eq!(errors_of(&documents), [], "{policy}");
    documents.check().unwrap().into_policy()
}

fn request(action: &str, context: &Json) -> String {
    let mut request = json!({ "subject": { "type": "user", "id": "u" }, "action": { "name": action },
        "resource": { "type": "t", "id": "i" } });
    if !context.is_null() {
        request["context"] = context.clone();
    }
    request.to_string()
}

/// Whether the value equals the literal, and whether it is present.
fn known(policy: &Policy, context: &Json) -> [&'static str; 2] {
    ["Equal", "Present"].map(|action| {
        let request = request(action, context);
        let request = policy.request(request.as_bytes()).unwrap();
        let decision = request.decide();
        match decision.denial() {
            None => "true",
            Some(Denial::NoGrant) => "false",
            Some(Denial::Indeterminate) => {
                let explanation = decision.explain();
                assert_eq!(explanation.missing().len() + explanation.unusable().len(), 1);
                "unknown"
            }
            Some(other) => panic!("{other:?}"),
        }
    })
}

/// Contexts in which nothing stands at the place.
fn nothing() -> [Json; 6] {
    [
        json!(null), // No context.
        json!({}),
        json!({ "other": 1 }),
        json!({ "deep": null }),
        json!({ "deep": {} }),
        json!({ "deep": { "other": null } }),
    ]
}

/// Contexts in which something stands on the way that is neither an object nor null.
fn in_the_way() -> [Json; 6] {
    [json!([]), json!([{ "value": 1 }]), json!("x"), json!(0), json!(1.5), json!(false)]
        .map(|other| json!({ "deep": other }))
}

#[test]
fn a_place_where_nothing_stands_is_what_the_declaration_says() {
    for (name, declaration, literal, other, ill_typed) in types() {
        for (absent, empty, null) in [
            (None, ["unknown", "unknown"], ["unknown", "false"]),
            (Some(json!(null)), ["unknown", "false"], ["unknown", "false"]),
            (Some(literal.clone()), ["true", "true"], ["unknown", "false"]),
            (Some(other.clone()), ["false", "true"], ["unknown", "false"]),
        ] {
            let policy = policy(&declaration, absent.clone(), &literal);
            for context in nothing() {
                assert_eq!(known(&policy, &context), empty, "{name} {absent:?} {context}");
            }
            let at = |value: &Json| json!({ "deep": { "value": value } });
            let explicit = known(&policy, &at(&json!(null)));
            assert_eq!(explicit, null, "{name} {absent:?} null");
            assert_eq!(known(&policy, &at(&literal)), ["true", "true"], "{name} {absent:?}");
            assert_eq!(known(&policy, &at(&other)), ["false", "true"], "{name} {absent:?}");
            for context in in_the_way().into_iter().chain([at(&ill_typed)]) {
                let unknown = ["unknown", "unknown"];
                assert_eq!(known(&policy, &context), unknown, "{name} {absent:?} {context}");
            }
        }
    }
}

#[test]
fn what_is_in_the_way_is_in_the_way_of_all_below_and_of_no_other() {
    let attribute = |from: &str| json!({ "type": "bool", "from": from, "absent": true });
    let names = ["a.b", "a.b.c", "a.b.c.d", "a.x", "e.f"];
    let places =
        ["/context/a/b", "/context/a/b/c", "/context/a/b/c/d", "/context/a/x", "/context/e/f"];
    let attributes: serde_json::Map<_, _> = names
        .iter()
        .zip(places)
        .map(|(name, place)| (format!("at.{}", name.replace('.', "")), attribute(place)))
        .collect();
    let names: Vec<String> = attributes.keys().cloned().collect();
    let rules: Vec<Json> = names
        .iter()
        .map(|name| json!({ "id": name, "effect": "permit", "actions": [name], "when": { name: true } }))
        .collect();
    let actions: serde_json::Map<_, _> =
        names.iter().map(|name| (name.clone(), json!({}))).collect();
    let policy = json!({ "v": 1, "schema": { "attributes": attributes, "actions": actions }, "rules": rules });
    let policy = documents([policy.to_string().as_str()]).check().unwrap().into_policy();
    for (context, allowed) in [
        (json!({}), &["at.ab", "at.abc", "at.abcd", "at.ax", "at.ef"][..]),
        (json!({ "a": null }), &["at.ab", "at.abc", "at.abcd", "at.ax", "at.ef"]),
        (json!({ "a": 1 }), &["at.ef"]),
        (json!({ "a": { "b": true } }), &["at.ab", "at.ax", "at.ef"]),
        (json!({ "a": { "b": null } }), &["at.abc", "at.abcd", "at.ax", "at.ef"]),
        (json!({ "a": { "b": {} } }), &["at.abc", "at.abcd", "at.ax", "at.ef"]),
        (json!({ "a": { "b": { "c": true } } }), &["at.abc", "at.ax", "at.ef"]),
        (json!({ "a": { "b": { "c": {} } }, "e": [] }), &["at.abcd", "at.ax"]),
        (json!({ "a": { "b": { "c": { "d": false } } } }), &["at.ax", "at.ef"]),
    ] {
        let request = request("at.ab", &context);
        let request = policy.request(request.as_bytes()).unwrap();
        let found: Vec<&str> = request.allowed_actions().collect();
        assert_eq!(found, allowed, "{context}");
    }
}

#[test]
fn the_builder_says_the_same() {
    let declaration = json!({ "type": "id", "domain": "d" });
    let policy = policy(&declaration, Some(json!("x")), &json!("x"));
    let begin = || policy.build_request(("user", "u"), "Equal", ("t", "i"));
    let denial = |builder: cog_auth::policy::RequestBuilder<'_>| builder.build().decide().denial();
    assert_eq!(denial(begin()), None);
    let place = "/context/deep/value";
    assert_eq!(denial(begin().set(place, Value::Text("x")).unwrap()), None);
    assert_eq!(denial(begin().set(place, Value::Text("y")).unwrap()), Some(Denial::NoGrant));
    for other in [Value::Null, Value::Text(""), Value::Bool(true), Value::List(&["x"])] {
        let denied = denial(begin().set(place, other).unwrap());
        assert_eq!(denied, Some(Denial::Indeterminate), "{other:?}");
    }
}

#[test]
fn attributes_at_one_place_may_differ_and_derived_sets_do_not_change() {
    let policy = json!({ "v": 1,
        "schema": { "attributes": {
            "own.none": { "type": "id", "domain": "a", "from": "/subject/properties/account/id", "absent": null },
            "own.some": { "type": "id", "domain": "a", "from": "/subject/properties/account/id", "absent": "a" },
            "own.id": { "type": "id", "domain": "a", "from": "/subject/properties/account/id" },
            "own.scopes": { "type": "enum_set", "values": "actions", "from": "/context/credential/scopes", "absent": ["None"] } },
          "actions": { "None": {}, "Some": {}, "Id": {}, "Scope": {}, "Held": { "level": "account" } } },
        "defaults": { "user": ["owner"] },
        "roles": [{ "id": "owner", "level": "account", "permissions": ["*"] }],
        "rules": [
            { "id": "none", "effect": "permit", "actions": ["None"], "when": { "own.none": { "present": false } } },
            { "id": "some", "effect": "permit", "actions": ["Some"], "when": { "own.some": "a" } },
            { "id": "id", "effect": "permit", "actions": ["Id"], "when": { "own.id": "a" } },
            { "id": "scope", "effect": "permit", "actions": ["Scope"],
              "when": { "own.scopes": { "has": "None" }, "not": { "credential.scopes": { "has": "Some" } } } },
            { "id": "held", "effect": "permit", "actions": ["Held"],
              "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } } ] });
    let policy = documents([policy.to_string().as_str()]).check().unwrap().into_policy();
    let denial = |action: &str, context: Json| {
        let request = json!({ "subject": { "type": "user", "id": "u" }, "action": { "name": action }, "context": context,
            "resource": { "type": "t", "id": "i", "properties": { "account": { "id": "a" } } } });
        policy.request(request.to_string().as_bytes()).unwrap().decide().denial()
    };
    assert_eq!(denial("None", json!({})), None);
    assert_eq!(denial("Some", json!({})), None);
    let open = Some(Denial::Indeterminate);
    assert_eq!(denial("Id", json!({})), open);
    // The account of the subject is not known to be the resource's, whatever `own.some` says.
    assert_eq!(denial("Held", json!({})), open);
    // Every action is perhaps among the scopes, whatever `own.scopes` says.
    assert_eq!(denial("Scope", json!({})), open);
    assert_eq!(denial("Scope", json!({ "credential": { "scopes": ["None"] } })), None);
}

/// What is wrong in a schema with one attribute, `some.thing` unless the name is told.
fn codes(name: &str, declaration: &Json) -> Vec<Code> {
    let policy = json!({ "v": 1, "schema": { "attributes": { name: declaration }, "actions": { "A": {} } } });
    errors_of(&documents([policy.to_string().as_str()])).iter().map(|it| it.code()).collect()
}

#[test]
fn absent_takes_null_or_a_literal_of_the_type() {
    for (name, mut declaration, literal, other, ill_typed) in types() {
        declaration["from"] = json!("/context/x");
        for absent in [json!(null), literal, other] {
            declaration["absent"] = absent;
            assert_eq!(codes("some.thing", &declaration), [], "{name} {declaration}");
        }
        for absent in [ill_typed, json!({}), json!({ "attribute": "action.name" }), json!([null])] {
            declaration["absent"] = absent;
            assert_eq!(codes("some.thing", &declaration).len(), 1, "{name} {declaration}");
        }
    }
    let set = |absent: Json| {
        codes("context.x", &json!({ "type": "id_set", "domain": "d", "absent": absent }))
    };
    let many: Vec<String> = (0..1_025).map(|number| number.to_string()).collect();
    assert_eq!(set(json!(many)), [Code::LimitExceeded]);
    assert_eq!(set(json!(many[1..])), []);
    // An open set has the same literals.
    let open = json!({ "type": "enum_set", "values": ["a"], "open": true, "absent": ["b"] });
    assert_eq!(codes("context.x", &open), [Code::UnknownValue]);
}

#[test]
fn what_every_request_has_is_never_absent() {
    for name in ["subject.type", "subject.id", "resource.type", "resource.id"] {
        for absent in [json!(null), json!("a")] {
            let declaration = json!({ "type": "id", "domain": "d", "absent": absent });
            assert_eq!(codes(name, &declaration), [Code::UnknownMember], "{name}");
            let mut declaration = declaration;
            declaration["from"] = json!(format!("/{}", name.replace('.', "/")));
            assert_eq!(codes("other.name", &declaration), [Code::UnknownMember], "{name}");
        }
    }
    let below = json!({ "type": "id", "domain": "d", "absent": null });
    assert_eq!(codes("subject.type.of", &below), []);
}

/// The canonical bundle keeps `absent` as it was written, and it is another policy without it.
#[test]
fn the_bundle_has_what_is_absent() {
    let bundle = |attribute: &str| {
        let text = format!(
            r#"{{ "v": 1, "schema": {{ "attributes": {{ "context.x": {attribute} }}, "actions": {{ "A": {{}} }} }} }}"#
        );
        documents([text.as_str()]).check().unwrap().bundle().to_owned()
    };
    assert_eq!(
        bundle(r#"{ "type": "id_set", "domain": "d", "absent": ["b", "a", "b"] }"#),
        r#"{"schema":{"actions":{"A":{}},"attributes":{"context.x":{"absent":["b","a","b"],"domain":"d","type":"id_set"}}},"v":1}"#
    );
    assert_eq!(
        bundle(r#"{ "type": "bool", "absent": null }"#),
        r#"{"schema":{"actions":{"A":{}},"attributes":{"context.x":{"absent":null,"type":"bool"}}},"v":1}"#
    );
}

/// Places that section 9 reads, or that two attributes have.
const SHARED: [&str; 7] = [
    "/subject/type",
    "/subject/id",
    "/resource/properties/organization",
    "/subject/properties/account/id",
    "/resource/properties/account/id",
    "/context/credential/scopes",
    "/context/colors",
];

/// What some attributes of the rich schema declare of their absence.
fn absences() -> impl Strategy<Value = Vec<(&'static Attribute, Json)>> {
    let each: Vec<_> = ATTRIBUTES
        .iter()
        .filter(|attribute| !SHARED.contains(&attribute.pointer))
        .map(|attribute| {
            let declared = prop_oneof![
                2 => value(attribute.kind).prop_map(Some),
                1 => Just(Some(Json::Null)),
                1 => Just(None),
            ];
            declared.prop_map(move |it| it.map(|it| (attribute, it)))
        })
        .collect();
    each.prop_map(|each| each.into_iter().flatten().collect())
}

fn with_absences(draft: &Draft, absences: &[(&Attribute, Json)]) -> Policy {
    let mut schema: Json = serde_json::from_str(&schema()).unwrap();
    for (attribute, absent) in absences {
        schema["schema"]["attributes"][attribute.name]["absent"] = absent.clone();
    }
    let rest = json!({ "v": 1, "conditions": draft.conditions, "rules": draft.rules });
    let source = documents([schema.to_string().as_str(), &rest.to_string()]);
    source.check().unwrap().into_policy()
}

fn answer(policy: &Policy, request: &Json) -> Json {
    let text = request.to_string();
    let answer = policy.request(text.as_bytes()).unwrap().decide().explain().to_json();
    let mut answer: Json = serde_json::from_str(&answer).unwrap();
    answer["context"].as_object_mut().unwrap().remove("policy");
    answer
}

/// Section 7: it, or an object on the way to it, is absent, or null stands on the way to it.
fn nothing_stands_at(request: &Json, pointer: &str) -> bool {
    let (parent, _) = pointer.rsplit_once('/').unwrap();
    match request.pointer(parent) {
        Some(Json::Object(_)) => request.pointer(pointer).is_none(),
        Some(Json::Null) => true,
        Some(_) => false,
        None => parent.is_empty() || nothing_stands_at(request, parent),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    /// What is declared of an empty place is as good as the same value there.
    #[test]
    fn an_empty_place_says_what_is_declared(
        draft in draft(), absences in absences(), requests in prop::collection::vec(facts(), 6)
    ) {
        let (without, with) = (draft.policy(), with_absences(&draft, &absences));
        for request in requests.iter().map(Facts::json) {
            let mut filled = request.clone();
            for (attribute, absent) in &absences {
                if nothing_stands_at(&request, attribute.pointer) {
                    put(&mut filled, attribute.pointer, absent.clone());
                }
            }
            prop_assert_eq!(answer(&with, &request), answer(&without, &filled), "{} {:?}", request, absences);
        }
    }

    /// Something of the wrong type at an empty place, or on the way to it, opens no door.
    #[test]
    fn nothing_of_the_wrong_type_opens_a_door(
        draft in draft(), absences in absences(), requests in prop::collection::vec(facts(), 3)
    ) {
        let policy = with_absences(&draft, &absences);
        for request in requests.iter().map(Facts::json) {
            let before = answer(&policy, &request)["decision"] == true;
            for (attribute, _) in &absences {
                let pointer = attribute.pointer;
                if before || !nothing_stands_at(&request, pointer) {
                    continue;
                }
                let mut changed = request.clone();
                // An object is a value of no type.
                put(&mut changed, pointer, json!({ "x": true }));
                prop_assert_eq!(&answer(&policy, &changed)["decision"], &json!(false), "{} {}", pointer, request);
                let (parent, _) = pointer.rsplit_once('/').unwrap();
                if parent.matches('/').count() > 1 && request.pointer(parent).is_none_or(Json::is_null) && !parent.ends_with("/properties") {
                    let mut changed = request.clone();
                    put(&mut changed, parent, json!("in the way"));
                    prop_assert_eq!(&answer(&policy, &changed)["decision"], &json!(false), "{} {}", parent, request);
                }
            }
        }
    }
}
