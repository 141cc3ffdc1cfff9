//! Management by whoever presented a credential: it gives no more than it is good for itself.

use super::tasks::{DAY, all, all_tasks, record, word};
use super::{root_key, wanted};
use crate::common::documents;
use crate::common::gate::{Answer, drive};
use cog_auth::gate::{Allowed, Gate, HttpRequest, Outcome};
use cog_auth::management::{Management, Owner, Replacement, Requester, Wanted};
use cog_auth::policy::Policy;
use cog_auth::token::{Kind, MINT_RANDOM_BYTES, Record, RecordDraft, RootKey, Scopes, Token};
use cog_auth::{Code, Time};
use serde_json::{Value, json};

/// A credential that was presented, as its issuer made it.
pub(super) struct Made<'m> {
    pub(super) kind: Kind,
    pub(super) principal: &'m str,
    pub(super) scopes: Scopes,
    pub(super) organizations: Option<Vec<String>>,
    pub(super) addresses: Option<Vec<String>>,
    pub(super) lifetime: Option<u64>,
}

impl Default for Made<'_> {
    /// A key of a service user, good for everything, for ever.
    fn default() -> Self {
        Self {
            kind: Kind::ServiceUserKey,
            principal: "su_deploy",
            scopes: Scopes::all(),
            organizations: None,
            addresses: None,
            lifetime: None,
        }
    }
}

impl Made<'_> {
    fn token(&self) -> Token {
        root_key().mint(self.kind, None, &[77; MINT_RANDOM_BYTES]).unwrap()
    }

    fn record(&self) -> Record {
        let (token, root) = (self.token(), root_key());
        let peppers = root.peppers();
        let mut draft = RecordDraft::new(&token, self.principal, self.scopes.clone(), super::now())
            .name("the deployer")
            .for_origins(&peppers);
        if let Some(organizations) = &self.organizations {
            draft = draft.organizations(organizations);
        }
        if let Some(addresses) = &self.addresses {
            draft = draft.addresses(addresses);
        }
        if let Some(seconds) = self.lifetime {
            draft = draft.expires_at(after(seconds));
        }
        draft.issue().unwrap()
    }

    /// A gate at an origin lets a request with it through.
    pub(super) fn presented(&self) -> Allowed {
        let root: RootKey = root_key();
        let gate = Gate::at_origin(open(), root.edge_keys(), root.peppers());
        let header = format!("Bearer {}", self.token().expose());
        let request = HttpRequest {
            method: "POST",
            target: b"/keys",
            authorization: &[header.as_bytes()],
            context: None,
            client_address: None,
        };
        let record = self.record().to_json();
        let principal = match self.kind {
            Kind::PersonalAccessToken => "user",
            Kind::ServiceUserKey | Kind::Sample => "service_user",
        };
        let facts = json!({ "principal": { "type": principal, "id": self.principal } }).to_string();
        let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
        match drive(&gate, &request, super::now(), answers, |_| ()) {
            Outcome::Allowed(allowed) => allowed,
            other => panic!("{other:?}"),
        }
    }
}

/// A policy that lets everybody ask.
fn open() -> Policy {
    let policy = r#"{ "v": 1,
        "schema": { "attributes": {}, "actions": { "AskForKeys": {} } },
        "rules": [{ "id": "all", "effect": "permit", "actions": ["AskForKeys"] }],
        "routes": [{ "method": "POST", "path": "/keys", "action": "AskForKeys" }] }"#;
    documents([policy]).check().unwrap().into_policy()
}

fn after(seconds: u64) -> Time {
    Time::from_seconds(super::now().seconds() + seconds).unwrap()
}

const IN_ORG: Owner<'_> = Owner::ServiceUserInOrganization { id: "su_ci", organization: "org-a" };

