//! Times: where they end, and how they are written (`docs/policy-language.md`, sections 2 and 7).

use crate::common::errors_of;
use crate::common::truth::{asks, permit, policy_of, truth};
use cog_auth::Code;
use cog_auth::policy::{Denial, Policy, Source, Value};
use serde_json::{Value as Json, json};

/// 2999-12-31T23:59:59Z, as GNU date says it.
const LATEST: i64 = 32_503_679_999;

fn source(when: &Json) -> Source {
    let attributes = json!({
        "context.at": { "type": "time" }, "context.until": { "type": "time" },
        "context.number": { "type": "int", "min": 0, "max": 9_007_199_254_740_991_i64 } });
    permit(&attributes, when)
}

fn policy(when: &Json) -> Policy {
    policy_of(&source(when))
}

fn value(policy: &Policy, context: &Json) -> &'static str {
    truth(&policy.request(asks(context).as_bytes()).unwrap())
}

#[test]
fn times_end_with_the_year_2999() {
    // Milliseconds of 2026-11-18 open no door that closes with the time.
    let closes = policy(&json!({ "context.at": { "gt": 1_795_000_000 } }));
    for (at, expected) in [
        (json!(1_795_000_001), "true"),
        (json!(0), "false"),
        (json!(-1), "unknown"),
        (json!(LATEST), "true"),
        (json!(LATEST + 1), "unknown"),
        (json!(1_795_000_000_000_i64), "unknown"),
        (json!(9_007_199_254_740_991_i64), "unknown"),
        (json!(9_007_199_254_740_992_i64), "unknown"),
        (json!(1.0), "unknown"),
    ] {
        assert_eq!(value(&closes, &json!({ "at": at })), expected, "{at}");
    }
    let codes = |literal: &Json| -> Vec<Code> {
        let when = json!({ "context.at": { "le": literal } });
        errors_of(&source(&when)).iter().map(|error| error.code()).collect()
    };
    assert_eq!(codes(&json!(LATEST)), []);
    assert_eq!(codes(&json!(0)), []);
    for refused in [LATEST + 1, -1, 1_795_000_000_000, 9_007_199_254_740_991] {
        assert_eq!(codes(&json!(refused)), [Code::OutOfRange], "{refused}");
    }
}

#[test]
fn a_request_may_have_date_times() {
    let same = policy(&json!({ "context.at": { "attribute": "context.until" } }));
    for (at, until, expected) in [
        (json!("2026-11-18T11:06:40Z"), json!(1_795_000_000), "true"),
        (json!("2026-11-18T12:06:40.75+01:00"), json!("2026-11-18t11:06:40z"), "true"),
        (json!("2016-12-31T23:59:60Z"), json!("2017-01-01T00:00:00Z"), "true"),
        (json!("2026-11-18T11:06:40Z"), json!(1_795_000_001), "false"),
        (json!("2999-12-31T23:59:59Z"), json!(LATEST), "true"),
        (json!("3000-01-01T00:00:00Z"), json!(LATEST), "unknown"),
        (json!("1969-12-31T23:59:59Z"), json!(0), "unknown"),
        (json!("2026-11-18 11:06:40Z"), json!(1_795_000_000), "unknown"),
        (json!("2026-11-18"), json!(1_795_000_000), "unknown"),
        (json!("1795000000"), json!(1_795_000_000), "unknown"),
        (json!(["2026-11-18T11:06:40Z"]), json!(1_795_000_000), "unknown"),
        (json!(""), json!(0), "unknown"),
    ] {
        assert_eq!(value(&same, &json!({ "at": at, "until": until })), expected, "{at} {until}");
    }
    // Escapes are decoded before.
    let escaped = r#"{ "subject": { "type": "user", "id": "u" }, "action": { "name": "A" }, "resource": { "type": "t", "id": "i" },
        "context": { "at": "2026\u002d11-18T11:06:40\u005a", "until": 1795000000 } }"#;
    assert!(same.request(escaped.as_bytes()).unwrap().decide().is_allowed());
    // An integer is no time.
    let number = policy(&json!({ "context.number": { "ge": 0 } }));
    assert_eq!(value(&number, &json!({ "number": 1 })), "true");
    assert_eq!(value(&number, &json!({ "number": "2026-11-18T11:06:40Z" })), "unknown");
}

#[test]
fn the_builder_takes_date_times() {
    let policy = policy(&json!({ "context.at": 1_795_000_000 }));
    let denial = |value: Value<'static>| {
        let begun = policy.build_request(("user", "u"), "A", ("t", "i"));
        begun.set("/context/at", value).unwrap().build().decide().denial()
    };
    assert_eq!(denial(Value::Text("2026-11-18T11:06:40Z")), None);
    assert_eq!(denial(Value::Integer(1_795_000_000)), None);
    assert_eq!(denial(Value::Text("2026-11-18T11:06:41Z")), Some(Denial::NoGrant));
    assert_eq!(denial(Value::Text("now")), Some(Denial::Indeterminate));
    assert_eq!(denial(Value::Integer(LATEST + 1)), Some(Denial::Indeterminate));
}

#[test]
fn literals_may_be_date_times_and_stay_as_they_are_written() {
    let text = "2026-11-18T12:06:40+01:00";
    for when in [
        json!({ "context.at": text }),
        json!({ "context.at": { "eq": text } }),
        json!({ "context.at": { "le": text, "ge": 1_795_000_000 } }),
        json!({ "not": { "context.at": { "ne": text } } }),
    ] {
        let policy = policy(&when);
        assert_eq!(value(&policy, &json!({ "at": 1_795_000_000 })), "true", "{when}");
        assert_eq!(value(&policy, &json!({ "at": 1_795_000_001 })), "false", "{when}");
        assert!(source(&when).check().unwrap().bundle().contains(text), "{when}");
    }
    for refused in ["2026-11-18", "3000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "", "now"] {
        let errors = errors_of(&source(&json!({ "context.at": { "lt": refused } })));
        let [error] = errors.as_slice() else { panic!("{refused}: {errors:?}") };
        assert_eq!(error.code(), Code::OperandType, "{refused}");
        assert!(error.to_string().contains("RFC 3339"), "{error}");
    }
    // No list of times is compared with, and an int is no time.
    for refused in [json!({ "context.at": [text] }), json!({ "context.number": text })] {
        let codes: Vec<_> = errors_of(&source(&refused)).iter().map(|it| it.code()).collect();
        assert_eq!(codes, [Code::OperandType], "{refused}");
    }
}
