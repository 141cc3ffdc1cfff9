//! What is missing where derived sets are compared (`docs/policy-language.md`, section 9).

use crate::common::documents;
use cog_auth::policy::Denial;

/// What `ForOrganization`, `ForAccount` and the scopes wait for.
const O: [&str; 2] = ["/resource/properties/organization", "/subject/properties/memberships"];
const P: [&str; 2] = ["/subject/properties/permissions", "/subject/properties/roles"];
const S: [&str; 1] = ["/context/credential/scopes"];

fn missing(when: &str, subject: &str, context: &str) -> Vec<String> {
    let text = format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{
              "subject.wanted": {{ "type": "enum_set", "values": "actions" }},
              "subject.one": {{ "type": "enum", "values": "actions" }} }},
            "actions": {{ "A": {{}}, "O": {{ "level": "organization" }}, "P": {{ "level": "account" }} }} }},
           "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {when} }} ] }}"#
    );
    let policy = documents([text.as_str()]).check().unwrap().into_policy();
    let request = format!(
        r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ {subject} }} }}, "action": {{ "name": "A" }},
             "resource": {{ "type": "t", "id": "i" }}, "context": {{ {context} }} }}"#
    );
    let request = policy.request(request.as_bytes()).unwrap();
    let explanation = request.decide().explain();
    let is_open = explanation.denial() == Some(Denial::Indeterminate);
    assert_eq!(is_open, !explanation.missing().is_empty(), "{when}");
    explanation.missing().to_vec()
}

fn together(parts: &[&[&str]]) -> Vec<String> {
    let mut all: Vec<_> =
        parts.iter().flat_map(|part| part.iter().map(ToString::to_string)).collect();
    all.sort();
    all
}

