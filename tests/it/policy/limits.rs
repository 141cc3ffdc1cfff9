//! The limits of policies, each kept and each crossed by one; and the bundle that names a policy.

use crate::common::rich::draft;
use crate::common::{documents, root, source};
use cog_auth::Code;
use cog_auth::policy::{Limits, PolicyDigest, Source};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

fn loads(policy: &Json, limits: Limits) -> Result<(), Code> {
    let mut source = Source::with_limits(limits);
    source.add("policy.json", policy.to_string());
    source.check().map(drop).map_err(|errors| errors.first().code())
}

fn least() -> Json {
    json!({ "v": 1, "schema": { "attributes": { "context.c": { "type": "enum", "values": ["x"] } }, "actions": { "Do": {} } } })
}

fn many<T>(count: usize, one: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(one).collect()
}

fn map(count: usize, one: impl Fn(usize) -> (String, Json)) -> Json {
    Json::Object(Map::from_iter(many(count, one)))
}

/// A policy with so many of something.
type With = fn(usize) -> Json;

/// What is counted, its default limit, a policy with so many, and its limit set.
type Counted = (&'static str, usize, With, fn(&mut Limits, usize));

const COUNTED: [Counted; 10] = [
    (
        "attributes",
        256,
        |n| {
            let mut policy = least();
            policy["schema"]["attributes"] =
                map(n, |i| (format!("context.a{i}"), json!({ "type": "bool" })));
            policy
        },
        |limits, n| limits.attributes = n,
    ),
    (
        "actions",
        1_024,
        |n| {
            let mut policy = least();
            policy["schema"]["actions"] = map(n, |i| (format!("A{i}"), json!({})));
            policy
        },
        |limits, n| limits.actions = n,
    ),
    (
        "values",
        1_024,
        |n| {
            let mut policy = least();
            policy["schema"]["attributes"]["context.c"]["values"] =
                json!(many(n, |i| i.to_string()));
            policy
        },
        |limits, n| limits.values = n,
    ),
    (
        "literal items",
        1_024,
        |n| {
            let mut policy = least();
            policy["conditions"] =
                json!([{ "id": "c", "when": { "context.c": { "in": vec!["x"; n] } } }]);
            policy
        },
        |limits, n| limits.values = n,
    ),
    (
        "roles",
        1_024,
        |n| {
            let mut policy = least();
            policy["roles"] =
                json!(many(n, |i| json!({ "id": format!("r{i}"), "level": "account" })));
            policy
        },
        |limits, n| limits.roles = n,
    ),
    (
        "conditions",
        256,
        |n| {
            let mut policy = least();
            policy["conditions"] = json!(many(n, |i| json!({ "id": format!("c{i}"), "when": {} })));
            policy
        },
        |limits, n| limits.conditions = n,
    ),
    (
        "rules",
        16_384,
        |n| {
            let mut policy = least();
            policy["rules"] = json!(many(
                n,
                |i| json!({ "id": i.to_string(), "effect": "permit", "actions": ["*"] })
            ));
            policy
        },
        |limits, n| limits.rules = n,
    ),
    (
        "invariants",
        256,
        |n| {
            let mut policy = least();
            policy["invariants"] = json!(many(n, |i| json!({ "id": i.to_string(), "never": {} })));
            policy
        },
        |limits, n| limits.invariants = n,
    ),
    (
        "routes",
        4_096,
        |n| {
            let mut policy = least();
            policy["routes"] = json!(many(
                n,
                |i| json!({ "method": "GET", "path": format!("/{i}"), "action": "Do" })
            ));
            policy
        },
        |limits, n| limits.routes = n,
    ),
    (
        "set literals",
        1_024,
        |n| {
            let mut policy = least();
            policy["conditions"] = json!([{ "id": "c", "when": { "credential.scopes": { "has_any": vec!["Do"; n] } } }]);
            policy
        },
        |limits, n| limits.values = n,
    ),
];

#[test]
fn counts_are_limited_by_default_and_by_the_caller() {
    for (name, most, with, set) in COUNTED {
        assert_eq!(loads(&with(most), Limits::default()), Ok(()), "{most} {name}");
        assert_eq!(
            loads(&with(most + 1), Limits::default()),
            Err(Code::LimitExceeded),
            "{} {name}",
            most + 1
        );
        let mut limits = Limits::default();
        set(&mut limits, 3);
        assert_eq!(loads(&with(3), limits), Ok(()), "3 {name}");
        assert_eq!(loads(&with(4), limits), Err(Code::LimitExceeded), "4 {name}");
    }
    // More than 60,000 attributes are never taken, though the caller's limit were higher.
    let (_, _, with, _) = COUNTED[0];
    let high = Limits {
        attributes: 1_000_000,
        document_bytes: 1 << 24,
        total_bytes: 1 << 24,
        ..Limits::default()
    };
    assert_eq!(loads(&with(60_001), high), Err(Code::LimitExceeded));
    // More conditions than the default are never taken.
    let (_, most, with, set) = COUNTED[5];
    let mut limits = Limits::default();
    set(&mut limits, 1_000);
    assert_eq!(loads(&with(most + 1), limits), Err(Code::LimitExceeded));
}

#[test]
fn bytes_are_limited() {
    assert_eq!(
        (Limits::default().document_bytes, Limits::default().total_bytes),
        (1_048_576, 4_194_304)
    );
    let text = least().to_string();
    let padded = |bytes: usize| text.clone() + &" ".repeat(bytes - text.len());
    let code = |source: &Source| source.check().map(drop).map_err(|errors| errors.first().code());
    assert_eq!(code(&documents([padded(1_048_576).as_str()])), Ok(()));
    assert_eq!(code(&documents([padded(1_048_577).as_str()])), Err(Code::TooLarge));
    // Four documents as large as they may be are as much as all may be.
    let other = format!("{{\"v\":1{}}}", " ".repeat(1_048_576 - 7));
    let four = [padded(1_048_576), other.clone(), other.clone(), other];
    assert_eq!(code(&documents(four.iter().map(String::as_str))), Ok(()));
    let five = four.iter().map(String::as_str).chain(["{\"v\":1}"]);
    assert_eq!(code(&documents(five)), Err(Code::TooLarge));
    let limits = Limits { document_bytes: text.len(), ..Limits::default() };
    assert_eq!(loads(&least(), limits), Ok(()));
    assert_eq!(
        loads(&least(), Limits { document_bytes: text.len() - 1, ..limits }),
        Err(Code::TooLarge)
    );
    assert_eq!(
        loads(&least(), Limits { total_bytes: text.len() - 1, ..limits }),
        Err(Code::TooLarge)
    );
}

#[test]
fn values_are_limited() {
    assert_eq!(Limits::default().total_values, 262_144);
    // The document, its version, the schema, its actions and one action; the tests, the requests,
    // one request, its array and the items; and the cases.
    let text = |items: usize| {
        format!(
            r#"{{"v":1,"schema":{{"actions":{{"A":{{}}}}}},"tests":{{"requests":{{"r":{{"a":[{}]}}}},"cases":[]}}}}"#,
            vec!["0"; items].join(",")
        )
    };
    let code = |text: &str, limits: Limits| {
        let mut source = Source::with_limits(limits);
        source.add("p.json", text);
        source.check().map(drop).map_err(|errors| errors.first().code())
    };
    assert_eq!(code(&text(262_144 - 10), Limits::default()), Ok(()));
    assert_eq!(code(&text(262_144 - 9), Limits::default()), Err(Code::LimitExceeded));
    let few = Limits { total_values: 12, ..Limits::default() };
    assert_eq!(code(&text(2), few), Ok(()));
    assert_eq!(code(&text(3), few), Err(Code::LimitExceeded));
    // Those of all documents count together.
    let mut source = Source::with_limits(few);
    source.add("p.json", text(1)).add("q.json", "{}");
    assert_eq!(source.check().unwrap_err().first().code(), Code::MissingMember);
    source.add("r.json", "{}");
    assert_eq!(source.check().unwrap_err().first().code(), Code::LimitExceeded);
}

#[test]
fn cases_times_values_are_limited() {
    // The list of rules, the rule with its id, effect, actions, action, condition and list, and
    // what is in it: 100,000 values. 536,870,912 are 5,368 times as many.
    let policy = |cases: usize| {
        let parts = vec!["{}"; 100_000 - 8].join(",");
        let cases = many(cases, |i| {
            format!(r#"{{"name":"{i}","request":"r","expect":{{"malformed":true}}}}"#)
        });
        format!(
            r#"{{"v":1,"schema":{{"actions":{{"A":{{}}}}}},"rules":[{{"id":"r","effect":"permit","actions":["A"],"when":{{"any":[{parts}]}}}}],
                "tests":{{"requests":{{"r":{{}}}},"cases":[{}]}}}}"#,
            cases.join(",")
        )
    };
    let code = |text: &str| documents([text]).check().err().map(|errors| errors.first().code());
    assert_eq!(code(&policy(5_368)), None);
    assert_eq!(code(&policy(5_369)), Some(Code::LimitExceeded));
}

