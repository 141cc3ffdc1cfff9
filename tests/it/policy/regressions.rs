//! Faults that were found, each with the case that showed it.

use cog_auth::Code;
use cog_auth::policy::{Limits, MAX_MISSING, Source, Value};

fn compile(text: &str) -> cog_auth::policy::Policy {
    let mut source = Source::new();
    source.add("policy.json", text);
    source.check().unwrap().into_policy()
}

#[test]
fn an_attribute_where_memberships_are_is_read_from_an_array() {
    let policy = compile(
        r#"{ "v": 1, "schema": { "actions": { "A": {} }, "attributes": { "subject.memberships": { "type": "id_set", "domain": "x" } } },
        "rules": [ { "id": "r", "effect": "permit", "actions": ["A"], "when": { "subject.memberships": { "has": "a" } } } ] }"#,
    );
    let text = br#"{"subject": {"type": "t", "id": "i", "properties": {"memberships": ["a"]}}, "action": {"name": "A"}, "resource": {"type": "t", "id": "i"}}"#;
    assert!(policy.request(text).unwrap().decide().is_allowed());
    let built = policy.build_request(("t", "i"), "A", ("t", "i"));
    let built = built.set("/subject/properties/memberships", Value::List(&["a"])).unwrap();
    assert!(built.build().decide().is_allowed());
}

/// What the builder states at the place of `memberships` is what JSON with the same content states,
/// for the attribute there and for the permissions.
#[test]
fn an_attribute_where_memberships_are_is_built_as_it_is_read() {
    let policy = compile(
        r#"{ "v": 1, "schema": { "actions": { "Has": {}, "Empty": {}, "Held": { "level": "organization" } },
          "attributes": { "subject.memberships": { "type": "id_set", "domain": "x", "absent": ["a"] } } },
        "roles": [ { "id": "all", "level": "organization", "permissions": ["*"] } ],
        "rules": [ { "id": "has", "effect": "permit", "actions": ["Has"], "when": { "subject.memberships": { "has": "a" } } },
                   { "id": "empty", "effect": "permit", "actions": ["Empty"], "when": { "subject.memberships": [] } },
                   { "id": "held", "effect": "permit", "actions": ["Held"],
                     "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } } ] }"#,
    );
    let place = "/subject/properties/memberships";
    let answers = |request: &cog_auth::policy::Request<'_>| {
        ["Has", "Empty", "Held"].map(|action| request.decide_as(action).explain().to_json())
    };
    type Build = fn(cog_auth::policy::RequestBuilder<'_>) -> cog_auth::policy::RequestBuilder<'_>;
    let cases: [(&str, Build); 8] = [
        ("", |it| it),
        (r#", "memberships": null"#, |it| {
            it.set("/subject/properties/memberships", Value::Null).unwrap()
        }),
        (r#", "memberships": []"#, |it| it.no_other_memberships()),
        (r#", "memberships": []"#, |it| {
            it.set("/subject/properties/memberships", Value::List(&[])).unwrap()
        }),
        (r#", "memberships": ["a", "b"]"#, |it| {
            it.set("/subject/properties/memberships", Value::List(&["a", "b"])).unwrap()
        }),
        (r#", "memberships": "a""#, |it| {
            it.set("/subject/properties/memberships", Value::Text("a")).unwrap()
        }),
        (r#", "memberships": [{"organization": "o", "roles": ["all"]}]"#, |it| {
            it.roles_in("o", &["all"])
        }),
        (r#", "memberships": ["a", {"organization": "o", "roles": ["all"]}]"#, |it| {
            let it = it.set("/subject/properties/memberships", Value::List(&["a"])).unwrap();
            it.roles_in("o", &["all"])
        }),
    ];
    for (memberships, build) in cases {
        let text = format!(
            r#"{{"subject": {{"type": "t", "id": "i", "properties": {{"other": 1{memberships}}}}}, "action": {{"name": "Has"}},
                "resource": {{"type": "t", "id": "i", "properties": {{"organization": "o"}}}}}}"#
        );
        let read = policy.request(text.as_bytes()).unwrap();
        let begun = policy.build_request(("t", "i"), "Has", ("t", "i"));
        let begun = begun.set("/resource/properties/organization", Value::Text("o")).unwrap();
        assert_eq!(answers(&build(begun).build()), answers(&read), "{memberships}");
    }
    let twice =
        policy.build_request(("t", "i"), "Has", ("t", "i")).set(place, Value::Null).unwrap();
    assert_eq!(twice.set(place, Value::Null).unwrap_err().code(), Code::DuplicateName);
}

