//! Conditions on attributes of types that the other tests have no literal of
//! (`docs/policy-language.md`, section 4).

use crate::common::documents;
use crate::common::truth::truth;
use cog_auth::policy::Denial;

#[test]
fn booleans_are_compared_with_literals_and_each_other() {
    let conditions = [
        ("IsTrue", r#"{ "account.sso": true }"#, [true, false]),
        ("IsFalse", r#"{ "account.sso": false }"#, [false, true]),
        ("EqTrue", r#"{ "account.sso": { "eq": true } }"#, [true, false]),
        ("NotTrue", r#"{ "account.sso": { "ne": true } }"#, [false, true]),
        ("NotFalse", r#"{ "account.sso": { "ne": false } }"#, [true, false]),
        ("Same", r#"{ "account.sso": { "attribute": "account.other" } }"#, [true, false]),
        (
            "Other",
            r#"{ "account.sso": { "ne": { "attribute": "account.other" } } }"#,
            [false, true],
        ),
    ];
    let actions: Vec<_> = conditions.iter().map(|(name, ..)| format!("\"{name}\": {{}}")).collect();
    let rules: Vec<_> = conditions
        .iter()
        .map(|(name, when, _)| {
            format!(
                r#"{{ "id": "{name}", "effect": "permit", "actions": ["{name}"], "when": {when} }}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{
              "account.sso": {{ "type": "bool", "from": "/subject/properties/sso" }},
              "account.other": {{ "type": "bool", "from": "/subject/properties/other" }} }},
            "actions": {{ {} }} }}, "rules": [ {} ] }}"#,
        actions.join(", "),
        rules.join(", ")
    );
    let policy = documents([text.as_str()]).check().unwrap().into_policy();
    for (name, _, expected) in conditions {
        // The other one is true throughout.
        for (sso, expected) in [true, false].into_iter().zip(expected) {
            let request = format!(
                r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ "sso": {sso}, "other": true }} }},
                    "action": {{ "name": "{name}" }}, "resource": {{ "type": "t", "id": "i" }} }}"#
            );
            let decision = policy.request(request.as_bytes()).unwrap().decide().is_allowed();
            assert_eq!(decision, expected, "{name} {sso}");
        }
        let absent = format!(
            r#"{{ "subject": {{ "type": "user", "id": "u" }}, "action": {{ "name": "{name}" }}, "resource": {{ "type": "t", "id": "i" }} }}"#
        );
        assert!(!policy.request(absent.as_bytes()).unwrap().decide().is_allowed(), "{name}");
    }
}

/// What a condition is, shown by a rule that permits with it.
fn value(attributes: &str, when: &str, request: &str) -> &'static str {
    let text = format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{ {attributes} }},
              "actions": {{ "A": {{}}, "O": {{ "level": "organization" }}, "P": {{ "level": "account" }} }} }},
             "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {when} }} ] }}"#
    );
    let policy = documents([text.as_str()]).check().unwrap().into_policy();
    truth(&policy.request(request.as_bytes()).unwrap())
}

/// A request for `A` with these properties of the subject and this context.
fn request(properties: &str, context: &str) -> String {
    format!(
        r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ {properties} }} }}, "action": {{ "name": "A" }},
             "resource": {{ "type": "t", "id": "i", "properties": {{ "organization": null }} }}, "context": {{ {context} }} }}"#
    )
}

