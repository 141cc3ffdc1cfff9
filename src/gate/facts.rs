//! Facts: what the caller's store says of a principal, an organization and a resource. They are
//! read from front to back, straight into the attributes of the policy's request.

use crate::error::{Code, Error};
use crate::json::{Item, Reader, Text};
use crate::policy::vocabulary::{self, KnownPlace, place, resource_type};
use crate::policy::{Attributes, Policy, ReadBuffers, RouteResource};
use crate::token::Kind;

/// Whom and what facts were asked about.
pub(super) struct FactsQuestion<'q> {
    /// The kind of the credential, which says what type of principal it acts as.
    pub(super) kind: Kind,
    pub(super) principal: &'q str,
    /// None for the account itself.
    pub(super) organization: Option<&'q str>,
    /// None for the organization or the account.
    pub(super) resource: Option<RouteResource<'q>>,
}

/// Reads facts, and puts what they say of principal and resource into attributes.
///
/// # Errors
///
/// [`Code::DisabledPrincipal`] for facts that say so and are otherwise sound; any other code for
/// facts that are not.
pub(super) fn read_facts<'q>(
    asked: &FactsQuestion<'q>,
    policy: &Policy,
    attributes: &mut Attributes<'q>,
    text: &'q [u8],
) -> Result<(), Error> {
    let reader = policy.reader(text)?;
    let buffers = ReadBuffers::default();
    let mut facts = Facts { asked, attributes, reader, buffers, is_disabled: false };
    facts.put_asked();
    facts.read()?;
    if facts.is_disabled { Err(Error::new(Code::DisabledPrincipal)) } else { Ok(()) }
}

/// What kind of subject a credential of this kind acts as.
pub(super) const fn subject_type(kind: Kind) -> &'static str {
    match kind {
        Kind::PersonalAccessToken => vocabulary::subject_type::USER,
        // No record is of a sample.
        Kind::ServiceUserKey | Kind::Sample => vocabulary::subject_type::SERVICE_USER,
    }
}

/// Facts while they are read.
struct Facts<'f, 'q> {
    asked: &'f FactsQuestion<'q>,
    attributes: &'f mut Attributes<'q>,
    reader: Reader<'q>,
    buffers: ReadBuffers<'q>,
    is_disabled: bool,
}

