//! Requests to the built-in policy.

use super::{POLICY, Shape, joined, request, shape};
use std::hint::black_box;

fn escaped_name(i: usize) -> String {
    format!(r#""\u0061\u0061{i}":0"#)
}

fn evaluate(text: &str) {
    let _ = black_box(POLICY.evaluate(text.as_bytes()));
}

pub(super) const SHAPES: &[Shape] = &[
    shape(
        "memberships",
        500,
        |n| request(&format!(r#""memberships":[{}]"#, joined(n, |_| String::from("{}"))), ""),
        evaluate,
    ),
    shape(
        "memberships with roles",
        300,
        |n| {
            let item = |i| {
                format!(
                    r#"{{"organization":"o{i}","roles":["org_member"],"permissions":["ViewOrgTags"]}}"#
                )
            };
            request(&format!(r#""memberships":[{}]"#, joined(n, item)), "")
        },
        evaluate,
    ),
    shape(
        "roles",
        500,
        |n| request(&format!(r#""roles":[{}]"#, joined(n, |i| format!(r#""r{i}""#))), ""),
        evaluate,
    ),
    shape(
        "scopes",
        500,
        |n| {
            request(
                "",
                &format!(r#""credential":{{"scopes":[{}]}}"#, joined(n, |i| format!(r#""s{i}""#))),
            )
        },
        evaluate,
    ),
    shape(
        "organizations",
        500,
        |n| {
            request(
                "",
                &format!(
                    r#""credential":{{"kind":"session","organizations":[{}]}}"#,
                    joined(n, |i| format!(r#""o{i}""#))
                ),
            )
        },
        evaluate,
    ),
    shape(
        "organizations that stand twice",
        300,
        |n| {
            let item = |_| String::from(r#"{"organization":"o","roles":["org_admin"]}"#);
            request(&format!(r#""memberships":[{}]"#, joined(n, item)), "")
        },
        evaluate,
    ),
    shape(
        "names of a membership",
        300,
        |n| request(&format!(r#""memberships":[{{{}}}]"#, joined(n, escaped_name)), ""),
        evaluate,
    ),
    shape(
        "roles of a membership",
        300,
        |n| {
            let item = |i| format!(r#""\u006frg_admin{i}""#);
            request(&format!(r#""memberships":[{{"roles":[{}]}}]"#, joined(n, item)), "")
        },
        evaluate,
    ),
    shape(
        "features",
        500,
        |n| {
            let items = joined(n, |_| String::from(r#""""#));
            request(&format!(r#""account":{{"features":[{items}]}}"#), "")
        },
        evaluate,
    ),
    shape("escaped names", 500, |n| request("", &joined(n, escaped_name)), evaluate),
    shape(
        "nested arrays",
        500,
        |n| {
            let item = |_| format!("{}{}", "[".repeat(25), "]".repeat(25));
            request("", &format!(r#""x":[{}]"#, joined(n, item)))
        },
        evaluate,
    ),
    shape("names", 500, |n| request("", &joined(n, |i| format!(r#""n{i}":0"#))), evaluate),
    shape(
        "names that stand twice",
        500,
        |n| request("", &joined(n, |i| format!(r#""n{}":0"#, i / 2))),
        evaluate,
    ),
    shape(
        "escapes",
        4_000,
        |n| request("", &format!(r#""x":"{}""#, "\\u0061".repeat(n))),
        evaluate,
    ),
    shape("digits", 8_000, |n| request("", &format!(r#""x":1{}"#, "0".repeat(n))), evaluate),
    shape(
        "items of a batch",
        40,
        |n| {
            let items = joined(n, |_| String::from("{}"));
            request("", "").replace("\"context\":{}", &format!("\"evaluations\":[{items}]"))
        },
        evaluate,
    ),
    shape(
        "memberships of a batch",
        40,
        |n| {
            let items = joined(40, |_| String::from("{}"));
            let memberships = joined(n, |_| String::from("{}"));
            request(&format!(r#""memberships":[{memberships}]"#), "")
                .replace("\"context\":{}", &format!("\"evaluations\":[{items}]"))
        },
        evaluate,
    ),
    shape(
        "segments",
        100,
        |n| format!("/{}", "a/".repeat(n)),
        |text| drop(black_box(POLICY.route("GET", text))),
    ),
];
