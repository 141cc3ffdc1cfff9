//! What errors say: the whole way of a circle, what a request lacks, and what was mixed up.

use crate::common::documents;
use cog_auth::Code;
use cog_auth::policy::{ImageDigest, Policy, PolicyDigest, Source};

fn errors(text: &str) -> Vec<(Code, String, String)> {
    let errors = documents([text]).check().err();
    let of = |error: &cog_auth::Error| {
        (error.code(), error.message().to_owned(), error.pointer().unwrap_or_default().to_owned())
    };
    errors.iter().flat_map(|errors| errors.iter()).map(of).collect()
}

/// Things that refer to the next one each, and the last to the first.
fn circle(length: usize, one: impl Fn(&str, &str) -> String) -> String {
    let name = |number: usize| format!("n{number:02}");
    (0..length).map(|at| one(&name(at), &name((at + 1) % length))).collect::<Vec<_>>().join(",")
}

#[test]
fn a_circle_tells_its_way_once() {
    let roles = |length| {
        let role = |id: &str, next: &str| {
            format!(r#"{{ "id": "{id}", "level": "account", "inherits": ["{next}"] }}"#)
        };
        format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "roles": [ {} ] }}"#,
            circle(length, role)
        )
    };
    let conditions = |length| {
        let condition = |id: &str, next: &str| {
            format!(r#"{{ "id": "{id}", "when": {{ "not": {{ "condition": "{next}" }} }} }}"#)
        };
        format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "conditions": [ {} ],
                 "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {{ "condition": "n00" }} }} ] }}"#,
            circle(length, condition)
        )
    };
    for length in [1, 2, 3, 17, 18, 100] {
        for (text, verb) in [(roles(length), "inherits"), (conditions(length), "refers to")] {
            let found = errors(&text);
            let [(Code::Cycle, message, pointer)] = found.as_slice() else { panic!("{found:?}") };
            let expected = match length {
                1 => format!("`n00` {verb} itself"),
                2 => format!("`n00` {verb} `n01`, which {verb} `n00`"),
                3 => format!("`n00` {verb} `n01`, which {verb} `n02`, which {verb} `n00`"),
                _ => format!("`n00` {verb} `n01`, which {verb} `n02`, which "),
            };
            assert!(message.starts_with(&expected), "{message}");
            assert!(length < 4 || message.ends_with("`n00`"), "{message}");
            assert_eq!(message.matches("`n01`").count(), usize::from(length > 1), "{message}");
            assert_eq!(message.contains("others, 83 more until"), length == 100, "{message}");
            assert!(pointer.ends_with("/inherits/0") || pointer.ends_with("/when/not/condition"));
        }
    }
    // Circles that share nothing are told each, and what leads to one is not.
    let text = r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "roles": [
        { "id": "a", "level": "account", "inherits": ["b", "c"] }, { "id": "b", "level": "account", "inherits": ["a"] },
        { "id": "c", "level": "account", "inherits": ["c"] }, { "id": "d", "level": "account", "inherits": ["a"] } ] }"#;
    let found: Vec<_> = errors(text).into_iter().map(|(_, message, _)| message).collect();
    assert_eq!(found, ["`a` inherits `b`, which inherits `a`", "`c` inherits itself"]);
}

