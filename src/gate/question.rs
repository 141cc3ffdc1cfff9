//! The policy's request: what the caller's context, the record and the facts say.

use super::facts::{FactsQuestion, read_facts};
use crate::error::{Code, Error};
use crate::json::{Item, Names, Text};
use crate::policy::vocabulary::{KnownPlace, RESERVED_CONTEXT, place};
use crate::policy::{Attributes, Policy, ReadBuffers, Request, RequestPart, RouteResource};
use crate::time::Time;
use crate::token::Record;
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
        if RESERVED_CONTEXT.iter().any(|reserved| name == **reserved) {
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
            attributes.set_str(&place::ACTION_NAME, action);
        }
        put_credential(&mut attributes, self.record, self.valid_until, self.now);
        put_circumstances(&mut attributes, self.client_address, self.now);
        let asked = FactsQuestion {
            kind: self.record.kind(),
            principal: self.record.principal(),
            organization: self.organization,
            resource: self.resource,
        };
        match read_facts(&asked, self.policy, &mut attributes, facts) {
            Ok(()) => Ok(Request::of(attributes)),
            Err(error) if error.code() == Code::DisabledPrincipal => Err(error),
            Err(error) => Err(error.with_code(Code::InvalidFacts)),
        }
    }
}

/// Puts what the record says of the credential that was presented.
pub(crate) fn put_credential<'q>(
    attributes: &mut Attributes<'q>,
    record: &'q Record,
    valid_until: Option<Time>,
    now: Time,
) {
    attributes.set_str(&place::CREDENTIAL_KIND, record.kind().name());
    attributes.set_str(&place::CREDENTIAL_ID, record.id_text());
    put_names(attributes, &place::CREDENTIAL_SCOPES, record.scopes().list());
    put_names(attributes, &place::CREDENTIAL_ORGANIZATIONS, record.organizations());
    match valid_until {
        Some(until) => {
            let left = until.seconds().saturating_sub(now.seconds());
            attributes.set_number(&place::CREDENTIAL_EXPIRES_IN, left);
        }
        None => attributes.set_null(&place::CREDENTIAL_EXPIRES_IN),
    }
    if let Some(addresses) = record.addresses() {
        put_names(attributes, &place::CREDENTIAL_ADDRESSES, Some(addresses));
    }
    if let Some(used) = record.last_used_at() {
        let idle = now.seconds().saturating_sub(used.seconds());
        attributes.set_number(&place::CREDENTIAL_LAST_USED_AT, used.seconds());
        attributes.set_number(&place::CREDENTIAL_IDLE, idle);
    }
}

/// Puts what is the same whoever asks.
pub(crate) fn put_circumstances<'q>(
    attributes: &mut Attributes<'q>,
    client_address: Option<&'q str>,
    now: Time,
) {
    attributes.set_number(&place::CONTEXT_TIME, now.seconds());
    if let Some(address) = client_address {
        // What is too long for an address stays something that is none.
        let address = if address.len() > MAX_ADDRESS_BYTES { "" } else { address };
        attributes.set_str(&place::CLIENT_ADDRESS, address);
    }
}

/// Puts a list of the credential's, or `*` where it is not limited.
fn put_names<'q>(attributes: &mut Attributes<'q>, place: &KnownPlace, names: Option<&'q [String]>) {
    let Some(names) = names else { return attributes.set_texts(place, &[Text::plain("*")]) };
    let mut texts = Vec::with_capacity(names.len());
    names.iter().for_each(|name| texts.push(Text::plain(name)));
    attributes.set_texts(place, &texts);
}
