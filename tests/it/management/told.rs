//! What is told of a request: status, headers, problem body and audit record, byte for byte.

use super::{facts, facts_in, management, policy, random, root_key, wanted};
use cog_auth::management::{Management, Owner, Refusal, Replacement, Wanted};
use cog_auth::policy::Policy;
use cog_auth::token::{RecordDraft, Scopes};
use cog_auth::{Code, Time};
use serde_json::{Value, json};

const OWN: Owner<'_> = Owner::User("user_01");
const IN_ORG: Owner<'_> = Owner::ServiceUserInOrganization { id: "su_ci", organization: "org-a" };

fn refused(policy: &Policy, facts: &Value, owner: Owner<'_>) -> Refusal {
    management(policy, &facts.to_string()).list(owner).unwrap_err()
}

#[test]
fn a_denial() {
    let policy = policy();
    let refusal = refused(&policy, &facts(), Owner::User("user_02"));
    assert_eq!((refusal.status(), refusal.code()), (403, Code::Denied));
    let headers = [("content-type", "application/problem+json"), ("cache-control", "no-store")];
    assert_eq!(refusal.headers().collect::<Vec<_>>(), headers);
    let message =
        "Personal access tokens are managed by the user who owns them, and by nobody else.";
    assert_eq!(
        refusal.body(),
        format!(
            r#"{{"type":"about:blank","title":"Forbidden","status":403,"code":"denied","detail":"the policy does not allow this","class":"requirement","reasons":[{{"code":"not_the_owner","message":"{message}"}}]}}"#
        )
    );
    assert_eq!(
        refusal.audit(),
        format!(
            r#"{{"v":1,"time":1795000000,"outcome":"refused","status":403,"code":"denied","principal":{{"type":"user","id":"user_01"}},"action":"ListPersonalAccessTokens","organization":null,"resource":{{"type":"credential","kind":"personal_access_token","owner":"user_02"}},"decision":false,"class":"requirement","rules":["pats.owner-only"],"reasons":["not_the_owner"],"policy":"{}"}}"#,
            policy.digest()
        )
    );
}

