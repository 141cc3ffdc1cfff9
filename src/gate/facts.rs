//! Facts: what the caller's store says of a principal, an organization and a resource. They are read
//! from front to back, straight into the attributes of the policy's request.

use crate::error::{Code, Error};
use crate::json::{Item, Reader, Text};
use crate::policy::vocabulary::place;
use crate::policy::{Attributes, Policy, ReadBuffers, RouteResource};
use crate::token::Kind;

/// Whom and what facts were asked about.
pub(super) struct Asked<'q> {
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
    asked: &Asked<'q>,
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
        Kind::PersonalAccessToken => "user",
        // No record is of a sample.
        Kind::ServiceUserKey | Kind::Sample => "service_user",
    }
}

/// Facts while they are read.
struct Facts<'f, 'q> {
    asked: &'f Asked<'q>,
    attributes: &'f mut Attributes<'q>,
    reader: Reader<'q>,
    buffers: ReadBuffers<'q>,
    is_disabled: bool,
}

// The members of each object. Those that must be there stand first.

#[derive(Clone, Copy)]
enum Part {
    Principal,
    Organization,
    Resource,
}

const PARTS: [(&str, Part); 3] = [
    ("principal", Part::Principal),
    ("organization", Part::Organization),
    ("resource", Part::Resource),
];

#[derive(Clone, Copy)]
enum OfPrincipal {
    Type,
    Id,
    Disabled,
    Account,
    Roles,
    Permissions,
    Memberships,
}

const OF_PRINCIPAL: [(&str, OfPrincipal); 7] = [
    ("type", OfPrincipal::Type),
    ("id", OfPrincipal::Id),
    ("disabled", OfPrincipal::Disabled),
    ("account", OfPrincipal::Account),
    ("roles", OfPrincipal::Roles),
    ("permissions", OfPrincipal::Permissions),
    ("memberships", OfPrincipal::Memberships),
];

#[derive(Clone, Copy)]
enum OfOrganization {
    Id,
    Account,
}

const OF_ORGANIZATION: [(&str, OfOrganization); 2] =
    [("id", OfOrganization::Id), ("account", OfOrganization::Account)];

#[derive(Clone, Copy)]
enum OfResource {
    Type,
    Id,
    Properties,
}

const OF_RESOURCE: [(&str, OfResource); 3] =
    [("type", OfResource::Type), ("id", OfResource::Id), ("properties", OfResource::Properties)];

