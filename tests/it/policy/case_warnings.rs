//! Warnings about test cases (section 17 of `docs/policy-language.md`): what in a case is read by
//! nothing, or declared nowhere.

use super::warnings::{PERMIT, warnings};
use crate::common::documents;
use cog_auth::{Code, Error};

/// A case with this request's parts and expectation.
fn case(subject: &str, action: &str, context: &str, rest: &str) -> String {
    format!(
        r#"{{ "name": "c", "request": {{ "subject": {{ "type": "user", "id": "u", "properties": {{ {subject} }} }},
            "action": {{ "name": "{action}" }}, "resource": {{ "type": "t", "id": "i" }}, "context": {{ {context} }} }}, {rest} }}"#
    )
}

/// Documents with roles and permissions of both levels, and an action without a level.
const LEVELS: &str = r#""v": 1,
    "schema": {
        "actions": {
            "Read": {}, "Write": { "level": "account" }, "View": { "level": "organization" }
        },
        "attributes": { "context.tags": { "type": "enum_set", "values": ["x", "y"] } }
    },
    "roles": [
        { "id": "keeper", "level": "account" }, { "id": "viewer", "level": "organization" }
    ],
    "defaults": { "user": ["keeper", "viewer"] },
    "rules": [
        { "id": "r", "effect": "permit", "actions": ["*"], "when": { "context.tags": { "has": "x" } } }
    ]"#;

