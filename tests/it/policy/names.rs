//! The forms of names, and conditions at their deepest (`docs/policy-language.md`, sections 1, 4
//! and 16).

use cog_auth::Code;
use cog_auth::policy::{Limits, Source};

fn code(text: &str) -> Option<Code> {
    // Documents may be nested more deeply than conditions, so that it is not their limit that is
    // met.
    let mut source = Source::with_limits(Limits { depth: 128, ..Limits::default() });
    source.add("p.json", text).check().err().map(|errors| errors.first().code())
}

/// The code of a policy in which a name stands in the place of `~`, as JSON writes it.
fn named(template: &str, name: &str) -> Option<Code> {
    let quoted = serde_json::to_string(name).unwrap();
    code(&template.replace('~', &quoted))
}

const ATTRIBUTE: &str =
    r#"{ "v": 1, "schema": { "attributes": { ~: { "type": "bool" } }, "actions": { "A": {} } } }"#;
const ACTION: &str = r#"{ "v": 1, "schema": { "actions": { ~: {} } } }"#;
const VALUE: &str = r#"{ "v": 1, "schema": { "attributes": { "subject.a": { "type": "enum", "values": [~] } }, "actions": { "A": {} } } }"#;
const ROLE: &str = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "roles": [ { "id": ~, "level": "account" } ] }"#;
const CONDITION: &str = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "conditions": [ { "id": ~, "when": {} } ] }"#;
const RULE: &str = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "rules": [ { "id": ~, "effect": "permit", "actions": ["A"] } ] }"#;
const INVARIANT: &str = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "invariants": [ { "id": ~, "never": {} } ] }"#;
const REASON: &str = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "rules": [ { "id": "r", "effect": "permit", "actions": ["A"], "reason": { "code": ~ } } ] }"#;
const PATH: &str = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "routes": [ { "method": "GET", "path": ~, "action": "A" } ] }"#;
const METHOD: &str = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "routes": [ { "method": ~, "path": "/", "action": "A" } ] }"#;

#[test]
fn names_have_their_forms() {
    let (a64, a65, a128, a129) = ("a".repeat(64), "a".repeat(65), "a".repeat(128), "a".repeat(129));
    let attribute = |length: usize| format!("subject.{}", "a".repeat(length - 8));
    let parameter = |name: &str| format!("/{{{name}}}");
    let method = |length| "M".repeat(length);
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (template, good, bad) in [
        (
            ATTRIBUTE,
            [
                owned(&[
                    "subject.a",
                    "subject._",
                    "subject._a-Z_9-",
                    "subject.A.b",
                    "action.x",
                    "context.z9",
                ]),
                vec![attribute(128)],
            ]
            .concat(),
            [
                owned(&[
                    "subject",
                    "subject.",
                    "subject..a",
                    "subject.9",
                    "subject.-",
                    "subject.a b",
                    "subject.é",
                    "subject.a/b",
                    "subject.a.",
                    "",
                ]),
                vec![attribute(129)],
            ]
            .concat(),
        ),
        (
            ACTION,
            [owned(&["!", "#", "[", "]", "~", "a", "**"]), vec![a128.clone()]].concat(),
            [owned(&["", "*", " ", "\"", "\\", "\u{7f}", "é", "a b", "\n"]), vec![a129.clone()]]
                .concat(),
        ),
        (
            VALUE,
            [owned(&[" ", "é", "\"", "*"]), vec![a128.clone()]].concat(),
            [owned(&[""]), vec![a129.clone(), "é".repeat(65)]].concat(),
        ),
        (
            REASON,
            [owned(&["a", "a_9"]), vec![a64.clone()]].concat(),
            [owned(&["", "_a", "9", "A", "a-b", "aB"]), vec![a65.clone()]].concat(),
        ),
        (
            PATH,
            [
                owned(&["/", "/a", "/-._~!$&'()*+,;=:@", "/{a}", "/{_}", "/{_9a}", "/a/{b}/c"]),
                vec![parameter(&a64)],
            ]
            .concat(),
            [
                owned(&[
                    "", "a", "//", "/a/", "/.", "/..", "/a?", "/a%20", "/{}", "/{9}", "/{A}",
                    "/{a-b}", "/{a}b", "/{a}/{a}", "/é",
                ]),
                vec![parameter(&a65)],
            ]
            .concat(),
        ),
        (
            METHOD,
            [owned(&["G", "GET"]), vec![method(32)]].concat(),
            [owned(&["", "get", "G1", "G-", "HEAD"]), vec![method(33)]].concat(),
        ),
    ] {
        for name in good {
            assert_eq!(named(template, &name), None, "{name:?} in {template}");
        }
        for name in bad {
            assert!(named(template, &name).is_some(), "{name:?} in {template}");
        }
    }
    for template in [ROLE, CONDITION, RULE, INVARIANT] {
        for name in ["a", "Z9_.:-", "_", ".", ":", "-", &a128] {
            assert_eq!(named(template, name), None, "{name:?} in {template}");
        }
        for name in ["", " ", "a/b", "a*", "é", &a129] {
            assert_eq!(named(template, name), Some(Code::InvalidName), "{name:?} in {template}");
        }
    }
    for reserved in [
        "no_grant",
        "unknown_action",
        "unknown_route",
        "wrong_resource_type",
        "incomplete_request",
        "malformed",
    ] {
        assert_eq!(named(REASON, reserved), Some(Code::ReservedName), "{reserved}");
    }
}

