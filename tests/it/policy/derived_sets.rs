//! Atoms over derived sets, against their definition: true or false only where that is so for every
//! set between the bounds (`docs/policy-language.md`, section 9).

use crate::common::documents;
use crate::common::truth::truth;
use cog_auth::policy::{Denial, Policy};

const NAMES: [&str; 3] = ["A", "O", "P"];

/// Sets of actions, a bit each: those surely in and those perhaps in.
type Bounds = (u8, u8);

fn between((surely, perhaps): Bounds) -> impl Iterator<Item = u8> {
    (0..8_u8).filter(move |set| surely & !set == 0 && set & !perhaps == 0)
}

fn holds(operator: &str, left: u8, right: u8) -> bool {
    match operator {
        "eq" => left == right,
        "ne" => left != right,
        "has_all" => right & !left == 0,
        "has_any" => left & right != 0,
        "subset_of" => left & !right == 0,
        other => panic!("{other}"),
    }
}

fn expected(operator: &str, left: Bounds, right: Bounds) -> &'static str {
    let mut seen = [false; 2];
    for left in between(left) {
        for right in between(right) {
            seen[usize::from(holds(operator, left, right))] = true;
        }
    }
    match seen {
        [false, true] => "true",
        [true, false] => "false",
        _ => "unknown",
    }
}

fn names(set: u8) -> String {
    let names = NAMES.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0);
    let names: Vec<_> = names.map(|(_, name)| format!("\"{name}\"")).collect();
    format!("[{}]", names.join(", "))
}

fn policy(when: &str) -> Policy {
    documents([format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{ "context.set": {{ "type": "enum_set", "values": "actions" }} }},
              "actions": {{ "A": {{}}, "O": {{ "level": "organization" }}, "P": {{ "level": "account" }} }} }},
             "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {when} }} ] }}"#
    )
    .as_str()])
    .check()
    .unwrap()
    .into_policy()
}

fn value(policy: &Policy, subject: &str, context: &str) -> &'static str {
    let request = format!(
        r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ "account": {{ "id": "a" }} {subject} }} }},
             "action": {{ "name": "A" }}, "context": {{ {context} }},
             "resource": {{ "type": "t", "id": "i", "properties": {{ "organization": "o", "account": {{ "id": "a" }} }} }} }}"#
    );
    truth(&policy.request(request.as_bytes()).unwrap())
}