fn with_levels(case: &str) -> Vec<Error> {
    let text = format!(r#"{{ {LEVELS}, "tests": {{ "cases": [ {case} ] }} }}"#);
    let checked = documents([text.as_str()]).check().unwrap_or_else(|errors| panic!("{errors}"));
    checked.warnings().to_vec()
}

fn of_case(case: &str) -> Vec<(Code, Option<String>)> {
    let found = warnings(&format!(
        r#"{PERMIT}, "roles": [ {{ "id": "viewer", "level": "organization" }} ], "defaults": {{ "user": ["viewer"] }},
            "tests": {{ "cases": [ {case} ] }}"#
    ));
    found.iter().map(|it| (it.code(), it.suggestion().map(str::to_owned))).collect()
}

#[test]
fn what_a_case_misspells_is_told() {
    use Code::{UndeclaredInCase, UnreadPlace};
    const ALLOW: &str = r#""expect": { "decision": true }"#;
    let told = |code: Code, suggestion: &str| vec![(code, Some(suggestion.to_owned()))];
    let set = |pointer: &str, value: &str| {
        of_case(&case("", "Read", "", &format!(r#""set": {{ "{pointer}": {value} }}, {ALLOW}"#)))
    };
    assert_eq!(of_case(&case("", "Read", r#""ci": true"#, ALLOW)), []);
    assert_eq!(of_case(&case("", "Read", r#""cl": true"#, ALLOW)), told(UnreadPlace, "ci"));
    assert_eq!(
        of_case(&case(r#""acount": { "id": "a" }"#, "Read", "", ALLOW)),
        told(UnreadPlace, "account")
    );
    assert_eq!(of_case(&case(r#""account": { "id": "a" }"#, "Read", "", ALLOW)), []);
    assert_eq!(
        of_case(&case(r#""roles": ["vewer"]"#, "Read", "", ALLOW)),
        told(UndeclaredInCase, "viewer")
    );
    assert_eq!(
        of_case(&case(r#""permissions": ["Reed"]"#, "Read", "", ALLOW)),
        told(UndeclaredInCase, "Read")
    );
    let membership =
        r#""memberships": [ { "organization": "o", "role": [], "roles": ["viewer"] } ]"#;
    assert_eq!(of_case(&case(membership, "Read", "", ALLOW)), told(UnreadPlace, "roles"));
    assert_eq!(of_case(&case("", "Reed", "", ALLOW)), told(UndeclaredInCase, "Read"));
    assert_eq!(of_case(&case("", "Read", r#""kind": "q""#, ALLOW)), told(UndeclaredInCase, "x"));
    assert_eq!(
        of_case(&case("", "Read", r#""tags": ["a", "d"]"#, ALLOW)),
        told(UndeclaredInCase, "a")
    );
    let scopes = r#""credential": { "scopes": ["*", "Writ"] }"#;
    assert_eq!(of_case(&case("", "Read", scopes, ALLOW)), told(UndeclaredInCase, "Write"));

    assert_eq!(set("/subject/properties/acount/id", "1"), told(UnreadPlace, "account"));
    assert_eq!(set("/subject/properties/account/id", "\"a\""), []);
    assert_eq!(set("/subject/properties/account", "{ \"ID\": 1 }"), told(UnreadPlace, "id"));
    assert_eq!(set("/subjekt/type", "1"), told(UnreadPlace, "subject"));
    assert_eq!(set("/subject/type", "\"usr\""), told(UndeclaredInCase, "user"));
    assert_eq!(set("/context/ci/deeper", "1"), []);
    assert_eq!(set("/subject/properties/memberships", "[]"), []);
    // Where the request has memberships, a pointer goes on below them.
    let memberships = r#""memberships": [ { "organization": "o", "roles": ["viewer"] } ]"#;
    let below = |rest: &str| of_case(&case(memberships, "Read", "", &format!("{rest}, {ALLOW}")));
    assert_eq!(below(r#""unset": ["/subject/properties/memberships/0/roles"]"#), []);
    assert_eq!(
        below(r#""unset": ["/subject/properties/memberships/0/role"]"#),
        told(UnreadPlace, "roles")
    );
    assert_eq!(below(r#""unset": ["/subject/properties/memberships/0/roles/0"]"#), []);
    let roles = r#""set": { "/subject/properties/memberships/0/roles": ["vewer"] }"#;
    assert_eq!(below(roles), told(UndeclaredInCase, "viewer"));
    assert_eq!(
        of_case(&case("", "Read", "", &format!(r#""unset": ["/context/cl"], {ALLOW}"#))),
        told(UnreadPlace, "ci")
    );
}

#[test]
fn items_of_lists_are_looked_at_one_by_one() {
    use Code::{UndeclaredInCase, UnreadPlace};
    const ALLOW: &str = r#""expect": { "decision": true }"#;
    const SUBJECT: &str = r#""roles": ["keeper"], "permissions": ["Write"],
        "memberships": [ { "organization": "o", "roles": ["viewer"], "permissions": ["View"] } ]"#;
    const CONTEXT: &str = r#""tags": ["x"], "credential": { "scopes": ["Read"] }"#;
    let of = |rest: &str| {
        let case = case(SUBJECT, "Read", CONTEXT, &format!("{rest}, {ALLOW}"));
        with_levels(&case)
            .iter()
            .map(|it| (it.code(), it.suggestion().map(str::to_owned)))
            .collect::<Vec<_>>()
    };
    let told = |code: Code, suggestion: &str| vec![(code, Some(suggestion.to_owned()))];
    let set = |pointer: &str, value: &str| of(&format!(r#""set": {{ "{pointer}": "{value}" }}"#));
    let properties = "/subject/properties";

    for (place, right, wrong, known) in [
        (&*format!("{properties}/roles/0"), "keeper", "keper", "keeper"),
        (&format!("{properties}/permissions/0"), "Write", "Wrte", "Write"),
        (&format!("{properties}/memberships/0/roles/0"), "viewer", "vewer", "viewer"),
        (&format!("{properties}/memberships/0/permissions/0"), "View", "Vew", "View"),
        ("/context/credential/scopes/0", "Write", "Wrte", "Write"),
        ("/context/credential/scopes/0", "*", "Wrte", "Write"),
        ("/context/tags/0", "y", "xx", "x"),
    ] {
        assert_eq!(set(place, right), [], "{place}");
        assert_eq!(set(place, wrong), told(UndeclaredInCase, known), "{place}");
    }
    // What is no index leads to no item.
    for place in [
        &*format!("{properties}/roles/keeper"),
        &format!("{properties}/permissions/00"),
        &format!("{properties}/memberships/o"),
        &format!("{properties}/memberships/0/roles/viewer"),
        "/context/credential/scopes/-",
        "/context/tags/x",
    ] {
        let found = of(&format!(r#""unset": ["{place}"]"#));
        assert_eq!(found, [(UnreadPlace, None)], "{place}");
    }
}

#[test]
fn what_is_put_and_removed_again_is_told() {
    let told = |changes: &str| {
        let rest = format!(r#"{changes}, "expect": {{ "decision": true }}"#);
        of_case(&case("", "Read", "", &rest)).iter().map(|(code, _)| *code).collect::<Vec<_>>()
    };
    let unread = [Code::UnreadPlace];
    assert_eq!(told(r#""set": { "/context/ci": true }, "unset": ["/context/ci"]"#), unread);
    assert_eq!(told(r#""set": { "/context/ci": true }, "unset": ["/context"]"#), unread);
    assert_eq!(
        told(r#""matrix": { "/context/ci": [true, false] }, "unset": ["/context/ci"]"#),
        unread
    );
    // Another place, one below it, and one whose name only begins so.
    assert_eq!(told(r#""set": { "/context/ci": true }, "unset": ["/context/kind"]"#), []);
    assert_eq!(
        told(r#""set": { "/subject/properties": {} }, "unset": ["/subject/properties/account"]"#),
        []
    );
    // This one is about `unset` alone.
    assert_eq!(told(r#""set": { "/context/ci": true }, "unset": ["/context/c"]"#), unread);
    // The first removal moves the item that was put to where the second one does not look.
    let lists = r#""set": { "/context/tags": ["a"] }, "unset": ["/context/tags/0"], "accept": ["undeclared_in_case"]"#;
    assert_eq!(told(lists), []);
}

#[test]
fn a_pointer_of_a_matrix_is_told_once() {
    let values: Vec<String> = (0..200).map(|value| value.to_string()).collect();
    let matrix = format!(
        r#""matrix": {{ "/context/cl": [{}], "/Context": [1, 2] }}, "expect": {{ "decision": true }}"#,
        values.join(", ")
    );
    let expected = ["ci", "context"].map(|name| (Code::UnreadPlace, Some(name.to_owned())));
    assert_eq!(of_case(&case("", "Read", "", &matrix)), expected);
    // Each value is looked at all the same.
    let matrix =
        r#""matrix": { "/action/name": ["Read", "Reed", "Rad"] }, "expect": { "decision": true }"#;
    let read = (Code::UndeclaredInCase, Some("Read".to_owned()));
    assert_eq!(of_case(&case("", "Read", "", matrix)), [read.clone(), read]);
}

#[test]
fn a_role_or_permission_where_it_gives_nothing_is_told() {
    let of = |subject: &str, expect: &str| {
        let case = case(subject, "Read", "", expect);
        with_levels(&case).iter().map(Error::code).collect::<Vec<_>>()
    };
    for subject in [
        r#""roles": ["viewer"]"#,
        r#""permissions": ["View"]"#,
        r#""permissions": ["Read"]"#,
        r#""permissions": ["*"]"#,
        r#""memberships": [ { "organization": "o", "roles": ["keeper"] } ]"#,
        r#""memberships": [ { "organization": "o", "permissions": ["Write"] } ]"#,
    ] {
        let found = of(subject, r#""expect": { "decision": true }"#);
        assert_eq!(found, [Code::UndeclaredInCase], "{subject}");
        let accepted =
            of(subject, r#""accept": ["undeclared_in_case"], "expect": { "decision": true }"#);
        assert_eq!(accepted, [], "{subject}");
    }
}

#[test]
fn what_a_case_means_to_break_is_not_told() {
    let denied = |rest: &str| format!(r#""expect": {{ "decision": false, {rest} }}"#);
    let unknown = denied(r#""class": "indeterminate""#);
    assert_eq!(of_case(&case(r#""roles": ["nobody"]"#, "Read", "", &unknown)), []);
    assert_eq!(of_case(&case("", "Nothing", "", &denied(r#""reasons": ["unknown_action"]"#))), []);
    // A name in the wrong place is a mistake all the same.
    let found = of_case(&case("", "Read", r#""cl": true"#, &unknown));
    assert_eq!(found, [(Code::UnreadPlace, Some("ci".to_owned()))]);
    assert_eq!(
        of_case(&case("", "Nothing", r#""cl": true"#, r#""expect": { "malformed": true }"#)),
        []
    );
}

#[test]
fn what_a_case_accepts_is_not_told() {
    let accepting = |codes: &str, context: &str, action: &str| {
        of_case(&case(
            "",
            action,
            context,
            &format!(r#""accept": [{codes}], "expect": {{ "decision": true }}"#),
        ))
    };
    let (places, names) = (r#""unread_place""#, r#""undeclared_in_case""#);
    assert_eq!(accepting(places, r#""cl": true"#, "Read"), []);
    assert_eq!(accepting(names, "", "Reed"), []);
    assert_eq!(accepting(&format!("{places}, {names}"), r#""cl": true"#, "Reed"), []);
    assert_eq!(accepting(names, r#""cl": true"#, "Read").len(), 1);
    assert_eq!(accepting(places, "", "Reed").len(), 1);
    assert_eq!(accepting("", "", "Reed").len(), 1);
    let other = case("", "Read", "", r#""accept": ["unused"], "expect": { "decision": true }"#);
    let text = format!(
        r#"{{ "v": 1, "schema": {{ "actions": {{ "Read": {{}} }} }}, "tests": {{ "cases": [ {other} ] }} }}"#
    );
    assert_eq!(documents([text.as_str()]).check().unwrap_err().first().code(), Code::UnknownValue);
}

#[test]
fn requests_that_no_case_uses_are_told() {
    let tests = |cases: &str| {
        let found = warnings(&format!(
            r#"{PERMIT}, "tests": {{ "requests": {{ "r": {{ "subject": {{ "tipe": "user" }} }} }}, "cases": [ {cases} ] }}"#
        ));
        found.iter().map(Error::code).collect::<Vec<_>>()
    };
    let case = |name: &str, expect: &str| {
        format!(r#"{{ "name": "{name}", "request": "r", "expect": {{ {expect} }} }}"#)
    };
    assert_eq!(tests(""), [Code::UnusedRequest]);
    assert_eq!(tests(&case("a", r#""malformed": true"#)), []);
    // What one case breaks on purpose, another may have meant.
    let both = [case("a", r#""malformed": true"#), case("b", r#""decision": true"#)].join(",");
    assert_eq!(tests(&both), [Code::UnreadPlace]);
}
