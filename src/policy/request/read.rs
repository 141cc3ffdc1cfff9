//! Reading a request from JSON, straight into the attributes' slots.

use super::level::{List, Membership};
use super::value::Given;
use super::{Request, malformed};
use crate::error::{Code, Error};
use crate::json::{Limits, Members, Names, Reader, Text, Type, Value, integer};
use crate::policy::Policy;
use crate::policy::image::Place;
use crate::policy::image::layout::{PARTS, duty, level};
use alloc::vec::Vec;

/// How many bytes a request, a batch, a search, facts or a caller's context may have (section 16 of
/// `docs/policy-language.md`).
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::{Code, policy::{MAX_REQUEST_BYTES, Policy}};
///
/// let (policy, large) = (Policy::builtin(), vec![b' '; MAX_REQUEST_BYTES + 1]);
/// let error = policy.request(&large).unwrap_err();
/// assert_eq!((error.code(), error.offset()), (Code::MalformedRequest, Some(MAX_REQUEST_BYTES)));
/// assert_eq!(error.message(), "the text is over the limit of bytes");
/// # }
/// ```
pub const MAX_REQUEST_BYTES: usize = 262_144;

const MAX_DEPTH: usize = 32;

/// What no limit of a caller exceeds: places in a request are numbered in 32 bits.
const MOST_BYTES: usize = 1 << 30;

impl Policy {
    /// A reader of a text within the limits of requests.
    pub(crate) fn reader<'t>(&self, text: &'t [u8]) -> Result<Reader<'t>, Error> {
        Reader::new(text, Limits { bytes: self.limits.bytes.min(MOST_BYTES), depth: MAX_DEPTH })
    }
}

const TWICE: &str = "a member name stands twice in one object";

/// Which part of a request must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// All of a single evaluation.
    Evaluation,
    /// What an action search has: `action`, `evaluations` and `options` are not looked at.
    Search,
}

/// What reading keeps between values: scratch space, reused.
#[derive(Debug, Default)]
pub(crate) struct Scratch<'a> {
    names: Names<'a>,
    items: Vec<Text<'a>>,
}

impl<'a> Scratch<'a> {
    /// Reads a value.
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<Given<'_, 'a>, Error> {
        let begun = reader.begin()?;
        self.read_rest(reader, begun)
    }

    /// Reads what is left of a value that was begun.
    fn read_rest(&mut self, reader: &mut Reader<'a>, begun: Type) -> Result<Given<'_, 'a>, Error> {
        Ok(match begun {
            Type::Null => Given::Null,
            Type::True | Type::False => Given::Bool(begun == Type::True),
            Type::Number => integer(reader.scalar()).map_or(Given::Other, Given::Integer),
            Type::String => Given::Text(reader.string()),
            Type::Array => {
                self.items.clear();
                let mut strings = true;
                while reader.element()? {
                    let begun = reader.begin()?;
                    if begun == Type::String {
                        self.items.push(reader.string());
                    } else {
                        reader.skip_begun(begun)?;
                        strings = false;
                    }
                }
                if strings { Given::List(&self.items) } else { Given::Other }
            }
            Type::Object => {
                reader.skip_begun(begun)?;
                Given::Other
            }
        })
    }
}

impl<'a> Request<'a> {
    /// Reads a single evaluation, or what a search needs of one.
    pub(crate) fn read(policy: &'a Policy, text: &'a [u8], needs: Needs) -> Result<Self, Error> {
        Self::read_whole(policy, text, needs)
            .map_err(|error| error.with_code(Code::MalformedRequest))
    }

