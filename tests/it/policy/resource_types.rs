//! Actions that are for some types of resources (`docs/policy-language.md`, sections 2, 8 and 12).

use crate::common::{documents, errors_of};
use cog_auth::Code;
use cog_auth::policy::{Denial, Policy};

fn policy(actions: &str, rest: &str) -> String {
    format!(r#"{{ "v": 1, "schema": {{ "actions": {{ {actions} }} {rest} }}"#)
}

fn codes(actions: &str, rest: &str) -> Vec<Code> {
    let text = policy(actions, rest);
    errors_of(&documents([text.as_str()])).iter().map(|error| error.code()).collect()
}

fn compiled(text: &str) -> Policy {
    documents([text]).check().unwrap().into_policy()
}

#[test]
fn types_are_declared_well_or_not_at_all() {
    let types = |types: &str| codes(&format!(r#""A": {{ "resource_types": {types} }}"#), "}");
    let long = "é".repeat(64);
    for right in [r#"["t"]"#, r#"["b", "a", "é"]"#, &format!(r#"["{long}"]"#)] {
        assert_eq!(types(right), [], "{right}");
    }
    for (wrong, code) in [
        ("[]", Code::MissingMember),
        (r#""t""#, Code::WrongType),
        ("[1]", Code::WrongType),
        ("null", Code::WrongType),
        (r#"["t", "u", "t"]"#, Code::DuplicateId),
        (r#"[""]"#, Code::InvalidName),
        (&format!(r#"["{long}a"]"#), Code::InvalidName),
    ] {
        assert_eq!(types(wrong), [code], "{wrong}");
    }
    // Where the types of resources are declared, each is one of these.
    let declared =
        r#", "attributes": { "resource.type": { "type": "enum", "values": ["t", "u"] } } }"#;
    let open = r#", "attributes": { "resource.type": { "type": "id", "domain": "type" } } }"#;
    let action = r#""A": { "resource_types": ["t", "T"] }"#;
    assert_eq!(codes(r#""A": { "resource_types": ["t"] }"#, declared), []);
    assert_eq!(codes(action, declared), [Code::UnknownValue]);
    assert_eq!(codes(action, open), []);
}

#[test]
fn all_actions_together_name_a_limited_number_of_types() {
    let text = |count: usize| {
        let half = |from: usize, to: usize| {
            (from..to).map(|number| format!("\"t{number}\"")).collect::<Vec<_>>().join(",")
        };
        let middle = count / 2;
        codes(
            &format!(
                r#""A": {{ "resource_types": [{}] }}, "B": {{ "resource_types": [{}] }}"#,
                half(0, middle + 10),
                half(middle, count)
            ),
            "}",
        )
    };
    assert_eq!(text(1_024), []);
    assert_eq!(text(1_025), [Code::LimitExceeded]);
}

#[test]
fn an_action_on_another_thing_is_denied_at_once() {
    let text = policy(
        r#""Any": {}, "Doc": { "resource_types": ["document"] }, "Two": { "resource_types": ["group", "document"] }"#,
        r#", "attributes": { "context.x": { "type": "bool" } } },
        "rules": [ { "id": "all", "effect": "permit", "actions": ["*"] },
          { "id": "no", "effect": "forbid", "actions": ["Doc"], "when": { "context.x": true }, "reason": { "code": "no" } },
          { "id": "tip", "effect": "advise", "actions": ["*"], "reason": { "code": "tip" } } ]"#,
    );
    let policy = compiled(&text);
    for (resource, allowed) in [
        ("document", &["Any", "Two"][..]),
        ("group", &["Any", "Two"]),
        ("Group", &["Any"]),
        ("documents", &["Any"]),
        ("", &["Any"]),
    ] {
        let request = policy.build_request(("user", "u"), "Doc", (resource, "i")).build();
        assert_eq!(request.allowed_actions().collect::<Vec<_>>(), allowed, "{resource}");
        let decision = request.decide();
        let explanation = decision.explain();
        if resource == "document" {
            assert_eq!(decision.denial(), Some(Denial::Indeterminate));
            continue;
        }
        assert_eq!(decision.denial(), Some(Denial::NoGrant), "{resource}");
        let reason = explanation.reasons()[0];
        assert_eq!(
            (explanation.reasons().len(), reason.code, reason.link),
            (1, "wrong_resource_type", None)
        );
        assert_eq!(reason.message, Some("This action does not apply to resources of this type."));
        assert_eq!((explanation.rules().len(), explanation.advice().len()), (0, 0));
        assert_eq!((explanation.missing().len(), explanation.possible().len()), (0, 0));
        assert_eq!(explanation.insufficient_scope(), None);
        // An unknown action is that, whatever the resource is.
        let explanation = request.decide_as("Fly").explain();
        assert_eq!(explanation.reasons()[0].code, "unknown_action");
    }
    // The same from JSON, where the name may be written with escapes.
    let text = r#"{"subject":{"type":"user","id":"u"},"action":{"name":"Two"},"resource":{"type":"gro\u0075p","id":"i"}}"#;
    assert!(policy.request(text.as_bytes()).unwrap().decide().is_allowed());
}

#[test]
fn more_types_than_actions_are_told_apart() {
    let names: Vec<String> = (0..200).map(|number| format!("t{number}")).collect();
    let list = |names: &[String]| {
        names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",")
    };
    let text = policy(
        &format!(
            r#""Low": {{ "resource_types": [{}] }}, "High": {{ "resource_types": [{}] }}"#,
            list(&names[..120]),
            list(&names[80..])
        ),
        r#"}, "rules": [ { "id": "all", "effect": "permit", "actions": ["*"] } ]"#,
    );
    let policy = compiled(&text);
    for (number, name) in names.iter().enumerate() {
        let request = policy.build_request(("user", "u"), "Low", (name, "i")).build();
        assert_eq!(request.decide().is_allowed(), number < 120, "{name}");
        assert_eq!(request.decide_as("High").is_allowed(), number >= 80, "{name}");
    }
}

#[test]
fn a_route_is_for_actions_that_apply_to_its_resource() {
    let actions = r#""Any": {}, "Org": { "resource_types": ["organization"] }, "Acc": { "resource_types": ["account", "x"] }"#;
    for (route, code) in [
        (r#""action": "Any", "undecided": ["Any"]"#, None),
        (r#""action": "Acc", "undecided": ["Any", "Acc"]"#, None),
        (r#""action": "Org", "organization": "o", "undecided": ["Any"]"#, None),
        (r#""action": "Org""#, Some(Code::UnknownValue)),
        (r#""action": "Acc", "organization": "o""#, Some(Code::UnknownValue)),
        (r#""action": "Any", "undecided": ["Acc", "Org"]"#, Some(Code::UnknownValue)),
        (r#""action": "Org", "organization": "o", "undecided": ["Acc"]"#, Some(Code::UnknownValue)),
    ] {
        let rest = format!(r#"}}, "routes": [ {{ "method": "GET", "path": "/{{o}}", {route} }} ]"#);
        let found = codes(actions, &rest);
        assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{route}");
    }
}

#[test]
fn bundles_have_types_sorted_and_cases_at_once_count_for_no_rule() {
    let text = policy(
        r#""A": { "resource_types": ["u", "t"] }"#,
        r#"}, "rules": [ { "id": "all", "effect": "permit", "actions": ["A"] } ],
        "tests": { "cases": [ { "name": "c", "request": { "subject": { "type": "s", "id": "i" }, "action": { "name": "A" },
            "resource": { "type": "v", "id": "i" } }, "expect": { "decision": false, "reasons": ["wrong_resource_type"] } } ] }"#,
    );
    let checked = documents([text.as_str()]).check().unwrap();
    assert!(checked.bundle().contains(r#""resource_types":["t","u"]"#), "{}", checked.bundle());
    let report = checked.test();
    assert_eq!((report.passed, report.failures.len()), (1, 0));
    assert_eq!((report.rules[0].surely, report.rules[0].silent), (0, 0));
}

#[test]
fn links_are_https_urls() {
    let link = |link: &str| {
        let rules = r#"}, "rules": [ { "id": "r", "effect": "forbid", "actions": ["A"], "reason": { "code": "c", "link": LINK } } ]"#;
        let text =
            policy(r#""A": {}"#, &rules.replace("LINK", &serde_json::json!(link).to_string()));
        errors_of(&documents([text.as_str()])).iter().map(|error| error.code()).collect::<Vec<_>>()
    };
    let with = |length: usize| format!("https://e.com/{}", "a".repeat(length - 14));
    for right in ["https://example.com", "https://e/!#$%&'()*+,-./0189:;=?@AZ[]_az~", &with(1_024)]
    {
        assert_eq!(link(right), [], "{right}");
    }
    for wrong in [
        "",
        "https:/e",
        "http://e",
        "HTTPS://e",
        " https://e",
        "javascript:alert(1)",
        "//e",
        &with(1_025),
    ] {
        assert_eq!(link(wrong), [Code::InvalidName], "{wrong}");
    }
    for character in
        ['"', '<', '>', '\\', '^', '`', '{', '|', '}', ' ', '\t', '\n', '\u{7f}', 'é', '\0']
    {
        assert_eq!(link(&format!("https://e/{character}")), [Code::InvalidName], "{character:?}");
    }
}