#[test]
fn a_condition_that_is_named_often_is_explained_once() {
    let wide = |name: String| {
        format!("[{}]", vec![format!(r#"{{"condition": "{name}"}}"#); 100].join(","))
    };
    let deeper: Vec<String> = (1..8)
        .map(|i| format!(r#"{{"id": "c{i}", "when": {{"any": {}}}}}"#, wide(format!("c{}", i - 1))))
        .collect();
    let policy = compile(&format!(
        r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }}, "attributes": {{ "context.x": {{ "type": "bool" }} }} }},
        "conditions": [ {{"id": "c0", "when": {{ "context.x": true }} }}, {} ],
        "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {{ "condition": "c7" }} }} ] }}"#,
        deeper.join(",")
    ));
    let request = policy.build_request(("t", "i"), "A", ("t", "i")).build();
    assert_eq!(request.decide().explain().missing(), ["/context/x"]);
}

#[test]
fn an_answer_lists_no_more_than_its_limit() {
    let policy = compile(
        r#"{ "v": 1, "schema": { "actions": { "A": { "level": "organization" } } },
        "rules": [ { "id": "r", "effect": "permit", "actions": ["A"], "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } } ] }"#,
    );
    let memberships = vec!["{}"; 80_000].join(",");
    let text = format!(
        r#"{{"subject": {{"type": "t", "id": "i", "properties": {{"memberships": [{memberships}]}}}}, "action": {{"name": "A"}},
        "resource": {{"type": "t", "id": "i", "properties": {{"organization": "o"}}}}}}"#
    );
    let answer = policy.evaluate(text.as_bytes()).unwrap();
    assert!(answer.len() < 20_000, "{} bytes", answer.len());
    let request = policy.request(text.as_bytes()).unwrap();
    let explanation = request.decide().explain();
    let missing = explanation.missing();
    assert_eq!(missing.len(), MAX_MISSING);
    // The first in order: "0", "1", "10", "100", "1000", "10000", "10001" and so on, two for each.
    assert_eq!(missing[0], "/subject/properties/memberships/0/permissions");
    assert_eq!(missing[5], "/subject/properties/memberships/10/roles");
    assert!(missing.is_sorted());
}

#[test]
fn a_batch_cannot_use_a_large_default_a_thousand_times() {
    let policy = compile(r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#);
    let text = |items: usize| {
        format!(
            r#"{{"subject": {{"type": "t", "id": "{}"}}, "action": {{"name": "A"}}, "resource": {{"type": "t", "id": "i"}}, "evaluations": [{}]}}"#,
            "x".repeat(100_000),
            vec!["{}"; items].join(",")
        )
    };
    assert!(policy.evaluate(text(41).as_bytes()).is_ok());
    assert_eq!(policy.evaluate(text(42).as_bytes()).unwrap_err().code(), Code::MalformedRequest);
}

#[test]
fn no_limit_lets_a_document_exhaust_the_stack() {
    let mut source = Source::with_limits(Limits { depth: usize::MAX, ..Limits::default() });
    source.add("deep.json", "[".repeat(1_000_000));
    assert_eq!(source.check().unwrap_err().first().code(), Code::TooDeep);
}

#[test]
fn a_pointer_of_the_builder_has_its_escapes_right() {
    let policy = compile(
        r#"{ "v": 1, "schema": { "actions": { "A": {} }, "attributes": { "a.b": { "type": "bool", "from": "/context/a~0b" } } } }"#,
    );
    let build = || policy.build_request(("t", "i"), "A", ("t", "i"));
    assert!(build().set("/context/a~0b", Value::Bool(true)).is_ok());
    let error = build().set("/context/a~b", Value::Bool(true)).unwrap_err();
    assert_eq!(error.code(), Code::InvalidAttribute);
}

#[test]
fn an_expectation_says_what_it_means() {
    for (expect, code) in [
        (r#"{ "malformed": false }"#, Code::WrongType),
        (r#"{ "malformed": 7 }"#, Code::WrongType),
        (r#"{ "decision": true, "description": 7 }"#, Code::UnknownMember),
    ] {
        let mut source = Source::new();
        source.add(
            "policy.json",
            format!(r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "tests": {{ "cases": [ {{ "name": "n", "request": {{}}, "expect": {expect} }} ] }} }}"#),
        );
        assert_eq!(source.check().unwrap_err().first().code(), code, "{expect}");
    }
}

#[test]
fn a_chain_of_conditions_over_the_limit_is_refused_and_not_followed() {
    let chain: Vec<String> = (0..20_000)
        .map(|i| format!(r#"{{"id": "c{i:05}", "when": {{"condition": "c{:05}"}}}}"#, i + 1))
        .collect();
    let mut source = Source::new();
    source.add(
        "p.json",
        format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "conditions": [{}] }}"#,
            chain.join(",")
        ),
    );
    assert!(source.check().unwrap_err().iter().any(|error| error.code() == Code::LimitExceeded));
}

#[test]
fn a_pointer_into_a_request_is_no_deeper_than_a_request() {
    let mut source = Source::new();
    let pointer = "/a".repeat(400_000);
    source.add(
        "p.json",
        format!(r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "tests": {{ "cases": [ {{ "name": "n", "request": {{}}, "set": {{ "{pointer}": 1 }}, "expect": {{ "malformed": true }} }} ] }} }}"#),
    );
    assert_eq!(source.check().unwrap_err().first().code(), Code::InvalidPointer);
}

#[test]
fn checking_hostile_names_and_roles_ends() {
    let name = |i: usize| format!("{}{i:06}", "x".repeat(110));
    let actions: Vec<String> = (0..1_000).map(|i| format!(r#""{}": {{}}"#, name(i))).collect();
    let unknown: Vec<String> = (0..500).map(|i| format!(r#""{}y""#, name(i + 5_000))).collect();
    let mut source = Source::new();
    source.add(
        "p.json",
        format!(r#"{{ "v": 1, "schema": {{ "actions": {{ {} }} }}, "rules": [ {{ "id": "r", "effect": "permit", "actions": [{}] }} ] }}"#, actions.join(","), unknown.join(",")),
    );
    assert_eq!(source.check().unwrap_err().len(), 100);
    let roles: Vec<String> = (0..400)
        .map(|i| {
            let inherits: Vec<String> = (i + 1..400).map(|j| format!(r#""r{j}""#)).collect();
            format!(r#"{{"id": "r{i}", "level": "account", "inherits": [{}]}}"#, inherits.join(","))
        })
        .collect();
    compile(&format!(
        r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "roles": [{}] }}"#,
        roles.join(",")
    ));
}

#[test]
fn the_builder_keeps_what_excludes_each_other_apart() {
    let policy = compile(
        r#"{ "v": 1, "schema": { "actions": { "A": {} }, "attributes": {
          "context.guest": { "type": "id", "domain": "g" }, "context.guest.blocked": { "type": "bool" } } } }"#,
    );
    let set = policy
        .build_request(("t", "i"), "A", ("t", "i"))
        .set("/context/guest", Value::Text("x"))
        .unwrap();
    assert_eq!(
        set.set("/context/guest/blocked", Value::Bool(false)).unwrap_err().code(),
        Code::DuplicateName
    );
}
