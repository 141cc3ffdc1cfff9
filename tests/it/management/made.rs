//! What is made where it is allowed: tokens that edges and origins accept, and records.

use super::{facts, management, policy, random, root_key, wanted};
use cog_auth::management::{Issued, Management, Owner, Refusal, Replacement, Wanted};
use cog_auth::token::{Kind, MAX_GRACE_SECONDS, Record, Scopes};
use cog_auth::{Code, Time};
use serde_json::Value;

const OWN: Owner<'_> = Owner::User("user_01");

fn issue(management: &Management<'_>, wanted: &Wanted, byte: u8) -> Result<Issued, Refusal> {
    management.create(OWN, wanted).unwrap().issue(&root_key(), &random(byte))
}

fn at(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

#[test]
fn a_created_token_is_accepted_everywhere_until_it_expires() {
    let (policy, facts) = (policy(), facts().to_string());
    let wanted = Wanted {
        name: Some("laptop".to_owned()),
        organizations: Some(vec!["org-b".to_owned(), "org-a".to_owned()]),
        addresses: Some(vec!["192.0.2.0/24".to_owned()]),
        lifetime: Some(3_600),
        ..Wanted::with_scopes(Scopes::of(["ViewOrgSessions"]).unwrap())
    };
    let issued = issue(&management(&policy, &facts), &wanted, 1).unwrap();
    let record = &issued.record;
    assert_eq!((record.principal(), record.kind()), ("user_01", Kind::PersonalAccessToken));
    assert_eq!(record.name(), Some("laptop"));
    assert_eq!(record.scopes().names().collect::<Vec<_>>(), ["ViewOrgSessions"]);
    assert_eq!(record.organizations().unwrap(), ["org-a", "org-b"]);
    assert_eq!(record.addresses().unwrap(), ["192.0.2.0/24"]);
    assert_eq!(record.created_at(), super::now());
    assert_eq!(record.expires_at(), Some(at(1_795_003_600)));

    let root = root_key();
    let text = issued.token.expose().to_owned();
    let genuine = |now| {
        let token = cog_auth::token::Token::parse(text.as_bytes()).unwrap();
        root.edge_keys().verify(token, now).unwrap()
    };
    let last = at(1_795_003_599);
    assert!(genuine(last).accept_at_edge(Some(record.clone()), last).is_ok());
    assert!(genuine(last).accept_at_origin(Some(record.clone()), &root.peppers(), last).is_ok());
    let late = at(1_795_003_600);
    let error = genuine(late).accept_at_edge(Some(record.clone()), late).unwrap_err();
    assert_eq!(error.code(), Code::RecordExpired);
    // Nothing that is stored or logged has the token.
    let secret = &text[23..];
    assert!(!record.to_json().contains(secret) && !issued.audit.contains(secret));
    assert!(!format!("{issued:?}").contains(secret));
}

#[test]
fn what_no_credential_can_be_is_refused() {
    let (policy, facts) = (policy(), facts().to_string());
    let management = management(&policy, &facts);
    for unfit in [
        Wanted { name: Some("two\nlines".to_owned()), ..wanted(60) },
        Wanted { name: Some("x".repeat(257)), ..wanted(60) },
        Wanted { addresses: Some(vec!["192.0.2.1/24".to_owned()]), ..wanted(60) },
        Wanted { organizations: Some(vec!["*".to_owned()]), ..wanted(60) },
    ] {
        let refusal = issue(&management, &unfit, 1).unwrap_err();
        assert_eq!((refusal.status(), refusal.code()), (422, Code::InvalidRecord));
    }
    let refusal =
        management.create(OWN, &wanted(60)).unwrap().issue(&root_key(), &[1; 3]).unwrap_err();
    assert_eq!((refusal.status(), refusal.code()), (503, Code::NotEnoughRandomBytes));
}

fn rotate(
    management: &Management<'_>,
    record: &Record,
    grace: u64,
) -> Result<cog_auth::management::Rotated, Refusal> {
    let replacement = Replacement { lifetime: Some(7_200), grace };
    management.rotate(OWN, record, replacement).unwrap().issue(&root_key(), &random(2))
}

#[test]
fn a_successor_has_what_its_predecessor_had_but_a_new_life() {
    let (policy, facts) = (policy(), facts().to_string());
    let management = management(&policy, &facts);
    let wanted = Wanted {
        name: Some("laptop".to_owned()),
        organizations: Some(vec!["org-a".to_owned()]),
        addresses: Some(vec!["192.0.2.0/24".to_owned()]),
        ..wanted(3_600)
    };
    let issued = issue(&management, &wanted, 1).unwrap();
    let mut stored: Value = serde_json::from_str(&issued.record.to_json()).unwrap();
    stored["metadata"] = serde_json::json!({ "made_by": "page" });
    stored["not_before"] = serde_json::json!(super::now().seconds() + 60);
    let old = Record::from_json(stored.to_string().as_bytes()).unwrap();

    let rotated = rotate(&management, &old, 600).unwrap();
    let new = &rotated.record;
    assert_eq!(new.id(), rotated.token.id());
    assert_ne!(new.id(), old.id());
    assert_eq!(new.not_before(), old.not_before());
    assert_eq!(
        (new.principal(), new.kind(), new.name(), new.scopes(), new.metadata()),
        (old.principal(), old.kind(), old.name(), old.scopes(), old.metadata())
    );
    assert_eq!((new.organizations(), new.addresses()), (old.organizations(), old.addresses()));
    assert_eq!(new.expires_at(), Some(at(1_795_007_200)));
    assert_eq!(rotated.predecessor.rotated_to(), Some(new.id()));
    assert_eq!(rotated.predecessor.grace_until(), Some(at(1_795_000_600)));
}

#[test]
fn what_has_ended_is_not_replaced() {
    let (policy, facts) = (policy(), facts().to_string());
    let management = management(&policy, &facts);
    let record = issue(&management, &wanted(3_600), 1).unwrap().record;
    let refused = |record: &Record, grace| {
        let refusal = rotate(&management, record, grace).unwrap_err();
        assert_eq!(refusal.status(), 409);
        refusal.code()
    };
    let rotated = rotate(&management, &record, 0).unwrap().predecessor;
    assert_eq!(refused(&rotated, 0), Code::AlreadyRotated);
    assert_eq!(refused(&record.revoke(super::now()), 0), Code::NotRotatable);
    assert_eq!(refused(&record, MAX_GRACE_SECONDS + 1), Code::NotRotatable);
    let later = Management { now: at(1_795_003_600), ..management };
    let replacement = Replacement { lifetime: Some(60), grace: 0 };
    let rotation = later.rotate(OWN, &record, replacement).unwrap();
    let refusal = rotation.issue(&root_key(), &random(2)).unwrap_err();
    assert_eq!((refusal.status(), refusal.code()), (409, Code::NotRotatable));
}

#[test]
fn a_revoked_credential_keeps_the_first_time() {
    let (policy, facts) = (policy(), facts().to_string());
    let management = management(&policy, &facts);
    let record = issue(&management, &wanted(3_600), 1).unwrap().record;
    let revoked = management.revoke(OWN, &record).unwrap().record();
    assert_eq!(revoked.revoked_at(), Some(super::now()));
    let later = Management { now: at(1_795_000_001), ..management };
    assert_eq!(later.revoke(OWN, &revoked).unwrap().record(), revoked);
}
