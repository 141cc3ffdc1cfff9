//! From facts, record and the caller's context to the policy's request.

use crate::error::{Code, Error};
use crate::json::{Item, Names, Reader, Text};
use crate::policy::vocabulary::place;
use crate::policy::{Attributes, Policy, ReadBuffers, Request, RequestPart, RouteResource};
use crate::time::Time;
use crate::token::{Kind, Record};
use alloc::string::String;
use alloc::vec::Vec;

/// Reads the caller's context into the attributes of a request that has nothing else yet.
///
/// The context must be an object that leaves the gate's own places alone.
pub(super) fn read_context<'q>(
    policy: &'q Policy,
    context: &'q [u8],
) -> Result<Attributes<'q>, Error> {
    let mut attributes = policy.attributes();
    match read_members(&mut attributes, policy, context) {
        Ok(()) => Ok(attributes),
        Err(error) if error.code() == Code::ReservedContext => Err(error),
        Err(error) => Err(error.with_code(Code::InvalidContext)),
    }
}

fn read_members<'q>(
    attributes: &mut Attributes<'q>,
    policy: &Policy,
    context: &'q [u8],
) -> Result<(), Error> {
    let mut reader = policy.reader(context)?;
    if !matches!(reader.value()?, Item::Object) {
        return Err(Error::at(Code::InvalidContext, 0));
    }
    let buffers = &mut ReadBuffers::default();
    let mut names = Names::new();
    while let Some(name) = reader.member()? {
        if RESERVED.iter().any(|reserved| name == **reserved) {
            return Err(Error::at(Code::ReservedContext, reader.offset()));
        }
        names.push(name);
        attributes.read_member(&mut reader, buffers, RequestPart::Context, name)?;
    }
    if names.close(0) {
        return Err(Error::at(Code::DuplicateName, reader.offset()));
    }
    reader.end()
}

/// The members of the context that are the gate's own.
const RESERVED: [&str; 3] = ["credential", "time", "client_address"];

/// How long a client's address may be, in bytes.
const MAX_ADDRESS_BYTES: usize = 64;

/// What is known of a request before the facts come.
pub(super) struct Question<'q> {
    pub(super) policy: &'q Policy,
    /// The record of the credential, which is accepted.
    pub(super) record: &'q Record,
    /// When the credential ends at the latest.
    pub(super) valid_until: Option<Time>,
    /// The organization that is asked about; none for the account itself.
    pub(super) organization: Option<&'q str>,
    /// The resource that is asked about; none for the organization or the account.
    pub(super) resource: Option<RouteResource<'q>>,
    pub(super) client_address: Option<&'q str>,
    pub(super) now: Time,
}

