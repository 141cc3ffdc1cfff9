//! Faults that were found, each with the case that showed it.
#![cfg(test)]

use cog_auth::Code;
use cog_auth::policy::{Limits, MAX_MISSING, Source, Value};
use std::time::{Duration, Instant};

/// Long enough for a loaded machine, and far less than what hung.
const HANG: Duration = Duration::from_secs(20);

fn compile(text: &str) -> cog_auth::policy::Policy {
    let mut source = Source::new();
    source.add("policy.json", text);
    source.compile().unwrap()
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
    let start = Instant::now();
    let request = policy.build_request(("t", "i"), "A", ("t", "i")).build();
    assert_eq!(request.decide().missing(), ["/context/x"]);
    assert!(start.elapsed() < HANG);
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
    let missing = request.decide().missing();
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
    assert_eq!(source.compile().unwrap_err().code(), Code::TooDeep);
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
        assert_eq!(source.compile().unwrap_err().code(), code, "{expect}");
    }
}
