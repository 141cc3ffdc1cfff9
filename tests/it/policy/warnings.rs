//! Warnings (section 17 of `docs/policy-language.md`): what each code is given for, and what it is
//! not given for.

use crate::common::{documents, root, source};
use cog_auth::{Code, Error};

/// The warnings about these sections, beside a schema in which nothing is worth one.
pub(super) fn warnings(sections: &str) -> Vec<Error> {
    let text = format!(
        r#"{{ "v": 1,
          "schema": {{ "actions": {{ "Read": {{ "level": "organization" }}, "Write": {{}} }}, "attributes": {{
            "subject.type": {{ "type": "enum", "values": ["user", "service_user"] }},
            "subject.id": {{ "type": "id", "domain": "person" }},
            "resource.owner": {{ "type": "id", "domain": "person" }},
            "context.ci": {{ "type": "bool" }}, "context.n": {{ "type": "int", "min": 0, "max": 9 }},
            "context.m": {{ "type": "int", "min": 0, "max": 9 }}, "context.ip": {{ "type": "ip" }},
            "context.tags": {{ "type": "enum_set", "values": ["a", "b", "c"] }},
            "context.kind": {{ "type": "enum", "values": ["x", "y", "z"] }} }} }},
          "invariants": [ {{ "id": "all-are-used", "never": {{
            "subject.id": {{ "ne": "o" }}, "resource.owner": "o", "context.ci": true, "context.n": 1,
            "context.m": 1, "context.ip": {{ "present": true }},
            "context.tags": {{ "has": "a" }}, "context.kind": "x" }} }} ],
          {sections} }}"#
    );
    let checked = documents([text.as_str()]).check().unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(checked.omitted_warnings(), 0);
    checked.warnings().to_vec()
}

/// The codes and pointers of warnings.
fn told(warnings: &[Error]) -> Vec<(Code, &str)> {
    warnings.iter().map(|warning| (warning.code(), warning.pointer().unwrap())).collect()
}

pub(super) const PERMIT: &str =
    r#""rules": [ { "id": "p", "effect": "permit", "actions": ["*"] } ]"#;

/// The codes about one condition, of a forbid. It may refer to others.
fn of_condition(when: &str) -> Vec<Code> {
    let found = warnings(&format!(
        r#""conditions": [ {{ "id": "is_x", "when": {{ "context.kind": "x" }} }},
            {{ "id": "through", "when": {{ "condition": "is_x" }} }},
            {{ "id": "either", "when": {{ "any": [ {{ "context.kind": "x" }}, {{ "context.kind": "y" }} ] }} }} ],
          "rules": [ {{ "id": "p", "effect": "permit", "actions": ["*"] }},
            {{ "id": "u", "effect": "forbid", "actions": ["*"], "reason": {{ "code": "u" }},
               "when": {{ "any": [ {{ "condition": "through" }}, {{ "condition": "either" }} ] }} }},
            {{ "id": "f", "effect": "forbid", "actions": ["*"], "when": {when}, "reason": {{ "code": "f" }} }} ]"#
    ));
    found.iter().map(Error::code).collect()
}

#[test]
fn a_policy_without_anything_to_warn_of() {
    assert_eq!(told(&warnings(PERMIT)), []);
}

