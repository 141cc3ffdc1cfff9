//! The request that the policy decides: each place of it, seen by a policy that permits only what
//! stands in section 18 of docs/policy-language.md.

use super::presented::Made;
use super::{facts_in, management, random, root_key};
use crate::common::documents;
use cog_auth::management::{Management, Owner, Replacement, Requester, Wanted};
use cog_auth::policy::Policy;
use cog_auth::token::{RecordDraft, Scopes};
use cog_auth::{Code, Time};
use serde_json::{Value, json};

/// A policy that permits one action where every place has this value.
fn expecting(action: &str, places: &[(&str, Value)]) -> Policy {
    let (mut attributes, mut when) = (json!({}), json!({}));
    for (number, (pointer, value)) in places.iter().enumerate() {
        let name = format!("place.n{number}");
        attributes[&name] = match value {
            Value::Bool(_) => json!({ "type": "bool", "from": pointer }),
            Value::Number(_) => {
                json!({ "type": "int", "min": 0, "max": 9_007_199_254_740_991_u64, "from": pointer })
            }
            Value::Array(_) => json!({ "type": "id_set", "domain": "d", "from": pointer }),
            _ => json!({ "type": "id", "domain": "d", "from": pointer }),
        };
        when[&name] = match value {
            Value::Null => json!({ "present": false }),
            Value::Array(_) => json!({ "eq": value }),
            value => value.clone(),
        };
    }
    let document = json!({
        "v": 1,
        "schema": { "attributes": attributes, "actions": { action: {} } },
        "rules": [{ "id": "expected", "effect": "permit", "actions": ["*"], "when": when }]
    });
    documents([document.to_string().as_str()]).check().unwrap().into_policy()
}

fn common() -> Vec<(&'static str, Value)> {
    vec![
        ("/subject/type", json!("user")),
        ("/subject/id", json!("user_01")),
        ("/subject/properties/account/id", json!("acct_7")),
        ("/resource/type", json!("credential")),
        ("/context/credential/kind", json!("session")),
        ("/context/credential/expires_in", Value::Null),
        ("/context/time", json!(1_795_000_000)),
        ("/context/client_address", json!("192.0.2.7")),
    ]
}