/// Facts about a service user who has this role in `org-a`.
fn facts(id: &str, role: &str) -> Value {
    json!({
        "principal": {
            "type": "service_user",
            "id": id,
            "account": { "id": "acct_7", "sso": false, "plan": "team", "features": ["pat_beta"] },
            "roles": [],
            "permissions": [],
            "memberships": [{ "organization": "org-a", "roles": [role], "permissions": [] }],
        },
        "organization": { "id": "org-a", "account": { "id": "acct_7", "sso": false, "plan": "team" } },
    })
}

fn management<'q>(policy: &'q Policy, allowed: &'q Allowed, facts: &'q str) -> Management<'q> {
    Management {
        policy,
        requester: Requester::Presented(allowed),
        facts: facts.as_bytes(),
        client_address: None,
        now: super::now(),
    }
}

#[test]
fn a_key_manages_keys_where_its_service_user_may() {
    let (policy, allowed) = (super::policy(), Made::default().presented());
    let tasks = |role: &str, owner| {
        all_tasks(management(&policy, &allowed, &facts("su_deploy", role).to_string()), owner)
    };
    assert_eq!(tasks("org_admin", IN_ORG), all("allowed"));
    assert_eq!(tasks("org_member", IN_ORG), all("no_grant"));
}

#[test]
fn what_a_key_makes_is_no_wider_than_the_key() {
    let policy = super::policy();
    let made = Made {
        scopes: Scopes::of(["CreateServiceUserKey", "ViewOrgSessions"]).unwrap(),
        organizations: Some(vec!["org-a".to_owned()]),
        lifetime: Some(DAY),
        ..Made::default()
    };
    let (allowed, facts) = (made.presented(), facts("su_deploy", "org_admin").to_string());
    let management = management(&policy, &allowed, &facts);
    let created = |wanted: &Wanted| word(management.create(IN_ORG, wanted));
    let narrow = Wanted {
        organizations: Some(vec!["org-a".to_owned()]),
        lifetime: Some(DAY),
        ..Wanted::with_scopes(Scopes::of(["ViewOrgSessions"]).unwrap())
    };
    assert_eq!(created(&narrow), "allowed");
    let wide = |change: fn(&mut Wanted)| {
        let mut wanted = narrow.clone();
        change(&mut wanted);
        created(&wanted)
    };
    assert_eq!(wide(|it| it.scopes = Scopes::all()), "scopes_wider_than_own");
    let other = |it: &mut Wanted| it.scopes = Scopes::of(["ManageOrgSecrets"]).unwrap();
    assert_eq!(wide(other), "scopes_wider_than_own");
    assert_eq!(wide(|it| it.organizations = None), "organizations_wider_than_own");
    assert_eq!(wide(|it| it.lifetime = Some(DAY + 1)), "lifetime_longer_than_own");
    // What is not among its scopes, it does not do.
    assert_eq!(word(management.list(IN_ORG)), "scope_missing");
    // A day has begun since: the rest of it is what can be given.
    let later = Management { now: after(1), ..management };
    assert_eq!(word(later.create(IN_ORG, &narrow)), "lifetime_longer_than_own");
}

#[test]
fn what_a_key_makes_is_good_from_no_other_addresses() {
    let policy = super::policy();
    let own = || Some(vec!["192.0.2.0/24".to_owned(), "2001:db8::/32".to_owned()]);
    let made = Made { addresses: own(), ..Made::default() };
    let (allowed, facts) = (made.presented(), facts("su_deploy", "org_admin").to_string());
    let management =
        Management { client_address: Some("192.0.2.7"), ..management(&policy, &allowed, &facts) };
    let created = |addresses: Option<Vec<String>>| {
        word(management.create(IN_ORG, &Wanted { addresses, ..wanted(DAY) }))
    };
    assert_eq!(created(own()), "allowed");
    assert_eq!(created(Some(vec!["192.0.2.0/24".to_owned()])), "allowed");
    for wider in [None, Some(vec!["192.0.2.0/24".to_owned(), "198.51.100.7".to_owned()])] {
        assert_eq!(created(wider), "addresses_wider_than_own");
    }
    // The successor of another key would have that key's addresses.
    let replacement = Replacement { lifetime: Some(DAY), grace: 0 };
    let rotated = management.rotate(IN_ORG, &record(IN_ORG), replacement).map(|_| ());
    assert_eq!(word(rotated), "addresses_wider_than_own");
}