/// A condition of so many levels: objects and `not` in turn, at an even number an operator object
/// at the bottom.
fn nested(levels: usize) -> Json {
    let bottom =
        if levels.is_multiple_of(2) { json!({ "context.c": { "eq": "x" } }) } else { json!({}) };
    (1..levels.div_ceil(2)).fold(bottom, |inner, _| json!({ "not": inner }))
}

#[test]
fn nesting_is_limited() {
    let rule = |when: &Json| {
        let mut policy = least();
        policy["rules"] =
            json!([{ "id": "r", "effect": "permit", "actions": ["*"], "when": when }]);
        policy
    };
    // The document's own levels are 29 with 25 of the condition: document, `rules`, rule,
    // condition.
    assert_eq!(loads(&rule(&nested(25)), Limits::default()), Ok(()));
    let deep = Limits { depth: 64, ..Limits::default() };
    for levels in 1..=32 {
        assert_eq!(loads(&rule(&nested(levels)), deep), Ok(()), "{levels}");
    }
    for levels in [33, 34, 40] {
        assert_eq!(loads(&rule(&nested(levels)), deep), Err(Code::LimitExceeded), "{levels}");
    }
    for (list, levels, expected) in
        [("all", 31, Ok(())), ("any", 31, Ok(())), ("all", 33, Err(Code::LimitExceeded))]
    {
        let bottom = (1..(levels - 1) / 2 + 1)
            .fold(json!({ list: [] }), |inner, _| json!({ "any": [inner] }));
        assert_eq!(loads(&rule(&bottom), deep), expected, "{list} {levels}");
    }
    // Through a condition referred to: the reference is a level, and so is the object that it
    // stands in.
    for (here, there, expected) in [
        (15, 15, Ok(())),
        (1, 30, Ok(())),
        (29, 2, Ok(())),
        (15, 17, Err(Code::LimitExceeded)),
        (1, 31, Err(Code::LimitExceeded)),
        (29, 3, Err(Code::LimitExceeded)),
    ] {
        let reference = (1..usize::div_ceil(here, 2))
            .fold(json!({ "condition": "c" }), |inner, _| json!({ "not": inner }));
        let mut policy = rule(&reference);
        policy["conditions"] = json!([{ "id": "c", "when": nested(there) }]);
        assert_eq!(loads(&policy, deep), expected, "{here} and {there}");
    }
    for (levels, expected) in [(32, Ok(())), (33, Err(Code::TooDeep))] {
        // Five levels are around the value, an array.
        let value = (1..levels - 5).fold(json!([]), |inner, _| json!([inner]));
        let mut policy = least();
        policy["tests"] = json!({ "cases": [], "requests": { "r": { "x": { "y": value } } } });
        assert_eq!(loads(&policy, Limits::default()), expected, "{levels}");
        assert_eq!(loads(&policy, Limits { depth: 33, ..Limits::default() }), Ok(()));
    }
}

