//! Cases that stand for several (`docs/policy-language.md`, section 13, `matrix`).

use crate::common::documents;
use cog_auth::Code;
use cog_auth::policy::Source;
use serde_json::{Value, json};

/// A policy that permits where `context.n` is under 10, with one case and what it adds.
fn source(case: Value) -> Source {
    let mut whole = json!({
        "name": "c", "request": "read", "expect": { "decision": true },
    });
    for (name, value) in case.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let policy = json!({
        "v": 1,
        "schema": {
            "attributes": {
                "context.n": { "type": "int", "min": 0, "max": 5000 },
                "context.on": { "type": "bool" }
            },
            "actions": { "Read": {}, "Write": {} }
        },
        "rules": [{ "id": "few", "effect": "permit", "actions": ["*"],
            "when": { "context.n": { "lt": 10 }, "context.on": true } }],
        "tests": {
            "requests": { "read": {
                "subject": { "type": "t", "id": "i" }, "action": { "name": "Read" },
                "resource": { "type": "t", "id": "i" }, "context": { "on": true, "list": [0] }
            } },
            "cases": [whole]
        }
    });
    documents([policy.to_string().as_str()])
}

fn names(case: Value) -> Vec<String> {
    let checked = source(case).check().unwrap();
    checked.cases().iter().map(|case| case.name.to_owned()).collect()
}

fn failed(case: Value) -> Vec<String> {
    let report = source(case).check().unwrap().test();
    report.failures.into_iter().map(|failure| failure.name).collect()
}

#[test]
fn each_combination_is_a_case_and_the_last_pointer_changes_first() {
    let case = json!({ "matrix": { "/context/on": [true, false], "/context/n": [1, 20] } });
    assert_eq!(
        names(case.clone()),
        [
            "c [/context/n=1, /context/on=true]",
            "c [/context/n=1, /context/on=false]",
            "c [/context/n=20, /context/on=true]",
            "c [/context/n=20, /context/on=false]",
        ]
    );
    assert_eq!(
        failed(case),
        &names(json!({ "matrix":
        { "/context/on": [true, false], "/context/n": [1, 20] } }))[1..]
    );
    // The text's own example.
    let case = json!({ "name": "nobody deletes with a token", "matrix": {
        "/action/name": ["DeleteReports", "DeleteUsers"],
        "/context/credential/kind": ["personal_access_token", "service_user_key"] } });
    let names = names(case);
    let text = std::fs::read_to_string(crate::common::root().join("docs/policy-language.md"));
    // Lines may break anywhere.
    let text = text.unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(names.len(), 4);
    assert!(text.contains(&format!("`{}`", names[0])), "{}", names[0]);
}

#[test]
fn a_combination_is_put_like_set_and_then_unset() {
    // What is set, what is in the matrix and what is unset, and whether all combinations pass.
    for (set, matrix, unset, passes) in [
        (json!({}), json!({ "/context/n": [0, 9] }), json!([]), true),
        (json!({}), json!({ "/context/n": [0, 10] }), json!([]), false),
        (json!({}), json!({ "/context/n": [null] }), json!([]), false),
        (json!({ "/context/n": 1 }), json!({ "/action/name": ["Read", "Write"] }), json!([]), true),
        // In the sorted order of all pointers: the object goes before what is in it.
        (json!({ "/context/n": 1 }), json!({ "/context": [{ "on": true }] }), json!([]), true),
        (json!({ "/context": { "on": true } }), json!({ "/context/n": [1, 2] }), json!([]), true),
        (json!({}), json!({ "/context/n": [1] }), json!(["/context/n"]), false),
        (json!({ "/context/n": 1 }), json!({ "/context/list/0": [1, {}] }), json!([]), true),
    ] {
        let case = json!({ "set": set, "matrix": matrix, "unset": unset });
        let report = source(case.clone()).check().unwrap().test();
        assert_eq!(report.failures.is_empty(), passes, "{case} {:?}", report.failures);
    }
}