#[test]
fn a_request_says_what_it_lacks() {
    let policy = documents([r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#]);
    let policy = policy.check().unwrap().into_policy();
    let message = |request: &str| {
        let error = policy.request(request.as_bytes()).unwrap_err();
        assert_eq!(error.code(), Code::MalformedRequest);
        error.message().to_owned()
    };
    let whole = |subject: &str, action: &str, resource: &str| {
        message(&format!(
            r#"{{ "subject": {{ {subject} }}, "action": {{ {action} }}, "resource": {{ {resource} }} }}"#
        ))
    };
    let (entity, action) = (r#""type": "t", "id": "i""#, r#""name": "A""#);
    assert_eq!(message("{}"), "a request has a `subject`, and this one has none");
    assert_eq!(
        message(&format!(r#"{{ "subject": {{ {entity} }} }}"#)),
        "a request has an `action`, and this one has none"
    );
    assert_eq!(
        message(&format!(r#"{{ "subject": {{ {entity} }}, "action": {{ {action} }} }}"#)),
        "a request has a `resource`, and this one has none"
    );
    assert_eq!(whole(r#""id": "i""#, action, entity), "the `subject` has no `type`");
    assert_eq!(whole(r#""type": "t""#, action, entity), "the `subject` has no `id`");
    assert_eq!(whole("", action, entity), "the `subject` has no `type` and no `id`");
    assert_eq!(whole(entity, r#""id": "i""#, entity), "the `action` has no `name`");
    assert_eq!(whole(entity, action, r#""i\u0064": "i""#), "the `resource` has no `type`");
    assert_eq!(
        whole(entity, action, r#""type": "t", "properties": {}"#),
        "the `resource` has no `id`"
    );
    assert_eq!(whole(entity, action, ""), "the `resource` has no `type` and no `id`");
}

#[test]
fn a_byte_order_mark_is_named() {
    let found = errors("\u{feff}{\"v\": 1}");
    let [(Code::InvalidJson, message, _)] = found.as_slice() else { panic!("{found:?}") };
    assert!(message.starts_with("a byte order mark is here"), "{message}");
    let policy = documents([r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#]);
    let error = policy.check().unwrap().policy().request("\u{feff}{}".as_bytes()).unwrap_err();
    assert!(error.message().starts_with("a byte order mark is here"), "{error}");
}

#[test]
fn digests_that_were_mixed_up_are_told() {
    let mut source = Source::new();
    source.add("p.json", r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#);
    let policy = source.check().unwrap().into_policy();
    let of_policy = ImageDigest::from_hex(&policy.digest().to_hex()).unwrap();
    let image = policy.image().to_vec();
    let error = Policy::from_image_expecting(image.clone(), of_policy).unwrap_err();
    assert_eq!(error.code(), Code::UnexpectedDigest);
    assert_eq!(error.message(), "this is the policy's digest; an image has one of its own");
    let other = Policy::from_image_expecting(image, ImageDigest::of(b"")).unwrap_err();
    assert_eq!(other.message(), Code::UnexpectedDigest.sentence());

    let of_image = PolicyDigest::from_hex(&policy.image_digest().to_hex()).unwrap();
    let errors = source.check_expecting(of_image).unwrap_err();
    assert_eq!(errors.first().code(), Code::UnexpectedDigest);
    assert_eq!(errors.first().message(), "this is the image's digest; a policy has one of its own");
}

/// Words of other policy languages.
#[test]
fn our_word_is_suggested() {
    let rule = |effect: &str, when: &str| {
        format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }}, "attributes": {{
                "context.n": {{ "type": "int", "min": 0, "max": 9 }},
                "context.tags": {{ "type": "enum_set", "values": ["a"] }} }} }},
                "rules": [ {{ "id": "r", "effect": "{effect}", "actions": ["A"], "when": {when} }} ] }}"#
        )
    };
    let suggestion = |text: &str| {
        let errors = documents([text]).check().unwrap_err();
        errors.iter().find_map(cog_auth::Error::suggestion).map(str::to_owned)
    };
    for (effect, ours) in
        [("EFFECT_ALLOW", "permit"), ("Deny", "forbid"), ("warn", "advise"), ("must", "require")]
    {
        assert_eq!(suggestion(&rule(effect, "{}")).as_deref(), Some(ours), "{effect}");
    }
    for (operator, ours) in [
        ("contains", "has"),
        ("<=", "le"),
        ("gte", "ge"),
        ("==", "eq"),
        ("oneOf", "in"),
        ("exists", "present"),
        ("superset_of", "has_all"),
        ("GreaterThanOrEquals", "ge"),
        ("inn", "in"),
        ("hass", "has"),
    ] {
        let when = format!(r#"{{ "context.tags": {{ "{operator}": "a" }} }}"#);
        assert_eq!(suggestion(&rule("permit", &when)).as_deref(), Some(ours), "{operator}");
    }
    for (word, ours) in [("or", "any"), ("and", "all"), ("anyOf", "any"), ("unless", "not")] {
        let when = format!(r#"{{ "{word}": [] }}"#);
        assert_eq!(suggestion(&rule("permit", &when)).as_deref(), Some(ours), "{word}");
    }
    // What turns the meaning of a word round is not that word misspelt.
    for operator in ["nin", "!in", "!has", "not_in", "min"] {
        let when = format!(r#"{{ "context.tags": {{ "{operator}": "a" }} }}"#);
        assert_eq!(suggestion(&rule("permit", &when)), None, "{operator}");
    }
    assert_eq!(suggestion(&rule("unpermit", "{}")), None);
    // Where a word is declared, it is no mistake; and what is not known here is not suggested.
    assert_eq!(suggestion(&rule("permit", r#"{ "contains": true }"#)), None);
}

/// Names of any length are compared, or not at all, in bounded time.
#[test]
fn long_names_have_no_suggestion() {
    let text = |length: usize| {
        let name = "x".repeat(length);
        format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{}} }} }}, "tests": {{ "requests": {{ "{name}y": {{}} }},
                "cases": [ {{ "name": "c", "request": "{name}z", "expect": {{ "malformed": true }} }} ] }} }}"#
        )
    };
    let suggestion = |length| {
        let errors = documents([text(length).as_str()]).check().unwrap_err();
        errors.first().suggestion().map(str::len)
    };
    assert_eq!(suggestion(20), Some(21));
    assert_eq!(suggestion(255), Some(256));
    assert_eq!(suggestion(256), None);
    assert_eq!(suggestion(400_000), None);
}

/// `*` stands alone, so it is no name that may be repeated.
#[test]
fn all_stands_alone() {
    let policy = |permissions: &str, actions: &str| {
        format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "A": {{ "level": "account" }} }} }},
                "roles": [ {{ "id": "r", "level": "account", "permissions": [{permissions}] }} ],
                "rules": [ {{ "id": "r", "effect": "permit", "actions": [{actions}] }} ] }}"#
        )
    };
    let codes = |text: &str| errors(text).into_iter().map(|(code, _, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(&policy(r#""*""#, r#""*""#)), []);
    assert_eq!(codes(&policy(r#""A", "A""#, r#""A", "A""#)), []);
    assert_eq!(codes(&policy(r#""*", "*""#, r#""*""#)), [Code::InvalidName, Code::InvalidName]);
    assert_eq!(codes(&policy(r#""*""#, r#""*", "*""#)), [Code::InvalidName, Code::InvalidName]);
}

/// A comment is no JSON, an empty document is none, and a limit is told with its size.
#[test]
fn what_cannot_be_read_says_what_it_is() {
    let large = " ".repeat(1_048_577);
    for (text, told) in [
        ("", "the document is empty"),
        (" \n", "the document is empty"),
        ("// hi\n{}", "a comment is here"),
        ("{ /* hi */ \"v\": 1 }", "a comment is here"),
        ("{ \"v\": 1, // hi\n }", "a comment is here"),
        ("{ \"v\": / }", "a JSON value is expected here"),
        (&*large, "the document has 1048577 bytes, and the limit is 1048576"),
    ] {
        let found = errors(text);
        assert!(found.len() == 1 && found[0].1.contains(told), "{text:.20}: {found:?}");
    }
}

#[test]
fn what_is_declared_twice_says_where_else() {
    let rule = |effect: &str| format!(r#"{{ "id": "p", "effect": "{effect}", "actions": ["A"] }}"#);
    let schema = r#""schema": { "actions": { "A": {} } }"#;
    let first = format!("{{ \"v\": 1, {schema},\n \"rules\": [\n {} ] }}", rule("permit"));
    let second = format!(r#"{{ "v": 1, "rules": [ {} ] }}"#, rule("permit"));
    let told = |texts: &[&str]| {
        let errors = documents(texts.iter().copied()).check().err().unwrap();
        (errors.len(), errors.first().to_string())
    };
    let (count, message) = told(&[&first, &second]);
    assert!(count == 1 && message.contains("the other one is in `0.json`, line 3"), "{message}");
    let third = format!(r#"{{ "v": 1, {schema} }}"#);
    let (count, message) = told(&[&third, &first]);
    assert!(count == 1 && message.contains("the other one is in `0.json`, line 1"), "{message}");
}

/// What other languages call it, and what was probably meant.
#[test]
fn a_condition_that_is_written_as_elsewhere_says_how_it_is_here() {
    let of = |when: &str| {
        errors(&format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "Read": {{}} }}, "attributes": {{
                 "context.tags": {{ "type": "id_set", "domain": "t" }},
                 "context.b": {{ "type": "bool" }}, "context.ip": {{ "type": "ip" }},
                 "context.n": {{ "type": "int", "min": 0, "max": 9 }},
                 "context.ips": {{ "type": "ip_set" }} }} }},
               "rules": [ {{ "id": "r", "effect": "permit", "actions": ["Read"], "when": {when} }} ] }}"#
        ))
    };
    for (when, code, told) in [
        (r#"{ "context.b": { "absent": true } }"#, Code::UnknownOperator, "`present` with false"),
        (r#"{ "context.b": { "is_null": true } }"#, Code::UnknownOperator, "`present` with false"),
        (r#"{ "context.tags": "a" }"#, Code::OperandType, "use `has`"),
        (r#"{ "context.tags": { "ne": "a" } }"#, Code::OperandType, "use `has` within `not`"),
        (
            r#"{ "context.tags": { "has": ["a"] } }"#,
            Code::OperandType,
            "use `has_any` or `has_all`",
        ),
        (
            r#"{ "context.tags": { "in": ["a"] } }"#,
            Code::OperatorType,
            "use `has_any` or `subset_of`",
        ),
        (r#"{ "action.name": ["Read"] }"#, Code::OperandType, "use `in`"),
        (r#"{ "context.ip": "10.0.0.0/8" }"#, Code::OperandType, "use `in` with an array"),
        (r#"{ "context.ip": "10.0.0" }"#, Code::OperandType, "`10.0.0` is no IP address"),
    ] {
        let found = of(when);
        assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), [code], "{when} {found:?}");
        assert!(found[0].1.contains(told), "{when}: {found:?}");
    }
    // What does not take an array at all is told no operator that does.
    for when in [
        r#"{ "context.b": [true] }"#,
        r#"{ "context.n": [1, 2] }"#,
        r#"{ "context.ips": { "has": ["10.0.0.1"] } }"#,
        r#"{ "context.ips": { "in": ["10.0.0.1"] } }"#,
    ] {
        let found = of(when);
        assert!(found.len() == 1 && !found[0].1.contains("; use "), "{when}: {found:?}");
    }
    // An opposite is no suggestion.
    let text = of(r#"{ "context.b": { "missing": true } }"#);
    assert!(!format!("{text:?}").contains("did you mean"), "{text:?}");
}

#[test]
fn letters_that_changed_places_are_seen() {
    let suggestion = |action: &str| {
        let text = format!(
            r#"{{ "v": 1, "schema": {{ "actions": {{ "Read": {{}}, "X": {{}} }} }},
                 "rules": [ {{ "id": "r", "effect": "permit", "actions": ["{action}"] }} ] }}"#
        );
        let errors = documents([&*text]).check().err().unwrap();
        errors.first().suggestion().map(str::to_owned)
    };
    for action in ["Raed", "Reda", "eRad", "raed"] {
        assert_eq!(suggestion(action).as_deref(), Some("Read"), "{action}");
    }
    for action in ["Raeds", "aedR", "Rdea", ""] {
        assert_eq!(suggestion(action), None, "{action}");
    }
}
