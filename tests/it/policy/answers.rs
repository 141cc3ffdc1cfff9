//! What an indeterminate denial says: one reason that is true, those that may be, what is missing
//! and what is unusable (`docs/policy-language.md`, sections 8 to 10).

use crate::common::documents;
use cog_auth::policy::{Denial, MAX_MISSING, Policy, RequestBuilder, Value};
use serde_json::json;
use std::time::{Duration, Instant};

const NEEDS: [(&str, &str, &str); 9] = [
    ("b", r#""type": "bool""#, "true or false"),
    ("e", r#""type": "enum", "values": ["a"]"#, "one of its declared values"),
    ("i", r#""type": "id", "domain": "d""#, "a string that is not empty"),
    (
        "n",
        r#""type": "int", "min": -7, "max": 9007199254740991"#,
        "an integer from -7 to 9007199254740991, in digits",
    ),
    ("t", r#""type": "time""#, "seconds since 1970, or an RFC 3339 date-time, up to the year 2999"),
    ("s", r#""type": "enum_set", "values": ["a"]"#, "an array of declared values"),
    ("o", r#""type": "enum_set", "values": ["a"], "open": true"#, "an array of strings"),
    ("d", r#""type": "id_set", "domain": "d""#, "an array of strings that are not empty"),
    ("p", r#""type": "id_set", "domain": "d", "open": true"#, "an array of strings"),
];

fn compile(text: &str) -> Policy {
    documents([text]).check().unwrap().into_policy()
}

/// A policy that forbids unless every attribute of [`NEEDS`] is absent.
fn every_type() -> Policy {
    let attributes: Vec<String> = NEEDS
        .iter()
        .map(|(name, declared, _)| format!(r#""context.x.{name}": {{ {declared} }}"#))
        .collect();
    let rules: Vec<String> = NEEDS
        .iter()
        .map(|(name, ..)| {
            format!(
                r#"{{ "id": "r-{name}", "effect": "forbid", "actions": ["A"], "when": {{ "context.x.{name}": {{ "present": true }} }},
                     "reason": {{ "code": "has_{name}" }} }}"#
            )
        })
        .collect();
    compile(&format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{ {} }}, "actions": {{ "A": {{}} }} }}, "rules": [
             {{ "id": "all", "effect": "permit", "actions": ["A"] }}, {} ] }}"#,
        attributes.join(", "),
        rules.join(", ")
    ))
}

fn context(policy: &Policy, subject: &str, resource: &str, context: &str) -> serde_json::Value {
    let text = format!(
        r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ {subject} }} }}, "action": {{ "name": "A" }},
             "resource": {{ "type": "t", "id": "i", "properties": {{ {resource} }} }}, "context": {{ {context} }} }}"#
    );
    let mut answer: serde_json::Value =
        serde_json::from_str(&policy.evaluate(text.as_bytes()).unwrap()).unwrap();
    answer["context"].take()
}