    fn read_whole(policy: &'a Policy, text: &'a [u8], needs: Needs) -> Result<Self, Error> {
        let mut reader = policy.reader(text)?;
        let mut scratch = Scratch::default();
        let mut request = Self::empty(policy);
        if !matches!(reader.value()?, Value::Object) {
            return Err(malformed(0, "a request is an object"));
        }
        let mut seen = Entities::default();
        let mut members = Members::open(&scratch.names);
        while let Some(name) = reader.member()? {
            let entity = Entity::named(name);
            members.add(&mut scratch.names, name, entity.map(Entity::place));
            match entity {
                Some(Entity::Action) if needs == Needs::Search => reader.skip()?,
                Some(entity) => {
                    seen.add(entity);
                    request.read_entity(&mut reader, &mut scratch, entity)?;
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut scratch.names) {
            return Err(malformed(reader.offset(), TWICE));
        }
        reader.end()?;
        seen.check(needs)?;
        Ok(request.seal())
    }

    /// Reads one of the four parts of a request.
    pub(crate) fn read_entity(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        entity: Entity,
    ) -> Result<(), Error> {
        self.read_found(reader, scratch, self.policy.image.place(entity.place()))
    }

    /// Reads a value at a place, given by its names; a place that nothing reads is read over.
    pub(crate) fn read_at(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        names: &[&str],
    ) -> Result<(), Error> {
        self.read_found(reader, scratch, self.find(names))
    }

    fn read_found(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        found: Option<Place<'a>>,
    ) -> Result<(), Error> {
        match found {
            Some(place) => self.read_place(reader, scratch, place),
            None => reader.skip(),
        }
    }

    /// The place with these names, from the root.
    pub(super) fn find(&self, names: &[&str]) -> Option<Place<'a>> {
        let image = &self.policy.image;
        names.iter().try_fold(image.place(0)?, |place, name| {
            image.child(place, Text::plain(name)).map(|(_, child)| child)
        })
    }

    fn read_place(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        place: Place<'a>,
    ) -> Result<(), Error> {
        let begun = reader.begin()?;
        let start = reader.start();
        let duties = place.duties();
        let given = match begun {
            Type::Object if place.children() > 0 => {
                self.read_children(reader, scratch, place)?;
                Given::Other
            }
            _ if duties & duty::OBJECT != 0 => {
                return Err(malformed(start, "an object is expected here"));
            }
            Type::Array if duties & duty::MEMBERSHIPS != 0 => {
                let mut again = reader.clone();
                if let Err(error) = self.read_memberships(reader, scratch) {
                    // What is no JSON comes before a name that stands twice.
                    again.skip_begun(begun)?;
                    return Err(error);
                }
                if place.readers() > 0 {
                    scratch.read_rest(&mut again, begun)?
                } else {
                    Given::Other
                }
            }
            _ => scratch.read_rest(reader, begun)?,
        };
        self.set(place, given);
        if duties & duty::STRING != 0 && begun != Type::String {
            return Err(malformed(start, "a string is expected here"));
        }
        Ok(())
    }

    fn read_children(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        place: Place<'a>,
    ) -> Result<(), Error> {
        let image = &self.policy.image;
        let mut strings = place.strings();
        let mut members = Members::open(&scratch.names);
        while reader.name()? {
            let name = reader.string();
            let child = image.child(place, name);
            members.add(&mut scratch.names, name, child.map(|(number, _)| number));
            match child {
                Some((_, child)) => {
                    self.read_place(reader, scratch, child)?;
                    if child.duties() & duty::STRING != 0 {
                        strings = strings.saturating_sub(1);
                    }
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut scratch.names) {
            return Err(malformed(reader.offset(), TWICE));
        }
        if strings > 0 {
            return Err(malformed(reader.offset(), "an entity lacks its `type`, `id` or `name`"));
        }
        Ok(())
    }

    fn read_memberships(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
    ) -> Result<(), Error> {
        let mut memberships = Vec::new();
        while reader.element()? {
            let mut membership = Membership::default();
            let begun = reader.begin()?;
            membership.is_object = begun == Type::Object;
            if membership.is_object {
                self.read_membership(reader, scratch, &mut membership)?;
            } else {
                reader.skip_begun(begun)?;
            }
            memberships.push(membership);
        }
        self.memberships = Some(memberships);
        Ok(())
    }

    fn read_membership(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        membership: &mut Membership<'a>,
    ) -> Result<(), Error> {
        let mut members = Members::open(&scratch.names);
        while reader.name()? {
            let name = reader.string();
            let number =
                (0..).zip(MEMBERSHIP).find(|(_, part)| name == **part).map(|(number, _)| number);
            members.add(&mut scratch.names, name, number);
            let level = &mut membership.level;
            match number {
                Some(0) => membership.organization = scratch.read(reader)?.id(),
                Some(1) => {
                    self.give(level, level::ORGANIZATION, List::Roles, scratch.read(reader)?)
                }
                Some(_) => {
                    self.give(level, level::ORGANIZATION, List::Permissions, scratch.read(reader)?);
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut scratch.names) {
            return Err(malformed(reader.offset(), TWICE));
        }
        Ok(())
    }
}

/// What a membership has, by the numbers that `read_membership` knows it by.
const MEMBERSHIP: [&str; 3] = ["organization", "roles", "permissions"];

/// One of the four parts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity {
    Subject,
    Action,
    Resource,
    Context,
}

impl Entity {
    pub(crate) const ALL: [Self; 4] = [Self::Subject, Self::Action, Self::Resource, Self::Context];

    pub(crate) const fn name(self) -> &'static str {
        let [action, context, resource, subject] = PARTS;
        match self {
            Self::Action => action,
            Self::Context => context,
            Self::Resource => resource,
            Self::Subject => subject,
        }
    }

    /// The index of its place in every image: the order of [`PARTS`], from 1 on.
    const fn place(self) -> u32 {
        match self {
            Self::Action => 1,
            Self::Context => 2,
            Self::Resource => 3,
            Self::Subject => 4,
        }
    }

    pub(crate) fn named(name: Text<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| name == *entity.name())
    }
}

/// Which parts were there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entities {
    subject: bool,
    action: bool,
    resource: bool,
}

impl Entities {
    pub(crate) fn add(&mut self, entity: Entity) {
        match entity {
            Entity::Subject => self.subject = true,
            Entity::Action => self.action = true,
            Entity::Resource => self.resource = true,
            Entity::Context => {}
        }
    }

    pub(crate) fn check(self, needs: Needs) -> Result<(), Error> {
        let action = self.action || needs == Needs::Search;
        if self.subject && action && self.resource {
            Ok(())
        } else {
            Err(Error::new(Code::MalformedRequest)
                .because("a request has `subject`, `action` and `resource`"))
        }
    }
}
