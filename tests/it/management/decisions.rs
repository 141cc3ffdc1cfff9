//! Who may create, list, rotate and revoke what, under the built-in policy.

use super::tasks::{DAY, all, all_tasks, record, word};
use super::{facts, facts_in, management, policy};
use cog_auth::management::{Owner, Replacement, Wanted};
use cog_auth::token::Scopes;
use serde_json::{Value, json};

const OWN: Owner<'_> = Owner::User("user_01");
const OTHERS: Owner<'_> = Owner::User("user_02");
const IN_ORG: Owner<'_> = Owner::ServiceUserInOrganization { id: "su_ci", organization: "org-a" };
const IN_ACCOUNT: Owner<'_> = Owner::ServiceUserInAccount { id: "su_ci", account: "acct_7" };
const ELSEWHERE: Owner<'_> = Owner::ServiceUserInAccount { id: "su_ci", account: "acct_8" };

fn of(facts: &Value, owner: Owner<'_>) -> [String; 4] {
    let (policy, facts) = (policy(), facts.to_string());
    all_tasks(management(&policy, &facts), owner)
}

fn with(mut facts: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    facts.pointer_mut(parent).unwrap()[name] = value;
    facts
}

#[test]
fn personal_access_tokens_are_managed_by_their_owner_alone() {
    assert_eq!(of(&facts(), OWN), all("allowed"));
    let [create, list, rotate, revoke] = of(&facts(), OTHERS);
    // That the accounts are the same is not known either, which is no sure reason.
    for word in [&create, &list, &rotate, &revoke] {
        assert_eq!(word, "not_the_owner");
    }
    // No role helps.
    let admin = with(facts(), "/principal/roles", json!(["account_admin"]));
    assert_eq!(of(&admin, OTHERS), all("not_the_owner"));
}

#[test]
fn the_beta_and_single_sign_on_close_making_but_not_ending() {
    let expected = |reason: &str| [reason, "allowed", reason, "allowed"].map(str::to_owned);
    let no_beta = with(facts(), "/principal/account/features", json!([]));
    assert_eq!(of(&no_beta, OWN), expected("pat_beta_required"));
    let sso = with(facts(), "/principal/account/sso", json!(true));
    assert_eq!(of(&sso, OWN), expected("pat_excluded_for_sso"));
    let enterprise = with(facts(), "/principal/account/plan", json!("enterprise"));
    assert_eq!(of(&enterprise, OWN), expected("pat_excluded_for_sso"));
    // Nobody says whether the account has single sign-on: nothing is made.
    let unknown = with(facts(), "/principal/account", json!({ "id": "acct_7", "plan": "team" }));
    assert_eq!(of(&unknown, OWN), expected("incomplete_request"));
}

#[test]
fn keys_of_service_users_are_managed_by_administrators() {
    let admin =
        with(facts_in("org-a", "acct_7"), "/principal/memberships/0/roles", json!(["org_admin"]));
    assert_eq!(of(&admin, IN_ORG), all("allowed"));
    let member = facts_in("org-a", "acct_7");
    assert_eq!(of(&member, IN_ORG), all("no_grant"));
    // An administrator of an organization is none of the account.
    let mut account_facts = admin.clone();
    account_facts.as_object_mut().unwrap().remove("organization");
    assert_eq!(of(&account_facts, IN_ACCOUNT), all("no_grant"));

    let account_admin = with(facts(), "/principal/roles", json!(["account_admin"]));
    assert_eq!(of(&account_admin, IN_ACCOUNT), all("allowed"));
    let in_org = with(facts_in("org-a", "acct_7"), "/principal/roles", json!(["account_admin"]));
    assert_eq!(of(&in_org, IN_ORG), all("allowed"));
}

#[test]
fn administrators_of_one_account_have_no_say_in_another() {
    let account_admin = with(facts(), "/principal/roles", json!(["account_admin"]));
    assert_eq!(of(&account_admin, ELSEWHERE), all("no_grant"));
    let in_org = with(facts_in("org-a", "acct_8"), "/principal/roles", json!(["account_admin"]));
    assert_eq!(of(&in_org, IN_ORG), all("no_grant"));
    // Whose the organization is, nobody says.
    let mut unknown = in_org;
    unknown.as_object_mut().unwrap().remove("organization");
    assert_eq!(of(&unknown, IN_ORG), all("incomplete_request"));
}

#[test]
fn lifetimes_are_within_the_limits() {
    let policy = policy();
    let created = |facts: &Value, owner, lifetime| {
        let wanted = Wanted { lifetime, ..Wanted::with_scopes(Scopes::all()) };
        word(management(&policy, &facts.to_string()).create(owner, &wanted))
    };
    assert_eq!(created(&facts(), OWN, Some(90 * DAY)), "allowed");
    assert_eq!(created(&facts(), OWN, Some(90 * DAY + 1)), "lifetime_too_long");
    assert_eq!(created(&facts(), OWN, None), "incomplete_request");
    let short = with(facts(), "/principal/account/max_token_lifetime", json!(3_600));
    assert_eq!(created(&short, OWN, Some(3_600)), "allowed");
    assert_eq!(created(&short, OWN, Some(3_601)), "lifetime_over_account_limit");

    let admin = with(facts(), "/principal/roles", json!(["account_admin"]));
    assert_eq!(created(&admin, IN_ACCOUNT, Some(365 * DAY)), "allowed");
    assert_eq!(created(&admin, IN_ACCOUNT, Some(365 * DAY + 1)), "key_lifetime_too_long");

    let record = record(OWN);
    let facts = facts().to_string();
    let replacement = Replacement { lifetime: Some(90 * DAY + 1), grace: 0 };
    let rotated = management(&policy, &facts).rotate(OWN, &record, replacement);
    assert_eq!(word(rotated), "lifetime_too_long");
}

#[test]
fn lists_show_the_owner_and_kind_that_were_asked_for() {
    let (policy, facts) = (policy(), facts().to_string());
    let listing = management(&policy, &facts).list(OWN).unwrap();
    assert!(listing.shows(&record(OWN)));
    assert!(!listing.shows(&record(OTHERS)));
    let same_id = Owner::ServiceUserInAccount { id: "user_01", account: "acct_7" };
    assert!(!listing.shows(&record(same_id)));
}
