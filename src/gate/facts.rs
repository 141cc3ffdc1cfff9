//! From facts, record and route to the policy's request.

use super::steps::OwnedRoute;
use crate::error::{Code, Error};
use crate::json::{Names, Reader, Text, Value};
use crate::policy::{Entity, Policy, REQUEST_LIMITS, Request, Scratch};
use crate::time::Time;
use crate::token::{CredentialId, Kind, Record};

/// What is known before the facts come.
pub(super) struct Found<'f> {
    pub(super) policy: &'f Policy,
    pub(super) record: &'f Record,
    pub(super) id: &'f CredentialId,
    pub(super) route: &'f OwnedRoute,
    pub(super) context: Option<&'f [u8]>,
    pub(super) now: Time,
    pub(super) valid_until: Option<Time>,
}

/// The facts, made into the request that is decided.
pub(super) struct Facts<'f> {
    pub(super) disabled: bool,
    pub(super) request: Request<'f>,
}

/// What kind of subject a credential of this kind acts as.
pub(super) const fn subject_type(kind: Kind) -> &'static str {
    match kind {
        Kind::PersonalAccessToken => "user",
        _ => "service_user",
    }
}

const PRINCIPAL: [&str; 7] =
    ["type", "id", "disabled", "account", "roles", "permissions", "memberships"];
const ORGANIZATION: [&str; 2] = ["id", "account"];

impl<'f> Facts<'f> {
    pub(super) fn read(text: &'f [u8], found: &Found<'f>) -> Result<Self, Error> {
        let mut reader = Reader::new(text, REQUEST_LIMITS)?;
        let [principal, organization] = members(&mut reader, ["principal", "organization"])?;
        reader.end()?;
        let [kind, id, disabled, account, roles, permissions, memberships] =
            members(&mut principal.ok_or_else(invalid)?, PRINCIPAL)?;
        let kind = string(kind)?.ok_or_else(invalid)?;
        let id = string(id)?.ok_or_else(invalid)?;
        if id != *found.record.principal() || kind != *subject_type(found.record.kind()) {
            return Err(invalid());
        }
        let mut request = Request::empty(found.policy);
        let mut scratch = Scratch::default();
        request.set_text(&["subject", "type"], kind);
        request.set_text(&["subject", "id"], id);
        let parts = [
            ("account", &account),
            ("roles", &roles),
            ("permissions", &permissions),
            ("memberships", &memberships),
        ];
        for (name, part) in parts {
            if let Some(mut part) = part.clone() {
                request.read_at(&mut part, &mut scratch, &["subject", "properties", name])?;
            }
        }
        let resource = Resource::read(found.route, organization, account)?;
        resource.put(&mut request, &mut scratch)?;
        found.put(&mut request, &mut scratch)?;
        Ok(Self { disabled: boolean(disabled)?, request: request.seal() })
    }
}

/// What the request is about.
struct Resource<'f> {
    kind: &'static str,
    id: Option<Text<'f>>,
    organization: Option<&'f str>,
    account: Option<Reader<'f>>,
}

impl<'f> Resource<'f> {
    fn read(
        route: &'f OwnedRoute,
        organization: Option<Reader<'f>>,
        account: Option<Reader<'f>>,
    ) -> Result<Self, Error> {
        let organization = organization.filter(|reader| !is_null(reader));
        let Some(wanted) = &route.organization else {
            if organization.is_some() {
                return Err(invalid());
            }
            let id = account.clone().and_then(account_id);
            return Ok(Self { kind: "account", id, organization: None, account });
        };
        let account = match organization {
            None => None,
            Some(mut organization) => {
                let [id, account] = members(&mut organization, ORGANIZATION)?;
                if string(id)?.is_none_or(|id| id != **wanted) {
                    return Err(invalid());
                }
                account
            }
        };
        Ok(Self {
            kind: "organization",
            id: Some(Text::plain(wanted)),
            organization: Some(wanted),
            account,
        })
    }