impl<'q> Question<'q> {
    /// Makes a request of attributes, which have the caller's context alone, of what the facts and
    /// the record say, and of an action.
    pub(super) fn ask(
        &self,
        mut attributes: Attributes<'q>,
        facts: &'q [u8],
        action: Option<&'q str>,
    ) -> Result<Request<'q>, Error> {
        if let Some(action) = action {
            attributes.set_text(place::ACTION_NAME.names, Text::plain(action));
        }
        self.put_credential(&mut attributes);
        match self.put_facts(&mut attributes, facts) {
            Ok(()) => Ok(Request::of(attributes)),
            Err(error) if error.code() == Code::DisabledPrincipal => Err(error),
            Err(error) => Err(error.with_code(Code::InvalidFacts)),
        }
    }

    fn put_credential(&self, attributes: &mut Attributes<'q>) {
        let record = self.record;
        attributes.set_text(place::CREDENTIAL_KIND.names, Text::plain(record.kind().name()));
        attributes.set_text(place::CREDENTIAL_ID.names, Text::plain(record.id_text()));
        put_names(attributes, place::CREDENTIAL_SCOPES.names, record.scopes().list());
        put_names(attributes, place::CREDENTIAL_ORGANIZATIONS.names, record.organizations());
        match self.valid_until {
            Some(until) => {
                let left = until.seconds().saturating_sub(self.now.seconds());
                attributes.set_number(place::CREDENTIAL_EXPIRES_IN.names, left);
            }
            None => attributes.set_null(place::CREDENTIAL_EXPIRES_IN.names),
        }
        if let Some(addresses) = record.addresses() {
            put_names(attributes, place::CREDENTIAL_ADDRESSES.names, Some(addresses));
        }
        if let Some(used) = record.last_used_at() {
            let idle = self.now.seconds().saturating_sub(used.seconds());
            attributes.set_number(place::CREDENTIAL_LAST_USED_AT.names, used.seconds());
            attributes.set_number(place::CREDENTIAL_IDLE.names, idle);
        }
        attributes.set_number(place::CONTEXT_TIME.names, self.now.seconds());
        if let Some(address) = self.client_address {
            // What is too long for an address stays something that is none.
            let address = if address.len() > MAX_ADDRESS_BYTES { "" } else { address };
            attributes.set_text(place::CLIENT_ADDRESS.names, Text::plain(address));
        }
    }

    fn put_facts(&self, attributes: &mut Attributes<'q>, facts: &'q [u8]) -> Result<(), Error> {
        let mut reader = self.policy.reader(facts)?;
        let mut parts = [const { None }; 3];
        let names = ["principal", "organization", "resource"];
        find_members(&mut reader, &names, Others::Refused, &mut parts)?;
        reader.end()?;
        let [principal, organization, resource] = &parts;

        let mut members = [const { None }; 7];
        let names = ["type", "id", "disabled", "account", "roles", "permissions", "memberships"];
        let mut reader = principal.clone().ok_or_else(absent)?;
        find_members(&mut reader, &names, Others::Refused, &mut members)?;
        let [kind, id, disabled, account, roles, permissions, memberships] = &members;
        let Item::String(type_text) = value(kind) else { return Err(wrong(kind, A_STRING)) };
        let Item::String(id_text) = value(id) else { return Err(wrong(id, A_STRING)) };
        if type_text != *subject_type(self.record.kind()) {
            return Err(wrong(kind, NOT_ASKED));
        }
        if id_text != *self.record.principal() {
            return Err(wrong(id, NOT_ASKED));
        }
        attributes.set_text(place::SUBJECT_TYPE.names, type_text);
        attributes.set_text(place::SUBJECT_ID.names, id_text);
        let buffers = &mut ReadBuffers::default();
        for (value, place) in [
            (account, place::SUBJECT_ACCOUNT.names),
            (roles, place::SUBJECT_ROLES.names),
            (permissions, place::SUBJECT_PERMISSIONS.names),
            (memberships, place::SUBJECT_MEMBERSHIPS.names),
        ] {
            put(value, attributes, buffers, place)?;
        }
        match self.organization {
            Some(wanted) => put_organization(attributes, buffers, wanted, organization)?,
            None => put_account(attributes, buffers, account, organization)?,
        }
        put_resource(attributes, buffers, self.resource, resource)?;
        match value(disabled) {
            Item::Null | Item::Bool(false) => Ok(()),
            Item::Bool(true) => Err(Error::new(Code::DisabledPrincipal)),
            Item::Number(_) | Item::String(_) | Item::Array | Item::Object => {
                Err(wrong(disabled, "true, false or null is needed here"))
            }
        }
    }
}

/// Makes an organization the resource, with the account that owns it.
fn put_organization<'q>(
    attributes: &mut Attributes<'q>,
    buffers: &mut ReadBuffers<'q>,
    wanted: &'q str,
    organization: &Option<Reader<'q>>,
) -> Result<(), Error> {
    let wanted = Text::plain(wanted);
    attributes.set_text(place::RESOURCE_TYPE.names, Text::plain("organization"));
    attributes.set_text(place::RESOURCE_ID.names, wanted);
    attributes.set_text(place::RESOURCE_ORGANIZATION.names, wanted);
    if matches!(value(organization), Item::Null) {
        return Ok(());
    }
    let mut members = [const { None }; 2];
    let mut organization = organization.clone().ok_or_else(absent)?;
    find_members(&mut organization, &["id", "account"], Others::Refused, &mut members)?;
    let [id, account] = &members;
    match value(id) {
        Item::String(id) if id == wanted => {
            put(account, attributes, buffers, place::RESOURCE_ACCOUNT.names)
        }
        Item::String(_) => Err(wrong(id, NOT_ASKED)),
        Item::Null | Item::Bool(_) | Item::Number(_) | Item::Array | Item::Object => {
            Err(wrong(id, A_STRING))
        }
    }
}

/// Makes the principal's own account the resource.
fn put_account<'q>(
    attributes: &mut Attributes<'q>,
    buffers: &mut ReadBuffers<'q>,
    account: &Option<Reader<'q>>,
    organization: &Option<Reader<'q>>,
) -> Result<(), Error> {
    if !matches!(value(organization), Item::Null) {
        return Err(wrong(organization, NOT_ASKED));
    }
    attributes.set_text(place::RESOURCE_TYPE.names, Text::plain("account"));
    attributes.set_null(place::RESOURCE_ORGANIZATION.names);
    // What is wrong with an account is the policy's to say.
    let mut id = [None];
    if let Some(mut account) = account.clone()
        && find_members(&mut account, &["id"], Others::Ignored, &mut id).is_ok()
        && let [id] = &id
        && let Item::String(id) = value(id)
    {
        attributes.set_text(place::RESOURCE_ID.names, id);
    }
    put(account, attributes, buffers, place::RESOURCE_ACCOUNT.names)
}