/// What may be known of the permissions: `O` and `P` each held, not held, or open.
fn permissions() -> Vec<(String, Bounds)> {
    let mut all = Vec::new();
    for (o, o_surely, o_perhaps) in [
        (r#", "memberships": [ { "organization": "o", "permissions": ["O"] } ]"#, 2, 2),
        (r#", "memberships": [ { "organization": "p", "permissions": ["O"] } ]"#, 0, 0),
        ("", 0, 2),
    ] {
        for (p, p_surely, p_perhaps) in
            [(r#", "permissions": ["P"]"#, 4, 4), (r#", "permissions": []"#, 0, 0), ("", 0, 4)]
        {
            all.push((format!("{o}{p}"), (o_surely | p_surely, o_perhaps | p_perhaps)));
        }
    }
    all
}

/// What may be known of the scopes: every set, or nothing.
fn scopes() -> Vec<(String, Bounds)> {
    let mut all: Vec<_> = (0..8)
        .map(|set| (format!(r#""credential": {{ "scopes": {} }}"#, names(set)), (set, set)))
        .collect();
    all.push((String::new(), (0, 7)));
    all
}

#[test]
fn a_derived_set_against_a_known_one() {
    for operator in ["eq", "ne", "has_all", "has_any", "subset_of"] {
        let attribute = format!(
            r#"{{ "subject.permissions": {{ "{operator}": {{ "attribute": "context.set" }} }} }}"#
        );
        let turned = format!(
            r#"{{ "context.set": {{ "{operator}": {{ "attribute": "subject.permissions" }} }} }}"#
        );
        let (attribute, turned) = (policy(&attribute), policy(&turned));
        for set in 0..8 {
            let literal = policy(&format!(
                r#"{{ "subject.permissions": {{ "{operator}": {} }} }}"#,
                names(set)
            ));
            let context = format!(r#""set": {}"#, names(set));
            for (subject, bounds) in permissions() {
                let right = expected(operator, bounds, (set, set));
                assert_eq!(value(&literal, &subject, ""), right, "{operator} {set} {subject}");
                assert_eq!(
                    value(&attribute, &subject, &context),
                    right,
                    "{operator} {set} {subject}"
                );
                let left = expected(operator, (set, set), bounds);
                assert_eq!(value(&turned, &subject, &context), left, "{set} {operator} {subject}");
            }
        }
    }
}

#[test]
fn two_derived_sets() {
    for operator in ["eq", "ne", "has_all", "has_any", "subset_of"] {
        for (left, right) in [
            ("subject.permissions", "credential.scopes"),
            ("credential.scopes", "subject.permissions"),
            ("subject.permissions", "subject.permissions"),
        ] {
            let policy = policy(&format!(
                r#"{{ "{left}": {{ "{operator}": {{ "attribute": "{right}" }} }} }}"#
            ));
            for (subject, held) in permissions() {
                for (context, scopes) in scopes() {
                    let bounds = |name| if name == "credential.scopes" { scopes } else { held };
                    let expected = expected(operator, bounds(left), bounds(right));
                    let found = value(&policy, &subject, &context);
                    assert_eq!(found, expected, "{left} {operator} {right}: {subject} {context}");
                }
            }
        }
    }
}

#[test]
fn members_and_presence() {
    for (subject, (surely, perhaps)) in permissions() {
        for (bit, name) in NAMES.iter().enumerate() {
            let has = policy(&format!(r#"{{ "subject.permissions": {{ "has": "{name}" }} }}"#));
            let expected = if surely & (1 << bit) != 0 {
                "true"
            } else if perhaps & (1 << bit) != 0 {
                "unknown"
            } else {
                "false"
            };
            assert_eq!(value(&has, &subject, ""), expected, "{name} {subject}");
        }
        let [present, absent] = [true, false]
            .map(|is| policy(&format!(r#"{{ "subject.permissions": {{ "present": {is} }} }}"#)));
        let [is, is_not] = if surely == perhaps { ["true", "false"] } else { ["unknown"; 2] };
        assert_eq!(
            (value(&present, &subject, ""), value(&absent, &subject, "")),
            (is, is_not),
            "{subject}"
        );
    }
}

#[test]
fn sets_over_many_values_are_compared_to_their_end() {
    // Two small enums stand before the large one, and there are more than 64 and more than 128
    // actions.
    let values: Vec<_> = (0..200).map(|index| format!("\"v{index:03}\"")).collect();
    let actions: Vec<_> =
        (0..150).map(|index| format!(r#""P{index:03}": {{ "level": "account" }}"#)).collect();
    let decide = |when: &str, subject: &str, context: &str| {
        let policy = documents([format!(
            r#"{{ "v": 1, "schema": {{ "attributes": {{
                  "context.first": {{ "type": "enum_set", "values": ["x"] }},
                  "context.second": {{ "type": "enum_set", "values": ["x", "y"] }},
                  "context.set": {{ "type": "enum_set", "values": [{}] }} }},
                "actions": {{ {}, "A": {{}} }} }},
               "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {when} }} ] }}"#,
            values.join(", "),
            actions.join(", ")
        )
        .as_str()])
        .check()
        .unwrap()
        .into_policy();
        value(&policy, subject, context)
    };
    let (all, most) = (values.join(", "), values[..199].join(", "));
    for index in [0, 63, 64, 127, 128, 149] {
        let (set, permissions) =
            (format!(r#""set": ["v{index:03}"]"#), format!(r#", "permissions": ["P{index:03}"]"#));
        for (operator, operand, expected) in [
            ("eq", format!("v{index:03}"), "true"),
            ("eq", String::from("v150"), "false"),
            ("has_any", String::from("v150"), "false"),
            ("has_any", format!("v{index:03}"), "true"),
            ("subset_of", String::from("v150"), "false"),
            ("subset_of", format!("v{index:03}"), "true"),
            ("has_all", String::from("v150"), "false"),
            ("has_all", format!("v{index:03}"), "true"),
        ] {
            let when = format!(r#"{{ "context.set": {{ "{operator}": ["{operand}"] }} }}"#);
            assert_eq!(decide(&when, "", &set), expected, "{when} {set}");
            let when =
                when.replace("context.set", "subject.permissions").replace("\"v150", "\"P005");
            let when = when.replace("[\"v", "[\"P");
            let subject = format!("{permissions}, \"memberships\": []");
            assert_eq!(decide(&when, &subject, ""), expected, "{when} {subject}");
        }
    }
    let when = format!(r#"{{ "context.set": {{ "subset_of": [{most}] }} }}"#);
    assert_eq!(decide(&when, "", &format!(r#""set": [{all}]"#)), "false");
    assert_eq!(decide(&when, "", &format!(r#""set": [{most}]"#)), "true");
    let last = r#"{ "context.set": { "eq": ["v199"] } }"#;
    assert_eq!(decide(last, "", r#""set": []"#), "false");
    // What is open is so to the end.
    let when = r#"{ "subject.permissions": { "present": true } }"#;
    let undeclared = r#", "memberships": [], "permissions": ["P149"]"#;
    assert_eq!(decide(when, undeclared, ""), "true");
    assert_eq!(decide(when, r#", "memberships": []"#, ""), "unknown");
}

#[test]
fn what_is_held_in_several_ways_is_held() {
    let policy = documents([r#"{ "v": 1, "schema": { "actions": {
            "O": { "level": "organization" }, "P": { "level": "account", "implies": ["O"] }, "Q": { "level": "account", "implies": ["O"] } } },
        "roles": [ { "id": "o", "level": "organization", "permissions": ["O"] }, { "id": "o2", "level": "organization", "permissions": ["O"] },
                   { "id": "p", "level": "account", "permissions": ["P"] }, { "id": "p2", "level": "account", "permissions": ["P"] } ],
        "defaults": { "robot": ["o", "p", "o2", "p2"] },
        "rules": [ { "id": "r", "effect": "permit", "actions": ["*"], "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } } ] }"#])
    .check()
    .unwrap()
    .into_policy();
    let member = |rest: &str| format!(r#"{{ "organization": "o", {rest} }}"#);
    let (own, both) =
        (r#""roles": [], "permissions": ["O"]"#, r#""roles": ["o"], "permissions": ["O"]"#);
    let none = r#""roles": [], "permissions": []"#;
    for (of, account, memberships, action, expected) in [
        // By role, permission and default.
        ("user", none, member(both), "O", true),
        ("user", none, member(r#""roles": ["o", "o2"], "permissions": []"#), "O", true),
        ("user", none, member(none), "O", false),
        ("robot", none, member(own), "P", true),
        ("robot", r#""roles": ["p"], "permissions": ["P"]"#, member(own), "P", true),
        ("user", r#""roles": ["p", "p2"], "permissions": ["P"]"#, String::new(), "P", true),
        ("user", r#""roles": [], "permissions": ["Q"]"#, String::new(), "P", false),
        // By one permission that implies it, by two, and by memberships too.
        ("user", r#""roles": [], "permissions": ["Q"]"#, String::new(), "O", true),
        ("user", r#""roles": ["p"], "permissions": ["Q"]"#, String::new(), "O", true),
        ("user", r#""roles": ["p"], "permissions": []"#, member(own), "O", true),
        ("robot", none, member(both), "O", true),
        ("robot", none, String::new(), "O", true),
        // By two memberships, by three.
        ("user", none, format!("{}, {}", member(own), member(both)), "O", true),
        ("user", none, format!("{}, {}, {}", member(own), member(both), member(own)), "O", true),
        ("user", none, format!("{}, {}", member(own), member(none)), "O", true),
    ] {
        let request = format!(
            r#"{{ "subject": {{ "type": "{of}", "id": "u", "properties": {{ "account": {{ "id": "a" }}, {account}, "memberships": [ {memberships} ] }} }},
                 "action": {{ "name": "{action}" }},
                 "resource": {{ "type": "t", "id": "i", "properties": {{ "organization": "o", "account": {{ "id": "a" }} }} }} }}"#
        );
        let request = policy.request(request.as_bytes()).unwrap();
        let decision = request.decide();
        assert_eq!(decision.is_allowed(), expected, "{of} {account} {memberships} {action}");
        assert!(decision.explain().missing().is_empty());
    }
}

#[test]
fn what_is_open_in_several_ways_is_open() {
    let has = policy(r#"{ "subject.permissions": { "has": "O" } }"#);
    for items in [
        r#"{ "organization": "o" }"#,
        r#"{ "organization": "o" }, { "organization": "o" }"#,
        r#"{ "organization": "o", "permissions": [] }, { "organization": "o" }"#,
        "{}",
        "{}, {}",
        r#"{ "organization": "o" }, {}"#,
        r#"{ "permissions": ["O"] }, { "permissions": ["O"] }"#,
    ] {
        let memberships = format!(r#", "memberships": [ {items} ]"#);
        assert_eq!(value(&has, &memberships, ""), "unknown", "{items}");
    }
}

/// The table of a level in section 9: what `roles` and `permissions` surely and perhaps give, of
/// `Q`, `R` and `S`.
#[test]
fn a_level_gives_what_its_table_says() {
    let policy = documents([r#"{ "v": 1, "schema": { "actions": {
            "Q": { "level": "account" }, "R": { "level": "account" }, "S": { "level": "account" },
            "OQ": { "level": "organization" }, "OR": { "level": "organization" }, "OS": { "level": "organization" } } },
        "roles": [ { "id": "r", "level": "account", "permissions": ["R"] }, { "id": "or", "level": "organization", "permissions": ["OR"] } ],
        "rules": [ { "id": "r", "effect": "permit", "actions": ["*"], "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } } ] }"#])
    .check()
    .unwrap()
    .into_policy();
    // Roles give R, permissions Q; what is open of the rest is S. Whatever is no list, be it a
    // scalar or an object, is ill-typed.
    let (yes, no, open) = ("true", "false", "unknown");
    for (roles, permissions, [q, r, s]) in [
        ("absent", "absent", [open, open, open]),
        ("absent", "list", [yes, no, no]),
        ("list", "absent", [no, yes, no]),
        ("undeclared", "absent", [open, yes, open]),
        ("list", "list", [yes, yes, no]),
        ("undeclared", "list", [yes, yes, no]),
        ("wrong", "absent", [open, open, open]),
        ("wrong", "list", [yes, open, open]),
        ("absent", "wrong", [open, open, open]),
        ("list", "wrong", [open, yes, open]),
        ("wrong", "wrong", [open, open, open]),
    ] {
        let texts = |name: &str, member: &str, given: &str| match name {
            "absent" => vec![String::new(), format!(r#", "{member}": null"#)],
            "list" => vec![
                format!(r#", "{member}": ["{given}"]"#),
                format!(r#", "{member}": ["{given}", "{given}"]"#),
            ],
            "undeclared" => vec![
                format!(r#", "{member}": ["{given}", "ghost"]"#),
                format!(r#", "{member}": ["", "{given}"]"#),
            ],
            _ => ["5", "\"x\"", "true", "{}", &format!("[\"{given}\", 5]")]
                .map(|value| format!(r#", "{member}": {value}"#))
                .to_vec(),
        };
        for level in ["account", "organization"] {
            let prefix = if level == "account" { "" } else { "O" };
            for roles in texts(roles, "roles", if level == "account" { "r" } else { "or" }) {
                for permissions in texts(permissions, "permissions", &format!("{prefix}Q")) {
                    for (name, expected) in [("Q", q), ("R", r), ("S", s)] {
                        let subject = if level == "account" {
                            format!(r#""account": {{ "id": "a" }} {roles} {permissions}"#)
                        } else {
                            format!(
                                r#""account": {{ "id": "a" }}, "roles": [], "permissions": [], "memberships": [ {{ "organization": "o" {roles} {permissions} }} ]"#
                            )
                        };
                        let request = format!(
                            r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ {subject} }} }}, "action": {{ "name": "{prefix}{name}" }},
                                 "resource": {{ "type": "t", "id": "i", "properties": {{ "organization": "o", "account": {{ "id": "a" }} }} }} }}"#
                        );
                        let request = policy.request(request.as_bytes()).unwrap();
                        let found = match request.decide().denial() {
                            None => yes,
                            Some(Denial::NoGrant) => no,
                            _ => open,
                        };
                        assert_eq!(found, expected, "{prefix}{name}: {subject}");
                    }
                }
            }
        }
    }
}

#[test]
fn scopes_reach_to_the_last_action() {
    for count in [63, 64, 65, 127, 128, 129] {
        let actions: Vec<_> = (0..count).map(|index| format!(r#""X{index:03}": {{}}"#)).collect();
        let policy = documents([format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ {} }} }}, "rules": [ {{ "id": "r", "effect": "permit", "actions": ["*"],
                 "when": {{ "action.name": {{ "in": {{ "attribute": "credential.scopes" }} }} }} }} ] }}"#,
            actions.join(", ")
        )
        .as_str()])
        .check()
        .unwrap()
        .into_policy();
        for (scopes, allowed) in [(r#"["*"]"#, true), (r#"["other", "*"]"#, true), ("[]", false)] {
            for index in [0, 62, 63, 64, 127, 128].into_iter().filter(|index| *index < count) {
                let request = format!(
                    r#"{{ "subject": {{ "type": "user", "id": "u" }}, "action": {{ "name": "X{index:03}" }}, "resource": {{ "type": "t", "id": "i" }},
                         "context": {{ "credential": {{ "scopes": {scopes} }} }} }}"#
                );
                let request = policy.request(request.as_bytes()).unwrap();
                assert_eq!(request.decide().is_allowed(), allowed, "{index} of {count}: {scopes}");
            }
        }
    }
}
