//! Routes are found as `tests/cases/routes/*.json` say, which every language's package runs too.
//! Each file is a policy with its cases.

use crate::common::{documents, json_files, root};
use cog_auth::Code;
use cog_auth::policy::Policy;
use std::collections::BTreeSet;

#[test]
fn routes_are_found_as_written() {
    for (file, text) in json_files(&root().join("tests/cases/routes")) {
        let report = documents([text.as_str()]).check().unwrap().test();
        assert_eq!(report.failures, [], "{file}");
        assert!(report.passed >= 25, "{file}: only {} cases", report.passed);
    }
}

/// Beside many literals a disguise is found by halving them, and beside few one by one.
#[test]
fn disguises_are_found_among_many_literals() {
    // Words of one to nine letters in two spellings: "A", "a", "AB", "Ab" …, each a literal or not.
    let words: Vec<String> = (0_u32..2_048)
        .map(|number| {
            (0..number.max(2).ilog2())
                .map(|at| {
                    char::from(if number >> at & 1 == 1 { b'A' } else { b'a' } + (at % 3) as u8)
                })
                .collect()
        })
        .collect();
    for step in [3, 50, 700] {
        let literals: BTreeSet<&str> = words.iter().map(String::as_str).step_by(step).collect();
        let mut routes: Vec<String> = literals.iter().map(|literal| route(literal)).collect();
        routes.push(route("{p}"));
        let text = format!(
            r#"{{"v": 1, "schema": {{"actions": {{"Any": {{}}, "Literal": {{}}}}}}, "routes": [{}]}}"#,
            routes.join(",")
        );
        let policy = documents([text.as_str()]).check().unwrap().into_policy();
        let lower: BTreeSet<String> = literals.iter().map(|it| it.to_ascii_lowercase()).collect();
        for word in &words {
            for end in ["", ".json", ".", "::$DATA", "x", "-"] {
                let segment = format!("{word}{end}");
                let expected = if literals.contains(&*segment) {
                    Some("Literal")
                } else if lower.contains(&word.to_ascii_lowercase()) && !["x", "-"].contains(&end) {
                    None
                } else {
                    Some("Any")
                };
                let target = format!("/x/{segment}");
                let found = policy.route("GET", &target).map(|route| route.action.to_owned());
                assert_eq!(found.ok().as_deref(), expected, "{segment} beside {}", literals.len());
            }
        }
    }
}

fn route(segment: &str) -> String {
    let action = if segment == "{p}" { "Any" } else { "Literal" };
    format!(r#"{{"method": "GET", "path": "/x/{segment}", "action": "{action}"}}"#)
}

/// A literal may have a `;`. In its place it is no disguise of itself, whichever shape is taken
/// then.
#[test]
fn a_literal_with_parameters_is_no_disguise() {
    let text = r#"{ "v": 1, "schema": { "actions": { "Literal": {}, "Parameter": {} } }, "routes": [
        { "method": "GET", "path": "/a;x/b", "action": "Literal" },
        { "method": "GET", "path": "/{p}/c", "action": "Parameter" } ] }"#;
    let policy = documents([text]).check().unwrap().into_policy();
    let found = |path: &str| match policy.route("GET", path) {
        Ok(route) => route.action.to_owned(),
        Err(error) => error.name().to_owned(),
    };
    assert_eq!(found("/a;x/b"), "Literal");
    assert_eq!(found("/a;x/c"), "Parameter");
    assert_eq!(found("/A;x/c"), "invalid_path");
    assert_eq!(found("/a;x;y/c"), "invalid_path");
    assert_eq!(found("/a;y/c"), "Parameter");
    // No shape matches, and a segment has a `;`, though it is a literal.
    assert_eq!(found("/a;x/d"), "invalid_path");
    assert_eq!(found("/a/d"), "unknown_route");
}