#[test]
fn presence_is_known_of_the_action_and_of_what_is_decided() {
    let permissions_known = r#""account": {"id": "a"}, "roles": [], "permissions": []"#;
    let scopes_known = r#""credential": { "scopes": ["A"] }"#;
    for (when, properties, context, expected) in [
        (r#"{ "action.name": { "present": true } }"#, "", "", "true"),
        (r#"{ "action.name": { "present": false } }"#, "", "", "false"),
        (r#"{ "credential.scopes": { "present": true } }"#, "", scopes_known, "true"),
        (r#"{ "credential.scopes": { "present": false } }"#, "", scopes_known, "false"),
        (r#"{ "credential.scopes": { "present": true } }"#, "", "", "unknown"),
        (r#"{ "credential.scopes": { "present": false } }"#, "", "", "unknown"),
        (r#"{ "subject.permissions": { "present": true } }"#, "", "", "unknown"),
        // Account-level ones too: where none is even perhaps held, it does not matter whose account
        // it is.
        (r#"{ "subject.permissions": { "present": true } }"#, permissions_known, "", "true"),
        (r#"{ "subject.permissions": { "present": false } }"#, permissions_known, "", "false"),
    ] {
        assert_eq!(
            value("", when, &request(properties, context)),
            expected,
            "{when} {properties} {context}"
        );
    }
}

#[test]
fn a_permit_that_is_open_is_left_out_where_another_applies() {
    let policy = documents([r#"{ "v": 1,
        "schema": { "attributes": {
            "subject.x": { "type": "bool" }, "subject.y": { "type": "bool" } }, "actions": { "A": {} } },
        "rules": [
            { "id": "applies", "effect": "permit", "actions": ["A"], "when": {} },
            { "id": "open", "effect": "permit", "actions": ["A"], "when": { "subject.x": true } },
            { "id": "required", "effect": "require", "actions": ["A"], "when": {}, "must": { "subject.y": true },
              "reason": { "code": "y_needed" } } ] }"#])
    .check()
    .unwrap()
    .into_policy();
    let text = request("", "");
    let request = policy.request(text.as_bytes()).unwrap();
    let decision = request.decide();
    assert_eq!(decision.denial(), Some(Denial::Indeterminate));
    let explanation = decision.explain();
    assert_eq!(explanation.rules(), ["required"]);
    assert_eq!(explanation.missing(), ["/subject/properties/y"]);
}

#[test]
fn many_conditions_keep_apart() {
    // Every third is unknown, of the others every second is true; each is asked for twice.
    let expected = |index: usize| match index % 3 {
        0 => "unknown",
        _ if index.is_multiple_of(2) => "true",
        _ => "false",
    };
    let when = |index: usize| match expected(index) {
        "unknown" => r#"{ "subject.open": true }"#,
        "true" => r#"{ "subject.known": true }"#,
        _ => r#"{ "subject.known": false }"#,
    };
    let count = 256;
    let conditions: Vec<_> = (0..count)
        .map(|index| format!(r#"{{ "id": "c{index}", "when": {} }}"#, when(index)))
        .collect();
    let actions: Vec<_> = (0..count).map(|index| format!("\"A{index}\": {{}}")).collect();
    // Every rule asks for all of one value first, so that all of these are known when it comes to
    // its own.
    let all: Vec<_> = (0..count)
        .map(|index| {
            format!(r#"{{ "condition": "c{index}" }}, {{ "not": {{ "condition": "c{index}" }} }}"#)
        })
        .collect();
    let rules: Vec<_> = (0..count)
        .map(|index| {
            format!(
                r#"{{ "id": "r{index}", "effect": "permit", "actions": ["A{index}"], "when": {{ "any": [
                    {{ "all": [ {{ "any": [ {} ] }}, {{ "condition": "c{index}" }} ] }}, {{ "condition": "c{index}" }} ] }} }}"#,
                all.get(index % 8 * 32..index % 8 * 32 + 32).unwrap().join(", ")
            )
        })
        .collect();
    let text = format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{ "subject.open": {{ "type": "bool" }}, "subject.known": {{ "type": "bool" }} }},
              "actions": {{ {} }} }}, "conditions": [ {} ], "rules": [ {} ] }}"#,
        actions.join(", "),
        conditions.join(", "),
        rules.join(", ")
    );
    let policy = documents([text.as_str()]).check().unwrap().into_policy();
    for index in 0..count {
        let text = request(r#""known": true"#, "").replace("\"A\"", &format!("\"A{index}\""));
        let request = policy.request(text.as_bytes()).unwrap();
        let found = truth(&request);
        assert_eq!(found, expected(index), "{index}");
    }
}

#[test]
fn a_condition_that_is_named_often_is_evaluated_once() {
    // Each names the one before 64 times, 7 deep: a second evaluation each time would not end.
    for (operator, first, expected) in [
        ("all", r#"{ "subject.known": true }"#, "true"),
        ("any", r#"{ "subject.known": false }"#, "false"),
        ("all", r#"{ "subject.open": true }"#, "unknown"),
    ] {
        let mut conditions = vec![format!(r#"{{ "id": "c0", "when": {first} }}"#)];
        for index in 1..8 {
            let before = format!(r#"{{ "condition": "c{}" }}"#, index - 1);
            let often = vec![before; 64].join(", ");
            conditions.push(format!(
                r#"{{ "id": "c{index}", "when": {{ "{operator}": [ {often} ] }} }}"#
            ));
        }
        let text = format!(
            r#"{{ "v": 1, "schema": {{ "attributes": {{ "subject.open": {{ "type": "bool" }}, "subject.known": {{ "type": "bool" }} }},
                  "actions": {{ "A": {{}} }} }}, "conditions": [ {} ],
                 "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {{ "condition": "c7" }} }} ] }}"#,
            conditions.join(", ")
        );
        let policy = documents([text.as_str()]).check().unwrap().into_policy();
        let text = request(r#""known": true"#, "");
        let request = policy.request(text.as_bytes()).unwrap();
        let found = truth(&request);
        assert_eq!(found, expected, "{operator} {first}");
    }
}

const ATTRIBUTES: &str = r#"
    "subject.int": { "type": "int", "min": -9, "max": 9 }, "subject.other_int": { "type": "int", "min": -9, "max": 9 },
    "subject.time": { "type": "time" }, "subject.other_time": { "type": "time" },
    "subject.enum": { "type": "enum", "values": ["a", "b", "c"] }, "subject.other_enum": { "type": "enum", "values": ["c", "b", "a"] },
    "subject.ref": { "type": "id", "domain": "d" }, "subject.other_ref": { "type": "id", "domain": "d" },
    "subject.enums": { "type": "enum_set", "values": ["a", "b", "c"], "open": true },
    "subject.other_enums": { "type": "enum_set", "values": ["a", "b", "c"], "open": true },
    "subject.closed_enums": { "type": "enum_set", "values": ["a", "b", "c"] },
    "subject.refs": { "type": "id_set", "domain": "d", "open": true },
    "subject.other_refs": { "type": "id_set", "domain": "d", "open": true }"#;

/// Tries an operator of `subject.<left>` with a value against an operand, which is a literal and
/// then another attribute.
fn check_atom(
    left: &str,
    operator: &str,
    value_of_left: &str,
    operand: &str,
    other: &str,
    expected: &str,
) {
    let properties = format!(r#""{left}": {value_of_left}"#);
    let when = format!(r#"{{ "subject.{left}": {{ "{operator}": {operand} }} }}"#);
    assert_eq!(
        value(ATTRIBUTES, &when, &request(&properties, "")),
        expected,
        "{properties} {when}"
    );
    let properties = format!(r#"{properties}, "{other}": {operand}"#);
    let when = format!(
        r#"{{ "subject.{left}": {{ "{operator}": {{ "attribute": "subject.{other}" }} }} }}"#
    );
    assert_eq!(
        value(ATTRIBUTES, &when, &request(&properties, "")),
        expected,
        "{properties} {when}"
    );
    // Without the other one nothing is known.
    assert_eq!(
        value(ATTRIBUTES, &when, &request(&format!(r#""{left}": {value_of_left}"#), "")),
        "unknown"
    );
}

#[test]
fn numbers_and_times_are_in_order() {
    let operators = ["eq", "ne", "lt", "le", "gt", "ge"];
    for (left, right, holds) in [
        ("1", "2", [false, true, true, true, false, false]),
        ("2", "2", [true, false, false, true, false, true]),
        ("3", "2", [false, true, false, false, true, true]),
    ] {
        for (operator, holds) in operators.into_iter().zip(holds) {
            let expected = if holds { "true" } else { "false" };
            check_atom("int", operator, left, right, "other_int", expected);
            check_atom("time", operator, left, right, "other_time", expected);
            // As much below zero as above, the other way around.
            let (left, right) = (format!("-{right}"), format!("-{left}"));
            check_atom("int", operator, &left, &right, "other_int", expected);
        }
    }
}

#[test]
fn strings_and_sets_are_compared() {
    for (scalar, other, set) in [("enum", "other_enum", "enums"), ("ref", "other_ref", "refs")] {
        let other_set = format!("other_{set}");
        for (left, right, equal) in [(r#""a""#, r#""a""#, true), (r#""a""#, r#""b""#, false)] {
            check_atom(scalar, "eq", left, right, other, if equal { "true" } else { "false" });
            check_atom(scalar, "ne", left, right, other, if equal { "false" } else { "true" });
        }
        for (member, items, is_in) in [
            (r#""a""#, r#"["a"]"#, true),
            (r#""a""#, r#"["b", "a"]"#, true),
            (r#""a""#, r#"["b", "c"]"#, false),
            (r#""a""#, "[]", false),
        ] {
            let expected = if is_in { "true" } else { "false" };
            check_atom(scalar, "in", member, items, set, expected);
            check_atom(set, "has", items, member, scalar, expected);
        }
        let operators = ["eq", "ne", "has_all", "has_any", "subset_of"];
        for (left, right, holds) in [
            ("[]", "[]", [true, false, true, false, true]),
            ("[]", r#"["a"]"#, [false, true, false, false, true]),
            (r#"["a"]"#, "[]", [false, true, true, false, false]),
            (r#"["a", "b"]"#, r#"["b", "a", "b"]"#, [true, false, true, true, true]),
            (r#"["a", "b"]"#, r#"["b"]"#, [false, true, true, true, false]),
            (r#"["b"]"#, r#"["b", "c"]"#, [false, true, false, true, true]),
            (r#"["a", "b"]"#, r#"["b", "c"]"#, [false, true, false, true, false]),
            (r#"["a"]"#, r#"["b", "c"]"#, [false, true, false, false, false]),
        ] {
            for (operator, holds) in operators.into_iter().zip(holds) {
                check_atom(
                    set,
                    operator,
                    left,
                    right,
                    &other_set,
                    if holds { "true" } else { "false" },
                );
            }
        }
    }
}

#[test]
fn a_member_that_equals_nothing_makes_sets_differ() {
    // Neither an undeclared value nor an empty id equals anything, itself included.
    for (set, alien) in [("enums", r#""z""#), ("refs", r#""""#)] {
        let with = format!(r#"["a", {alien}]"#);
        for (left, right, [eq, ne, has_all, has_any, subset_of]) in [
            (with.as_str(), r#"["a"]"#, ["false", "true", "true", "true", "false"]),
            (r#"["a"]"#, with.as_str(), ["false", "true", "false", "true", "true"]),
            (&with, &with, ["false", "true", "false", "true", "false"]),
        ] {
            let properties = format!(r#""{set}": {left}, "other_{set}": {right}"#);
            for (operator, expected) in [
                ("eq", eq),
                ("ne", ne),
                ("has_all", has_all),
                ("has_any", has_any),
                ("subset_of", subset_of),
            ] {
                let when = format!(
                    r#"{{ "subject.{set}": {{ "{operator}": {{ "attribute": "subject.other_{set}" }} }} }}"#
                );
                let found = value(ATTRIBUTES, &when, &request(&properties, ""));
                assert_eq!(found, expected, "{properties} {when}");
            }
        }
    }
    // In a closed set it makes the whole set unusable.
    let properties = r#""closed_enums": ["a", "z"]"#;
    let when = r#"{ "subject.closed_enums": { "has": "a" } }"#;
    assert_eq!(value(ATTRIBUTES, when, &request(properties, "")), "unknown");
}

#[test]
fn names_may_repeat_where_no_pointer_passes_through() {
    let attributes = r#""subject.x": { "type": "bool" }, "subject.deep.y": { "type": "bool" }"#;
    let twice = r#"{ "a": 1, "a": 2 }"#;
    // At the end of a pointer an object is of the wrong type, and what is in it is ignored.
    let when = r#"{ "subject.x": true }"#;
    for properties in [
        format!(r#""x": {twice}"#),
        format!(r#""other": {twice}"#),
        format!(r#""deep": {{ "y": {twice} }}"#),
    ] {
        assert_eq!(value(attributes, when, &request(&properties, "")), "unknown", "{properties}");
    }
    let roles = format!(r#""roles": {twice}, "permissions": {twice}"#);
    let held = r#"{ "subject.permissions": { "has": "P" } }"#;
    assert_eq!(value(attributes, held, &request(&roles, "")), "unknown");
    // On the way it is malformed.
    let text = request(r#""deep": { "a": 1, "a": 2 }"#, "");
    let policy = documents([
        r#"{ "v": 1, "schema": { "attributes": { "subject.deep.y": { "type": "bool" } }, "actions": { "A": {} } } }"#,
    ]);
    assert!(policy.check().unwrap().into_policy().request(text.as_bytes()).is_err());
}