#[test]
fn a_credential_that_ended_since_manages_nothing() {
    let policy = super::policy();
    let made = Made { lifetime: Some(60), ..Made::default() };
    let (allowed, facts) = (made.presented(), facts("su_deploy", "org_admin").to_string());
    let management = management(&policy, &allowed, &facts);
    let at = |seconds| Management { now: after(seconds), ..management };
    assert!(at(59).list(IN_ORG).is_ok());
    for seconds in [60, 61, 1_000_000] {
        let refusal = at(seconds).list(IN_ORG).unwrap_err();
        assert_eq!((refusal.status(), refusal.code()), (403, Code::RecordExpired));
        assert_eq!(
            refusal.body(),
            r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"record_expired","detail":"the credential has expired; make a new one"}"#
        );
    }
}

#[test]
fn a_personal_access_token_manages_nothing_and_can_be_given_up() {
    let policy = super::policy();
    let made = Made { kind: Kind::PersonalAccessToken, principal: "user_01", ..Made::default() };
    let (allowed, facts) = (made.presented(), super::facts().to_string());
    let management = management(&policy, &allowed, &facts);
    let own = Owner::User("user_01");
    for word in all_tasks(management, own) {
        assert!(word.contains("pat_cannot_manage_credentials"), "{word}");
    }
    let presented = management.revoke(own, allowed.record()).unwrap();
    assert_eq!(presented.record().revoked_at(), Some(super::now()));
    let audit: Value = serde_json::from_str(&presented.audit()).unwrap();
    assert_eq!(audit["action"], json!("RevokePresentedCredential"));
}

#[test]
fn a_service_user_is_not_the_user_of_the_same_id() {
    let policy = super::policy();
    let made = Made { principal: "user_01", ..Made::default() };
    let allowed = made.presented();
    let mut facts = facts("user_01", "org_admin");
    facts.as_object_mut().unwrap().remove("organization");
    let facts = facts.to_string();
    for word in all_tasks(management(&policy, &allowed, &facts), Owner::User("user_01")) {
        assert!(word.contains("session_required"), "{word}");
    }
    // Nor are the facts about one those about the other.
    let facts = super::facts().to_string();
    let refusal = management(&policy, &allowed, &facts).list(IN_ORG).unwrap_err();
    assert_eq!((refusal.status(), refusal.code()), (503, Code::InvalidFacts));
}

#[test]
fn the_audit_record_says_with_which_credential() {
    let (policy, allowed) = (super::policy(), Made::default().presented());
    let facts = facts("su_deploy", "org_admin").to_string();
    let listing = management(&policy, &allowed, &facts).list(IN_ORG).unwrap();
    let (id, handle) = (allowed.id(), allowed.handle());
    assert_eq!(
        listing.audit(),
        format!(
            r#"{{"v":1,"time":1795000000,"outcome":"allowed","principal":{{"type":"service_user","id":"su_deploy"}},"credential":{{"kind":"service_user_key","id":"{id}","handle":"{handle}","name":"the deployer"}},"action":"ListServiceUserKeys","organization":"org-a","resource":{{"type":"credential","kind":"service_user_key","owner":"su_ci"}},"decision":true,"rules":["service-user-keys.manage"],"policy":"{}"}}"#,
            policy.digest()
        )
    );
    let requester = Requester::Presented(&allowed);
    assert_eq!((requester.principal_type(), requester.id()), ("service_user", "su_deploy"));
    assert_eq!(format!("{requester:?}"), r#"service_user "su_deploy""#);
}