/// A condition object in `levels` levels: each object and each `all` is one, and what it ends with.
fn nested(levels: usize, innermost: &str) -> String {
    let (mut text, mut left) = (String::from(innermost), levels);
    while left > 0 {
        text = if left >= 2 {
            format!(r#"{{ "all": [ {text} ] }}"#)
        } else {
            format!(r#"{{ "not": {text} }}"#)
        };
        left = left.saturating_sub(2);
    }
    text
}

#[test]
fn conditions_nest_to_32_levels_and_no_deeper() {
    let rule = |when: &str| {
        code(&format!(
            r#"{{ "v": 1, "schema": {{ "attributes": {{ "subject.a": {{ "type": "bool" }} }}, "actions": {{ "A": {{}} }} }},
                 "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {when} }} ] }}"#
        ))
    };
    // 15 pairs of an object and its `all` are 30 levels.
    let limit = Some(Code::LimitExceeded);
    assert_eq!(rule(&nested(30, "{}")), None);
    assert_eq!(rule(&nested(30, r#"{ "subject.a": true }"#)), None);
    // The object is the 31st level, its operator object the 32nd.
    assert_eq!(rule(&nested(30, r#"{ "subject.a": { "eq": true } }"#)), None);
    assert_eq!(rule(&nested(30, r#"{ "all": [] }"#)), None);
    assert_eq!(rule(&nested(30, r#"{ "all": [ {} ] }"#)), limit);
    assert_eq!(rule(&nested(32, r#"{ "subject.a": { "eq": true } }"#)), limit);
    assert_eq!(rule(&nested(32, "{}")), limit);
}

#[test]
fn conditions_nest_through_those_that_they_name() {
    // The rule's object and its reference are two levels, `c0` has this many, and so on.
    let rule = |levels: usize, innermost: &str| {
        code(&format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }},
                 "conditions": [ {{ "id": "deep", "when": {} }} ],
                 "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {{ "condition": "deep" }} }} ] }}"#,
            nested(levels, innermost)
        ))
    };
    assert_eq!(rule(28, "{}"), None);
    assert_eq!(rule(28, r#"{ "all": [] }"#), None);
    assert_eq!(rule(28, r#"{ "all": [ {} ] }"#), Some(Code::LimitExceeded));
    assert_eq!(rule(30, "{}"), Some(Code::LimitExceeded));
    // A chain of names, two levels each: the object and its reference. Its order in the document
    // means nothing.
    let chain = |count: usize, turned: &str| {
        let mut conditions: Vec<_> = (1..count)
            .map(|index| {
                format!(r#"{{ "id": "c{index}", "when": {{ "condition": "c{}" }} }}"#, index - 1)
            })
            .collect();
        conditions.insert(0, String::from(r#"{ "id": "c0", "when": {} }"#));
        if turned == "turned" {
            conditions.reverse();
        }
        code(&format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "conditions": [ {} ] }}"#,
            conditions.join(", ")
        ))
    };
    for order in ["as it is", "turned"] {
        // 15 objects with a reference are 30 levels, and the empty object of `c0` is the 31st.
        assert_eq!(chain(16, order), None, "{order}");
        assert_eq!(chain(17, order), Some(Code::LimitExceeded), "{order}");
        assert_eq!(chain(200, order), Some(Code::LimitExceeded), "{order}");
    }
}

#[test]
fn operators_fit_types() {
    let types = ["bool", "enum", "id", "int", "time", "enum_set", "id_set"];
    // The operand is another attribute of the type that fits, where one does.
    for (operators, fitting) in [
        (&["eq", "ne"][..], &types[..]),
        (&["in"], &["enum", "id"]),
        (&["has", "has_all", "has_any", "subset_of"], &["enum_set", "id_set"]),
        (&["lt", "le", "gt", "ge"], &["int", "time"]),
        (&["present"], &types),
    ] {
        for operator in operators {
            for of in types {
                let operand = match (*operator, of) {
                    ("present", _) => String::from("true"),
                    ("in", of) => format!(
                        r#"{{ "attribute": "subject.{}" }}"#,
                        of.to_owned() + if of.ends_with("_set") { "" } else { "_set" }
                    ),
                    ("has", of) => {
                        format!(r#"{{ "attribute": "subject.{}" }}"#, of.trim_end_matches("_set"))
                    }
                    (_, of) => format!(r#"{{ "attribute": "subject.{of}" }}"#),
                };
                let found = code(&format!(
                    r#"{{ "v": 1, "schema": {{ "attributes": {{
                          "subject.bool": {{ "type": "bool" }}, "subject.int": {{ "type": "int", "min": 0, "max": 1 }}, "subject.time": {{ "type": "time" }},
                          "subject.enum": {{ "type": "enum", "values": ["a"] }}, "subject.enum_set": {{ "type": "enum_set", "values": ["a"] }},
                          "subject.id": {{ "type": "id", "domain": "d" }}, "subject.id_set": {{ "type": "id_set", "domain": "d" }} }},
                        "actions": {{ "A": {{}} }} }},
                       "invariants": [ {{ "id": "i", "never": {{ "subject.{of}": {{ "{operator}": {operand} }} }} }} ] }}"#
                ));
                let expected = if fitting.contains(&of) { None } else { Some(Code::OperatorType) };
                assert_eq!(found, expected, "{operator} {of}");
            }
        }
    }
}