/// Makes what a route names the resource, with its properties. Whose it is has been put before.
fn put_resource<'q>(
    attributes: &mut Attributes<'q>,
    buffers: &mut ReadBuffers<'q>,
    wanted: Option<RouteResource<'q>>,
    resource: &Option<Reader<'q>>,
) -> Result<(), Error> {
    let is_absent = matches!(value(resource), Item::Null);
    let Some(wanted) = wanted else {
        return if is_absent { Ok(()) } else { Err(wrong(resource, NOT_ASKED)) };
    };
    let (name, wanted_id) = (Text::plain(wanted.type_name), Text::plain(wanted.id));
    attributes.set_text(place::RESOURCE_TYPE.names, name);
    attributes.set_text(place::RESOURCE_ID.names, wanted_id);
    if is_absent {
        return Ok(());
    }
    let mut members = [const { None }; 3];
    let mut resource = resource.clone().ok_or_else(absent)?;
    find_members(&mut resource, &["type", "id", "properties"], Others::Refused, &mut members)?;
    let [kind, id, properties] = &members;
    for (given, wanted) in [(kind, name), (id, wanted_id)] {
        match value(given) {
            Item::String(text) if text == wanted => {}
            Item::String(_) => return Err(wrong(given, NOT_ASKED)),
            Item::Null | Item::Bool(_) | Item::Number(_) | Item::Array | Item::Object => {
                return Err(wrong(given, A_STRING));
            }
        }
    }
    if matches!(value(properties), Item::Null) {
        return Ok(());
    }
    // Whose the resource is, is not its own to say.
    let mut owners = [const { None }; 2];
    let mut read = properties.clone().ok_or_else(absent)?;
    find_members(&mut read, &["organization", "account"], Others::Ignored, &mut owners)?;
    for owner in &owners {
        if owner.is_some() {
            return Err(wrong(owner, "whose a resource is, is not its own to say"));
        }
    }
    put(properties, attributes, buffers, place::RESOURCE_PROPERTIES.names)
}

/// Puts a list of the credential's, or `*` where it is not limited.
fn put_names<'q>(attributes: &mut Attributes<'q>, place: &[&str], names: Option<&'q [String]>) {
    let mut texts = Vec::new();
    match names {
        None => texts.push(Text::plain("*")),
        Some(names) => names.iter().for_each(|name| texts.push(Text::plain(name))),
    }
    attributes.set_texts(place, &texts);
}

/// Reads a value, if it is there, at a place of the request.
fn put<'q>(
    value: &Option<Reader<'q>>,
    attributes: &mut Attributes<'q>,
    buffers: &mut ReadBuffers<'q>,
    place: &[&str],
) -> Result<(), Error> {
    match value.clone() {
        Some(mut reader) => attributes.read_at(&mut reader, buffers, place),
        None => Ok(()),
    }
}

/// A value; null too if it is not there. It was read over before, so that it can be read.
fn value<'q>(value: &Option<Reader<'q>>) -> Item<'q> {
    match value.clone() {
        Some(mut reader) => reader.value().unwrap_or(Item::Object),
        None => Item::Null,
    }
}

/// What becomes of an object that has other members than those that are asked for, or one of them
/// twice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Refused,
    Ignored,
}

/// Reads over an object, and finds where the first member of each name has its value.
fn find_members<'q>(
    object: &mut Reader<'q>,
    names: &[&str],
    others: Others,
    found: &mut [Option<Reader<'q>>],
) -> Result<(), Error> {
    if !matches!(object.value()?, Item::Object) {
        return Err(invalid(object, "an object is needed here"));
    }
    while let Some(name) = object.member()? {
        let index = names.iter().position(|known| name == **known);
        match index.and_then(|index| found.get_mut(index)) {
            Some(member @ None) => *member = Some(object.clone()),
            Some(Some(_)) | None if others == Others::Refused => {
                return Err(invalid(object, "this member is unknown, or stands twice"));
            }
            Some(Some(_)) | None => {}
        }
        object.skip()?;
    }
    Ok(())
}

/// What kind of subject a credential of this kind acts as.
pub(super) const fn subject_type(kind: Kind) -> &'static str {
    match kind {
        Kind::PersonalAccessToken => "user",
        // No record is of a sample.
        Kind::ServiceUserKey | Kind::Sample => "service_user",
    }
}

const A_STRING: &str = "a string is needed here";
const NOT_ASKED: &str = "the facts are about something else";

/// What is wrong with a member's value; or that the member is needed, where it is not there.
#[cold]
#[inline(never)]
fn wrong(value: &Option<Reader<'_>>, reason: &'static str) -> Error {
    let Some(mut reader) = value.clone() else { return absent() };
    // It was read over before, so that this finds where it begins.
    drop(reader.value());
    invalid(&reader, reason)
}

/// What is wrong where something was just read.
#[cold]
#[inline(never)]
fn invalid(reader: &Reader<'_>, reason: &'static str) -> Error {
    Error::at(Code::InvalidFacts, reader.start()).because(reason)
}

#[cold]
#[inline(never)]
fn absent() -> Error {
    Error::new(Code::InvalidFacts).because("a principal, or a `type` or `id`, is missing")
}
