//! Documents that are wrong in one thing: each is told with its place, and nothing wrong loads.
#![cfg(test)]
#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may fail"
)]

mod common;

use cog_auth::policy::Source;
use cog_auth::{Code, Error};
use common::places::{Place, line_and_column, places};
use common::{documents, json_files, root};
use serde_json::{Value as Json, json};

type Texts = Vec<(String, String)>;

/// The built-in documents with these beginnings of names.
fn built_in(wanted: &[&str]) -> Texts {
    let mut files = json_files(&root().join("policies"));
    files.retain(|(name, _)| wanted.iter().any(|wanted| name.starts_with(wanted)));
    assert!(!files.is_empty());
    files
}

fn load(texts: &Texts) -> Source {
    let mut source = Source::new();
    for (name, text) in texts {
        source.add(name, text);
    }
    source
}

/// Checks that an error's offset, line, column, length and pointer are one place.
fn check_place(error: &Error, texts: &Texts) {
    let (_, text) = texts.iter().find(|(name, _)| Some(name.as_str()) == error.document()).unwrap();
    let offset = error.offset().unwrap();
    assert_eq!(
        (error.line().unwrap(), error.column().unwrap()),
        line_and_column(text, offset),
        "{error}"
    );
    assert!(offset + error.length() <= text.len(), "{error}");
    let pointer = error.pointer().unwrap();
    let place = places(text).into_iter().find(|place| place.pointer == pointer);
    let Some(place) = place else { panic!("{error}: no such pointer") };
    let at_name =
        place.name.as_ref().is_some_and(|name| *name == (offset..offset + error.length()));
    let at_value = place.value.start == offset && [1, place.value.len()].contains(&error.length());
    assert!(at_name || at_value, "{error}: {place:?}, offset {offset}, length {}", error.length());
    assert!(!error.message().is_empty() && !error.message().ends_with('.'), "{error}");
}

/// Checks all errors of documents that are valid JSON; says them.
fn errors(texts: &Texts) -> Vec<Error> {
    let source = load(texts);
    let errors = source.check();
    let order: Vec<_> = errors
        .iter()
        .map(|error| {
            (
                texts.iter().position(|(name, _)| Some(name.as_str()) == error.document()),
                error.offset(),
            )
        })
        .collect();
    assert!(order.is_sorted(), "{errors:?}");
    for error in errors.iter().take(3) {
        check_place(error, texts);
    }
    assert_eq!(source.compile().err(), errors.first().cloned());
    errors
}

