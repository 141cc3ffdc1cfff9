//! A policy and a request that are small enough to see through.

use super::cases::put;
use super::documents;
use cog_auth::policy::Policy;
use serde_json::{Value as Json, json};

pub const ENVELOPE: [&str; 5] =
    ["/subject/type", "/subject/id", "/action/name", "/resource/type", "/resource/id"];

/// A policy that allows when an attribute is there.
pub fn numbers() -> Policy {
    let policy = json!({ "v": 1,
        "schema": {
            "attributes": {
                "context.n": { "type": "int", "min": -9_007_199_254_740_991_i64, "max": 9_007_199_254_740_991_i64 },
                "context.t": { "type": "time" }, "context.id": { "type": "id", "domain": "d" }, "context.deep.x": { "type": "bool" } },
            "actions": { "Do": {}, "Read": { "level": "organization" } } },
        "rules": [
            { "id": "n", "effect": "permit", "actions": ["Do"], "when": { "context.n": { "present": true } } },
            { "id": "t", "effect": "permit", "actions": ["Do"], "when": { "context.t": { "present": true } } },
            { "id": "id", "effect": "permit", "actions": ["Do"], "when": { "context.id": "a\"é\u{1f600}" } },
            { "id": "r", "effect": "permit", "actions": ["Read"], "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } } ] });
    documents([policy.to_string().as_str()]).check().unwrap().into_policy()
}

pub fn base() -> Json {
    json!({ "subject": { "type": "user", "id": "u", "properties": { "account": { "id": "a" }, "memberships": [] } },
        "action": { "name": "Do", "properties": {} },
        "resource": { "type": "thing", "id": "t", "properties": { "account": { "id": "a" } } },
        "context": { "n": 1, "credential": { "scopes": [] }, "deep": { "x": true } } })
}

/// The base request with a member more in a place, written as it stands.
pub fn with(place: &str, member: &str) -> String {
    let mut request = base();
    put(&mut request, &format!("{place}/MARK"), json!(0));
    request.to_string().replace("\"MARK\":0", member)
}
