//! Routes are found as `tests/cases/routes/*.json` say, which every language's package runs too. Each file is a policy with
//! its cases.

use crate::common::{documents, json_files, root};
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

/// A literal may have a `;`. In its place it is no disguise of itself, whichever shape is taken then.
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
