//! Write a policy, find its mistakes, test it, and compile it for edges.
//!
//! ```console
//! $ cargo run --example write_policy
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program prints, and may end with an error"
)]

use cog_auth::policy::{Policy, Source};
use std::error::Error;

const SCHEMA: &str = r#"{ "v": 1, "schema": {
  "attributes": {
    "account.sso": { "type": "bool", "from": "/subject/properties/account/sso" } },
  "actions": { "ViewReports": { "level": "organization" } } } }"#;

const RULES: &str = r#"{ "v": 1, "rules": [
  { "id": "inherit", "effect": "permit", "actions": ["*"],
    "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } },
  { "id": "no-sso", "effect": "forbid", "actions": ["*"],
    "when": { "account.sso": true },
    "reason": { "code": "sso_excluded", "message": "Not for accounts with single sign-on." } } ] }"#;

const TESTS: &str = r#"{ "v": 1, "tests": {
  "requests": { "member": {
    "subject": { "type": "user", "id": "user_01", "properties": {
      "account": { "sso": false },
      "memberships": [ { "organization": "org-a", "permissions": ["ViewReports"] } ] } },
    "action": { "name": "ViewReports" },
    "resource": { "type": "organization", "id": "org-a",
                  "properties": { "organization": "org-a" } } } },
  "cases": [
    { "name": "a member views reports", "request": "member", "expect": { "decision": true } },
    { "name": "not with single sign-on", "request": "member",
      "set": { "/subject/properties/account/sso": true },
      "expect": { "decision": false, "class": "forbidden", "rules": ["no-sso"] } },
    { "name": "not while that is unknown", "request": "member",
      "unset": ["/subject/properties/account/sso"],
      "expect": { "decision": false, "class": "indeterminate",
                  "missing": ["/subject/properties/account/sso"] } } ] } }"#;

fn main() -> Result<(), Box<dyn Error>> {
    // A mistake is found before anything is decided, with its place and a suggestion.
    let mut broken = Source::new();
    broken.add("schema.json", SCHEMA).add("rules.json", RULES.replace("account.sso", "acount.sso"));
    for error in broken.check().unwrap_err() {
        println!("{error}");
        assert_eq!(error.suggestion(), Some("account.sso"));
    }

    let mut source = Source::new();
    source.add("schema.json", SCHEMA).add("rules.json", RULES).add("tests.json", TESTS);
    let checked = source.check()?;

    // The cases in the documents are run, and each rule says how often it decided.
    let report = checked.test();
    println!("{report:#?}");
    assert!(report.failures.is_empty());

    // What edges get: a compiled image, pinned by the digest of its bytes.
    let policy = checked.policy();
    let (image, digest) = (policy.image().to_vec(), policy.image_digest());
    println!("{} bytes, SHA-256 {digest}", image.len());
    let at_an_edge = Policy::from_image_expecting(image, digest)?;
    assert_eq!(at_an_edge.digest(), policy.digest());
    Ok(())
}