impl<'q> Facts<'_, 'q> {
    /// Puts what the facts must repeat, and what follows from the question.
    fn put_asked(&mut self) {
        let (asked, attributes) = (self.asked, &mut *self.attributes);
        attributes.set_text(place::SUBJECT_TYPE.names, Text::plain(subject_type(asked.kind)));
        attributes.set_text(place::SUBJECT_ID.names, Text::plain(asked.principal));
        let (resource_type, id) = match (asked.resource, asked.organization) {
            (Some(resource), _) => (resource.type_name, Some(resource.id)),
            (None, Some(organization)) => ("organization", Some(organization)),
            // The id is in the facts.
            (None, None) => ("account", None),
        };
        attributes.set_text(place::RESOURCE_TYPE.names, Text::plain(resource_type));
        if let Some(id) = id {
            attributes.set_text(place::RESOURCE_ID.names, Text::plain(id));
        }
        let names = place::RESOURCE_ORGANIZATION.names;
        match asked.organization {
            Some(organization) => attributes.set_text(names, Text::plain(organization)),
            None => attributes.set_null(names),
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        let mut members = Members::open(&mut self.reader)?;
        while let Some(part) = members.next(&mut self.reader, &PARTS)? {
            match part {
                Part::Principal => self.read_principal()?,
                Part::Organization => self.read_organization()?,
                Part::Resource => self.read_resource()?,
            }
        }
        self.reader.end()?;
        members.must_have(1)
    }

    fn read_principal(&mut self) -> Result<(), Error> {
        let asked = self.asked;
        let mut members = Members::open(&mut self.reader)?;
        while let Some(member) = members.next(&mut self.reader, &OF_PRINCIPAL)? {
            match member {
                OfPrincipal::Type => self.read_equal(subject_type(asked.kind))?,
                OfPrincipal::Id => self.read_equal(asked.principal)?,
                OfPrincipal::Disabled => self.is_disabled = self.read_disabled()?,
                OfPrincipal::Account => self.read_account()?,
                OfPrincipal::Roles => self.put(place::SUBJECT_ROLES.names)?,
                OfPrincipal::Permissions => self.put(place::SUBJECT_PERMISSIONS.names)?,
                OfPrincipal::Memberships => self.put(place::SUBJECT_MEMBERSHIPS.names)?,
            }
        }
        members.must_have(2)
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
        let again = self.reader.clone();
        self.put(place::SUBJECT_ACCOUNT.names)?;
        if self.asked.organization.is_some() {
            return Ok(());
        }
        if self.asked.resource.is_none()
            && let Some(id) = id_of(again.clone())
        {
            self.attributes.set_text(place::RESOURCE_ID.names, id);
        }
        let after = core::mem::replace(&mut self.reader, again);
        self.put(place::RESOURCE_ACCOUNT.names)?;
        self.reader = after;
        Ok(())
    }

    /// Reads the organization, which owns the resource.
    fn read_organization(&mut self) -> Result<(), Error> {
        let Some(mut members) = Members::open_unless_null(&mut self.reader)? else { return Ok(()) };
        let Some(wanted) = self.asked.organization else {
            return Err(invalid(&self.reader, NOT_ASKED));
        };
        while let Some(member) = members.next(&mut self.reader, &OF_ORGANIZATION)? {
            match member {
                OfOrganization::Id => self.read_equal(wanted)?,
                OfOrganization::Account => self.put(place::RESOURCE_ACCOUNT.names)?,
            }
        }
        members.must_have(1)
    }

    fn read_resource(&mut self) -> Result<(), Error> {
        let Some(mut members) = Members::open_unless_null(&mut self.reader)? else { return Ok(()) };
        let Some(wanted) = self.asked.resource else {
            return Err(invalid(&self.reader, NOT_ASKED));
        };
        while let Some(member) = members.next(&mut self.reader, &OF_RESOURCE)? {
            match member {
                OfResource::Type => self.read_equal(wanted.type_name)?,
                OfResource::Id => self.read_equal(wanted.id)?,
                OfResource::Properties => self.read_properties()?,
            }
        }
        members.must_have(2)
    }

    fn read_properties(&mut self) -> Result<(), Error> {
        let again = self.reader.clone();
        if Members::open_unless_null(&mut self.reader)?.is_none() {
            return Ok(());
        }
        // Whose the resource is, is not its own to say.
        while let Some(name) = self.reader.member()? {
            if name == *"organization" || name == *"account" {
                // This finds where the value begins.
                self.reader.value()?;
                return Err(invalid(&self.reader, "whose a resource is, is not its own to say"));
            }
            self.reader.skip()?;
        }
        self.reader = again;
        self.put(place::RESOURCE_PROPERTIES.names)
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
    fn put(&mut self, names: &[&str]) -> Result<(), Error> {
        self.attributes.read_at(&mut self.reader, &mut self.buffers, names)
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

/// Which members of an object there were, each of which may stand once.
struct Members {
    /// A bit for each, the first being the lowest.
    seen: u32,
}

impl Members {
    /// Opens an object.
    fn open(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Self::open_unless_null(reader)?.ok_or_else(|| invalid(reader, AN_OBJECT))
    }

    /// Opens an object; none for null.
    fn open_unless_null(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        match reader.value()? {
            Item::Object => Ok(Some(Self { seen: 0 })),
            Item::Null => Ok(None),
            Item::Bool(_) | Item::Number(_) | Item::String(_) | Item::Array => {
                Err(invalid(reader, AN_OBJECT))
            }
        }
    }

    /// Which of these members comes next; none at the end of the object.
    fn next<M: Copy>(
        &mut self,
        reader: &mut Reader<'_>,
        known: &[(&str, M)],
    ) -> Result<Option<M>, Error> {
        let Some(name) = reader.member()? else { return Ok(None) };
        let mut bit = 1_u32;
        for (known, member) in known {
            if name == **known && self.seen & bit == 0 {
                self.seen |= bit;
                return Ok(Some(*member));
            }
            bit = bit.wrapping_shl(1);
        }
        Err(invalid(reader, "this member is unknown, or stands twice"))
    }

    /// Checks that the first members were there, so many.
    fn must_have(&self, count: u32) -> Result<(), Error> {
        if self.seen.trailing_ones() < count { Err(absent()) } else { Ok(()) }
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
