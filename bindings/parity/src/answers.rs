//! Values of the library as the objects that answers make of them.

use crate::Value;
use cog_auth::Time;
use cog_auth::gate::{Outcome, Step};
use cog_auth::policy::{Route, RouteError, RouteParameter, RouteResource};
use cog_auth::token::{Authorization, Genuine, Record, Token};
use serde_json::json;

/// Without the members that are null, which answers leave out.
fn present(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.is_null());
    }
    value
}

pub(crate) fn token(token: &Token) -> Value {
    present(json!({
        "handle": token.handle().as_str(),
        "kind": token.kind().name(),
        "keyId": token.key_id().as_str(),
        "id": token.id().as_str(),
        "hardExpiry": token.hard_expiry().map(|day| day.number()),
    }))
}

pub(crate) fn genuine(genuine: &Genuine) -> Value {
    present(json!({
        "handle": genuine.handle().as_str(),
        "kind": genuine.kind().name(),
        "keyId": genuine.key_id().as_str(),
        "id": genuine.id().as_str(),
        "hardExpiry": genuine.hard_expiry().map(|day| day.number()),
    }))
}

pub(crate) fn accepted(token: &Token, record: &Record, valid_until: Option<Time>) -> Value {
    present(json!({
        "handle": token.handle().as_str(),
        "kind": token.kind().name(),
        "id": token.id().as_str(),
        "principal": record.principal(),
        "validUntil": valid_until.map(Time::seconds),
        "record": serde_json::from_str::<Value>(&record.to_json()).unwrap(),
    }))
}

pub(crate) fn authorization(authorization: &Authorization<'_>) -> Value {
    match authorization {
        Authorization::Nothing => json!({"scheme": "nothing"}),
        Authorization::OtherScheme => json!({"scheme": "other"}),
        Authorization::Bearer(credential) => {
            json!({"scheme": "bearer", "credential": String::from_utf8_lossy(credential)})
        }
    }
}

fn resource(resource: RouteResource<'_>) -> Value {
    json!({"type": resource.type_name, "id": resource.id})
}

fn parameters<'r>(parameters: impl Iterator<Item = RouteParameter<'r>>) -> Value {
    parameters.map(|it| (it.name.to_owned(), Value::from(it.value))).collect()
}

pub(crate) fn route(route: &Result<Route<'_>, RouteError<'_>>) -> Value {
    match route {
        Ok(route) => present(json!({
            "found": true,
            "action": route.action,
            "organization": route.organization,
            "resource": route.resource.map(resource),
            "parameters": parameters(route.parameters.iter().copied()),
            "undecided": route.undecided,
        })),
        Err(RouteError::InvalidPath) => json!({"found": false, "reason": "invalid_path"}),
        Err(RouteError::UnknownRoute) => json!({"found": false, "reason": "unknown_route"}),
        Err(RouteError::MethodNotAllowed(methods)) => {
            json!({"found": false, "reason": "method_not_allowed", "methods": methods})
        }
    }
}

/// A question as the gate asks it, or an outcome.
pub(crate) fn step(step: &Step<'_>) -> Value {
    match step {
        Step::Record(needed) => json!({"step": "record", "id": needed.id().as_str()}),
        Step::Facts(needed) => present(json!({
            "step": "facts",
            "principal": needed.principal(),
            "principalType": needed.principal_type(),
            "organization": needed.organization(),
            "resource": needed.resource().map(resource),
        })),
        Step::Done(Outcome::Allowed(allowed)) => present(json!({
            "step": "allowed",
            "principal": {"type": allowed.principal_type(), "id": allowed.principal()},
            "credential": {
                "kind": allowed.kind().name(),
                "id": allowed.id().as_str(),
                "handle": allowed.handle().as_str(),
            },
            "action": allowed.action(),
            "organization": allowed.organization(),
            "resource": allowed.resource().map(resource),
            "parameters": parameters(allowed.parameters()),
            "undecided": allowed.undecided(),
            "advice": allowed.advice(),
            "validUntil": allowed.valid_until().map(Time::seconds),
            "audit": allowed.audit(),
        })),
        Step::Done(Outcome::Refused(refused)) => json!({
            "step": "refused",
            "status": refused.status(),
            "code": refused.code().name(),
            "headers": refused
                .headers()
                .map(|(name, value)| (name.to_owned(), Value::from(value)))
                .collect::<serde_json::Map<_, _>>(),
            "body": refused.body(),
            "audit": refused.audit(),
        }),
        Step::Done(Outcome::PassOn) => json!({"step": "pass_on"}),
        Step::Done(Outcome::Preflight) => json!({"step": "preflight"}),
    }
}
