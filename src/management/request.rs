//! The policy's request to manage credentials (section 18 of `docs/policy-language.md`).

use super::facts::Facts;
use super::owner::Owner;
use super::requester::Requester;
use super::wanted::{Replacement, Wanted};
use crate::error::Error;
use crate::gate::{Allowed, put_circumstances, put_credential};
use crate::json::Writer;
use crate::policy::vocabulary::{place, subject_type};
use crate::policy::{Policy, Request};
use crate::time::Time;
use crate::token::Record;
use alloc::string::String;

/// Who asks for what, and when.
#[derive(Clone, Copy)]
pub(super) struct Asked<'q> {
    pub(super) policy: &'q Policy,
    pub(super) requester: Requester<'q>,
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
    pub(super) fn action(&self) -> &'static str {
        if self.is_about_presented() {
            return "RevokePresentedCredential";
        }
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

    /// Whether somebody wants to revoke the very credential that was presented.
    fn is_about_presented(&self) -> bool {
        match self.task {
            Task::Revoke(record) => {
                self.requester.presented().map(Allowed::id) == Some(record.id())
            }
            Task::Create(_) | Task::List | Task::Rotate(..) => false,
        }
    }

    /// The record of the credential that is there already.
    pub(super) const fn record(&self) -> Option<&'q Record> {
        match self.task {
            Task::Create(_) | Task::List => None,
            Task::Rotate(record, _) | Task::Revoke(record) => Some(record),
        }
    }

    /// The policy's request. The text is that of [`Asked::text`].
    pub(super) fn request<'t>(&self, text: &'t [u8]) -> Result<Request<'t>, Error>
    where
        'q: 't,
    {
        let mut attributes = self.policy.request_attributes(text)?;
        match self.requester {
            Requester::SignedIn(_) => {
                attributes.set_str(&place::CREDENTIAL_KIND, "session");
                attributes.set_null(&place::CREDENTIAL_EXPIRES_IN);
            }
            Requester::Presented(allowed) => {
                let (record, valid_until) = (allowed.record(), allowed.valid_until());
                put_credential(&mut attributes, record, valid_until, self.now);
            }
        }
        put_circumstances(&mut attributes, self.client_address, self.now);
        Ok(Request::of(attributes))
    }

    /// Subject, action and resource of the request, as the text of an AuthZEN evaluation.
    pub(super) fn text(&self, facts: &Facts<'_>) -> String {
        let mut writer = Writer::new();
        writer.object(|w| {
            w.name("subject").object(|w| self.write_subject(w, facts));
            w.name("action").object(|w| {
                w.name("name").string(self.action());
            });
            w.name("resource").object(|w| self.write_resource(w, facts));
        });
        writer.finish()
    }

    fn write_subject(&self, w: &mut Writer, facts: &Facts<'_>) {
        w.name("type").string(self.requester.principal_type());
        w.name("id").string(self.requester.id());
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
                    write_list(w, "scopes", Some(wanted.scopes.names()));
                    write_list(w, "organizations", wanted.organizations.as_deref());
                    write_list(w, "addresses", wanted.addresses.as_deref());
                    write_number(w, "lifetime", wanted.lifetime);
                }
                Task::Rotate(record, Replacement { lifetime, .. }) => {
                    write_list(w, "scopes", Some(record.scopes().names()));
                    write_list(w, "organizations", record.organizations());
                    write_list(w, "addresses", record.addresses());
                    write_number(w, "lifetime", lifetime);
                    let left = |end: Time| end.seconds().saturating_sub(self.now.seconds());
                    write_number(w, "remaining", record.expires_at().map(left));
                }
                Task::List | Task::Revoke(_) => {}
            }
        });
    }

    /// The account is the organization's, or the one that the owner lives in. Of another account
    /// than that of who asks, nothing is known but its id.
    fn write_account(&self, w: &mut Writer, facts: &Facts<'_>) {
        let known = match self.owner {
            Owner::User(id) => {
                let is_own = self.requester.principal_type() == subject_type::USER
                    && self.requester.id() == id;
                facts.account.filter(|_| is_own)
            }
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
}

/// Writes what a credential that is to be made shall be good for: `*` where it is not limited.
fn write_list<T: AsRef<str>>(
    w: &mut Writer,
    name: &'static str,
    texts: Option<impl IntoIterator<Item = T>>,
) {
    w.name(name);
    match texts {
        Some(texts) => w.strings(texts),
        None => w.strings(["*"]),
    };
}

fn write_number(w: &mut Writer, name: &str, number: Option<u64>) {
    w.name(name);
    match number {
        Some(number) => w.natural(number),
        None => w.raw("null"),
    };
}
