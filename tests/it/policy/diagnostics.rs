//! What an error about a policy says beside its code: a suggestion, its place and length, the
//! types.

use crate::common::{documents, errors_of};
use cog_auth::{Code, Error};

fn errors(text: &str) -> Vec<Error> {
    errors_of(&documents([text]))
}

/// What is suggested for an undeclared action, where `declared` is the only one.
fn suggestion(declared: &str, name: &str) -> Option<String> {
    let found = errors(&format!(
        r#"{{ "v": 1, "schema": {{ "actions": {{ "{declared}": {{}} }} }},
             "rules": [ {{ "id": "r", "effect": "permit", "actions": ["{name}"] }} ] }}"#
    ));
    let [error] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(error.code(), Code::UnknownAction);
    error.suggestion().map(String::from)
}

#[test]
fn the_closest_name_is_suggested_up_to_a_third_of_it() {
    for (declared, name, suggested) in [
        // Of 15 characters, 5 may be wrong; of 20, 6; of 23, 7.
        ("ViewOrgSessions", "ViewOrgSessixxx", true),
        ("ViewOrgSessions", "ViewOrgSesxxxxx", true),
        ("ViewOrgSessions", "ViewOrgSexxxxxx", false),
        ("ViewOrgSessions", "vIEWorgsESSIONS", true),
        ("ViewOrgSessions", "ViewOrgSessions12345", true),
        ("ViewOrgSessions", "ViewOrgSessions12345678", false),
        // Of a short name, one.
        ("Abc", "Abx", true),
        ("Abc", "Axx", false),
        ("Ab", "Abc", true),
        ("Ab", "Ax", true),
        ("Ab", "xx", false),
    ] {
        let expected = if suggested { Some(String::from(declared)) } else { None };
        assert_eq!(suggestion(declared, name), expected, "{declared} {name}");
    }
}

#[test]
fn ten_errors_have_suggestions_and_a_hundred_are_told() {
    let names: Vec<_> = (1..=150).map(|index| format!("\"ViewOrganization{index:03}\"")).collect();
    let found = errors(&format!(
        r#"{{ "v": 1, "schema": {{ "actions": {{ "ViewOrganization000": {{}} }} }},
             "rules": [ {{ "id": "r", "effect": "permit", "actions": [{}] }} ] }}"#,
        names.join(", ")
    ));
    assert_eq!(found.len(), 100);
    let with = found.iter().take_while(|error| error.suggestion().is_some()).count();
    assert_eq!(with, 10);
    assert!(found.iter().skip(10).all(|error| error.suggestion().is_none()));
}

#[test]
fn a_member_that_is_missing_is_told_at_the_first_byte_of_its_object() {
    let text = "{ \"v\": 1,\n  \"schema\": {\n } }";
    let found = errors(text);
    let [error] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(error.code(), Code::MissingMember);
    assert_eq!(error.offset(), text.rfind('{'));
    assert_eq!((error.line(), error.column(), error.length()), (Some(2), Some(13), 1));
}

#[test]
fn types_are_named() {
    let attributes = r#""subject.bool": { "type": "bool" }, "subject.int": { "type": "int", "min": 0, "max": 1 },
        "subject.time": { "type": "time" }, "subject.enum": { "type": "enum", "values": ["a"] },
        "subject.enum_set": { "type": "enum_set", "values": ["a"] }, "subject.ref": { "type": "id", "domain": "dom" },
        "subject.ref_set": { "type": "id_set", "domain": "dom" }"#;
    for (attribute, described) in [
        ("subject.bool", "a bool"),
        ("subject.int", "an int"),
        ("subject.time", "a time"),
        ("subject.enum", "an enum"),
        ("subject.enum_set", "a set of an enum"),
        ("subject.ref", "an id of the domain `dom`"),
        ("subject.ref_set", "a set of ids of the domain `dom`"),
        ("action.name", "an action"),
        ("subject.permissions", "a set of actions"),
    ] {
        let other = if attribute == "subject.bool" { "subject.int" } else { "subject.bool" };
        let found = errors(&format!(
            r#"{{ "v": 1, "schema": {{ "attributes": {{ {attributes} }}, "actions": {{ "A": {{}} }} }},
                 "invariants": [ {{ "id": "i", "never": {{ "{attribute}": {{ "attribute": "{other}" }} }} }} ] }}"#
        ));
        let [error] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(error.code(), Code::OperandType);
        assert!(error.to_string().contains(&format!("and {described} is needed here")), "{error}");
    }
}

