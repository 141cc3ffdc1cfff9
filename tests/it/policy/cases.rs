//! Test cases of policies: what is compared, what may be set, and what is refused
//! (`docs/policy-language.md`, section 13).

use crate::common::documents;
use cog_auth::Code;
use cog_auth::policy::{Source, TestReport};

/// A policy with these cases. `Ask` is open until `subject.x` and `subject.list` are known.
fn source(cases: &str) -> Source {
    documents([format!(
        r#"{{ "v": 1,
            "schema": {{ "attributes": {{ "subject.x": {{ "type": "bool" }},
                                       "subject.list": {{ "type": "enum_set", "values": ["a", "b", "c"] }} }},
                        "actions": {{ "Read": {{}}, "Ask": {{}}, "Never": {{}} }} }},
            "rules": [
              {{ "id": "read", "effect": "permit", "actions": ["Read"] }},
              {{ "id": "tip", "effect": "advise", "actions": ["Read"], "reason": {{ "code": "a_tip" }} }},
              {{ "id": "ask", "effect": "permit", "actions": ["Ask"], "when": {{ "subject.list": {{ "has_all": ["a", "b"] }} }} }},
              {{ "id": "need", "effect": "require", "actions": ["Ask"], "must": {{ "subject.x": true }}, "reason": {{ "code": "need_x" }} }} ],
            "invariants": [ {{ "id": "no-b", "never": {{ "subject.list": {{ "has": "b" }} }} }} ],
            "routes": [
              {{ "method": "GET", "path": "/o/{{org}}", "action": "Read", "organization": "org", "undecided": ["Ask"] }},
              {{ "method": "POST", "path": "/o/{{org}}", "action": "Ask" }} ],
            "tests": {{ "requests": {{
                "read": {{ "subject": {{ "type": "user", "id": "u", "properties": {{ "x": true, "list": ["a", "b", "c"], "s": {{ "in": [ {{ "a": 1 }}, 2 ] }} }} }},
                          "action": {{ "name": "Read" }}, "resource": {{ "type": "t", "id": "i" }} }} }},
              "cases": [ {cases} ] }} }}"#
    )
    .as_str()])
}

pub(super) fn report(cases: &str) -> TestReport {
    source(cases).check().unwrap().test()
}

