//! What can be wrong in a policy, one thing at a time: its code, its place, and what was probably
//! meant.

use crate::common::cases::put;
use crate::common::places::errors;
use crate::common::{documents, errors_of};
use cog_auth::Code;
use serde_json::{Value as Json, json};

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
            "/conditions/0/when/condition",
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
        ("/rules/1/reason/code", json!("incomplete_request"), Code::ReservedName, same, None),
        ("/rules/1/reason/code", json!("wrong_resource_type"), Code::ReservedName, same, None),
        ("/rules/1/reason/link", json!("http://example.com"), Code::InvalidName, same, None),
        ("/rules/1/reason/link", json!(1), Code::WrongType, same, None),
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
    assert_eq!(errors_of(&documents([small().to_string().as_str()])), []);
    for (pointer, value, code, at, suggestion) in table {
        let mut policy = small();
        put(&mut policy, pointer, value);
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
        let errors = documents([small().to_string().as_str(), &again]).check().unwrap_err();
        assert!(
            errors.iter().any(
                |error| error.code() == Code::DuplicateId && error.document() == Some("1.json")
            ),
            "{errors:?}"
        );
    }
}