/// What is never false denies where it is unknown, which may be what is meant.
#[test]
fn a_must_that_is_never_false_says_what_is_left_of_it() {
    let told = |must: &str| {
        let found = warnings(&format!(
            r#""rules": [ {{ "id": "p", "effect": "permit", "actions": ["*"] }},
                {{ "id": "r", "effect": "require", "actions": ["*"], "must": {must},
                   "reason": {{ "code": "r" }} }} ]"#
        ));
        found.iter().map(|warning| warning.message().to_owned()).collect::<Vec<_>>()
    };
    let nothing = "this `must` is never false, so the rule never denies";
    let unknown = "this `must` is never false, so the rule denies only where it is unknown";
    assert_eq!(told("{}"), [nothing]);
    for must in [
        r#"{ "any": [ {}, { "all": [] } ] }"#,
        r#"{ "any": [ { "context.n": { "ge": 0 } }, {} ] }"#,
        r#"{ "action.name": { "present": true } }"#,
    ] {
        assert_eq!(told(must), [nothing], "{must}");
    }
    for must in [
        r#"{ "context.n": { "ge": 0 } }"#,
        r#"{ "context.n": { "le": 9 } }"#,
        r#"{ "context.kind": { "in": ["z", "y", "x"] } }"#,
        r#"{ "subject.permissions": { "present": true } }"#,
        r#"{ "context.tags": { "has_all": [] } }"#,
    ] {
        assert_eq!(told(must), [unknown], "{must}");
    }
    assert_eq!(told(r#"{ "context.n": { "ge": 1 } }"#), Vec::<String>::new());
    assert_eq!(told(r#"{ "context.ip": { "present": true } }"#), Vec::<String>::new());
}

#[test]
fn the_built_in_policy_has_one_warning() {
    let checked = source(&root().join("policies")).check().unwrap();
    // The policy says itself that no rule looks at the time.
    assert_eq!(told(checked.warnings()), [(Code::Unused, "/schema/attributes/context.time")]);
}

#[test]
fn what_is_never_true_is_told() {
    use Code::{Contradiction, NeverTrue};
    for (when, expected) in [
        (r#"{ "any": [] }"#, &[NeverTrue][..]),
        (r#"{ "context.kind": { "in": [] } }"#, &[NeverTrue]),
        (r#"{ "resource.owner": { "in": [] } }"#, &[NeverTrue]),
        (r#"{ "context.tags": { "has_any": [] } }"#, &[NeverTrue]),
        (r#"{ "not": {} }"#, &[NeverTrue]),
        (r#"{ "not": { "all": [] } }"#, &[NeverTrue]),
        (r#"{ "not": { "context.tags": { "has_all": [] } } }"#, &[NeverTrue]),
        // The cause is told, and nothing that follows from it.
        (r#"{ "all": [ { "any": [ { "any": [] } ] }, { "context.ci": true } ] }"#, &[NeverTrue]),
        (r#"{ "not": { "not": { "any": [] } } }"#, &[NeverTrue, NeverTrue]),
        (r#"{ "any": [ { "any": [] }, { "context.ci": true } ] }"#, &[NeverTrue]),
        (r#"{}"#, &[]),
        (r#"{ "not": { "any": [] } }"#, &[NeverTrue]),
        (r#"{ "not": { "context.ci": true } }"#, &[]),
        (r#"{ "context.tags": { "has_all": [] } }"#, &[]),
        (r#"{ "context.n": { "ge": 5, "lt": 5 } }"#, &[Contradiction]),
        (r#"{ "context.n": { "ge": 5, "le": 5 } }"#, &[]),
        (r#"{ "context.n": { "ge": 5, "le": 5, "ne": 5 } }"#, &[Contradiction]),
        (r#"{ "context.n": { "gt": 9 } }"#, &[Contradiction]),
        (r#"{ "context.n": { "lt": 0 } }"#, &[Contradiction]),
        (r#"{ "context.n": { "ge": 9 } }"#, &[]),
        (r#"{ "context.n": { "eq": 3, "ne": 3 } }"#, &[Contradiction]),
        // All that is left of a range is excluded, in whichever order.
        (
            r#"{ "context.n": { "ge": 8, "ne": 9 }, "all": [ { "context.n": { "ne": 8 } } ] }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.n": { "ne": 8 }, "all": [ { "context.n": { "ne": 9 } }, { "context.n": { "gt": 7 } } ] }"#,
            &[Contradiction],
        ),
        (r#"{ "context.n": { "ge": 7, "ne": 9 }, "all": [ { "context.n": { "ne": 7 } } ] }"#, &[]),
        (
            r#"{ "context.n": { "le": 1 }, "not": { "any": [ { "context.n": 0 }, { "context.n": 1 } ] } }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.ci": { "ne": true }, "all": [ { "context.ci": { "ne": false } } ] }"#,
            &[Contradiction],
        ),
        (r#"{ "context.ci": { "ne": true, "eq": true } }"#, &[Contradiction]),
        (r#"{ "context.ci": { "ne": true, "eq": false } }"#, &[]),
        (
            r#"{ "not": { "any": [ { "context.kind": "x" }, { "context.kind": "y" }, { "context.kind": "z" } ] } }"#,
            &[Contradiction],
        ),
        (r#"{ "not": { "any": [ { "context.kind": "x" }, { "context.kind": "y" } ] } }"#, &[]),
        // None of all there are, whichever way that is said.
        (r#"{ "not": { "context.kind": { "in": ["x", "y", "z"] } } }"#, &[Contradiction]),
        (r#"{ "not": { "context.kind": { "in": ["x", "z"] } } }"#, &[]),
        (
            r#"{ "context.kind": "y", "not": { "context.kind": { "in": ["x", "y"] } } }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.kind": { "in": ["x", "y"] }, "not": { "context.kind": { "in": ["y", "x"] } } }"#,
            &[Contradiction],
        ),
        (
            r#"{ "resource.owner": "o", "not": { "resource.owner": { "in": ["p", "o"] } } }"#,
            &[Contradiction],
        ),
        (r#"{ "resource.owner": "o", "not": { "resource.owner": { "in": ["p"] } } }"#, &[]),
        (
            r#"{ "not": { "any": [ { "context.kind": { "in": ["x", "y", "z"] } }, { "context.ci": true } ] } }"#,
            &[Contradiction],
        ),
        (r#"{ "not": { "context.n": { "le": 9 } } }"#, &[Contradiction]),
        (
            r#"{ "not": { "any": [ { "context.n": { "le": 9 } }, { "context.ci": true } ] } }"#,
            &[Contradiction],
        ),
        (r#"{ "not": { "all": [ { "any": [ {}, { "context.ci": true } ] } ] } }"#, &[NeverTrue]),
        // What is never null.
        (r#"{ "subject.type": { "present": false } }"#, &[NeverTrue]),
        (r#"{ "subject.id": { "present": false } }"#, &[NeverTrue]),
        (r#"{ "action.name": { "present": false } }"#, &[NeverTrue]),
        (r#"{ "subject.permissions": { "present": false } }"#, &[NeverTrue]),
        (r#"{ "credential.scopes": { "present": false } }"#, &[NeverTrue]),
        (r#"{ "not": { "subject.permissions": { "present": true } } }"#, &[NeverTrue]),
        (r#"{ "subject.type": { "present": true } }"#, &[]),
        (r#"{ "resource.owner": { "present": false } }"#, &[]),
        (r#"{ "context.n": { "eq": 3, "ne": 4 } }"#, &[]),
        (r#"{ "context.n": { "eq": 3, "gt": 3 } }"#, &[Contradiction]),
        (r#"{ "context.kind": { "eq": "x", "ne": "x" } }"#, &[Contradiction]),
        (r#"{ "context.kind": { "eq": "x", "in": ["y", "z"] } }"#, &[Contradiction]),
        (r#"{ "context.kind": { "eq": "x", "in": ["y", "x"] } }"#, &[]),
        (r#"{ "resource.owner": { "eq": "x", "in": ["y", "z"] } }"#, &[Contradiction]),
        (r#"{ "context.kind": { "in": ["y", "z"], "ne": "y" } }"#, &[]),
        (r#"{ "context.kind": { "in": ["y"], "ne": "y" } }"#, &[Contradiction]),
        (r#"{ "resource.owner": { "ne": "o", "in": ["o", "o"] } }"#, &[Contradiction]),
        (
            r#"{ "context.kind": { "in": ["x", "y"] }, "all": [ { "context.kind": { "in": ["y", "z"] } } ] }"#,
            &[],
        ),
        (
            r#"{ "context.kind": { "in": ["x", "y"] }, "all": [ { "context.kind": { "in": ["z"] } } ] }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.kind": { "in": ["x", "y"] }, "all": [ { "context.kind": { "in": ["y", "z"], "ne": "y" } } ] }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.kind": { "in": ["x"] }, "all": [ { "context.kind": { "in": [] } } ] }"#,
            &[NeverTrue],
        ),
        (r#"{ "context.kind": { "present": false, "eq": "x" } }"#, &[Contradiction]),
        (
            r#"{ "all": [ { "context.kind": { "present": false } }, { "context.kind": { "present": true } } ] }"#,
            &[Contradiction],
        ),
        (r#"{ "context.kind": { "present": true, "eq": "x" } }"#, &[]),
        (r#"{ "context.tags": { "has": "a", "subset_of": ["b", "c"] } }"#, &[Contradiction]),
        (r#"{ "context.tags": { "subset_of": ["b", "c"], "has": "a" } }"#, &[Contradiction]),
        (r#"{ "context.tags": { "has": "b", "subset_of": ["b", "c"] } }"#, &[]),
        (r#"{ "context.tags": { "has_all": ["b", "a"], "subset_of": ["b"] } }"#, &[Contradiction]),
        (r#"{ "context.tags": { "has_all": ["b"], "subset_of": ["b", "a"] } }"#, &[]),
        (r#"{ "context.tags": { "has_any": ["a"], "subset_of": ["b", "c"] } }"#, &[Contradiction]),
        (r#"{ "context.tags": { "has_any": ["a", "c"], "subset_of": ["b", "c"] } }"#, &[]),
        (r#"{ "context.tags": { "has_all": [], "subset_of": [] } }"#, &[]),
        (
            r#"{ "context.tags": { "has": "b", "subset_of": { "attribute": "context.tags" } } }"#,
            &[],
        ),
        // With another attribute.
        (
            r#"{ "resource.owner": { "eq": { "attribute": "subject.id" }, "ne": { "attribute": "subject.id" } } }"#,
            &[Contradiction],
        ),
        (
            r#"{ "resource.owner": { "attribute": "subject.id" }, "not": { "resource.owner": { "attribute": "subject.id" } } }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.n": { "lt": { "attribute": "context.m" }, "ge": { "attribute": "context.m" } } }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.n": { "le": { "attribute": "context.m" }, "ge": { "attribute": "context.m" } } }"#,
            &[],
        ),
        (
            r#"{ "context.n": { "le": { "attribute": "context.m" }, "ge": { "attribute": "context.m" }, "ne": { "attribute": "context.m" } } }"#,
            &[Contradiction],
        ),
        // Through conditions that are referred to.
        (r#"{ "all": [ { "condition": "is_x" }, { "context.kind": "y" } ] }"#, &[Contradiction]),
        (r#"{ "all": [ { "context.kind": "y" }, { "condition": "is_x" } ] }"#, &[Contradiction]),
        (r#"{ "all": [ { "condition": "is_x" }, { "context.kind": "x" } ] }"#, &[]),
        (r#"{ "all": [ { "condition": "through" }, { "context.kind": "y" } ] }"#, &[Contradiction]),
        (r#"{ "all": [ { "not": { "condition": "is_x" } }, { "context.kind": "y" } ] }"#, &[]),
        (r#"{ "any": [ { "condition": "is_x" }, { "context.kind": "y" } ] }"#, &[]),
        (r#"{ "all": [ { "condition": "either" }, { "context.kind": "z" } ] }"#, &[]),
        // Across the parts of an `all`, and not across those of an `any`.
        (
            r#"{ "all": [ { "context.kind": "x" }, { "all": [ { "context.ci": true }, { "context.kind": "y" } ] } ] }"#,
            &[Contradiction],
        ),
        (r#"{ "context.kind": "x", "all": [ { "context.kind": "y" } ] }"#, &[Contradiction]),
        (r#"{ "any": [ { "context.kind": "x" }, { "context.kind": "y" } ] }"#, &[]),
        (r#"{ "all": [ { "context.kind": "x" }, { "not": { "context.kind": "y" } } ] }"#, &[]),
        (r#"{ "all": [ { "context.ci": true }, { "context.ci": false } ] }"#, &[Contradiction]),
        // What is negated counts as its opposite.
        (
            r#"{ "all": [ { "context.kind": "x" }, { "not": { "context.kind": "x" } } ] }"#,
            &[Contradiction],
        ),
        (r#"{ "context.kind": "x", "not": { "context.kind": "x" } }"#, &[Contradiction]),
        (r#"{ "context.kind": "x", "not": { "context.kind": { "ne": "x" } } }"#, &[]),
        (r#"{ "context.kind": "x", "not": { "context.kind": { "ne": "y" } } }"#, &[Contradiction]),
        (r#"{ "context.n": { "ge": 5 }, "not": { "context.n": { "ge": 5 } } }"#, &[Contradiction]),
        (r#"{ "context.n": { "ge": 5 }, "not": { "context.n": { "gt": 5 } } }"#, &[]),
        (r#"{ "context.n": { "gt": 5 }, "not": { "context.n": { "gt": 5 } } }"#, &[Contradiction]),
        (r#"{ "context.n": { "le": 5 }, "not": { "context.n": { "le": 5 } } }"#, &[Contradiction]),
        (r#"{ "context.n": { "lt": 5 }, "not": { "context.n": { "lt": 5 } } }"#, &[Contradiction]),
        (r#"{ "context.n": { "lt": 5 }, "not": { "context.n": { "lt": 4 } } }"#, &[]),
        (r#"{ "not": { "context.n": { "le": 9 } } }"#, &[Contradiction]),
        (
            r#"{ "context.kind": "x", "not": { "context.kind": { "present": true } } }"#,
            &[Contradiction],
        ),
        (r#"{ "context.kind": "x", "not": { "context.kind": { "present": false } } }"#, &[]),
        (
            r#"{ "context.kind": "x", "not": { "any": [ { "context.ci": true }, { "context.kind": "x" } ] } }"#,
            &[Contradiction],
        ),
        (
            r#"{ "context.kind": "x", "not": { "all": [ { "context.ci": true }, { "context.kind": "x" } ] } }"#,
            &[],
        ),
        (
            r#"{ "context.kind": "x", "not": { "all": [ { "context.kind": "x" } ] } }"#,
            &[Contradiction],
        ),
        (r#"{ "any": [ { "context.kind": "x" }, { "not": { "context.kind": "x" } } ] }"#, &[]),
        // Once for each attribute, however often it is repeated.
        (
            r#"{ "all": [ { "context.kind": "x" }, { "context.kind": "y" }, { "context.kind": "z" }, { "context.kind": "x" } ] }"#,
            &[Contradiction],
        ),
    ] {
        assert_eq!(of_condition(when), expected, "{when}");
    }
}

#[test]
fn addresses_that_contradict_each_other_are_told() {
    for contradiction in [
        r#"{ "eq": "192.0.2.1", "ne": "192.0.2.1" }"#,
        r#"{ "eq": "192.0.2.1", "in": ["198.51.100.0/24", "192.0.2.2"] }"#,
    ] {
        let when = format!(r#"{{ "context.ip": {contradiction} }}"#);
        assert_eq!(of_condition(&when), [Code::Contradiction], "{when}");
    }
    let both = r#"{ "all": [ { "context.ip": "192.0.2.1" }, { "context.ip": "192.0.2.2" } ] }"#;
    assert_eq!(of_condition(both), [Code::Contradiction]);
    for possible in [
        r#"{ "eq": "192.0.2.1", "in": ["198.51.100.0/24", "192.0.2.0/30"] }"#,
        r#"{ "eq": "192.0.2.1", "ne": "192.0.2.2" }"#,
    ] {
        assert_eq!(of_condition(&format!(r#"{{ "context.ip": {possible} }}"#)), [], "{possible}");
    }
}

#[test]
fn a_requirement_that_is_always_met_is_told() {
    let require = |must: &str| {
        let found = warnings(&format!(
            r#""rules": [ {{ "id": "p", "effect": "permit", "actions": ["*"] }},
                {{ "id": "q", "effect": "require", "actions": ["*"], "must": {must}, "reason": {{ "code": "q" }} }} ]"#
        ));
        found.iter().map(Error::code).collect::<Vec<_>>()
    };
    assert_eq!(require("{}"), [Code::NeverTrue]);
    assert_eq!(require(r#"{ "context.tags": { "has_all": [] } }"#), [Code::NeverTrue]);
    assert_eq!(require(r#"{ "any": [ { "context.ci": true }, {} ] }"#), [Code::NeverTrue]);
    assert_eq!(require(r#"{ "context.ci": true }"#), []);
    for always in [r#"{ "ge": 0 }"#, r#"{ "le": 9 }"#] {
        assert_eq!(require(&format!(r#"{{ "context.n": {always} }}"#)), [Code::NeverTrue]);
    }
    for sometimes in [r#"{ "ge": 1 }"#, r#"{ "gt": 0 }"#, r#"{ "le": 8 }"#, r#"{ "ne": 9 }"#] {
        assert_eq!(require(&format!(r#"{{ "context.n": {sometimes} }}"#)), []);
    }
}

#[test]
fn a_name_of_an_attribute_as_a_literal_is_told() {
    for (literal, suggestion) in [
        (r#""subject.id""#, Some("subject.id")),
        (r#"{ "eq": "subject.id" }"#, Some("subject.id")),
        (r#"{ "ne": "action.name" }"#, Some("action.name")),
        (r#"{ "in": ["someone", "subject.id"] }"#, Some("subject.id")),
        (r#""${subject.id}""#, Some("subject.id")),
        (r#""{{ subject.id }}""#, Some("subject.id")),
        (r#""$subject.id""#, Some("subject.id")),
        (r#""resource.id""#, Some("resource.id")),
        (r#""subject.name""#, None),
        (r#""subject""#, None),
        (r#"{ "attribute": "subject.id" }"#, None),
    ] {
        let found = warnings(&format!(
            r#""rules": [ {{ "id": "p", "effect": "permit", "actions": ["*"], "when": {{ "resource.owner": {literal} }} }} ]"#
        ));
        let suggestions: Vec<_> = found.iter().filter_map(Error::suggestion).collect();
        let expected: Vec<_> =
            suggestion.map(|name| format!("{{\"attribute\": \"{name}\"}}")).into_iter().collect();
        assert_eq!(suggestions, expected, "{literal}");
        assert!(found.iter().all(|warning| warning.code() == Code::LiteralAttribute));
    }
}

#[test]
fn what_nothing_uses_is_told() {
    let found = warnings(&format!(
        r#"{PERMIT}, "conditions": [ {{ "id": "used", "when": {{}} }}, {{ "id": "one", "when": {{ "condition": "used" }} }} ]"#
    ));
    assert_eq!(told(&found), [(Code::Unused, "/conditions/1/id")]);
    let roles = r#""roles": [ { "id": "a", "level": "account" }, { "id": "b", "level": "account", "inherits": ["a"] },
        { "id": "c", "level": "account" }, { "id": "d", "level": "organization" }, { "id": "e", "level": "organization" } ],
        "defaults": { "user": ["c"] }"#;
    // Roles come with requests, so nothing is known of them without cases.
    assert_eq!(told(&warnings(&format!("{PERMIT}, {roles}"))), []);
    let case = r#""tests": { "cases": [ { "name": "c", "expect": { "decision": true }, "request": {
        "subject": { "type": "user", "id": "u", "properties": { "memberships": [ { "organization": "o", "roles": ["d"] } ] } },
        "action": { "name": "Read" }, "resource": { "type": "t", "id": "i" } } } ] }"#;
    let found = warnings(&format!("{PERMIT}, {roles}, {case}"));
    assert_eq!(told(&found), [(Code::Unused, "/roles/1/id"), (Code::Unused, "/roles/4/id")]);
    let set = r#""set": { "/subject/properties/memberships/0/roles/0": "e" }"#;
    let case = case.replace("\"name\": \"c\"", &format!("\"name\": \"c\", {set}"));
    let found = warnings(&format!("{PERMIT}, {roles}, {case}"));
    assert_eq!(told(&found), [(Code::Unused, "/roles/1/id")]);

    let text = r#"{ "v": 1, "schema": { "actions": { "Read": {} }, "attributes": {
        "subject.type": { "type": "enum", "values": ["user"] }, "resource.type": { "type": "enum", "values": ["file"] },
        "context.a": { "type": "int", "min": 0, "max": 1 }, "context.b": { "type": "int", "min": 0, "max": 1 },
        "context.c": { "type": "bool" } } },
        "rules": [ { "id": "p", "effect": "permit", "actions": ["Read"],
            "when": { "context.a": { "lt": { "attribute": "context.b" } } } } ] }"#;
    let checked = documents([text]).check().unwrap();
    assert_eq!(told(checked.warnings()), [(Code::Unused, "/schema/attributes/context.c")]);
}

#[test]
fn a_policy_without_a_permit_is_told() {
    let found = warnings(
        r#""rules": [ { "id": "f", "effect": "forbid", "actions": ["*"], "reason": { "code": "f" } } ]"#,
    );
    assert_eq!(told(&found), [(Code::NoPermit, "/rules")]);
    assert_eq!(told(&warnings(r#""roles": []"#)), [(Code::NoPermit, "/schema")]);
}

#[test]
fn misspelled_methods_are_told() {
    let meant = |method: &str| {
        let found = warnings(&format!(
            r#"{PERMIT}, "routes": [ {{ "method": "{method}", "path": "/", "action": "Read" }} ]"#
        ));
        assert!(found.iter().all(|it| it.code() == Code::MisspelledMethod), "{method}");
        found.first().and_then(|it| it.suggestion().map(str::to_owned)).unwrap_or_default()
    };
    let slips = [
        ("GETT", "GET"),
        ("GE", "GET"),
        ("EGT", "GET"),
        ("XGET", "GET"),
        ("PIT", "PUT"),
        ("PSOT", "POST"),
        ("POTS", "POST"),
        ("DELET", "DELETE"),
        ("DETELE", ""),
        ("OPTION", "OPTIONS"),
        ("PACTH", "PATCH"),
        ("TRCE", "TRACE"),
        ("CONECT", "CONNECT"),
    ];
    for (method, of) in slips {
        assert_eq!(meant(method), of, "{method}");
    }
    for method in ["CONNECT", "DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"] {
        assert_eq!(meant(method), "", "{method}");
    }
    // Others of the IANA registry, and one that caches have.
    for method in ["COPY", "LOCK", "MOVE", "PRI", "PROPFIND", "QUERY", "SEARCH", "UPDATE", "PURGE"]
    {
        assert_eq!(meant(method), "", "{method}");
    }
}

#[test]
fn routes_that_mean_something_else_are_told() {
    let route = |path: &str| {
        let found = warnings(&format!(
            r#"{PERMIT}, "routes": [ {{ "method": "GET", "path": "{path}", "action": "Read" }} ]"#
        ));
        found.iter().map(|it| (it.code(), it.suggestion().map(str::to_owned))).collect::<Vec<_>>()
    };
    let told =
        |suggestion: Option<&str>| vec![(Code::LiteralPattern, suggestion.map(str::to_owned))];
    assert_eq!(route("/a/:id/b"), told(Some("/a/{id}/b")));
    assert_eq!(route("/a/$Id"), told(Some("/a/{id}")));
    assert_eq!(route("/a:id/:id"), told(Some("/a:id/{id}")));
    assert_eq!(route("/:id/:id2"), [told(Some("/{id}/:id2")), told(Some("/:id/{id2}"))].concat());
    assert_eq!(route("/a/:user-id"), told(Some("/a/{user_id}")));
    for more in ["/a/:123", "/a/:id.json", "/a/:id+"] {
        assert_eq!(route(more), told(None), "{more}");
    }
    assert_eq!(route("/a/*"), told(None));
    assert_eq!(route("/a/**/b"), told(None));
    assert_eq!(route("/a/(x)"), told(None));
    assert_eq!(route("/a/x:run"), []);
    assert_eq!(route("/a/{id}/b"), []);
    assert_eq!(route("/a/:"), []);

    let types = r#"{ "v": 1, "schema": { "actions": { "Read": {} }, "attributes": {
        "subject.type": { "type": "enum", "values": ["user", "robot"] } } },
        "rules": [ { "id": "p", "effect": "permit", "actions": ["Read"] } ]"#;
    let routes = r#", "routes": [ { "method": "GET", "path": "/", "action": "Read" } ]"#;
    let codes = |text: String| {
        let checked = documents([text.as_str()]).check().unwrap();
        checked.warnings().iter().map(Error::code).collect::<Vec<_>>()
    };
    assert_eq!(codes(format!("{types}{routes} }}")), [Code::UnknownToGate]);
    assert_eq!(codes(format!("{types} }}")), []);
}

#[test]
fn types_in_defaults_count_in_whichever_document_they_stand() {
    let schema = r#"{ "v": 1, "schema": { "actions": { "Read": {} } },
        "rules": [ { "id": "p", "effect": "permit", "actions": ["Read"] } ],
        "routes": [ { "method": "GET", "path": "/", "action": "Read" } ] }"#;
    let defaults = r#"{ "v": 1, "defaults": { "robot": [], "user": [] } }"#;
    let checked = documents([schema, defaults]).check().unwrap();
    assert_eq!(told(checked.warnings()), [(Code::UnknownToGate, "/defaults/robot")]);
}

#[test]
fn alike_names_are_told() {
    let rules = |one: &str, other: &str| {
        format!(
            r#"{PERMIT_OPEN}, {{ "id": "{one}", "effect": "permit", "actions": ["Read"] }}, {{ "id": "{other}", "effect": "permit", "actions": ["Read"] }} ]"#,
            PERMIT_OPEN = PERMIT.trim_end_matches(" ]"),
        )
    };
    assert_eq!(
        told(&warnings(&rules("read-all", "read-ALL"))),
        [(Code::AlikeNames, "/rules/2/id")]
    );
    assert_eq!(told(&warnings(&rules("read-all", "read_all"))), []);
    let values = |one: &str, other: &str| {
        let text = format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "Read": {{}} }}, "attributes": {{
                "context.k": {{ "type": "enum", "values": ["{one}", "{other}"] }} }} }},
                "rules": [ {{ "id": "p", "effect": "permit", "actions": ["Read"], "when": {{ "context.k": "{one}" }} }} ] }}"#
        );
        let checked = documents([text.as_str()]).check().unwrap();
        checked.warnings().iter().map(Error::code).collect::<Vec<_>>()
    };
    assert_eq!(values("admin", "ad\\u200bmin"), [Code::AlikeNames]);
    assert_eq!(values("admin", "admin "), [Code::AlikeNames]);
    assert_eq!(values("Ärzte", "ärzte"), [Code::AlikeNames]);
    assert_eq!(values("admin", "admins"), []);
}

#[test]
fn a_hundred_warnings_are_told_and_the_others_counted() {
    let conditions: Vec<_> =
        (0..130).map(|index| format!(r#"{{ "id": "c{index:03}", "when": {{}} }}"#)).collect();
    let text = format!(
        r#"{{ "v": 1, "schema": {{ "actions": {{ "Read": {{}} }} }}, {PERMIT}, "conditions": [ {} ] }}"#,
        conditions.join(",")
    );
    let checked = documents([text.as_str()]).check().unwrap();
    assert_eq!((checked.warnings().len(), checked.omitted_warnings()), (100, 30));
}