#[test]
fn names_are_shown_up_to_64_characters_and_without_control_characters() {
    let message = |name: &str| {
        let found = errors(&format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }},
                 "rules": [ {{ "id": "r", "effect": "permit", "actions": [{}] }} ] }}"#,
            serde_json::to_string(name).unwrap()
        ));
        found.first().unwrap().to_string()
    };
    assert!(message("Other").contains("`Other`"));
    assert!(message("a\u{1}b\u{85}c").contains("`a\u{fffd}b\u{fffd}c`"));
    let (most, more) = ("é".repeat(64), "é".repeat(65));
    assert!(message(&most).contains(&format!("`{most}`")));
    assert!(message(&more).contains(&format!("`{most}…`")));
}

#[test]
fn choices_are_listed() {
    let found = errors(r#"{ "v": 1, "schema": { "actions": { "A": { "level": "planet" } } } }"#);
    let [error] = found.as_slice() else { panic!("{found:?}") };
    assert!(error.to_string().contains("`planet` is none of `account`, `organization`"), "{error}");
}

#[test]
fn the_form_of_a_name_is_told() {
    let policy = |sections: &str| format!(r#"{{ "v": 1, {sections} }}"#);
    let with = |section: &str| {
        policy(&format!(r#""schema": {{ "actions": {{ "A": {{}} }} }}, {section}"#))
    };
    for (text, form) in [
        (
            policy(
                r#""schema": { "attributes": { "subject.9": { "type": "bool" } }, "actions": { "A": {} } }"#,
            ),
            "1 to 128 bytes in two or more segments",
        ),
        (
            policy(r#""schema": { "actions": { "A B": {} } }"#),
            "1 to 128 printable ASCII characters",
        ),
        (
            with(r#""roles": [ { "id": "a b", "level": "account" } ]"#),
            "1 to 128 characters of A-Z, a-z, 0-9",
        ),
        (
            with(
                r#""rules": [ { "id": "r", "effect": "permit", "actions": ["A"], "reason": { "code": "9" } } ]"#,
            ),
            "1 to 64 characters of a-z, 0-9",
        ),
        (
            with(r#""routes": [ { "method": "get", "path": "/", "action": "A" } ]"#),
            "1 to 32 letters A-Z",
        ),
    ] {
        let found = errors(&text);
        let [error] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(error.code(), Code::InvalidName, "{text}");
        assert!(error.to_string().contains(form), "{error}");
    }
}

#[test]
fn a_value_of_the_wrong_type_is_named() {
    for (value, named) in [
        ("null", "null"),
        ("true", "a boolean"),
        ("7", "a number"),
        (r#""x""#, "a string"),
        ("[]", "an array"),
        ("{}", "an object"),
    ] {
        // Where that type fits in one place, the other is wrong.
        let rules = format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "rules": {value} }}"#
        );
        let id = format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "rules": [ {{ "id": {value}, "effect": "permit", "actions": ["A"] }} ] }}"#
        );
        let found = errors(if value.starts_with('[') { &id } else { &rules });
        let [error] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(error.code(), Code::WrongType);
        assert!(error.to_string().contains(&format!("this is {named} ")), "{error}");
    }
}

#[test]
fn a_policy_without_documents_has_no_place_to_point_at() {
    let errors = cog_auth::policy::Source::new().check().unwrap_err();
    let error = errors.first();
    assert_eq!(errors.len(), 1, "{errors}");
    assert_eq!((error.document(), error.pointer()), (None, None));
    assert_eq!((error.line(), error.column(), error.length()), (None, None, 1));
    assert_eq!(
        error.to_string(),
        "no document has a `schema`, and a policy needs one (no_schema, 308)"
    );
}