/// What becomes of a member's value.
#[derive(Clone, Copy)]
enum Becomes<'w> {
    /// It is a string, which must be this one.
    Equal(&'w str),
    /// It stands at this place of the request.
    At(&'static KnownPlace),
    Disabled,
    Account,
    Properties,
    Principal,
    Organization,
    Resource,
}

/// The members that an object may have. Those that it must have stand first.
type Members<'w> = [(&'static str, Becomes<'w>)];

impl<'q> Facts<'_, 'q> {
    /// Puts what the facts must repeat, and what follows from the question.
    fn put_asked(&mut self) {
        let (asked, attributes) = (self.asked, &mut *self.attributes);
        attributes.set_str(&place::SUBJECT_TYPE, subject_type(asked.kind));
        attributes.set_str(&place::SUBJECT_ID, asked.principal);
        let (resource_type, id) = match (asked.resource, asked.organization) {
            (Some(resource), _) => (resource.type_name, Some(resource.id)),
            (None, Some(organization)) => (resource_type::ORGANIZATION, Some(organization)),
            // The id is in the facts.
            (None, None) => (resource_type::ACCOUNT, None),
        };
        attributes.set_str(&place::RESOURCE_TYPE, resource_type);
        if let Some(id) = id {
            attributes.set_str(&place::RESOURCE_ID, id);
        }
        let place = &place::RESOURCE_ORGANIZATION;
        match asked.organization {
            Some(organization) => attributes.set_str(place, organization),
            None => attributes.set_null(place),
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        let all = self.read_object(&[
            ("principal", Becomes::Principal),
            ("organization", Becomes::Organization),
            ("resource", Becomes::Resource),
        ])?;
        self.reader.end()?;
        all.must_have(1)
    }

    fn read_principal(&mut self) -> Result<(), Error> {
        let all = self.read_object(&[
            ("type", Becomes::Equal(subject_type(self.asked.kind))),
            ("id", Becomes::Equal(self.asked.principal)),
            ("disabled", Becomes::Disabled),
            ("account", Becomes::Account),
            ("roles", Becomes::At(&place::SUBJECT_ROLES)),
            ("permissions", Becomes::At(&place::SUBJECT_PERMISSIONS)),
            ("memberships", Becomes::At(&place::SUBJECT_MEMBERSHIPS)),
        ])?;
        all.must_have(2)
    }

    /// Reads the organization, which owns the resource.
    fn read_organization(&mut self) -> Result<(), Error> {
        if self.passes_null()? {
            return Ok(());
        }
        let Some(wanted) = self.asked.organization else {
            return Err(self.invalid_next(NOT_ASKED));
        };
        let all = self.read_object(&[
            ("id", Becomes::Equal(wanted)),
            ("account", Becomes::At(&place::RESOURCE_ACCOUNT)),
        ])?;
        all.must_have(1)
    }

    fn read_resource(&mut self) -> Result<(), Error> {
        if self.passes_null()? {
            return Ok(());
        }
        let Some(wanted) = self.asked.resource else {
            return Err(self.invalid_next(NOT_ASKED));
        };
        let all = self.read_object(&[
            ("type", Becomes::Equal(wanted.type_name)),
            ("id", Becomes::Equal(wanted.id)),
            ("properties", Becomes::Properties),
        ])?;
        all.must_have(2)
    }

    /// Reads over null, if that comes next, and says whether it did.
    fn passes_null(&mut self) -> Result<bool, Error> {
        let is_null = self.reader.is_null_next();
        if is_null {
            self.reader.skip()?;
        }
        Ok(is_null)
    }

    /// What is wrong with a value that comes next.
    fn invalid_next(&mut self, reason: &'static str) -> Error {
        // Reading it tells where it begins.
        match self.reader.value() {
            Ok(_) => invalid(&self.reader, reason),
            Err(error) => error,
        }
    }

    /// Reads an object that has some of these members and no other, each once.
    fn read_object(&mut self, members: &Members<'_>) -> Result<Seen, Error> {
        if !matches!(self.reader.value()?, Item::Object) {
            return Err(invalid(&self.reader, AN_OBJECT));
        }
        let mut seen = Seen(0);
        while let Some(name) = self.reader.member()? {
            let index = members.iter().position(|(known, _)| name == **known);
            let member = index.and_then(|index| Some((seen.add(index), members.get(index)?.1)));
            let Some((true, becomes)) = member else {
                return Err(invalid(&self.reader, "this member is unknown, or stands twice"));
            };
            match becomes {
                Becomes::Equal(wanted) => self.read_equal(wanted)?,
                Becomes::At(place) => self.put(place)?,
                Becomes::Disabled => self.is_disabled = self.read_disabled()?,
                Becomes::Account => self.read_account()?,
                Becomes::Properties => self.read_properties()?,
                Becomes::Principal => self.read_principal()?,
                Becomes::Organization => self.read_organization()?,
                Becomes::Resource => self.read_resource()?,
            }
        }
        Ok(seen)
    }

    fn read_disabled(&mut self) -> Result<bool, Error> {
        match self.reader.value()? {
            Item::Null | Item::Bool(false) => Ok(false),
            Item::Bool(true) => Ok(true),
            Item::Number(_) | Item::String(_) | Item::Array | Item::Object => {
                Err(invalid(&self.reader, "true, false or null is needed here"))
            }
        }
    }

    /// Reads the principal's account. It is the resource's too, where that has no organization.
    fn read_account(&mut self) -> Result<(), Error> {
        let start = self.reader.offset();
        self.put(&place::SUBJECT_ACCOUNT)?;
        if self.asked.organization.is_some() {
            return Ok(());
        }
        self.reader.go_on_at(start);
        if self.asked.resource.is_none()
            && let Some(id) = id_of(self.reader.clone())
        {
            self.attributes.set_text(&place::RESOURCE_ID, id);
        }
        self.put(&place::RESOURCE_ACCOUNT)
    }

    fn read_properties(&mut self) -> Result<(), Error> {
        let start = self.reader.offset();
        match self.reader.value()? {
            Item::Null => return Ok(()),
            Item::Object => {}
            Item::Bool(_) | Item::Number(_) | Item::String(_) | Item::Array => {
                return Err(invalid(&self.reader, AN_OBJECT));
            }
        }
        // The route and the directory say whose a resource is, never the resource itself.
        while let Some(name) = self.reader.member()? {
            if name == *"organization" || name == *"account" {
                return Err(self.invalid_next("a resource's properties do not say whose it is: leave `organization` and `account` out"));
            }
            self.reader.skip()?;
        }
        self.reader.go_on_at(start);
        self.put(&place::RESOURCE_PROPERTIES)
    }

    /// Reads a string, which must be this one.
    fn read_equal(&mut self, wanted: &str) -> Result<(), Error> {
        match self.reader.value()? {
            Item::String(text) if text == *wanted => Ok(()),
            Item::String(_) => Err(invalid(&self.reader, NOT_ASKED)),
            Item::Null | Item::Bool(_) | Item::Number(_) | Item::Array | Item::Object => {
                Err(invalid(&self.reader, "a string is needed here"))
            }
        }
    }

    /// Reads a value at a place of the request.
    fn put(&mut self, place: &KnownPlace) -> Result<(), Error> {
        self.attributes.read_at(&mut self.reader, &mut self.buffers, place)
    }
}

/// The id of an account. What is wrong with an account is the policy's to say.
fn id_of<'q>(mut account: Reader<'q>) -> Option<Text<'q>> {
    if !matches!(account.value().ok()?, Item::Object) {
        return None;
    }
    while let Some(name) = account.member().ok()? {
        if name == *"id" {
            let Item::String(id) = account.value().ok()? else { return None };
            return Some(id);
        }
        account.skip().ok()?;
    }
    None
}

/// Which members of an object there were: a bit for each, the first being the lowest.
struct Seen(u32);

impl Seen {
    /// Adds a member, and says whether it is the first time.
    fn add(&mut self, index: usize) -> bool {
        let bit = u32::try_from(index).map_or(0, |index| 1_u32.wrapping_shl(index));
        let is_new = self.0 & bit == 0;
        self.0 |= bit;
        is_new
    }

    /// Checks that the first `count` members were there.
    fn must_have(&self, count: u32) -> Result<(), Error> {
        if self.0.trailing_ones() < count { Err(absent()) } else { Ok(()) }
    }
}

const AN_OBJECT: &str = "an object is needed here";
const NOT_ASKED: &str = "the facts are about something else";

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