#[test]
fn what_cannot_be_used_is_said_with_what_is_needed() {
    let policy = every_type();
    let pointer = |name: &str| format!("/context/x/{name}");
    let mut names: Vec<_> = NEEDS.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    let possible: Vec<_> = names.iter().map(|name| format!("has_{name}")).collect();
    let all: Vec<_> = names.iter().map(|name| pointer(name)).collect();
    let incomplete = json!([{ "code": "incomplete_request",
        "message": "Something that is needed to decide is missing or cannot be used." }]);
    for (inside, unusable) in [
        (r#""x": {}"#, false),
        (r#""y": 1"#, false),
        (r#""x": null"#, false),
        // What is below something that is no object is missing.
        (r#""x": 5"#, false),
        (r#""x": [1]"#, false),
        (
            r#""x": { "b": 0, "e": "b", "i": "", "n": -8, "t": -1, "s": ["a", "b"], "o": ["a", 1], "d": ["x", ""], "p": "x" }"#,
            true,
        ),
        (
            r#""x": { "b": "true", "e": 1, "i": 1, "n": 1.0, "t": 1e3, "s": "a", "o": "a", "d": [null], "p": {} }"#,
            true,
        ),
        (
            r#""x": { "b": [true], "e": ["a"], "i": ["i"], "n": "1", "t": [], "s": {}, "o": {}, "d": {}, "p": [["x"]] }"#,
            true,
        ),
    ] {
        let said = context(&policy, "", "", inside);
        assert_eq!(said["class"], "indeterminate", "{inside}");
        assert_eq!(said["reasons"], incomplete, "{inside}");
        assert_eq!(said["possible"], json!(possible), "{inside}");
        let expected: Vec<_> = names
            .iter()
            .map(|name| {
                let (.., needs) = NEEDS.iter().find(|(known, ..)| known == name).unwrap();
                json!({ "pointer": pointer(name), "needs": needs })
            })
            .collect();
        if unusable {
            assert_eq!(said["unusable"], json!(expected), "{inside}");
            assert_eq!(said.get("missing"), None, "{inside}");
        } else {
            assert_eq!(said["missing"], json!(all), "{inside}");
            assert_eq!(said.get("unusable"), None, "{inside}");
        }
    }
    // Null says that there is none, at the very place.
    let nulls: Vec<_> = names.iter().map(|name| format!(r#""{name}": null"#)).collect();
    let said = context(&policy, "", "", &format!(r#""x": {{ {} }}"#, nulls.join(", ")));
    assert_eq!(said["rules"], json!(["all"]));
    // And an open set may have members that equal nothing.
    let said = context(&policy, "", "", r#""x": { "o": ["b"], "p": [""] }"#);
    assert_eq!(said["rules"], json!(["r-o", "r-p"]));
}

#[test]
fn reasons_that_are_only_possible_stand_apart_each_once() {
    let policy = compile(
        r#"{ "v": 1, "schema": { "attributes": { "context.x": { "type": "bool" }, "context.y": { "type": "bool" } }, "actions": { "A": {} } },
        "rules": [
          { "id": "a", "effect": "permit", "actions": ["A"], "when": { "context.x": true }, "reason": { "code": "granted" } },
          { "id": "b", "effect": "permit", "actions": ["A"], "when": { "context.x": true } },
          { "id": "c", "effect": "forbid", "actions": ["A"], "when": { "context.y": true }, "reason": { "code": "twice", "message": "One." } },
          { "id": "d", "effect": "require", "actions": ["A"], "must": { "context.y": false }, "reason": { "code": "twice", "message": "Two." } },
          { "id": "e", "effect": "advise", "actions": ["A"], "when": {}, "reason": { "code": "advised" } } ] }"#,
    );
    let request = policy.build_request(("user", "u"), "A", ("t", "i")).build();
    let explanation = request.decide().explain();
    assert_eq!(explanation.denial(), Some(Denial::Indeterminate));
    assert_eq!(explanation.rules(), ["a", "b", "c", "d"]);
    let possible: Vec<_> = explanation.possible().iter().map(|it| (it.code, it.message)).collect();
    assert_eq!(possible, [("granted", None), ("twice", Some("One."))]);
    assert_eq!(explanation.advice()[0].code, "advised");
    // What is sure is said as before, and nothing is possible then.
    let request = policy
        .build_request(("user", "u"), "A", ("t", "i"))
        .set("/context/y", Value::Bool(true))
        .unwrap()
        .build();
    let explanation = request.decide().explain();
    assert_eq!(explanation.denial(), Some(Denial::Forbidden));
    assert_eq!(explanation.reasons()[0].message, Some("One."));
    assert_eq!((explanation.possible().len(), explanation.unusable().len()), (0, 0));
}

#[test]
fn what_one_attribute_can_use_may_be_of_no_use_to_another() {
    let policy = compile(
        r#"{ "v": 1, "schema": { "attributes": {
            "one.flag": { "type": "bool", "from": "/context/x" }, "two.flag": { "type": "bool", "from": "/context/x" },
            "a.number": { "type": "int", "min": 0, "max": 9, "from": "/context/x" } }, "actions": { "A": {} } },
        "rules": [ { "id": "a", "effect": "permit", "actions": ["A"],
                     "when": { "any": [ { "one.flag": true }, { "two.flag": true }, { "a.number": 1 } ] } } ] }"#,
    );
    let needs = |x: &str| context(&policy, "", "", &format!(r#""x": {x}"#))["unusable"].take();
    let (number, flag) = ("an integer from 0 to 9, in digits", "true or false");
    let one = |needs: &str| json!({ "pointer": "/context/x", "needs": needs });
    assert_eq!(needs("\"no\""), json!([one(number), one(flag)]));
    assert_eq!(needs("2"), json!([one(flag)]));
    assert_eq!(needs("false"), json!([one(number)]));
}

/// A policy in which `A` needs a permission of each level, and a scope.
fn derived() -> Policy {
    compile(
        r#"{ "v": 1, "schema": { "actions": { "A": {}, "O": { "level": "organization" }, "P": { "level": "account" } } },
        "roles": [ { "id": "gives-o", "level": "organization", "permissions": ["O"] }, { "id": "gives-p", "level": "account", "permissions": ["P"] } ],
        "rules": [ { "id": "r", "effect": "permit", "actions": ["A"],
          "when": { "subject.permissions": { "has_all": ["O", "P"] }, "credential.scopes": { "has": "A" } } } ] }"#,
    )
}

#[test]
fn what_derived_sets_are_read_from_is_missing_or_unusable_too() {
    let policy = derived();
    let (strings, id) = ("an array of strings", "a string that is not empty");
    let properties = "/subject/properties";
    for (subject, resource, scopes, missing, unusable) in [
        (
            r#""roles": null"#,
            "",
            "null",
            vec![
                "/context/credential/scopes",
                "/resource/properties/organization",
                "…/memberships",
                "…/permissions",
                "…/roles",
            ],
            vec![],
        ),
        (
            r#""roles": "gives-p", "permissions": [1], "memberships": {}"#,
            r#""organization": 5"#,
            r#""A""#,
            vec![],
            vec![
                ("/context/credential/scopes", strings),
                ("/resource/properties/organization", id),
                ("…/memberships", "an array of objects"),
                ("…/permissions", strings),
                ("…/roles", strings),
            ],
        ),
        // The ids of accounts and organizations.
        (
            r#""roles": ["gives-p"], "account": { "id": "" }, "memberships": [ { "roles": ["gives-o"], "organization": ["o"] } ]"#,
            r#""account": { "id": 7 }, "organization": """#,
            r#"["A"]"#,
            vec![],
            vec![
                ("/resource/properties/account/id", id),
                ("/resource/properties/organization", id),
                ("…/account/id", id),
                ("…/memberships/0/organization", id),
            ],
        ),
        (
            r#""roles": ["gives-p"], "account": "a", "memberships": [ { "roles": ["gives-o"], "organization": null } ]"#,
            r#""account": { "id": null }, "organization": "o""#,
            r#"["A"]"#,
            vec!["/resource/properties/account/id", "…/account/id", "…/memberships/0/organization"],
            vec![],
        ),
        // Items that are no objects, and lists in those that are.
        (
            r#""roles": [], "memberships": [ null, 5, [], { "organization": "o", "roles": true, "permissions": null } ]"#,
            r#""organization": "o""#,
            r#"["A"]"#,
            vec!["…/memberships/0"],
            vec![
                ("…/memberships/1", "an object"),
                ("…/memberships/2", "an object"),
                ("…/memberships/3/roles", strings),
            ],
        ),
    ] {
        let policy = if subject.contains("\"roles\": []") {
            // Only the organization matters there.
            compile(&derived_of_organization())
        } else {
            policy.clone()
        };
        let said = context(
            &policy,
            subject,
            resource,
            &format!(r#""credential": {{ "scopes": {scopes} }}"#),
        );
        let full = |place: &str| place.replace('…', properties);
        let missing: Vec<_> = missing.into_iter().map(full).collect();
        let unusable: Vec<_> = unusable
            .into_iter()
            .map(|(place, needs)| json!({ "pointer": full(place), "needs": needs }))
            .collect();
        let list = |name: &str| said.get(name).cloned().unwrap_or_else(|| json!([]));
        assert_eq!(list("missing"), json!(missing), "{subject}");
        assert_eq!(list("unusable"), json!(unusable), "{subject}");
    }
}

fn derived_of_organization() -> String {
    r#"{ "v": 1, "schema": { "actions": { "A": {}, "O": { "level": "organization" } } },
        "rules": [ { "id": "r", "effect": "permit", "actions": ["A"], "when": { "subject.permissions": { "has": "O" } } } ] }"#
        .to_owned()
}

#[test]
fn roles_that_the_policy_does_not_know_are_named() {
    let policy = derived();
    let same = r#""account": { "id": "a" }"#;
    let resource = r#""account": { "id": "a" }, "organization": "o""#;
    let scopes = r#""credential": { "scopes": ["*"] }"#;
    let role = |place: &str| json!({ "pointer": format!("/subject/properties/{place}"), "needs": "a role that the policy declares" });
    for (subject, missing, roles) in [
        // A role of the other level is a role that the policy knows.
        (
            r#""roles": ["x", "gives-o", "y"]"#,
            &["memberships", "permissions"][..],
            &["roles/0", "roles/2"][..],
        ),
        (
            r#""roles": ["x", ""], "memberships": [ { "organization": "o", "roles": ["gives-o"] } ]"#,
            &["permissions"],
            &["roles/0", "roles/1"],
        ),
        // With permissions beside them, nothing hangs on them.
        (r#""roles": ["x"], "permissions": ["P"]"#, &["memberships"], &[]),
        (
            r#""roles": ["gives-p"], "memberships": [
                { "organization": "o", "roles": ["gives-o2", "gives-o3"] }, { "organization": "other", "roles": ["z"] },
                { "organization": "o", "roles": ["w"] } ]"#,
            &["memberships/0/permissions", "memberships/2/permissions"],
            &["memberships/0/roles/0", "memberships/0/roles/1", "memberships/2/roles/0"],
        ),
    ] {
        let said = context(&policy, &format!("{same}, {subject}"), resource, scopes);
        let missing: Vec<_> =
            missing.iter().map(|place| format!("/subject/properties/{place}")).collect();
        assert_eq!(said["missing"], json!(missing), "{subject}");
        let roles: Vec<_> = roles.iter().map(|place| role(place)).collect();
        assert_eq!(
            said.get("unusable").cloned().unwrap_or_else(|| json!([])),
            json!(roles),
            "{subject}"
        );
    }
    // The ill-typed `permissions` are what opens this one, and not the role.
    let said = context(
        &policy,
        &format!(
            r#"{same}, "roles": ["x"], "permissions": 1, "memberships": [ {{ "organization": "o", "roles": ["gives-o"] }} ]"#
        ),
        resource,
        scopes,
    );
    assert_eq!(
        said["unusable"],
        json!([{ "pointer": "/subject/properties/permissions", "needs": "an array of strings" }])
    );
}

#[test]
fn a_builder_names_roles_by_their_place_too() {
    let policy = compile(&derived_of_organization());
    let request = policy
        .build_request(("user", "u"), "A", ("t", "i"))
        .set("/resource/properties/organization", Value::Text("o"))
        .unwrap()
        .roles_in("o", &["a"])
        .roles_in(RequestBuilder::UNKNOWN_ORGANIZATION, &["b"])
        .roles_in("o", &["c", "d"])
        .build();
    let explanation = request.decide().explain();
    let pointers: Vec<_> = explanation.unusable().map(|it| it.pointer()).collect();
    let expected = ["0/roles/0", "0/roles/1", "0/roles/2", "1/roles/0"];
    assert_eq!(pointers, expected.map(|place| format!("/subject/properties/memberships/{place}")));
}

#[test]
fn lists_of_what_is_unusable_end_too() {
    let policy = compile(&derived_of_organization());
    let resource = r#""organization": "o""#;
    let began = Instant::now();
    for (memberships, first, last) in [
        // The first in order: 0, 1, 10, 100, 1000, 10000, 10001 and so on.
        (vec!["5"; 80_000].join(","), "0", "10226"),
        (
            format!(r#"{{"organization":"o","roles":[{}]}}"#, vec!["\"\""; 80_000].join(",")),
            "0/roles/0",
            "0/roles/10226",
        ),
    ] {
        let said = context(&policy, &format!(r#""memberships": [{memberships}]"#), resource, "");
        let unusable = said["unusable"].as_array().unwrap();
        let pointer = |index: usize| unusable[index]["pointer"].as_str().unwrap();
        assert_eq!(unusable.len(), MAX_MISSING);
        assert_eq!(pointer(0), format!("/subject/properties/memberships/{first}"));
        assert_eq!(pointer(MAX_MISSING - 1), format!("/subject/properties/memberships/{last}"));
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