    fn put(self, request: &mut Request<'f>, scratch: &mut Scratch<'f>) -> Result<(), Error> {
        request.set_text(&["resource", "type"], Text::plain(self.kind));
        if let Some(id) = self.id {
            request.set_text(&["resource", "id"], id);
        }
        let place = ["resource", "properties", "organization"];
        match self.organization {
            Some(organization) => request.set_text(&place, Text::plain(organization)),
            None => request.set_null(&place),
        }
        if let Some(mut account) = self.account {
            request.read_at(&mut account, scratch, &["resource", "properties", "account"])?;
        }
        Ok(())
    }
}

impl<'f> Found<'f> {
    /// Writes what does not come from the facts: the action and the context.
    fn put(&self, request: &mut Request<'f>, scratch: &mut Scratch<'f>) -> Result<(), Error> {
        request.set_text(&["action", "name"], Text::plain(&self.route.action));
        if let Some(context) = self.context {
            let mut reader = Reader::new(context, REQUEST_LIMITS)?;
            request.read_entity(&mut reader, scratch, Entity::Context)?;
        }
        let record = self.record;
        request.set_text(&["context", "credential", "kind"], Text::plain(record.kind().name()));
        request.set_text(&["context", "credential", "id"], Text::plain(self.id.as_str()));
        let scopes = ["context", "credential", "scopes"];
        if record.scopes().are_all() {
            request.set_texts(&scopes, core::iter::once("*"));
        } else {
            request.set_texts(&scopes, record.scopes().names());
        }
        let organizations = ["context", "credential", "organizations"];
        match record.organizations() {
            None => request.set_texts(&organizations, core::iter::once("*")),
            Some(ids) => request.set_texts(&organizations, ids.iter().map(|id| id.as_str())),
        }
        if let Some(until) = self.valid_until {
            let left = until.seconds().saturating_sub(self.now.seconds());
            request.set_number(&["context", "credential", "expires_in"], left);
        }
        request.set_number(&["context", "time"], self.now.seconds());
        Ok(())
    }
}

/// Checks that a context can be read, as it will be when the facts are there.
pub(super) fn read_context(policy: &Policy, context: &[u8]) -> Result<(), Error> {
    let mut reader = Reader::new(context, REQUEST_LIMITS)?;
    Request::empty(policy).read_entity(&mut reader, &mut Scratch::default(), Entity::Context)
}

/// The members of an object that may have these and no others, each at its value.
fn members<'f, const N: usize>(
    reader: &mut Reader<'f>,
    known: [&str; N],
) -> Result<[Option<Reader<'f>>; N], Error> {
    let mut found = [const { None }; N];
    if !matches!(reader.value()?, Value::Object) {
        return Err(invalid());
    }
    let mut names = Names::new();
    while let Some(name) = reader.member()? {
        names.push(name);
        let place = known.iter().zip(&mut found).find(|(known, _)| name == ***known);
        *place.ok_or_else(invalid)?.1 = Some(reader.clone());
        reader.skip()?;
    }
    if names.close(0) { Err(invalid()) } else { Ok(found) }
}

fn string(reader: Option<Reader<'_>>) -> Result<Option<Text<'_>>, Error> {
    match reader.map(|mut reader| reader.value()).transpose()? {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(invalid()),
    }
}

fn boolean(reader: Option<Reader<'_>>) -> Result<bool, Error> {
    match reader.map(|mut reader| reader.value()).transpose()? {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(value),
        Some(_) => Err(invalid()),
    }
}

fn is_null(reader: &Reader<'_>) -> bool {
    matches!(reader.clone().value(), Ok(Value::Null))
}

/// The id in an account, where it is a string.
fn account_id(mut account: Reader<'_>) -> Option<Text<'_>> {
    if !matches!(account.value(), Ok(Value::Object)) {
        return None;
    }
    while let Some(name) = account.member().ok()? {
        if name == *"id" {
            return match account.value() {
                Ok(Value::String(text)) => Some(text),
                _ => None,
            };
        }
        account.skip().ok()?;
    }
    None
}

const fn invalid() -> Error {
    Error::new(Code::InvalidFacts)
}
