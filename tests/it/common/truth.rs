//! Policies with one permit, whose decisions show what its condition is.

use super::{documents, errors_of};
use cog_auth::policy::{Denial, Policy, Request, Source};
use serde_json::{Value as Json, json};

/// The documents of a policy with these attributes, which permits the action `A` under a condition.
pub fn permit(attributes: &Json, when: &Json) -> Source {
    let policy = json!({ "v": 1,
        "schema": { "attributes": attributes, "actions": { "A": {} } },
        "rules": [{ "id": "r", "effect": "permit", "actions": ["A"], "when": when }] });
    documents([policy.to_string().as_str()])
}

/// The policy of such documents, which must have no errors.
pub fn policy_of(source: &Source) -> Policy {
    assert_eq!(errors_of(source), []);
    source.check().unwrap().into_policy()
}

/// A request for `A` with this context.
pub fn asks(context: &Json) -> String {
    json!({ "subject": { "type": "user", "id": "u" }, "action": { "name": "A" },
        "resource": { "type": "t", "id": "i" }, "context": context })
    .to_string()
}

/// What the condition of the only permit is: true, false or unknown.
pub fn truth(request: &Request<'_>) -> &'static str {
    match request.decide().denial() {
        None => "true",
        Some(Denial::NoGrant) => "false",
        Some(Denial::Indeterminate) => "unknown",
        Some(other) => panic!("{other:?}"),
    }
}