/// What section 14 says of the bundle, on a policy's own text.
fn check_bundle(source: &Source) {
    let checked = source.check().unwrap();
    let (bundle, policy) = (checked.bundle(), checked.policy());
    let sha256: String =
        Sha256::digest(bundle.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(policy.digest().to_hex(), sha256);
    let again = documents([bundle]);
    let bundled = again.check_expecting(policy.digest()).unwrap();
    assert_eq!(bundled.bundle(), bundle);
    assert!(bundled.policy().image() == policy.image());
    let wrong = again.check_expecting(PolicyDigest::of(b"")).unwrap_err();
    assert_eq!((wrong.len(), wrong.first().code()), (1, Code::UnexpectedDigest));
    // serde_json's maps are sorted, it writes no white space and the same escapes.
    let value: Json = serde_json::from_str(bundle).unwrap();
    assert_eq!(value.to_string(), bundle);
    assert!(value.get("tests").is_none() && value.get("$schema").is_none() && value["v"] == 1);
    for (section, keys) in [
        ("roles", &["id"][..]),
        ("rules", &["id"]),
        ("conditions", &["id"]),
        ("invariants", &["id"]),
        ("routes", &["path", "method"]),
    ] {
        let items = value.get(section).map_or(&[][..], |items| items.as_array().unwrap());
        assert!(value.get(section).is_none_or(|section| !section.as_array().unwrap().is_empty()));
        assert!(
            items.is_sorted_by_key(|item| keys
                .iter()
                .map(|key| item[key].as_str().unwrap())
                .collect::<Vec<_>>()),
            "{section}"
        );
        for list in ["permissions", "inherits", "actions", "encoded", "undecided"] {
            for names in items.iter().filter_map(|item| item.get(list)) {
                let names: Vec<&str> =
                    names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
                assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
            }
        }
    }
}

#[test]
fn the_bundle_of_the_built_in_policy_is_canonical() {
    check_bundle(&source(&root().join("policies")));
}

#[test]
fn the_bundle_leaves_out_what_means_nothing() {
    let policy = json!({ "v": 1, "$schema": "s", "description": "d",
        "schema": { "attributes": { "context.c": { "type": "enum", "values": ["b", "a"], "description": "d" } },
            "actions": { "description": { "description": "d" }, "A": { "level": "account", "implies": [] } } },
        "roles": [], "conditions": [{ "when": { "context.c": { "in": ["b", "a", "b"] }, "all": [] }, "id": "c", "description": "d" }],
        "defaults": {}, "rules": [{ "id": "r", "effect": "permit", "actions": ["description", "A", "A"], "reason": { "message": "a\u{1}\u{7f}é/\"", "code": "x" } }],
        "tests": { "cases": [] } });
    // Made by hand from section 14.
    let expected = concat!(
        r#"{"conditions":[{"id":"c","when":{"all":[],"context.c":{"in":["b","a","b"]}}}],"#,
        r#""rules":[{"actions":["A","description"],"effect":"permit","id":"r","reason":{"code":"x","message":"a\u0001"#,
        "\u{7f}",
        r#"é/\""}}],"#,
        r#""schema":{"actions":{"A":{"implies":[],"level":"account"},"description":{}},"attributes":{"context.c":{"type":"enum","values":["a","b"]}}},"v":1}"#,
    );
    let source = documents([policy.to_string().as_str()]);
    assert_eq!(source.check().unwrap().bundle(), expected);
    check_bundle(&source);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn bundles_are_canonical(draft in draft()) {
        check_bundle(&draft.source());
    }
}