fn replaced(text: &str, range: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

const VALUES: [&str; 6] = ["null", "true", "7", "\"x\"", "[]", "{}"];

/// Whether a new value has another JSON type.
fn is_other_type(place: &Place, new: &str) -> bool {
    let kind = |first: char| match first {
        't' | 'f' => 'b',
        '-' | '0'..='9' => '0',
        other => other,
    };
    kind(place.first) != kind(new.chars().next().unwrap())
}

/// Replaces every value, and misspells every member name, of one document among those it needs.
fn mutate(name: &str, with: &[&str], every: usize) {
    let texts = built_in(&[&[name], with].concat());
    assert_eq!(errors(&texts), []);
    let index = texts.iter().position(|(file, _)| file.starts_with(name)).unwrap();
    let original = texts[index].1.clone();
    let mut refused = 0;
    for (turn, place) in places(&original).into_iter().enumerate() {
        let pointer = place.pointer.as_str();
        let in_condition = ["/when", "/must", "/never"].iter().any(|part| pointer.contains(part));
        for (_, new) in VALUES.iter().enumerate().filter(|(value, _)| (turn + value) % every == 0) {
            let mut texts = texts.clone();
            texts[index].1 = replaced(&original, place.value.clone(), new);
            let errors = errors(&texts);
            // In a condition an operator object may be replaced by a literal, which means equality.
            if is_other_type(&place, new) && !(in_condition && place.first == '{') || *new == "null"
            {
                assert!(!errors.is_empty(), "{pointer} = {new} loads");
            }
            refused += usize::from(!errors.is_empty());
        }
        let Some(member) = place.name.clone().filter(|_| turn % every == 0) else { continue };
        let spelt = original[member.start + 1..member.end - 1].to_owned();
        let mut texts = texts.clone();
        texts[index].1 = replaced(&original, member.clone(), &format!("\"{spelt}x\""));
        let errors = errors(&texts);
        let (parent, _) = pointer.rsplit_once('/').unwrap();
        if !["/schema/attributes", "/schema/actions", "/defaults"].contains(&parent) {
            let wrong = errors.iter().find(|error| error.offset() == Some(member.start)).unwrap();
            let codes = [Code::UnknownMember, Code::UnknownAttribute, Code::UnknownOperator];
            assert!(
                codes.contains(&wrong.code()) && wrong.pointer() == Some(&format!("{pointer}x")),
                "{wrong}"
            );
            assert!(wrong.suggestion() == Some(&spelt) || spelt == "attribute", "{wrong}");
        }
    }
    assert!(refused > 50, "{name}: only {refused}");
}

#[test]
fn changed_schemas_and_roles_are_told() {
    mutate("schema", &["roles"], 2);
    mutate("roles", &["schema"], 1);
}

#[test]
fn changed_rules_are_told() {
    mutate("conditions", &["schema", "rules-tokens"], 1);
    mutate("rules-tokens", &["schema", "conditions"], 2);
    mutate("rules-credentials", &["schema", "conditions"], 3);
}

#[test]
fn changed_invariants_and_routes_are_told() {
    mutate("invariants", &["schema", "conditions"], 5);
    mutate("routes", &["schema"], 6);
}

/// Test cases: requests in them may hold anything, so only the places are checked.
#[test]
fn changed_cases_are_told() {
    for name in ["tests/malformed", "tests/routes"] {
        let texts = built_in(&["schema", name]);
        let original = texts[1].1.clone();
        for (turn, place) in places(&original).into_iter().enumerate() {
            let mut texts = texts.clone();
            texts[1].1 = replaced(&original, place.value.clone(), VALUES[turn % VALUES.len()]);
            let _ = errors(&texts);
        }
    }
}

#[test]
fn truncated_documents_are_told() {
    for (name, text) in built_in(&["conditions", "rules-tokens", "roles"]) {
        let end = text.trim_end().len();
        for cut in (0..end).filter(|cut| text.is_char_boundary(*cut)) {
            let mut source = Source::new();
            source.add(&name, &text[..cut]);
            let error = source.compile().unwrap_err();
            assert_eq!((error.code(), error.document()), (Code::InvalidJson, Some(name.as_str())));
            let offset = error.offset().unwrap();
            assert!(offset <= cut, "{error}");
            assert_eq!(
                (error.line().unwrap(), error.column().unwrap()),
                line_and_column(&text, offset)
            );
        }
    }
}

#[test]
fn what_is_no_text_of_a_document_is_told() {
    for (text, code, at) in [
        (&b""[..], Code::InvalidJson, (1, 1)),
        (b" \n ", Code::InvalidJson, (2, 2)),
        (b"\xef\xbb\xbf{}", Code::InvalidJson, (1, 1)),
        (b"{}\n x", Code::InvalidJson, (2, 2)),
        ("{\"é\": \u{1}".as_bytes(), Code::InvalidJson, (1, 7)),
        (b"{\n \"v\": \xff}", Code::InvalidUnicode, (2, 7)),
        (b"{\"v\":\n\"\\ud800\"}", Code::InvalidUnicode, (2, 2)),
        (b"{\"v\": 01}", Code::InvalidJson, (1, 7)),
    ] {
        let mut source = Source::new();
        source.add("a.json", text);
        let error = source.compile().unwrap_err();
        assert_eq!(
            (error.code(), (error.line().unwrap(), error.column().unwrap())),
            (code, at),
            "{error}"
        );
    }
    assert_eq!(Source::new().compile().unwrap_err().code(), Code::NoSchema);
    assert_eq!(documents(["{\"v\":1}"]).compile().unwrap_err().code(), Code::NoSchema);
}

/// In every object the first member stands once more, spelt with an escape.
#[test]
fn duplicate_names_are_told() {
    for (name, text) in json_files(&root().join("policies")) {
        let places = places(&text);
        let every = (places.len() / 150).max(1);
        for pair in places.windows(2).filter(|pair| pair[0].first == '{').step_by(every) {
            let Some(member) = pair[1].name.clone() else { continue };
            let spelt = &text[member.start + 1..member.end - 1];
            let first = spelt.chars().next().unwrap();
            let escaped = format!("\"\\u{:04x}{}\"", u32::from(first), &spelt[first.len_utf8()..]);
            let end = pair[0].value.end - 1;
            let doubled = format!("{},{escaped}:0{}", &text[..end], &text[end..]);
            let mut source = Source::new();
            source.add(&name, &doubled);
            let error = source.compile().unwrap_err();
            assert_eq!(
                (error.code(), error.offset()),
                (Code::DuplicateName, Some(end + 1)),
                "{error}"
            );
            assert_eq!(
                (error.line().unwrap(), error.column().unwrap()),
                line_and_column(&doubled, end + 1)
            );
            assert_eq!(error.length(), escaped.len());
        }
    }
}

/// A small policy with everything in it.
fn small() -> Json {
    json!({ "v": 1,
        "schema": {
            "attributes": {
                "subject.type": { "type": "enum", "values": ["user", "robot"] }, "context.color": { "type": "enum", "values": ["red", "green"] },
                "context.level": { "type": "int", "min": 1, "max": 9 }, "account.sso": { "type": "bool", "from": "/subject/properties/account/sso" },
                "context.owner": { "type": "id", "domain": "principal" } },
            "actions": { "ReadAll": { "level": "account", "implies": ["ReadOne"] }, "ReadOne": { "level": "organization" }, "Create": {} } },
        "roles": [
            { "id": "viewer", "level": "organization", "permissions": ["ReadOne"] },
            { "id": "editor", "level": "organization", "inherits": ["viewer"] },
            { "id": "owner", "level": "account", "permissions": ["*"] } ],
        "defaults": { "user": ["viewer"] },
        "conditions": [ { "id": "is-red", "when": { "context.color": "red" } }, { "id": "other", "when": { "condition": "is-red" } } ],
        "rules": [
            { "id": "a", "effect": "permit", "actions": ["*"], "when": { "context.level": { "ge": 2 } } },
            { "id": "b", "effect": "require", "actions": ["ReadOne"], "when": {}, "must": { "any": [] }, "reason": { "code": "no", "message": "No." }, "challenge": "insufficient_scope" } ],
        "invariants": [ { "id": "i", "never": { "not": { "condition": "other" } } } ],
        "routes": [ { "method": "GET", "path": "/a/{id}/{tag}", "action": "ReadOne", "organization": "id", "encoded": ["tag"], "undecided": ["Create"] } ],
        "tests": { "requests": { "r": {} }, "cases": [ { "name": "c", "request": "r", "expect": { "malformed": true } } ] } })
}

/// One change of the small policy each: pointer, new value, code, pointer of the error, suggestion.
#[test]
fn wrong_documents_are_told_by_code_and_place() {
    let long = "a".repeat(129);
    let same = "";
    let table: Vec<(&str, Json, Code, &str, Option<&str>)> = vec![
        ("/v", json!(2), Code::UnknownVersionOfDocument, same, None),
        ("/v", json!("1"), Code::UnknownVersionOfDocument, same, None),
        ("/rule", json!([]), Code::UnknownMember, same, Some("rules")),
        ("/description", json!(1), Code::WrongType, same, None),
        ("/schema/actions", json!({}), Code::MissingMember, same, None),
        ("/schema/actions/*", json!({}), Code::InvalidName, same, None),
        ("/schema/actions/a b", json!({}), Code::InvalidName, same, None),
        ("/schema/actions/ReadOne/implies", json!(["ReadOne"]), Code::WrongLevel, same, None),
        ("/schema/actions/ReadAll/implies/0", json!("Create"), Code::WrongLevel, same, None),
        (
            "/schema/actions/ReadAll/implies/0",
            json!("ReedOne"),
            Code::UnknownAction,
            same,
            Some("ReadOne"),
        ),
        (
            "/schema/actions/Create/level",
            json!("acount"),
            Code::UnknownValue,
            same,
            Some("account"),
        ),
        (
            "/schema/attributes/nodot",
            json!({ "type": "bool", "from": "/context/x" }),
            Code::InvalidName,
            same,
            None,
        ),
        (
            "/schema/attributes/action.name",
            json!({ "type": "bool" }),
            Code::ReservedName,
            same,
            None,
        ),
        (
            "/schema/attributes/credential.scopes",
            json!({ "type": "enum_set", "values": "actions", "from": "/context/x" }),
            Code::ReservedName,
            same,
            None,
        ),
        ("/schema/attributes/x.y", json!({ "type": "bool" }), Code::MissingMember, same, None),
        (
            "/schema/attributes/account.sso/from",
            json!("/subject/account"),
            Code::InvalidPointer,
            same,
            None,
        ),
        (
            "/schema/attributes/account.sso/from",
            json!("/context/a~2"),
            Code::InvalidPointer,
            same,
            None,
        ),
        (
            "/schema/attributes/account.sso/from",
            json!("/context/a//b"),
            Code::InvalidPointer,
            same,
            None,
        ),
        (
            "/schema/attributes/account.sso/from",
            json!(format!("/context{}", "/a".repeat(16))),
            Code::InvalidPointer,
            same,
            None,
        ),
        (
            "/schema/attributes/context.color/from",
            json!("/context/color"),
            Code::UnknownMember,
            same,
            None,
        ),
        (
            "/schema/attributes/context.color/type",
            json!("enun"),
            Code::UnknownValue,
            same,
            Some("enum"),
        ),
        ("/schema/attributes/context.color/open", json!(true), Code::UnknownMember, same, None),
        ("/schema/attributes/context.color/values/1", json!("red"), Code::DuplicateId, same, None),
        ("/schema/attributes/context.color/values/1", json!(""), Code::InvalidName, same, None),
        (
            "/schema/attributes/context.level/max",
            json!(0),
            Code::OutOfRange,
            "/schema/attributes/context.level",
            None,
        ),
        (
            "/schema/attributes/context.level/max",
            json!(9_007_199_254_740_992_i64),
            Code::OutOfRange,
            same,
            None,
        ),
        ("/roles/0/id", json!("editor"), Code::DuplicateId, "/roles/1", None),
        ("/roles/0/id", json!("a b"), Code::InvalidName, same, None),
        ("/roles/0/id", json!(long), Code::InvalidName, same, None),
        ("/roles/0/permissions/0", json!("ReadAll"), Code::WrongLevel, same, None),
        ("/roles/0/permissions/0", json!("Create"), Code::WrongLevel, same, None),
        (
            "/roles/0/permissions",
            json!(["*", "ReadOne"]),
            Code::InvalidName,
            "/roles/0/permissions/0",
            None,
        ),
        ("/roles/0/inherits", json!(["editor"]), Code::Cycle, "/roles/0/inherits/0", None),
        ("/roles/0/inherits", json!(["viewer"]), Code::Cycle, "/roles/0/inherits/0", None),
        ("/roles/1/inherits/0", json!("vewer"), Code::UnknownRole, same, Some("viewer")),
        ("/roles/1/inherits/0", json!("owner"), Code::WrongLevel, same, None),
        ("/defaults/user/0", json!("viewers"), Code::UnknownRole, same, Some("viewer")),
        ("/defaults/usr", json!([]), Code::UnknownValue, same, Some("user")),
        ("/conditions/0/id", json!("other"), Code::DuplicateId, "/conditions/1", None),
        (
            "/conditions/1/when/condition",
            json!("is-rad"),
            Code::UnknownCondition,
            same,
            Some("is-red"),
        ),
        (
            "/conditions/0/when",
            json!({ "condition": "other" }),
            Code::Cycle,
            "/conditions/1/when/condition",
            None,
        ),
        ("/conditions/0/when/context.color", Json::Null, Code::NullLiteral, same, None),
        ("/conditions/0/when/context.color", json!({}), Code::EmptyOperator, same, None),
        ("/conditions/0/when/context.color", json!("rd"), Code::UnknownValue, same, Some("red")),
        (
            "/conditions/0/when/context.color",
            json!({ "present": null }),
            Code::NullLiteral,
            "/conditions/0/when/context.color/present",
            None,
        ),
        (
            "/conditions/0/when/context.colour",
            json!("red"),
            Code::UnknownAttribute,
            same,
            Some("context.color"),
        ),
        (
            "/conditions/0/when/context.color",
            json!({ "nee": "red" }),
            Code::UnknownOperator,
            "/conditions/0/when/context.color/nee",
            Some("ne"),
        ),
        (
            "/conditions/0/when/context.color",
            json!({ "attribute": "context.level" }),
            Code::OperandType,
            "/conditions/0/when/context.color/attribute",
            None,
        ),
        (
            "/conditions/0/when/context.color",
            json!({ "attribute": "context.levl" }),
            Code::UnknownAttribute,
            "/conditions/0/when/context.color/attribute",
            Some("context.level"),
        ),
        ("/conditions/0/when/context.owner", json!(""), Code::OperandType, same, None),
        ("/rules/0/when/context.level/ge", json!(10), Code::OutOfRange, same, None),
        ("/rules/0/when/context.level/ge", json!(1.5), Code::OperandType, same, None),
        ("/rules/0/when/context.level/has", json!(2), Code::OperatorType, same, None),
        ("/rules/0/id", json!("b"), Code::DuplicateId, "/rules/1", None),
        ("/rules/0/effect", json!("permits"), Code::UnknownValue, same, Some("permit")),
        ("/rules/0/actions", json!([]), Code::MissingMember, same, None),
        ("/rules/0/actions", json!(["*", "Create"]), Code::InvalidName, "/rules/0/actions/0", None),
        (
            "/rules/0/actions",
            json!(["Creat"]),
            Code::UnknownAction,
            "/rules/0/actions/0",
            Some("Create"),
        ),
        ("/rules/0/must", json!({}), Code::UnknownMember, same, None),
        ("/rules/0/challenge", json!("insufficient_scope"), Code::UnknownMember, same, None),
        (
            "/rules/1/challenge",
            json!("insufficient_scopes"),
            Code::UnknownValue,
            same,
            Some("insufficient_scope"),
        ),
        ("/rules/1/reason/code", json!("No"), Code::InvalidName, same, None),
        ("/rules/1/reason/code", json!("no_grant"), Code::ReservedName, same, None),
        ("/rules/1/reason/code", json!("unknown_route"), Code::ReservedName, same, None),
        ("/rules/1/reason/message", json!(""), Code::LimitExceeded, same, None),
        ("/rules/1/reason/message", json!("é".repeat(513)), Code::LimitExceeded, same, None),
        ("/invariants/0/never/not", json!([]), Code::WrongType, same, None),
        ("/routes/0/method", json!("HEAD"), Code::ReservedName, same, None),
        ("/routes/0/method", json!("get"), Code::InvalidName, same, None),
        ("/routes/0/path", json!("a"), Code::InvalidTemplate, same, None),
        ("/routes/0/path", json!("/a/"), Code::InvalidTemplate, same, None),
        ("/routes/0/path", json!("/{id}/{tag}/.."), Code::InvalidTemplate, same, None),
        ("/routes/0/path", json!("/{id}/{id}"), Code::InvalidTemplate, same, None),
        ("/routes/0/path", json!("/{id}/{tag}/%41"), Code::InvalidTemplate, same, None),
        (
            "/routes/0/path",
            json!(format!("/{{id}}/{{tag}}{}", "/a".repeat(15))),
            Code::InvalidTemplate,
            same,
            None,
        ),
        ("/routes/0/organization", json!("i"), Code::UnknownParameter, same, None),
        (
            "/routes/0/encoded",
            json!(["tags"]),
            Code::UnknownParameter,
            "/routes/0/encoded/0",
            Some("tag"),
        ),
        ("/routes/0/encoded", json!(["id"]), Code::UnknownParameter, "/routes/0/encoded/0", None),
        ("/routes/0/action", json!("ReadTwo"), Code::UnknownAction, same, None),
        ("/tests/cases/0/request", json!("q"), Code::UnknownValue, same, Some("r")),
        (
            "/tests/cases/0/set",
            json!({ "x": 1 }),
            Code::InvalidPointer,
            "/tests/cases/0/set/x",
            None,
        ),
        ("/tests/cases/0/expect", json!({ "class": "forbidden" }), Code::MissingMember, same, None),
    ];
    assert_eq!(documents([small().to_string().as_str()]).check(), []);
    for (pointer, value, code, at, suggestion) in table {
        let mut policy = small();
        common::cases::put(&mut policy, pointer, value);
        let texts =
            vec![("policy.json".to_owned(), serde_json::to_string_pretty(&policy).unwrap())];
        let errors = errors(&texts);
        let at = if at.is_empty() { pointer } else { at };
        let found = errors.iter().find(|error| error.code() == code && error.pointer() == Some(at));
        let Some(found) = found else { panic!("{pointer}: {errors:?}") };
        if suggestion.is_some() {
            assert_eq!(found.suggestion(), suggestion, "{found}");
        }
    }
    for section in ["schema", "defaults"] {
        let again = json!({ "v": 1, section: small()[section] }).to_string();
        let errors = documents([small().to_string().as_str(), &again]).check();
        assert!(
            errors.iter().any(
                |error| error.code() == Code::DuplicateId && error.document() == Some("1.json")
            ),
            "{errors:?}"
        );
    }
}