#[test]
fn members_that_matter_are_asked_for_and_no_others() {
    let on = |set: &str, operator: &str, operand: &str| {
        format!(r#"{{ "{set}": {{ "{operator}": {operand} }} }}"#)
    };
    let permissions = r#"{ "attribute": "subject.permissions" }"#;
    let scopes = r#"{ "attribute": "credential.scopes" }"#;
    let one = r#"{ "attribute": "subject.one" }"#;
    let wanted = r#"{ "attribute": "subject.wanted" }"#;
    let given = |names: &str| format!(r#""credential": {{ "scopes": [{names}] }}"#);
    let (some_o, one_o) = (r#""wanted": ["O"]"#, r#""one": "O""#);
    for (when, subject, context, expected) in [
        // A literal on the right.
        (on("subject.permissions", "has", r#""O""#), "", "", together(&[&O])),
        (on("subject.permissions", "has", r#""P""#), "", "", together(&[&P])),
        (on("subject.permissions", "has", r#""A""#), "", "", vec![]),
        (on("subject.permissions", "has_all", r#"["O"]"#), "", "", together(&[&O])),
        (on("subject.permissions", "has_all", r#"["P"]"#), "", "", together(&[&P])),
        (on("subject.permissions", "has_all", r#"["O", "P"]"#), "", "", together(&[&O, &P])),
        (on("subject.permissions", "has_any", r#"["O"]"#), "", "", together(&[&O])),
        (on("subject.permissions", "has_any", r#"["A", "P"]"#), "", "", together(&[&P])),
        (on("subject.permissions", "subset_of", r#"["O"]"#), "", "", together(&[&P])),
        (on("subject.permissions", "subset_of", r#"["P", "A"]"#), "", "", together(&[&O])),
        (on("subject.permissions", "subset_of", "[]"), "", "", together(&[&O, &P])),
        (on("subject.permissions", "eq", r#"["O"]"#), "", "", together(&[&O, &P])),
        (on("subject.permissions", "ne", r#"["P"]"#), "", "", together(&[&O, &P])),
        (on("subject.permissions", "present", "true"), "", "", together(&[&O, &P])),
        (on("subject.permissions", "present", "false"), "", "", together(&[&O, &P])),
        (on("credential.scopes", "has", r#""A""#), "", "", together(&[&S])),
        (on("credential.scopes", "present", "true"), "", "", together(&[&S])),
        // An attribute on the right.
        (on("subject.permissions", "has", one), one_o, "", together(&[&O])),
        (on("subject.permissions", "has_all", wanted), some_o, "", together(&[&O])),
        (on("subject.permissions", "has_any", wanted), some_o, "", together(&[&O])),
        (on("subject.permissions", "subset_of", wanted), some_o, "", together(&[&P])),
        (on("subject.permissions", "eq", wanted), some_o, "", together(&[&O, &P])),
        // Without it, it alone is missing.
        (on("subject.permissions", "has", one), "", "", together(&[&["/subject/properties/one"]])),
        (
            on("subject.permissions", "eq", wanted),
            "",
            "",
            together(&[&["/subject/properties/wanted"]]),
        ),
        // The derived set on the right.
        (on("subject.one", "in", permissions), one_o, "", together(&[&O])),
        (on("action.name", "in", scopes), "", "", together(&[&S])),
        (on("subject.wanted", "has_all", permissions), some_o, "", together(&[&P])),
        (on("subject.wanted", "has_any", permissions), some_o, "", together(&[&O])),
        (on("subject.wanted", "subset_of", permissions), some_o, "", together(&[&O])),
        (on("subject.wanted", "eq", permissions), some_o, "", together(&[&O, &P])),
        (on("subject.wanted", "ne", permissions), some_o, "", together(&[&O, &P])),
        // Two derived sets, of which one is known.
        (on("subject.permissions", "has_all", scopes), "", &given(r#""O""#), together(&[&O])),
        (on("subject.permissions", "has_any", scopes), "", &given(r#""P""#), together(&[&P])),
        (on("subject.permissions", "subset_of", scopes), "", &given(r#""O""#), together(&[&P])),
        (on("subject.permissions", "eq", scopes), "", &given(r#""O""#), together(&[&O, &P])),
        (on("credential.scopes", "has_all", permissions), "", &given(r#""O""#), together(&[&P])),
        (on("credential.scopes", "has_any", permissions), "", &given(r#""O""#), together(&[&O])),
        (on("credential.scopes", "subset_of", permissions), "", &given(r#""O""#), together(&[&O])),
        // And neither.
        (on("subject.permissions", "has_any", scopes), "", "", together(&[&O, &P, &S])),
        (on("subject.permissions", "subset_of", scopes), "", "", together(&[&O, &P, &S])),
        (on("credential.scopes", "subset_of", permissions), "", "", together(&[&O, &P, &S])),
        (on("credential.scopes", "eq", permissions), "", "", together(&[&O, &P, &S])),
    ] {
        let context: &str = context;
        assert_eq!(missing(&when, subject, context), expected, "{when} {subject} {context}");
    }
}

#[test]
fn a_membership_that_gives_surely_is_asked_for_its_organization_alone() {
    let policy = documents([r#"{ "v": 1, "schema": { "actions": { "A": {}, "O": { "level": "organization" } } },
        "roles": [ { "id": "gives", "level": "organization", "permissions": ["O"] } ],
        "rules": [ { "id": "r", "effect": "permit", "actions": ["A"], "when": { "subject.permissions": { "has": "O" } } } ] }"#])
    .check()
    .unwrap()
    .into_policy();
    for (item, expected) in [
        (r#"{ "roles": ["gives"] }"#, &["organization"][..]),
        // What an undeclared role gives is open, but not whether `O` is given.
        (r#"{ "roles": ["gives", "ghost"] }"#, &["organization"]),
        (r#"{ "roles": ["ghost"] }"#, &["permissions"]),
        (r#"{ "organization": "o", "roles": ["ghost"] }"#, &["permissions"]),
        (r#"{ "organization": "o" }"#, &["permissions", "roles"]),
        (r#"{}"#, &["permissions", "roles"]),
    ] {
        let request = format!(
            r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ "memberships": [ {item} ] }} }}, "action": {{ "name": "A" }},
                 "resource": {{ "type": "t", "id": "i", "properties": {{ "organization": "o" }} }} }}"#
        );
        let request = policy.request(request.as_bytes()).unwrap();
        let expected: Vec<_> = expected
            .iter()
            .map(|name| format!("/subject/properties/memberships/0/{name}"))
            .collect();
        assert_eq!(request.decide().explain().missing(), expected, "{item}");
    }
}

/// `O` is surely given by the membership, so what else could give it (the account-level `P`, which
/// implies it) is not asked for. `N` is open, and only the membership could give it.
#[test]
fn a_member_that_is_surely_given_is_not_asked_for() {
    let policy = documents([
        r#"{ "v": 1, "schema": { "actions": { "A": {}, "N": { "level": "organization" },
            "O": { "level": "organization" }, "P": { "level": "account", "implies": ["O"] } } },
        "roles": [ { "id": "gives", "level": "organization", "permissions": ["O"] } ],
        "rules": [ { "id": "r", "effect": "permit", "actions": ["A"],
            "when": { "subject.permissions": { "has_all": ["N", "O"] } } } ] }"#,
    ])
    .check()
    .unwrap()
    .into_policy();
    let request = br#"{ "subject": { "type": "user", "id": "u", "properties": { "account": { "id": "a" },
            "memberships": [ { "organization": "o", "roles": ["gives", "ghost"] } ] } }, "action": { "name": "A" },
        "resource": { "type": "t", "id": "i", "properties": { "organization": "o", "account": { "id": "a" } } } }"#;
    let request = policy.request(request).unwrap();
    let explanation = request.decide().explain();
    assert_eq!(explanation.missing(), ["/subject/properties/memberships/0/permissions"]);
}
