//! A second opinion on the policy language, and random cases to ask both for theirs.
//!
//! [`Oracle`] is written from `docs/policy-language.md` alone, as naively as that reads: no index,
//! no interning, straight on JSON values. It knows nothing of the library, and assumes a policy
//! that the library accepts.
//!
//! [`generate`](fn@generate) makes a policy and requests from a seed.
//!
//! `serde_json` sees no duplicate member names and no length of a text, so neither does the oracle:
//! requests that are malformed for these must be tested elsewhere, and are not generated.
//!
//! ```
//! let case = cog_auth_oracle::generate(7);
//! let oracle = cog_auth_oracle::Oracle::new(&case.documents);
//! for request in &case.requests {
//!     if let Ok(answer) = oracle.answer(request) {
//!         println!("{}", answer.to_json("digest"));
//!     }
//! }
//! ```
#![allow(clippy::indexing_slicing, reason = "a JSON value without a member is null")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    reason = "a tool of the tests may fail"
)]

mod address;
mod answer;
mod batch;
mod bounds;
mod decide;
mod derived;
mod evaluate;
mod generate;
mod lack;
mod policy;
mod reading;
mod time;
mod truth;

pub use answer::{Answer, Malformed, Reason, Unusable};
pub use batch::Outcome;
pub use evaluate::Atoms;
pub use generate::{Case, Random, Vocabulary, generate};
pub use policy::{Oracle, pointer};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The policy and the request of the specification's sections 2 to 6, and what they come to by
    /// hand.
    #[test]
    fn the_examples_of_the_text() {
        let schema = json!({ "v": 1, "schema": {
            "attributes": {
                "credential.kind": { "type": "enum", "values": ["personal_access_token", "session"],
                    "from": "/context/credential/kind" },
                "account.features": { "type": "enum_set", "values": ["pat_beta"], "open": true,
                    "from": "/subject/properties/account/features" } },
            "actions": {
                "ViewAccountSessions": { "level": "account", "implies": ["ViewOrgSessions"] },
                "ViewOrgSessions": { "level": "organization" } } } });
        let rules = json!({ "v": 1,
            "roles": [{ "id": "viewer", "level": "organization", "permissions": ["ViewOrgSessions"] }],
            "rules": [
                { "id": "inherit.permissions", "effect": "permit", "actions": ["*"],
                  "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } },
                { "id": "pat.beta", "effect": "require", "actions": ["*"],
                  "when": { "credential.kind": "personal_access_token" },
                  "must": { "account.features": { "has": "pat_beta" } },
                  "reason": { "code": "pat_beta_required" } },
                { "id": "scopes.attenuate", "effect": "require", "actions": ["*"],
                  "when": { "credential.kind": { "in": ["personal_access_token"] } },
                  "must": { "action.name": { "in": { "attribute": "credential.scopes" } } },
                  "reason": { "code": "scope_missing" }, "challenge": "insufficient_scope" }] });
        let oracle = Oracle::new(&[rules, schema]);
        let mut request = json!({
            "subject": { "type": "user", "id": "user_01", "properties": {
                "account": { "id": "acct_7", "features": ["pat_beta", "other"] },
                "roles": [], "permissions": [],
                "memberships": [{ "organization": "org-a", "roles": ["viewer"], "permissions": [] }] } },
            "action": { "name": "ViewOrgSessions" },
            "resource": { "type": "organization", "id": "org-a", "properties": {
                "organization": "org-a", "account": { "id": "acct_7" } } },
            "context": { "credential": { "kind": "session" } } });
        let said =
            |request: &serde_json::Value| oracle.answer(request).map(|answer| answer.to_json("d"));
        let allowed =
            r#"{"decision":true,"context":{"rules":["inherit.permissions"],"policy":"d"}}"#;
        assert_eq!(said(&request).as_deref(), Ok(allowed));
        assert_eq!(oracle.search(&request), Ok(vec!["ViewOrgSessions".to_owned()]));

        request["context"]["credential"] = json!({ "kind": "personal_access_token", "scopes": [] });
        let refused = concat!(
            r#"{"decision":false,"context":{"class":"requirement","rules":["scopes.attenuate"],"#,
            r#""reasons":[{"code":"scope_missing"}],"policy":"d"}}"#
        );
        assert_eq!(said(&request).as_deref(), Ok(refused));
        assert!(oracle.answer(&request).is_ok_and(|answer| answer.curable_by_scope));

        request["context"] = json!({});
        let open = concat!(
            r#"{"decision":false,"context":{"class":"indeterminate","rules":["scopes.attenuate"],"#,
            r#""reasons":[{"code":"incomplete_request","message":"Something that is needed to decide "#,
            r#"is missing or cannot be used."}],"possible":["scope_missing"],"missing":["#,
            r#""/context/credential/kind","/context/credential/scopes"],"policy":"d"}}"#
        );
        assert_eq!(said(&request).as_deref(), Ok(open));

        request["context"] = json!(null);
        assert_eq!(said(&request), Err(Malformed));
    }

    #[test]
    fn a_seed_gives_the_same_case_every_time() {
        let (one, same, other) = (generate(3), generate(3), generate(4));
        assert_eq!((one.documents.clone(), one.requests), (same.documents, same.requests));
        assert_ne!(one.documents, other.documents);
    }
}