#[test]
fn a_long_value_is_cut_in_the_name() {
    let (fits, long) = ("x".repeat(62), "x".repeat(63));
    let names = names(json!({ "matrix": { "/context/a": [fits, long] } }));
    assert_eq!(names[0], format!("c [/context/a=\"{fits}\"]"));
    assert_eq!(names[1], format!("c [/context/a=\"{long}…]"));
}

#[test]
fn a_name_with_many_values_is_cut() {
    let axes = (0..100).map(|axis| (format!("/context/a{axis:03}"), json!([1])));
    let names = names(json!({ "matrix": Value::Object(axes.collect()) }));
    assert_eq!(names[0].chars().count(), "c []".len() + 512 + 1);
    assert!(names[0].starts_with("c [/context/a000=1, /context/a001=1, "), "{}", names[0]);
    assert!(names[0].ends_with("…]"), "{}", names[0]);
}

#[test]
fn a_matrix_that_cannot_be_meant_is_refused() {
    let numbers = |count: usize| Value::from_iter(0..count);
    for (case, code) in [
        (json!({ "matrix": {} }), Some(Code::WrongType)),
        (json!({ "matrix": [] }), Some(Code::WrongType)),
        (json!({ "matrix": { "/context/n": [] } }), Some(Code::WrongType)),
        (json!({ "matrix": { "/context/n": 1 } }), Some(Code::WrongType)),
        (json!({ "matrix": { "context/n": [1] } }), Some(Code::InvalidPointer)),
        (json!({ "matrix": { "": [1] } }), Some(Code::InvalidPointer)),
        (json!({ "matrix": { "/context/list/1": [1] } }), Some(Code::InvalidPointer)),
        (
            json!({ "matrix": { "/context/n": [1] }, "set": { "/context/n": 1 } }),
            Some(Code::InvalidPointer),
        ),
        (json!({ "matrix": { "/context/n": numbers(1_024) } }), None),
        (json!({ "matrix": { "/context/n": numbers(1_025) } }), Some(Code::LimitExceeded)),
        (json!({ "matrix": { "/context/n": numbers(32), "/context/m": numbers(32) } }), None),
        (
            json!({ "matrix": { "/context/n": numbers(32), "/context/m": numbers(33) } }),
            Some(Code::LimitExceeded),
        ),
        // A case that is large counts for each combination.
        (
            json!({ "matrix": { "/context/n": numbers(1_000) }, "description": "x".repeat(11_000) }),
            None,
        ),
        (
            json!({ "matrix": { "/context/n": numbers(1_000) }, "description": "x".repeat(14_000) }),
            Some(Code::LimitExceeded),
        ),
    ] {
        let errors = source(case.clone()).check().err();
        let first = errors.as_ref().map(|errors| errors.first().code());
        assert_eq!(first, code, "{case} {errors:?}");
    }
    // The number of combinations is no number that overflows.
    let axes = (0..64).map(|axis| (format!("/context/a{axis}"), json!([1, 2])));
    let matrix = Value::Object(axes.collect());
    let errors = source(json!({ "matrix": matrix })).check().unwrap_err();
    assert_eq!(errors.first().code(), Code::LimitExceeded);
    // A small one counts as 1,024 bytes: 16 times 1,024 combinations are 16 MiB.
    let cases = |count: usize| {
        let case = |number: usize| {
            json!({ "name": format!("c{number}"), "request": {}, "expect": { "malformed": true },
                "matrix": { "/a": Value::from_iter(vec![0; 32]), "/b": Value::from_iter(vec![0; 32]) } })
        };
        let cases: Vec<Value> = (0..count).map(case).collect();
        json!({ "v": 1, "schema": { "actions": { "Read": {} } }, "tests": { "cases": cases } })
    };
    assert!(documents([cases(16).to_string().as_str()]).check().is_ok());
    let errors = documents([cases(17).to_string().as_str()]).check().unwrap_err();
    assert_eq!(errors.first().code(), Code::LimitExceeded);
    // Routes have no matrix.
    let case = json!({ "route": { "method": "GET", "path": "/" }, "matrix": { "/path": ["/"] } });
    assert!(source(case).check().is_err());
}