/// Which declarations of a route's resource are refused, and with which code (section 12).
#[test]
fn a_resource_is_a_parameter_of_a_type_of_its_own() {
    let resource = |types: &str, resource: &str, more: &str| {
        let text = format!(
            r#"{{"v": 1,
                "schema": {{ "attributes": {{ {types} }}, "actions": {{ "Go": {{}} }} }},
                "routes": [{{ "method": "GET", "path": "/o/{{org}}/things/{{thing}}", "action": "Go",
                    "organization": "org", "resource": {resource} {more} }}] }}"#
        );
        documents([text.as_str()]).check().map_err(|errors| errors.iter().next().unwrap().code())
    };
    let declared = r#""resource.type": { "type": "enum", "values": ["thing", "account"] }"#;
    let good = r#"{ "type": "thing", "id": "thing" }"#;
    for (types, told, more, expected) in [
        ("", good, "", None),
        (declared, good, "", None),
        ("", r#"{ "type": "Ä thing", "id": "thing" }"#, "", None),
        (declared, r#"{ "type": "other", "id": "thing" }"#, "", Some(Code::UnknownValue)),
        (declared, r#"{ "type": "account", "id": "thing" }"#, "", Some(Code::ReservedName)),
        ("", r#"{ "type": "organization", "id": "thing" }"#, "", Some(Code::ReservedName)),
        ("", r#"{ "type": "", "id": "thing" }"#, "", Some(Code::InvalidName)),
        ("", r#"{ "type": "thing", "id": "{thing}" }"#, "", Some(Code::UnknownParameter)),
        ("", r#"{ "type": "thing", "id": "other" }"#, "", Some(Code::UnknownParameter)),
        ("", r#"{ "type": "thing", "id": "org" }"#, "", Some(Code::UnknownParameter)),
        ("", good, r#", "encoded": ["thing"]"#, Some(Code::UnknownParameter)),
        ("", r#"{ "type": "thing" }"#, "", Some(Code::MissingMember)),
        ("", r#"{ "id": "thing" }"#, "", Some(Code::MissingMember)),
        ("", r#"{ "type": "thing", "id": "thing", "owner": "x" }"#, "", Some(Code::UnknownMember)),
        ("", r#"{ "type": "thing", "id": 1 }"#, "", Some(Code::WrongType)),
        ("", r#""thing""#, "", Some(Code::WrongType)),
        ("", "null", "", Some(Code::WrongType)),
    ] {
        assert_eq!(resource(types, told, more).err(), expected, "{told} {more}");
    }
}

/// Routes of one shape may name their parameters differently, and each has its own.
#[test]
fn each_route_has_the_names_of_its_own_template() {
    let text = r#"{ "v": 1, "schema": { "actions": { "Go": {} } }, "routes": [
        { "method": "GET", "path": "/{b}/x/{a}", "action": "Go", "resource": { "type": "t", "id": "a" } },
        { "method": "PUT", "path": "/{one}/x/{two}", "action": "Go", "organization": "one", "encoded": ["two"] },
        { "method": "GET", "path": "/", "action": "Go" } ] }"#;
    let policy = documents([text]).check().unwrap().into_policy();
    let named = |method, target: &str| -> Vec<(String, String)> {
        let route = policy.route(method, target).unwrap();
        let named = route.parameters.iter();
        named.map(|it| (it.name.to_owned(), it.value.to_owned())).collect()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(named("GET", "/1/x/2?a=3"), [pair("b", "1"), pair("a", "2")]);
    assert_eq!(named("HEAD", "/1/x/2"), [pair("b", "1"), pair("a", "2")]);
    assert_eq!(named("PUT", "/1/x/a%2Fb"), [pair("one", "1"), pair("two", "a%2Fb")]);
    assert_eq!(named("GET", "/"), []);
    let route = policy.route("GET", "/1/x/2").unwrap();
    let resource = route.resource.unwrap();
    assert_eq!((resource.type_name, resource.id), ("t", "2"));
    assert_eq!(policy.route("PUT", "/1/x/2").unwrap().resource, None);
    // Another image of the same policy says the same.
    let image = Policy::from_image(policy.image().to_vec()).unwrap();
    assert_eq!(image.route("GET", "/1/x/2").unwrap(), route);
}
