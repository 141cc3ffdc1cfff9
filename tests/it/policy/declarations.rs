//! Roles, attributes, rules and routes at the edge of what may be declared
//! (`docs/policy-language.md`, sections 2 to 5 and 12).

use crate::common::{documents, errors_of};
use cog_auth::Code;

/// The codes of all errors of a policy with two permissions of each level and these sections.
fn codes(sections: &str) -> Vec<Code> {
    let text = format!(r#"{{ "v": 1, {} {sections} }}"#, schema(""));
    let errors = errors_of(&documents([text.as_str()]));
    errors.iter().map(|error| error.code()).collect()
}

fn schema(attributes: &str) -> String {
    format!(
        r#""schema": {{ "attributes": {{ {attributes} }}, "actions": {{
            "O1": {{ "level": "organization" }}, "O2": {{ "level": "organization" }},
            "P1": {{ "level": "account" }}, "P2": {{ "level": "account" }}, "A": {{}} }} }}"#
    )
}

#[test]
fn roles_give_permissions_of_their_level() {
    let role = |permissions: &str| {
        codes(&format!(
            r#", "roles": [ {{ "id": "r", "level": "organization", "permissions": [{permissions}] }} ]"#
        ))
    };
    assert_eq!(role(r#""O1", "O2", "O1""#), []);
    assert_eq!(role(r#""*""#), []);
    assert_eq!(role(""), []);
    assert_eq!(role(r#""*", "O1""#), [Code::InvalidName]);
    assert_eq!(role(r#""Nope""#), [Code::UnknownAction]);
    assert_eq!(role(r#""P1""#), [Code::WrongLevel]);
    assert_eq!(role(r#""A""#), [Code::WrongLevel]);
    let text = format!(
        r#"{{ "v": 1, {}, "roles": [ {{ "id": "r", "level": "organization", "permissions": ["A", "P1"] }} ] }}"#,
        schema("")
    );
    let errors = documents([text.as_str()]).check().unwrap_err();
    let messages: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert!(messages[0].contains("`A` has no level"), "{messages:?}");
    assert!(messages[1].contains("`P1` is a permission of the other level"), "{messages:?}");
}

#[test]
fn roles_give_what_they_inherit_at_any_depth() {
    let role = |id: &str, permission: &str, inherits: &str| {
        format!(
            r#"{{ "id": "{id}", "level": "organization", "permissions": [{permission}], "inherits": [{inherits}] }}"#
        )
    };
    let roles = [
        role("a", r#""O1""#, ""),
        role("b", "", r#""a""#),
        role("c", "", r#""b""#),
        role("d", r#""O2""#, ""),
        role("both", "", r#""c", "d""#),
        role("twice", "", r#""both", "a", "both""#),
        role("none", "", ""),
    ];
    for turned in ["as it is", "turned"] {
        let mut roles = roles.to_vec();
        if turned == "turned" {
            roles.reverse();
        }
        let text = format!(
            r#"{{ "v": 1, {}, "roles": [ {} ], "rules": [ {{ "id": "r", "effect": "permit", "actions": ["*"],
                 "when": {{ "action.name": {{ "in": {{ "attribute": "subject.permissions" }} }} }} }} ] }}"#,
            schema(""),
            roles.join(", ")
        );
        let policy = documents([text.as_str()]).check().unwrap().into_policy();
        for (role, o1, o2) in [
            ("a", true, false),
            ("b", true, false),
            ("c", true, false),
            ("d", false, true),
            ("both", true, true),
            ("twice", true, true),
            ("none", false, false),
        ] {
            for (action, allowed) in [("O1", o1), ("O2", o2)] {
                let request = format!(
                    r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ "memberships": [ {{ "organization": "o", "roles": ["{role}"] }} ] }} }},
                         "action": {{ "name": "{action}" }}, "resource": {{ "type": "t", "id": "i", "properties": {{ "organization": "o" }} }} }}"#
                );
                let request = policy.request(request.as_bytes()).unwrap();
                assert_eq!(request.decide().is_allowed(), allowed, "{role} {action} {turned}");
            }
        }
    }
    let circle = |inherits: &str| {
        codes(&format!(
            r#", "roles": [ {}, {} ]"#,
            role("a", "", r#""b""#),
            role("b", "", inherits)
        ))
    };
    assert_eq!(circle(""), []);
    assert!(circle(r#""a""#).contains(&Code::Cycle));
    assert!(circle(r#""b""#).contains(&Code::Cycle));
}

#[test]
fn one_error_is_told_once() {
    let rule = |rest: &str| {
        codes(&format!(r#", "rules": [ {{ "id": "r", "effect": "permit", {rest} }} ]"#))
    };
    assert_eq!(rule(r#""actions": ["A"]"#), []);
    assert_eq!(rule(r#""actions": []"#), [Code::MissingMember]);
    assert_eq!(rule(r#""actions": 5"#), [Code::WrongType]);
    assert_eq!(rule(r#""actions": [5]"#), [Code::WrongType]);
    assert_eq!(rule(r#""actions": ["A", 5]"#), [Code::WrongType]);
    assert_eq!(rule(r#""actions": ["Nope", "A"]"#), [Code::UnknownAction]);
    let require = |rest: &str| {
        codes(&format!(
            r#", "rules": [ {{ "id": "r", "effect": "require", "actions": ["A"], {rest} }} ]"#
        ))
    };
    let (must, reason) = (r#""must": {}"#, r#""reason": { "code": "c" }"#);
    assert_eq!(require(&format!("{must}, {reason}")), []);
    assert_eq!(require(&format!(r#""must": 5, {reason}"#)), [Code::WrongType]);
    assert_eq!(require(&format!(r#"{must}, "reason": {{ "code": "C" }}"#)), [Code::InvalidName]);
}

#[test]
fn pointers_have_at_most_16_segments_and_enter_no_list() {
    let attribute = |name: &str, from: &str| {
        let from = if from.is_empty() { String::new() } else { format!(r#", "from": "{from}""#) };
        let text = format!(
            r#"{{ "v": 1, {} }}"#,
            schema(&format!(r#""{name}": {{ "type": "bool"{from} }}"#))
        );
        documents([text.as_str()]).check().err().map(|errors| errors.first().code())
    };
    let invalid = Some(Code::InvalidPointer);
    // `/subject/properties` are two segments, `/context` is one.
    let names = |count: usize| vec!["a"; count].join(".");
    for (prefix, most) in [("subject", 14), ("resource", 14), ("action", 14), ("context", 15)] {
        assert_eq!(attribute(&format!("{prefix}.{}", names(most)), ""), None, "{prefix}");
        assert_eq!(attribute(&format!("{prefix}.{}", names(most + 1)), ""), invalid, "{prefix}");
    }
    let from = |count: usize| format!("/context/{}", vec!["a"; count].join("/"));
    assert_eq!(attribute("x.y", &from(15)), None);
    assert_eq!(attribute("x.y", &from(16)), invalid);
    for list in ["subject.roles", "subject.memberships"] {
        assert_eq!(attribute(&format!("{list}.a"), ""), invalid, "{list}");
        assert_eq!(attribute(&format!("{list}.a.b"), ""), invalid, "{list}");
        assert_eq!(attribute(&format!("{list}x.a"), ""), None, "{list}");
    }
    assert_eq!(attribute("subject.permissions.a", ""), invalid);
    assert_eq!(attribute("x.y", "/context/credential/scopes/a"), invalid);
    assert_eq!(attribute("x.y", "/context/credential/scope/a"), None);
    assert_eq!(attribute("x.y", "/context/credential/kind"), None);
}

#[test]
fn templates_have_at_most_16_segments() {
    let route = |count: usize, segment: &str| {
        codes(&format!(
            r#", "routes": [ {{ "method": "GET", "path": "{}", "action": "A" }} ]"#,
            format!("/{segment}").repeat(count)
        ))
    };
    assert_eq!(route(16, "a"), []);
    assert_eq!(route(17, "a").len(), 1);
    assert_eq!(route(1, "{a}"), []);
    assert_eq!(route(2, "{a}").len(), 1);
}

#[test]
fn a_parameter_that_is_encoded_twice_is_encoded() {
    for (encoded, allowed) in [
        (r#""b""#, true),
        (r#""b", "b""#, true),
        (r#""b", "a", "b""#, true),
        ("", false),
        (r#""a""#, false),
    ] {
        let text = format!(
            r#"{{ "v": 1, {}, "routes": [ {{ "method": "GET", "path": "/{{a}}/{{b}}", "action": "A", "encoded": [{encoded}] }} ] }}"#,
            schema("")
        );
        let policy = documents([text.as_str()]).check().unwrap().into_policy();
        assert_eq!(policy.route("GET", "/x/y%20z").is_ok(), allowed, "{encoded}");
    }
}

#[test]
fn a_range_may_be_one_number_and_reach_to_the_ends() {
    let range = |min: &str, max: &str| {
        let attributes = format!(r#""subject.n": {{ "type": "int", "min": {min}, "max": {max} }}"#);
        let text = format!(r#"{{ "v": 1, {} }}"#, schema(&attributes));
        documents([text.as_str()]).check().is_ok()
    };
    let (least, most) = ("-9007199254740991", "9007199254740991");
    for (min, max, allowed) in [
        ("5", "5", true),
        ("5", "4", false),
        (least, most, true),
        (least, least, true),
        (most, most, true),
        ("-9007199254740992", "0", false),
        ("0", "9007199254740992", false),
    ] {
        assert_eq!(range(min, max), allowed, "{min} {max}");
    }
}

#[test]
fn a_policy_of_nothing_is_told_what_it_lacks() {
    let errors = cog_auth::policy::Source::new().check().unwrap_err();
    let error = errors.first();
    assert_eq!(errors.len(), 1, "{errors}");
    assert_eq!(error.code(), Code::NoSchema);
    assert!(error.message().contains("`schema`"), "{error}");
}
