//! Management of credentials: who may, what is made, and what is told (section 18 of
//! docs/policy-language.md).

mod asked;
mod decisions;
mod made;
mod presented;
mod tasks;
mod told;

use crate::common::{root, source};
use cog_auth::Time;
use cog_auth::management::{Management, Requester, Wanted};
use cog_auth::policy::Policy;
use cog_auth::token::{KeyId, MINT_RANDOM_BYTES, RootKey, Scopes};
use serde_json::{Value, json};

/// The policy in `policies/`.
fn policy() -> Policy {
    source(&root().join("policies")).check().unwrap().into_policy()
}

fn now() -> Time {
    Time::from_seconds(1_795_000_000).unwrap()
}

fn management<'q>(policy: &'q Policy, facts: &'q str) -> Management<'q> {
    Management {
        policy,
        requester: Requester::SignedIn("user_01"),
        facts: facts.as_bytes(),
        client_address: None,
        now: now(),
    }
}

/// Facts about `user_01`, who is a member of `org-a`, and about that organization.
fn facts() -> Value {
    json!({
        "principal": {
            "type": "user",
            "id": "user_01",
            "account": { "id": "acct_7", "sso": false, "plan": "team", "features": ["pat_beta"] },
            "roles": [],
            "permissions": [],
            "memberships": [{ "organization": "org-a", "roles": ["org_member"], "permissions": [] }]
        }
    })
}

/// The same facts, and of the organization its account.
fn facts_in(organization: &str, account: &str) -> Value {
    let mut facts = facts();
    facts["organization"] = json!({ "id": organization, "account": { "id": account } });
    facts
}

fn wanted(lifetime: u64) -> Wanted {
    Wanted { lifetime: Some(lifetime), ..Wanted::with_scopes(Scopes::all()) }
}

fn root_key() -> RootKey {
    RootKey::new(KeyId::parse("01").unwrap(), &[7; 32])
}

fn random(byte: u8) -> [u8; MINT_RANDOM_BYTES] {
    [byte; MINT_RANDOM_BYTES]
}
