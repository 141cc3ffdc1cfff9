//! The policy's request to manage credentials (section 18 of `docs/policy-language.md`).

use super::facts::Facts;
use super::owner::Owner;
use super::wanted::{Replacement, Wanted};
use crate::json::Writer;
use crate::policy::Policy;
use crate::time::Time;
use crate::token::{Record, Scopes};
use alloc::string::String;

/// Who asks for what, and when.
#[derive(Clone, Copy)]
pub(super) struct Asked<'q> {
    pub(super) policy: &'q Policy,
    pub(super) user: &'q str,
    pub(super) client_address: Option<&'q str>,
    pub(super) now: Time,
    pub(super) owner: Owner<'q>,
    pub(super) task: Task<'q>,
}

/// What is to be done with credentials of an owner.
#[derive(Clone, Copy)]
pub(super) enum Task<'q> {
    Create(&'q Wanted),
    List,
    Rotate(&'q Record, Replacement),
    Revoke(&'q Record),
}

impl<'q> Asked<'q> {
    /// The name of the action.
    pub(super) const fn action(&self) -> &'static str {
        let [of_user, of_service_user] = match self.task {
            Task::Create(_) => ["CreatePersonalAccessToken", "CreateServiceUserKey"],
            Task::List => ["ListPersonalAccessTokens", "ListServiceUserKeys"],
            Task::Rotate(..) => ["RotatePersonalAccessToken", "RotateServiceUserKey"],
            Task::Revoke(_) => ["RevokePersonalAccessToken", "RevokeServiceUserKey"],
        };
        match self.owner {
            Owner::User(_) => of_user,
            Owner::ServiceUserInOrganization { .. } | Owner::ServiceUserInAccount { .. } => {
                of_service_user
            }
        }
    }

    /// The record of the credential that is there already.
    pub(super) const fn record(&self) -> Option<&'q Record> {
        match self.task {
            Task::Create(_) | Task::List => None,
            Task::Rotate(record, _) | Task::Revoke(record) => Some(record),
        }
    }

    /// The request as the text of an AuthZEN evaluation.
    pub(super) fn text(&self, facts: &Facts<'_>) -> String {
        let mut writer = Writer::new();
        writer.object(|w| {
            w.name("subject").object(|w| self.write_subject(w, facts));
            w.name("action").object(|w| {
                w.name("name").string(self.action());
            });
            w.name("resource").object(|w| self.write_resource(w, facts));
            w.name("context").object(|w| self.write_context(w));
        });
        writer.finish()
    }

    fn write_subject(&self, w: &mut Writer, facts: &Facts<'_>) {
        w.name("type").string("user");
        w.name("id").string(self.user);
        w.name("properties").object(|w| {
            for (name, value) in facts.properties {
                if let Some(value) = value {
                    w.name(name).raw(value);
                }
            }
        });
    }

    fn write_resource(&self, w: &mut Writer, facts: &Facts<'_>) {
        w.name("type").string("credential");
        w.name("id").string(self.record().map_or("*", Record::id_text));
        w.name("properties").object(|w| {
            w.name("organization");
            match self.owner.organization() {
                Some(organization) => w.string(organization),
                None => w.raw("null"),
            };
            self.write_account(w, facts);
            w.name("owner").string(self.owner.id());
            w.name("kind").string(self.owner.kind().name());
            match self.task {
                Task::Create(wanted) => {
                    write_made(w, &wanted.scopes, wanted.organizations.as_deref(), wanted.lifetime);
                }
                Task::Rotate(record, Replacement { lifetime, .. }) => {
                    write_made(w, record.scopes(), record.organizations(), lifetime);
                    let left = |end: Time| end.seconds().saturating_sub(self.now.seconds());
                    write_number(w, "remaining", record.expires_at().map(left));
                }
                Task::List | Task::Revoke(_) => {}
            }
        });
    }

    /// The account is the organization's, or the one that the owner lives in. Of another account
    /// than the user's own, nothing is known but its id.
    fn write_account(&self, w: &mut Writer, facts: &Facts<'_>) {
        let known = match self.owner {
            Owner::User(id) => facts.account.filter(|_| id == self.user),
            Owner::ServiceUserInOrganization { .. } => facts.organization_account,
            Owner::ServiceUserInAccount { account, .. } => {
                facts.account_with_id(self.policy, account)
            }
        };
        match (known, self.owner) {
            (Some(account), _) => {
                w.name("account").raw(account);
            }
            (None, Owner::ServiceUserInAccount { account, .. }) => {
                w.name("account").object(|w| {
                    w.name("id").string(account);
                });
            }
            (None, Owner::User(_) | Owner::ServiceUserInOrganization { .. }) => {}
        }
    }

    fn write_context(&self, w: &mut Writer) {
        w.name("credential").object(|w| {
            w.name("kind").string("session");
            w.name("expires_in").raw("null");
        });
        w.name("time").natural(self.now.seconds());
        if let Some(address) = self.client_address {
            w.name("client_address").string(address);
        }
    }
}

/// Writes what a credential that is to be made shall be good for, and how long.
fn write_made(
    w: &mut Writer,
    scopes: &Scopes,
    organizations: Option<&[String]>,
    lifetime: Option<u64>,
) {
    w.name("scopes").strings(scopes.names());
    w.name("organizations");
    match organizations {
        Some(organizations) => w.strings(organizations),
        None => w.strings(["*"]),
    };
    write_number(w, "lifetime", lifetime);
}

fn write_number(w: &mut Writer, name: &str, number: Option<u64>) {
    w.name(name);
    match number {
        Some(number) => w.natural(number),
        None => w.raw("null"),
    };
}