/// Whether the request is as expected, and whether it is noticed where one place is not.
fn check(
    action: &str,
    own: &[(&'static str, Value)],
    facts: &Value,
    asks: impl Fn(Management<'_>) -> Option<Code>,
) {
    compare(action, &[common(), own.to_vec()].concat(), facts, asks);
}

fn compare(
    action: &str,
    places: &[(&'static str, Value)],
    facts: &Value,
    asks: impl Fn(Management<'_>) -> Option<Code>,
) {
    let facts = facts.to_string();
    let asked = |policy: &Policy| {
        asks(Management { client_address: Some("192.0.2.7"), ..management(policy, &facts) })
    };
    assert_eq!(asked(&expecting(action, places)), None, "{action}");
    for index in 0..places.len() {
        let mut other = places.to_vec();
        other[index].1 = match &other[index].1 {
            Value::Null => json!("something"),
            Value::Number(_) => json!(12_345),
            Value::Array(_) => json!(["others"]),
            _ => json!("other"),
        };
        let policy = expecting(action, &other);
        assert_eq!(asked(&policy), Some(Code::Denied), "{action} {}", places[index].0);
    }
}

#[test]
fn of_creating() {
    let wanted = Wanted {
        organizations: Some(vec!["org-a".to_owned()]),
        addresses: Some(vec!["192.0.2.0/24".to_owned()]),
        lifetime: Some(77),
        ..Wanted::with_scopes(Scopes::of(["ViewOrgSessions", "ManageOrgTags"]).unwrap())
    };
    let owner = Owner::ServiceUserInOrganization { id: "su_ci", organization: "org-a" };
    let own = [
        ("/resource/id", json!("*")),
        ("/resource/properties/organization", json!("org-a")),
        ("/resource/properties/account/id", json!("acct_9")),
        ("/resource/properties/owner", json!("su_ci")),
        ("/resource/properties/kind", json!("service_user_key")),
        ("/resource/properties/scopes", json!(["ManageOrgTags", "ViewOrgSessions"])),
        ("/resource/properties/organizations", json!(["org-a"])),
        ("/resource/properties/addresses", json!(["192.0.2.0/24"])),
        ("/resource/properties/lifetime", json!(77)),
    ];
    check("CreateServiceUserKey", &own, &facts_in("org-a", "acct_9"), |management| {
        management.create(owner, &wanted).err().map(|refusal| refusal.code())
    });
}

#[test]
fn with_a_credential_that_was_presented() {
    let made = Made {
        scopes: Scopes::of(["ViewOrgSessions", "ListServiceUserKeys"]).unwrap(),
        organizations: Some(vec!["org-b".to_owned(), "org-a".to_owned()]),
        lifetime: Some(90),
        ..Made::default()
    };
    let allowed = made.presented();
    let places = [
        ("/subject/type", json!("service_user")),
        ("/subject/id", json!("su_deploy")),
        ("/context/credential/kind", json!("service_user_key")),
        ("/context/credential/id", json!(allowed.id().as_str())),
        ("/context/credential/scopes", json!(["ListServiceUserKeys", "ViewOrgSessions"])),
        ("/context/credential/organizations", json!(["org-a", "org-b"])),
        ("/context/credential/expires_in", json!(90)),
        ("/context/time", json!(1_795_000_000)),
        ("/context/client_address", json!("192.0.2.7")),
    ];
    let owner = Owner::ServiceUserInOrganization { id: "su_ci", organization: "org-a" };
    let facts = json!({ "principal": { "type": "service_user", "id": "su_deploy" } });
    compare("ListServiceUserKeys", &places, &facts, |management| {
        let requester = Requester::Presented(&allowed);
        let listing = Management { requester, ..management }.list(owner);
        listing.err().map(|refusal| refusal.code())
    });
}

#[test]
fn of_rotating() {
    let root = root_key();
    let owner = Owner::User("user_01");
    let token = root.mint(owner.kind(), None, &random(5)).unwrap();
    let issued = |expires_at: Option<u64>| {
        let draft = RecordDraft::new(&token, "user_01", Scopes::all(), super::now()).for_edges();
        match expires_at {
            Some(time) => draft.expires_at(Time::from_seconds(time).unwrap()).issue().unwrap(),
            None => draft.issue().unwrap(),
        }
    };
    for (expires_at, remaining) in
        [(Some(1_795_000_050), json!(50)), (Some(1_794_000_000), json!(0)), (None, Value::Null)]
    {
        let record = issued(expires_at);
        let own = [
            ("/resource/id", json!(record.id().as_str())),
            ("/resource/properties/organization", Value::Null),
            ("/resource/properties/account/id", json!("acct_7")),
            ("/resource/properties/owner", json!("user_01")),
            ("/resource/properties/kind", json!("personal_access_token")),
            ("/resource/properties/scopes", json!(["*"])),
            ("/resource/properties/organizations", json!(["*"])),
            ("/resource/properties/addresses", json!(["*"])),
            ("/resource/properties/lifetime", Value::Null),
            ("/resource/properties/remaining", remaining),
        ];
        let replacement = Replacement { lifetime: None, grace: 0 };
        check("RotatePersonalAccessToken", &own, &super::facts(), |management| {
            management.rotate(owner, &record, replacement).err().map(|refusal| refusal.code())
        });
    }
}

#[test]
fn of_listing_and_revoking() {
    let owner = Owner::ServiceUserInAccount { id: "su_ci", account: "acct_7" };
    let token = root_key().mint(owner.kind(), None, &random(5)).unwrap();
    let record = RecordDraft::new(&token, "su_ci", Scopes::none(), super::now())
        .for_edges()
        .issue()
        .unwrap();
    let own = |id: &str| {
        [
            ("/resource/id", json!(id)),
            ("/resource/properties/organization", Value::Null),
            ("/resource/properties/account/id", json!("acct_7")),
            ("/resource/properties/account/plan", json!("team")),
            ("/resource/properties/owner", json!("su_ci")),
            ("/resource/properties/kind", json!("service_user_key")),
        ]
    };
    check("ListServiceUserKeys", &own("*"), &super::facts(), |management| {
        management.list(owner).err().map(|refusal| refusal.code())
    });
    check("RevokeServiceUserKey", &own(record.id().as_str()), &super::facts(), |management| {
        management.revoke(owner, &record).err().map(|refusal| refusal.code())
    });
    // Of an account that is not the user's, nothing is known but its id.
    let owner = Owner::ServiceUserInAccount { id: "su_ci", account: "acct_8" };
    let policy =
        expecting("ListServiceUserKeys", &[("/resource/properties/account/id", json!("acct_8"))]);
    let facts = super::facts().to_string();
    assert!(management(&policy, &facts).list(owner).is_ok());
    let policy =
        expecting("ListServiceUserKeys", &[("/resource/properties/account/plan", json!("team"))]);
    assert!(management(&policy, &facts).list(owner).is_err());
}
