//! Who there is in this example: people, service users, and what the policy knows of them.

use crate::database::Database;
use cog_auth::management::Owner;
use cog_auth::token::Kind;
use cog_auth_stores::{AccountFacts, FactsWriter, PrincipalFacts};
use serde_json::{Value, json};
use std::error::Error;

/// Somebody who can sign in.
pub(crate) struct Person {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// What there is to see as this person.
    pub(crate) about: &'static str,
    account: &'static str,
    /// The person's roles in the account.
    roles: &'static [&'static str],
    /// The organizations that the person belongs to, with the person's role in each.
    memberships: &'static [Membership],
}

/// An organization, and the role of somebody who belongs to it.
type Membership = (&'static str, &'static str);

pub(crate) const PEOPLE: [Person; 4] = [
    Person {
        id: "user_ada",
        name: "Ada",
        about: "administrator of Acme: makes tokens, and keys of service users",
        account: "acct_acme",
        roles: &["account_admin", "account_member"],
        memberships: &[("org-research", "org_admin"), ("org-support", "org_admin")],
    },
    Person {
        id: "user_ben",
        name: "Ben",
        about: "member at Acme: makes tokens",
        account: "acct_acme",
        roles: &["account_member"],
        memberships: &[("org-research", "org_member"), ("org-support", "org_member")],
    },
    Person {
        id: "user_cleo",
        name: "Cleo",
        about: "at Initech, which is not in the beta of personal access tokens",
        account: "acct_initech",
        roles: &["account_member"],
        memberships: &[],
    },
    Person {
        id: "user_dan",
        name: "Dan",
        about: "at Globex, an enterprise with single sign-on, which has no personal access tokens",
        account: "acct_globex",
        roles: &["account_admin"],
        memberships: &[],
    },
];

/// A principal that is no person.
pub(crate) struct ServiceUser {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// The organization that it lives in, of which it is a member.
    pub(crate) organization: &'static str,
    account: &'static str,
}

pub(crate) const SERVICE_USERS: [ServiceUser; 2] = [
    ServiceUser {
        id: "su_nightly",
        name: "Nightly build",
        organization: "org-research",
        account: "acct_acme",
    },
    ServiceUser {
        id: "su_reports",
        name: "Reports",
        organization: "org-globex",
        account: "acct_globex",
    },
];

const ACCOUNTS: [(&str, &str); 3] = [
    ("acct_acme", r#"{"sso": false, "plan": "team", "features": ["pat_beta"]}"#),
    ("acct_initech", r#"{"sso": false, "plan": "team", "features": []}"#),
    ("acct_globex", r#"{"sso": true, "plan": "enterprise", "features": ["pat_beta"]}"#),
];

const ORGANIZATIONS: [(&str, &str); 3] =
    [("org-research", "acct_acme"), ("org-support", "acct_acme"), ("org-globex", "acct_globex")];

impl ServiceUser {
    pub(crate) const fn owner(&self) -> Owner<'static> {
        Owner::ServiceUserInOrganization { id: self.id, organization: self.organization }
    }
}

pub(crate) fn person(id: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.id == id)
}

pub(crate) fn service_user(id: &str) -> Option<&'static ServiceUser> {
    SERVICE_USERS.iter().find(|service_user| service_user.id == id)
}

/// The organizations that a credential of this owner can be good for.
pub(crate) fn organizations(owner: Owner<'_>) -> Vec<&str> {
    match owner {
        Owner::User(id) => {
            let memberships = person(id).map_or(&[][..], |person| person.memberships);
            memberships.iter().map(|(organization, _)| *organization).collect()
        }
        Owner::ServiceUserInOrganization { organization, .. } => vec![organization],
        Owner::ServiceUserInAccount { account, .. } => {
            let own = ORGANIZATIONS.iter().filter(|(_, of)| *of == account);
            own.map(|(organization, _)| *organization).collect()
        }
    }
}

/// Tells the store what is known of all of them. A service of your own has this in its directory,
/// and answers from there: `FactsStore` is one function.
pub(crate) async fn introduce(database: &Database) -> Result<(), Box<dyn Error + Send + Sync>> {
    for (id, properties) in ACCOUNTS {
        database.put_account(&AccountFacts::new(id, properties)?).await?;
    }
    for (id, account) in ORGANIZATIONS {
        database.put_organization(id, Some(account)).await?;
    }
    for person in &PEOPLE {
        let facts = facts(person.roles, person.memberships);
        let facts = PrincipalFacts::new(Kind::PersonalAccessToken, person.id, &facts)?;
        database.put_principal(&facts.of_account(person.account)).await?;
    }
    for user in &SERVICE_USERS {
        let facts = facts(&[], &[(user.organization, "org_member")]);
        let facts = PrincipalFacts::new(Kind::ServiceUserKey, user.id, &facts)?;
        database.put_principal(&facts.of_account(user.account)).await?;
    }
    Ok(())
}

/// What the policy knows of a principal.
fn facts(roles: &[&str], memberships: &[Membership]) -> String {
    let membership = |(organization, role): &Membership| {
        let roles = [role];
        json!({ "organization": organization, "roles": roles, "permissions": [] })
    };
    let memberships = memberships.iter().map(membership).collect::<Value>();
    json!({ "roles": roles, "permissions": [], "memberships": memberships }).to_string()
}