/// The members in which the answer to one case differs.
fn differing(case: &str) -> Vec<String> {
    let report = report(&format!(r#"{{ "name": "c", {case} }}"#));
    assert_eq!(report.passed + report.failures.len(), 1);
    let lines = report.failures.iter().flat_map(|failure| &failure.differences);
    lines.map(|line| line.split([':', ' ']).next().unwrap().to_owned()).collect()
}

/// Asks for the action that is open.
pub(super) const ASK: &str = r#""/action/name": "Ask""#;

#[test]
fn every_expectation_of_a_request_is_compared() {
    for (expect, expected) in [
        (r#""decision": true"#, &[][..]),
        (r#""decision": false"#, &["decision"]),
        (r#""decision": true, "class": "no_grant""#, &["class"]),
        (
            r#""decision": true, "rules": ["read"], "advice": ["a_tip"], "reasons": [], "possible": [], "missing": [], "unusable": []"#,
            &[],
        ),
        (r#""decision": true, "rules": []"#, &["rules"]),
        (r#""decision": true, "rules": ["read", "tip"]"#, &["rules"]),
        (r#""decision": true, "advice": []"#, &["advice"]),
        (r#""decision": true, "reasons": ["a_tip"]"#, &["reasons"]),
        (r#""decision": true, "missing": ["/context/time"]"#, &["missing"]),
        (r#""decision": false, "rules": ["x"], "advice": ["x"]"#, &["decision", "rules", "advice"]),
        (r#""malformed": true"#, &["expected"]),
    ] {
        assert_eq!(
            differing(&format!(r#""request": "read", "expect": {{ {expect} }}"#)),
            expected,
            "{expect}"
        );
    }
    for (expect, expected) in [
        (
            r#""decision": false, "class": "indeterminate", "rules": ["ask", "need"], "reasons": ["incomplete_request"],
            "possible": ["need_x"], "missing": ["/subject/properties/list", "/subject/properties/x"], "unusable": [], "advice": []"#,
            &[][..],
        ),
        (r#""decision": false, "class": "indeterminate", "reasons": ["need_x"]"#, &["reasons"]),
        (r#""decision": false, "class": "indeterminate", "possible": []"#, &["possible"]),
        (
            r#""decision": false, "class": "indeterminate", "unusable": ["/subject/properties/x"]"#,
            &["unusable"],
        ),
        (r#""decision": false, "class": "requirement""#, &["class"]),
        // In full and in order.
        (r#""decision": false, "class": "indeterminate", "rules": ["need", "ask"]"#, &["rules"]),
        (
            r#""decision": false, "class": "indeterminate", "missing": ["/subject/properties/x"]"#,
            &["missing"],
        ),
        (r#""decision": false, "class": "indeterminate", "reasons": []"#, &["reasons"]),
    ] {
        let case = format!(
            r#""request": "read", "set": {{ {ASK} }}, "unset": ["/subject/properties"], "expect": {{ {expect} }}"#
        );
        assert_eq!(differing(&case), expected, "{expect}");
    }
    let malformed = r#""request": { "subject": {} }, "expect": { "malformed": true }"#;
    assert_eq!(differing(malformed), [""; 0]);
    let malformed = r#""request": { "subject": {} }, "expect": { "decision": false }"#;
    assert_eq!(differing(malformed), ["expected"]);
}

#[test]
fn every_expectation_of_a_route_is_compared() {
    let known = r#""method": "GET", "path": "/o/1""#;
    for (route, expect, expected) in [
        (known, r#""action": "Read""#, &[][..]),
        (known, r#""action": "Read", "organization": "1", "undecided": ["Ask"]"#, &[]),
        (known, r#""action": "Ask""#, &["action"]),
        (known, r#""action": "Read", "organization": "2""#, &["organization"]),
        (known, r#""action": "Read", "organization": null"#, &["organization"]),
        (known, r#""action": "Read", "undecided": []"#, &["undecided"]),
        (known, r#""error": "unknown_route""#, &["error", "action"]),
        (
            r#""method": "POST", "path": "/o/1""#,
            r#""action": "Ask", "organization": null, "undecided": []"#,
            &[],
        ),
        (
            r#""method": "POST", "path": "/o/1""#,
            r#""action": "Ask", "organization": "1""#,
            &["organization"],
        ),
        (r#""method": "GET", "path": "/x""#, r#""error": "unknown_route""#, &[]),
        (r#""method": "GET", "path": "/x""#, r#""error": "invalid_path""#, &["error"]),
        (r#""method": "GET", "path": "/x""#, r#""action": "Read""#, &["error"]),
        (r#""method": "GET", "path": "/../x""#, r#""error": "invalid_path""#, &[]),
        (r#""method": "PUT", "path": "/o/1""#, r#""error": "method_not_allowed""#, &[]),
        (
            r#""method": "PUT", "path": "/o/1""#,
            r#""error": "method_not_allowed", "allow": ["GET", "HEAD", "POST"]"#,
            &[],
        ),
        (
            r#""method": "PUT", "path": "/o/1""#,
            r#""error": "method_not_allowed", "allow": ["GET", "POST"]"#,
            &["allow"],
        ),
    ] {
        let case = format!(r#""route": {{ {route} }}, "expect": {{ {expect} }}"#);
        assert_eq!(differing(&case), expected, "{case}");
    }
}

#[test]
fn what_is_set_and_unset_is_decided() {
    // `Ask` is allowed where `list` has `a` and `b` and `x` is true.
    for (set, unset, allowed) in [
        ("", "", true),
        (r#", "/subject/properties/x": false"#, "", false),
        (r#", "/subject/properties/list/0": "c""#, "", false),
        (r#", "/subject/properties/list/2": "z""#, "", false),
        (r#", "/subject/properties/list/2": "b""#, "", true),
        ("", r#""/subject/properties/list/2""#, true),
        ("", r#""/subject/properties/list/0""#, false),
        ("", r#""/subject/properties/list/1""#, false),
        // Where there is nothing, nothing is removed.
        (
            "",
            r#""/subject/properties/list/3", "/subject/properties/list/00", "/subject/properties/list/-""#,
            true,
        ),
        (
            "",
            r#""/subject/properties/y", "/subject/nothing/y", "/subject/properties/x/y", "/subject/type/x""#,
            true,
        ),
        ("", r#""/subject/properties/s/in/0/a", "/subject/properties/s/in/1/a""#, true),
        ("", r#""/subject/properties/x""#, false),
        // An object is made on the way, also in place of a scalar.
        (
            r#", "/subject/properties": {}, "/subject/properties/x": true, "/subject/properties/list": ["b", "a"]"#,
            "",
            true,
        ),
        (r#", "/subject/properties/a/b/c": 1, "/subject/properties/s/in/1/d": 1"#, "", true),
        (r#", "/subject/properties/x/y": 1"#, "", false),
        // `~1` is a slash and `~0` a tilde.
        (r#", "/subject/properties/a~1b": 1, "/subject/properties/a~0b": 1"#, "", true),
        (r#", "/subject/prop~1erties/x": false"#, "", true),
    ] {
        let case = format!(
            r#""request": "read", "set": {{ {ASK}{set} }}, "unset": [ {unset} ], "expect": {{ "decision": {allowed} }}"#
        );
        // Where it is denied, what is open differs from case to case.
        let mut differing = differing(&case);
        differing.retain(|member| member != "class");
        assert_eq!(differing, [""; 0], "{case}");
    }
}

#[test]
fn cases_that_cannot_be_meant_are_refused() {
    let request = |rest: &str| format!(r#"{{ "name": "c", "request": "read", {rest} }}"#);
    let route = |rest: &str| format!(r#"{{ "name": "c", {rest} }}"#);
    let expect = r#""expect": { "decision": true }"#;
    let good = r#""route": { "method": "GET", "path": "/o/1" }"#;
    let long = "/a".repeat(32);
    for (case, code) in [
        (request(&format!(r#"{expect}, "set": {{ "{long}": 1 }}"#)), None),
        (request(&format!(r#"{expect}, "set": {{ "{long}/a": 1 }}"#)), Some(Code::InvalidPointer)),
        (request(&format!(r#"{expect}, "unset": [ "{long}/a" ]"#)), Some(Code::InvalidPointer)),
        (request(&format!(r#"{expect}, "set": {{ "": {{}} }}"#)), Some(Code::InvalidPointer)),
        (request(&format!(r#"{expect}, "set": {{ "subject": 1 }}"#)), Some(Code::InvalidPointer)),
        (request(&format!(r#"{expect}, "set": {{ "/a~2": 1 }}"#)), Some(Code::InvalidPointer)),
        (request(&format!(r#"{expect}, "set": {{ "/a~": 1 }}"#)), Some(Code::InvalidPointer)),
        (
            request(&format!(r#"{expect}, "set": {{ "/subject/properties/list/3": "a" }}"#)),
            Some(Code::InvalidPointer),
        ),
        (
            request(&format!(r#"{expect}, "set": {{ "/subject/properties/list/01": "a" }}"#)),
            Some(Code::InvalidPointer),
        ),
        (
            request(&format!(r#"{expect}, "set": {{ "/subject/properties/list/-": "a" }}"#)),
            Some(Code::InvalidPointer),
        ),
        (
            request(&format!(r#"{expect}, "set": {{ "/subject/properties/list/x": "a" }}"#)),
            Some(Code::InvalidPointer),
        ),
        (request(&format!(r#"{expect}, "set": []"#)), Some(Code::WrongType)),
        (request(&format!(r#"{expect}, "unset": [1]"#)), Some(Code::WrongType)),
        (request(r#""expect": { "malformed": false }"#), Some(Code::WrongType)),
        (
            request(r#""expect": { "malformed": true, "decision": true }"#),
            Some(Code::UnknownMember),
        ),
        (request(r#""expect": { "decision": 1 }"#), Some(Code::WrongType)),
        (request(r#""expect": { "decision": true, "class": "x" }"#), Some(Code::UnknownValue)),
        (request(r#""expect": { "decision": true, "rules": "read" }"#), Some(Code::WrongType)),
        (request(r#""expect": {}"#), Some(Code::MissingMember)),
        (route(&format!(r#"{good}, "expect": {{ "action": "Read" }}"#)), None),
        (
            route(&format!(r#"{good}, "expect": {{ "action": "Read", "organization": null }}"#)),
            None,
        ),
        (
            route(r#""route": { "method": "GET" }, "expect": { "action": "Read" }"#),
            Some(Code::MissingMember),
        ),
        (
            route(r#""route": { "method": 1, "path": "/" }, "expect": { "action": "Read" }"#),
            Some(Code::WrongType),
        ),
        (route(&format!(r#"{good}, "expect": {{}}"#)), Some(Code::MissingMember)),
        (route(&format!(r#"{good}, "expect": {{ "action": 1 }}"#)), Some(Code::WrongType)),
        (
            route(&format!(r#"{good}, "expect": {{ "action": "Read", "organization": 1 }}"#)),
            Some(Code::WrongType),
        ),
        (
            route(&format!(r#"{good}, "expect": {{ "action": "Read", "undecided": [1] }}"#)),
            Some(Code::WrongType),
        ),
        (route(&format!(r#"{good}, "expect": {{ "error": "other" }}"#)), Some(Code::UnknownValue)),
        (
            route(&format!(r#"{good}, "expect": {{ "error": "invalid_path", "allow": [] }}"#)),
            Some(Code::UnknownMember),
        ),
        (
            route(&format!(
                r#"{good}, "expect": {{ "error": "method_not_allowed", "allow": [1] }}"#
            )),
            Some(Code::WrongType),
        ),
        (route(&format!(r#"{good}, {expect}"#)), Some(Code::MissingMember)),
    ] {
        let errors = source(&case).check().err();
        let first = errors.as_ref().map(|errors| errors.first().code());
        assert_eq!(first, code, "{case} {errors:?}");
    }
}

/// What is too deep is a pointer all the same, and the message says so.
#[test]
fn a_pointer_that_is_too_deep_is_told_from_what_is_none() {
    let expect = r#""expect": { "decision": true }"#;
    for (pointer, told) in [
        ("/a".repeat(33), "is deeper than 32 names"),
        ("a".to_owned(), "is no JSON pointer to a part of a request"),
    ] {
        let case = format!(
            r#"{{ "name": "c", "request": "read", {expect}, "set": {{ "{pointer}": 1 }} }}"#
        );
        let errors = source(&case).check().err().unwrap();
        assert!(errors.first().to_string().contains(told), "{errors}");
    }
}

#[test]
fn named_requests_are_counted_for_every_case() {
    // At most 16,777,216 bytes of them: 16 times 1,048,576.
    let text = |length: usize, cases: usize| {
        let frame = r#"{"a":""}"#.len();
        let cases: Vec<_> = (0..cases)
            .map(|index| {
                format!(r#"{{"name":"{index}","request":"r","expect":{{"malformed":true}}}}"#)
            })
            .collect();
        format!(
            r#"{{"v":1,"schema":{{"actions":{{"A":{{}}}}}},"tests":{{"requests":{{"r":{{"a":"{}"}}}},"cases":[{}]}}}}"#,
            "x".repeat(length - frame),
            cases.join(",")
        )
    };
    let code = |text: &str| documents([text]).check().err().map(|errors| errors.first().code());
    assert_eq!(code(&text(524_288, 32)), None);
    assert_eq!(code(&text(524_288, 33)), Some(Code::LimitExceeded));
    assert_eq!(code(&text(524_289, 32)), Some(Code::LimitExceeded));
}

/// Unknown gives the same decision, reasons and rules as true does: only the class tells them
/// apart.
#[test]
fn a_denial_that_nobody_is_sure_of_must_be_meant() {
    let case = |expect: &str| {
        format!(
            r#""request": "read", "set": {{ {ASK} }}, "unset": ["/subject/properties/x"], "expect": {{ {expect} }}"#
        )
    };
    let told = r#""rules": ["need"], "missing": ["/subject/properties/x"]"#;
    for (expect, expected) in [
        (String::from(r#""decision": false"#), &["class"][..]),
        (format!(r#""decision": false, {told}"#), &["class"]),
        (format!(r#""decision": false, "class": "indeterminate", {told}"#), &[]),
        (String::from(r#""decision": false, "class": "requirement""#), &["class"]),
        // Whoever expects an allow is told that, and nothing of the class.
        (String::from(r#""decision": true"#), &["decision"]),
    ] {
        assert_eq!(differing(&case(&expect)), expected, "{expect}");
    }
    // A denial that is sure needs no class.
    let sure =
        r#""request": "read", "set": { "/action/name": "Never" }, "expect": { "decision": false }"#;
    assert_eq!(differing(sure), [""; 0]);
}

#[test]
fn an_action_that_is_not_declared_must_be_meant() {
    let case = |expect: &str| {
        format!(
            r#""request": "read", "set": {{ "/action/name": "Reed" }}, "expect": {{ "decision": false{expect} }}"#
        )
    };
    for (expect, expected) in [
        ("", &["reasons"][..]),
        (r#", "class": "no_grant", "rules": []"#, &["reasons"]),
        (r#", "reasons": ["unknown_action"]"#, &[]),
        (r#", "class": "no_grant", "reasons": ["unknown_action"]"#, &[]),
        (r#", "reasons": ["no_grant"]"#, &["reasons"]),
        // No list is as good as an empty one, but the empty one is compared.
        (r#", "reasons": []"#, &["reasons"]),
    ] {
        assert_eq!(differing(&case(expect)), expected, "{expect}");
    }
}

#[test]
fn a_failure_shows_the_answer() {
    let report = report(&format!(
        r#"{{ "name": "request", "request": "read", "set": {{ {ASK} }}, "unset": ["/subject/properties/x"],
             "expect": {{ "decision": true }} }},
           {{ "name": "route", "route": {{ "method": "GET", "path": "/o/1" }}, "expect": {{ "action": "Ask" }} }}"#
    ));
    let answers: Vec<_> = report.failures.iter().map(|failure| failure.answer.join("\n")).collect();
    let expected = "decision: `false`\nclass: `indeterminate`\nrules: `need`\nreasons: `incomplete_request`\n\
                    possible: `need_x`\nmissing: `/subject/properties/x`";
    assert_eq!(answers, [expected, ""]);
}

#[test]
fn a_report_stays_small() {
    let name = "n".repeat(1_024);
    let case = |index: usize, name: &str| {
        format!(
            r#"{{ "name": "{name}{index:04}", "request": "read", "expect": {{ "decision": false }} }}"#
        )
    };
    let cases: Vec<_> = (0..150).map(|index| case(index, &name[4..])).collect();
    let found = report(&cases.join(","));
    assert_eq!((found.invariants[0].refuted, found.invariants[0].refuted_by.len()), (150, 100));
    let long = source(&case(1, &name[3..])).check().unwrap_err();
    assert_eq!(long.first().code(), Code::LimitExceeded);

    // Lists are cut after 32 items, and items after 256 characters.
    let rules: Vec<_> =
        (0..40).map(|index| format!(r#""{}{index:02}""#, "é".repeat(300))).collect();
    let case = format!(
        r#"{{ "name": "c", "request": "read", "expect": {{ "decision": true, "rules": [{}] }} }}"#,
        rules.join(",")
    );
    let line = &report(&case).failures[0].differences[0];
    assert!(line.contains(&format!("[`{}…`, `", "é".repeat(256))), "{line}");
    assert!(line.contains(" and 8 more], and it is [`read`]"), "{line}");
}
