//! What a run of test cases counts: the rules, branches and invariants that they reach
//! (`docs/policy-language.md`, section 13).

use super::cases::{ASK, report};
use crate::common::documents;
use cog_auth::policy::{BranchOwner, TestReport};

#[test]
fn coverage_is_counted() {
    let ask = format!(r#""request": "read", "set": {{ {ASK} }}, "expect": {{ "decision": true }}"#);
    let report = report(&format!(
        r#"{{ "name": "one", "request": "read", "expect": {{ "decision": true }} }},
           {{ "name": "two", {ask} }},
           {{ "name": "three", {}, "unset": ["/subject/properties/x"] }},
           {{ "name": "four", "request": "read", "set": {{ "/action/name": "Never" }}, "expect": {{ "decision": false }} }}"#,
        ask.replace("true", r#"false, "class": "indeterminate""#)
    ));
    assert_eq!((report.passed, report.failures), (4, vec![]));
    let counted: Vec<_> = report
        .rules
        .iter()
        .map(|rule| (rule.id.as_str(), rule.surely, rule.perhaps, rule.silent))
        .collect();
    // With `x` missing the require is what holds it up, and the permit is none of the determining
    // rules. Nobody knows then whether the require is broken, so it is never true.
    assert_eq!(counted, [("ask", 1, 0, 1), ("need", 0, 1, 1), ("read", 1, 0, 0), ("tip", 1, 0, 0)]);
    let [invariant] = report.invariants.as_slice() else { panic!() };
    assert_eq!((invariant.id.as_str(), invariant.tried), ("no-b", 2));
    assert_eq!(invariant.refuted_by, ["one", "two"]);
}

/// A policy with a branch in a rule, and one in a condition that it refers to.
fn with_branches(cases: &str) -> TestReport {
    let text = format!(
        r#"{{ "v": 1,
  "schema": {{ "attributes": {{ "context.a": {{ "type": "bool" }}, "context.b": {{ "type": "bool" }},
    "context.n": {{ "type": "int", "min": 0, "max": 9 }} }}, "actions": {{ "Read": {{}}, "Write": {{}} }} }},
  "conditions": [ {{ "id": "either", "when": {{ "any": [
    {{ "context.n": 1 }},
    {{ "context.n": {{ "ge": 2, "le": 3 }}, "context.b": true }} ] }} }} ],
  "rules": [
    {{ "id": "p", "effect": "permit", "actions": ["Read"], "when": {{ "any": [
      {{ "context.a": true }},
      {{ "all": [ {{ "context.b": true }}, {{ "any": [ {{ "context.n": 4 }}, {{ "context.n": 5 }} ] }} ] }},
      {{ "any": [ {{ "condition": "either" }} ] }} ] }} }},
    {{ "id": "r", "effect": "require", "actions": ["Write"], "reason": {{ "code": "x" }},
      "must": {{ "any": [ {{ "context.a": true }}, {{ "context.b": true }} ] }} }} ],
  "tests": {{ "cases": [ {cases} ] }} }}"#
    );
    documents([text.as_str()]).check().unwrap().test()
}

#[test]
fn branches_that_no_case_takes_are_told() {
    let case = |name: &str, action: &str, context: &str| {
        format!(
            r#"{{ "name": "{name}", "expect": {{ "decision": true }}, "request": {{
                "subject": {{ "type": "t", "id": "i" }}, "action": {{ "name": "{action}" }},
                "resource": {{ "type": "t", "id": "i" }}, "context": {{ {context} }} }} }}"#
        )
    };
    let untaken = |cases: &[String]| {
        let report = with_branches(&cases.join(","));
        let places: Vec<_> =
            report.untaken_branches.iter().map(|branch| (branch.line, branch.column)).collect();
        assert_eq!(report.untaken_branch_count, places.len());
        places
    };
    let all = [
        // Those of the condition come first, then those of rules by their ids.
        (5, 5),
        (6, 5),
        (9, 7),
        (10, 7),
        (10, 52),
        (10, 72),
        (11, 7),
        (13, 26),
        (13, 49),
    ];
    let report = with_branches("");
    let found: Vec<_> = report
        .untaken_branches
        .iter()
        .map(|branch| (branch.owner, branch.id.as_str(), branch.line))
        .collect();
    assert_eq!(found[0], (BranchOwner::Condition, "either", 5));
    assert_eq!(found[2], (BranchOwner::Rule, "p", 9));
    assert_eq!(found[7], (BranchOwner::Rule, "r", 13));
    assert_eq!(untaken(&[]), all);
    let lines = |cases: &[String]| untaken(cases).iter().map(|place| place.0).collect::<Vec<_>>();
    // What is unknown is not taken, and a rule of another action is not looked at.
    assert_eq!(lines(&[case("unknown", "Read", "")]), [5, 6, 9, 10, 10, 10, 11, 13, 13]);
    assert_eq!(lines(&[case("a", "Read", r#""a": true"#)]), [5, 6, 10, 10, 10, 11, 13, 13]);
    assert_eq!(lines(&[case("a", "Write", r#""a": true"#)]), [5, 6, 9, 10, 10, 10, 11, 13]);
    assert_eq!(lines(&[case("5", "Read", r#""b": true, "n": 5"#)]), [5, 6, 9, 10, 11, 13, 13]);
    assert_eq!(lines(&[case("1", "Read", r#""n": 1"#)]), [6, 9, 10, 10, 10, 13, 13]);
    assert_eq!(lines(&[case("3", "Read", r#""n": 3, "b": true"#)]), [5, 9, 10, 10, 10, 13, 13]);
}

/// An allow whose invariant nobody can answer for is no proof.
#[test]
fn invariants_that_are_perhaps_violated_are_told_apart() {
    let report = report(
        r#"{ "name": "sure", "request": "read", "set": { "/subject/properties/list": ["a"] }, "expect": { "decision": true } },
           { "name": "nobody knows", "request": "read", "unset": ["/subject/properties/list"], "expect": { "decision": true } },
           { "name": "ill-typed", "request": "read", "set": { "/subject/properties/list": "b" }, "expect": { "decision": true } },
           { "name": "refutes", "request": "read", "expect": { "decision": true } },
           { "name": "denied", "request": "read", "set": { "/action/name": "Never" }, "unset": ["/subject/properties/list"], "expect": { "decision": false } }"#,
    );
    assert_eq!(report.failures, []);
    let [invariant] = report.invariants.as_slice() else { panic!() };
    assert_eq!((invariant.tried, invariant.refuted, invariant.perhaps), (4, 1, 2));
    assert_eq!(invariant.refuted_by, ["refutes"]);
    assert_eq!(invariant.perhaps_by, ["nobody knows", "ill-typed"]);
    assert!(!report.holds());
}
