//! Reading a request from JSON, straight into the attributes' slots.

use super::grants::{GrantList, Membership};
use super::value::Input;
use super::{Request, malformed};
use crate::error::{Code, Error};
use crate::json::{Item, Members, Names, Reader, Text, TextLimits, Type, integer};
use crate::policy::Policy;
use crate::policy::image::layout::PARTS;
use crate::policy::image::{Level, PlaceRecord, Purpose};
use crate::policy::vocabulary::grant;
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
        Reader::new(text, TextLimits { bytes: self.limits.bytes.min(MOST_BYTES), depth: MAX_DEPTH })
    }
}

const TWICE: &str = "a member name stands twice in one object";

/// Which part of a request must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// All of a single evaluation.
    Evaluation,
    /// What an action search has: `action`, `evaluations` and `options` are not looked at.
    ActionSearch,
}

/// What reading keeps between values: scratch space, reused.
#[derive(Debug, Default)]
pub(crate) struct ReadBuffers<'a> {
    names: Names<'a>,
    items: Vec<Text<'a>>,
}

impl<'a> ReadBuffers<'a> {
    /// Reads a value.
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<Input<'_, 'a>, Error> {
        let begun = reader.begin()?;
        self.read_rest(reader, begun)
    }

    /// Reads what is left of a value that was begun.
    fn read_rest(&mut self, reader: &mut Reader<'a>, begun: Type) -> Result<Input<'_, 'a>, Error> {
        Ok(match begun {
            Type::Null => Input::Null,
            Type::True | Type::False => Input::Bool(begun == Type::True),
            Type::Number => integer(reader.scalar()).map_or(Input::Other, Input::Integer),
            Type::String => Input::Text(reader.string()),
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
                if strings { Input::List(&self.items) } else { Input::Other }
            }
            Type::Object => {
                reader.skip_begun(begun)?;
                Input::Other
            }
        })
    }
}

impl<'a> Request<'a> {
    /// Reads a single evaluation, or what a search needs of one.
    pub(crate) fn read(
        policy: &'a Policy,
        text: &'a [u8],
        kind: RequestKind,
    ) -> Result<Self, Error> {
        Self::read_whole(policy, text, kind)
            .map_err(|error| error.with_code(Code::MalformedRequest))
    }