#[test]
fn what_is_allowed() {
    let policy = policy();
    let mut facts = facts_in("org-a", "acct_7");
    facts["principal"]["memberships"][0]["roles"] = json!(["org_admin"]);
    let facts = facts.to_string();
    let management =
        Management { client_address: Some("192.0.2.7"), ..management(&policy, &facts) };
    let expected = |action: &str, resource: &str| {
        format!(
            r#"{{"v":1,"time":1795000000,"outcome":"allowed","principal":{{"type":"user","id":"user_01"}},"client_address":"192.0.2.7","action":"{action}","organization":"org-a","resource":{{"type":"credential","kind":"service_user_key","owner":"su_ci"{resource}}},"decision":true,"rules":["service-user-keys.manage"],"policy":"{}"}}"#,
            policy.digest()
        )
    };
    let listing = management.list(IN_ORG).unwrap();
    assert_eq!(listing.audit(), expected("ListServiceUserKeys", ""));

    let wanted = Wanted { name: Some("ci".to_owned()), ..wanted(60) };
    let issued =
        management.create(IN_ORG, &wanted).unwrap().issue(&root_key(), &random(3)).unwrap();
    let (old, named) = (issued.record.id(), r#","name":"ci""#);
    assert_eq!(issued.audit, expected("CreateServiceUserKey", &format!(r#","id":"{old}"{named}"#)));
    let revocation = management.revoke(IN_ORG, &issued.record).unwrap();
    assert_eq!(
        revocation.audit(),
        expected("RevokeServiceUserKey", &format!(r#","id":"{old}"{named}"#))
    );
    let replacement = Replacement { lifetime: Some(60), grace: 0 };
    let rotation = management.rotate(IN_ORG, &issued.record, replacement).unwrap();
    let rotated = rotation.issue(&root_key(), &random(4)).unwrap();
    let successor = rotated.record.id();
    assert_eq!(
        rotated.audit,
        expected(
            "RotateServiceUserKey",
            &format!(r#","id":"{old}"{named},"successor":"{successor}""#)
        )
    );
}

#[test]
fn a_disabled_user() {
    let mut facts = facts();
    facts["principal"]["disabled"] = json!(true);
    let refusal = refused(&policy(), &facts, OWN);
    assert_eq!((refusal.status(), refusal.code()), (403, Code::DisabledPrincipal));
    assert_eq!(
        refusal.body(),
        r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"disabled_principal","detail":"the principal is disabled"}"#
    );
}

#[test]
fn a_conflict() {
    let (policy, facts) = (policy(), facts().to_string());
    let management = management(&policy, &facts);
    let (wanted, root) = (wanted(60), root_key());
    let issued = management.create(OWN, &wanted).unwrap().issue(&root, &random(3)).unwrap();
    let revoked = issued.record.revoke(super::now());
    let replacement = Replacement { lifetime: Some(60), grace: 0 };
    let rotation = management.rotate(OWN, &revoked, replacement).unwrap();
    let refusal = rotation.issue(&root, &random(4)).unwrap_err();
    assert_eq!(
        refusal.body(),
        r#"{"type":"about:blank","title":"Conflict","status":409,"code":"not_rotatable","detail":"the credential is revoked or expired; make a new one instead of rotating it"}"#
    );
    let audit: Value = serde_json::from_str(refusal.audit()).unwrap();
    assert_eq!((&audit["status"], &audit["code"]), (&json!(409), &json!("not_rotatable")));
    assert_eq!(audit["resource"]["id"], json!(revoked.id().as_str()));
}

/// What the client is told says nothing of what is wrong with what the service holds.
fn is_undecided(refusal: &Refusal, code: Code) {
    assert_eq!((refusal.status(), refusal.code()), (503, code));
    assert_eq!(
        refusal.body(),
        r#"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"unavailable","detail":"this could not be decided; try again later"}"#
    );
    assert_eq!(refusal.headers().last(), Some(("retry-after", "5")));
    let audit: Value = serde_json::from_str(refusal.audit()).unwrap();
    assert_eq!(audit["code"], json!(code.name()));
    assert_eq!(refusal.cause().unwrap().code(), code);
}

#[test]
fn facts_that_cannot_be_used() {
    let policy = policy();
    let changed = |pointer: &str, value: Value| {
        let mut facts = facts_in("org-a", "acct_7");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        facts.pointer_mut(parent).unwrap()[name] = value;
        refused(&policy, &facts, IN_ORG)
    };
    for (pointer, value) in [
        ("/principal/id", json!("user_02")),
        ("/principal/id", json!(7)),
        ("/principal/type", json!("service_user")),
        ("/principal/disabled", json!("no")),
        ("/principal/rolls", json!([])),
        ("/principal", json!(null)),
        ("/organization/id", json!("org-b")),
        ("/organization", json!([])),
        ("/resource", json!({ "type": "credential", "id": "*" })),
        ("/others", json!({})),
    ] {
        is_undecided(&changed(pointer, value), Code::InvalidFacts);
    }
    // Where an organization is not asked about, nothing may be said of one.
    is_undecided(&refused(&policy, &facts_in("org-a", "acct_7"), OWN), Code::InvalidFacts);
    for text in [
        "",
        "[]",
        "{}",
        r#"{"principal":{"type":"user","id":"user_01"}} x"#,
        r#"{"principal":{"type":"user","id":"user_01","id":"user_01"}}"#,
        r#"{"principal":{"type":"user","id":"user_01","account":{"id":"a","id":"b"}}}"#,
    ] {
        is_undecided(&management(&policy, text).list(OWN).unwrap_err(), Code::InvalidFacts);
    }
    // Null says as much as nothing.
    let mut null = facts();
    (null["organization"], null["resource"]) = (Value::Null, Value::Null);
    null["principal"]["disabled"] = Value::Null;
    assert!(management(&policy, &null.to_string()).list(OWN).is_ok());
}

#[test]
fn a_record_of_somebody_else_and_a_clock_that_is_wrong() {
    let (policy, facts) = (policy(), facts().to_string());
    let management = management(&policy, &facts);
    for (kind, principal) in [(OWN.kind(), "user_02"), (IN_ORG.kind(), "user_01")] {
        let token = root_key().mint(kind, None, &random(3)).unwrap();
        let record = RecordDraft::new(&token, principal, Scopes::all(), super::now())
            .for_edges()
            .issue()
            .unwrap();
        is_undecided(&management.revoke(OWN, &record).unwrap_err(), Code::RecordMismatch);
    }
    let milliseconds = Time::from_seconds(1_795_000_000_000).unwrap();
    let later = Management { now: milliseconds, ..management };
    is_undecided(&later.list(OWN).unwrap_err(), Code::ImplausibleTime);
}

#[test]
fn a_secret_that_was_pasted_somewhere_is_not_told_on() {
    let (policy, facts) = (policy(), facts().to_string());
    let management = management(&policy, &facts);
    let token = root_key().mint(OWN.kind(), None, &random(3)).unwrap();
    let wanted = Wanted { name: Some(token.expose().to_owned()), ..wanted(60) };
    let issued = management.create(OWN, &wanted).unwrap().issue(&root_key(), &random(4)).unwrap();
    let secret = &token.expose()[23..];
    assert!(!issued.audit.contains(secret), "{}", issued.audit);
    assert!(!format!("{wanted:?} {management:?}").contains(secret));
    let owner = Owner::User(token.expose());
    let refusal = management.list(owner).unwrap_err();
    assert!(!refusal.audit().contains(secret) && !refusal.body().contains(secret));
}
