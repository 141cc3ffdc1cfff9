//! A decision allocates nothing, nor does verifying a token.
//!
//! It is a binary of its own because the allocator that counts is that of a whole process.
#![cfg(all(test, feature = "documents"))]

use allocation_counter::measure;
use cog_auth::Time;
use cog_auth::token::{KeyId, Kind, RootKey, Token};
use std::hint::black_box;

#[path = "it/common/files.rs"]
#[allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "other tests use all of it")]
mod files;

#[test]
fn a_decision_allocates_nothing() {
    let policy = files::source(&files::root().join("policies")).check().unwrap().into_policy();
    let bare = r#"{"subject": {"type": "user", "id": "u"}, "action": {"name": "ViewOrgSessions"}, "resource": {"type": "organization", "id": "o"}}"#;
    let allowed = r#"{"subject": {"type": "user", "id": "u", "properties": {"memberships": [{"organization": "o", "roles": ["org_member"]}]}},
        "action": {"name": "ViewOrgSessions"}, "resource": {"type": "organization", "id": "o", "properties": {"organization": "o"}},
        "context": {"credential": {"kind": "session"}}}"#;
    for (text, expected) in [(bare, false), (allowed, true)] {
        let request = policy.request(text.as_bytes()).unwrap();
        let found = measure(|| {
            assert_eq!(black_box(&request).decide().is_allowed(), expected);
        });
        assert_eq!(found.count_total, 0);
        // And the counter counts.
        assert!(measure(|| drop(request.decide().explain().to_json())).count_total > 0);
    }
}

#[test]
fn verifying_a_token_allocates_nothing() {
    let now = Time::from_seconds(1_795_000_000).unwrap();
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    let keys = root.edge_keys();
    let token = root.mint(Kind::ServiceUserKey, None, &[42; 64]).unwrap();
    let text = token.expose().to_owned();
    let found = measure(|| {
        assert!(keys.verify(Token::parse(black_box(text.as_bytes())).unwrap(), now).is_ok());
    });
    assert_eq!(found.count_total, 0);
}