    fn read_whole(policy: &'a Policy, text: &'a [u8], kind: RequestKind) -> Result<Self, Error> {
        let mut reader = policy.reader(text)?;
        let mut buffers = ReadBuffers::default();
        let mut request = Self::empty(policy);
        if !matches!(reader.value()?, Item::Object) {
            return Err(malformed(0, "a request is an object"));
        }
        let mut seen = PartsSeen::default();
        let mut members = Members::open(&buffers.names);
        while let Some(name) = reader.member()? {
            let entity = RequestPart::named(name);
            members.add(&mut buffers.names, name, entity.map(RequestPart::place));
            match entity {
                Some(RequestPart::Action) if kind == RequestKind::ActionSearch => reader.skip()?,
                Some(entity) => {
                    seen.add(entity);
                    request.read_entity(&mut reader, &mut buffers, entity)?;
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut buffers.names) {
            return Err(malformed(reader.offset(), TWICE));
        }
        reader.end()?;
        seen.check(kind)?;
        Ok(request.seal())
    }

    /// Reads one of the four parts of a request.
    pub(crate) fn read_entity(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        entity: RequestPart,
    ) -> Result<(), Error> {
        self.read_found(reader, buffers, self.policy.image.place(entity.place()))
    }

    /// Reads a value at a place, given by its names; a place that nothing reads is read over.
    pub(crate) fn read_at(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        names: &[&str],
    ) -> Result<(), Error> {
        self.read_found(reader, buffers, self.find(names))
    }

    fn read_found(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        found: Option<PlaceRecord<'a>>,
    ) -> Result<(), Error> {
        match found {
            Some(place) => self.read_place(reader, buffers, place),
            None => reader.skip(),
        }
    }

    /// The place with these names, from the root.
    pub(super) fn find(&self, names: &[&str]) -> Option<PlaceRecord<'a>> {
        let image = &self.policy.image;
        names.iter().try_fold(image.place(0)?, |place, name| {
            image.child(place, Text::plain(name)).map(|(_, child)| child)
        })
    }

    fn read_place(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        place: PlaceRecord<'a>,
    ) -> Result<(), Error> {
        let begun = reader.begin()?;
        let start = reader.start();
        let purposes = place.purposes();
        let input = if begun == Type::Object && place.children() > 0 {
            self.read_children(reader, buffers, place)?;
            Input::Other
        } else if purposes.has(Purpose::Object) {
            return Err(malformed(start, "an object is expected here"));
        } else if begun == Type::Array && purposes.has(Purpose::Memberships) {
            let mut again = reader.clone();
            if let Err(error) = self.read_memberships(reader, buffers) {
                // Text that is no JSON is told before a name that stands twice.
                again.skip_begun(begun)?;
                return Err(error);
            }
            if place.readers().count > 0 {
                buffers.read_rest(&mut again, begun)?
            } else {
                Input::Other
            }
        } else {
            buffers.read_rest(reader, begun)?
        };
        self.set(place, input);
        if purposes.has(Purpose::String) && begun != Type::String {
            return Err(malformed(start, "a string is expected here"));
        }
        Ok(())
    }

    fn read_children(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        place: PlaceRecord<'a>,
    ) -> Result<(), Error> {
        let image = &self.policy.image;
        let mut strings = place.needed_strings();
        let mut members = Members::open(&buffers.names);
        while reader.name()? {
            let name = reader.string();
            let child = image.child(place, name);
            members.add(&mut buffers.names, name, child.map(|(number, _)| number));
            match child {
                Some((_, child)) => {
                    self.read_place(reader, buffers, child)?;
                    if child.purposes().has(Purpose::String) {
                        strings = strings.saturating_sub(1);
                    }
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut buffers.names) {
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
        buffers: &mut ReadBuffers<'a>,
    ) -> Result<(), Error> {
        let mut memberships = Vec::new();
        while reader.element()? {
            let mut membership = Membership::default();
            let begun = reader.begin()?;
            membership.is_object = begun == Type::Object;
            if membership.is_object {
                self.read_membership(reader, buffers, &mut membership)?;
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
        buffers: &mut ReadBuffers<'a>,
        membership: &mut Membership<'a>,
    ) -> Result<(), Error> {
        let mut members = Members::open(&buffers.names);
        while reader.name()? {
            let name = reader.string();
            let number =
                (0..).zip(MEMBERSHIP).find(|(_, part)| name == **part).map(|(number, _)| number);
            members.add(&mut buffers.names, name, number);
            let lists = &mut membership.lists;
            match number {
                Some(0) => membership.organization = buffers.read(reader)?.id(),
                Some(1) => {
                    self.give(lists, Level::Organization, GrantList::Roles, buffers.read(reader)?)
                }
                Some(_) => {
                    let input = buffers.read(reader)?;
                    self.give(lists, Level::Organization, GrantList::Permissions, input);
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut buffers.names) {
            return Err(malformed(reader.offset(), TWICE));
        }
        Ok(())
    }
}

/// What a membership has, by the numbers that `read_membership` knows it by.
const MEMBERSHIP: [&str; 3] = [grant::ORGANIZATION, grant::ROLES, grant::PERMISSIONS];

/// One of the four parts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestPart {
    Subject,
    Action,
    Resource,
    Context,
}

impl RequestPart {
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
pub(crate) struct PartsSeen {
    subject: bool,
    action: bool,
    resource: bool,
}

impl PartsSeen {
    pub(crate) fn add(&mut self, entity: RequestPart) {
        match entity {
            RequestPart::Subject => self.subject = true,
            RequestPart::Action => self.action = true,
            RequestPart::Resource => self.resource = true,
            RequestPart::Context => {}
        }
    }

    pub(crate) fn check(self, kind: RequestKind) -> Result<(), Error> {
        let action = self.action || kind == RequestKind::ActionSearch;
        if self.subject && action && self.resource {
            Ok(())
        } else {
            Err(Error::new(Code::MalformedRequest)
                .because("a request has `subject`, `action` and `resource`"))
        }
    }
}
