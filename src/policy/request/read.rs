//! Reading a request from JSON, straight into the values of attributes.

use super::attributes::Attributes;
use super::grants::{GrantList, Membership, MembershipKind};
use super::parts::{PartsSeen, RequestKind, RequestPart, malformed, name_stands_twice};
use super::value::Input;

use crate::error::Error;
use crate::json::{Item, Members, Names, Reader, Text, Type, integer};
use crate::policy::image::{Level, PlaceRecord, Purpose};
use crate::policy::vocabulary::grant;
use alloc::vec::Vec;

/// Memory that reading uses for one value after the other.
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

    /// Reads the rest of a value that was begun.
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
                Input::Object
            }
        })
    }
}

impl<'a> Attributes<'a> {
    /// Reads a whole text: a single evaluation, or what a search needs of one.
    pub(crate) fn read(&mut self, mut reader: Reader<'a>, kind: RequestKind) -> Result<(), Error> {
        let seen = self.read_parts(&mut reader, &mut ReadBuffers::default(), kind)?;
        reader.end()?;
        seen.check(kind)
    }

    /// Reads an object that has parts of a request, and says which were there.
    pub(crate) fn read_parts(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        kind: RequestKind,
    ) -> Result<PartsSeen, Error> {
        if !matches!(reader.value()?, Item::Object) {
            return Err(malformed(0, "a request is an object"));
        }
        let mut seen = PartsSeen::default();
        let mut members = Members::open(&buffers.names);
        while let Some(name) = reader.member()? {
            let part = RequestPart::named(name);
            members.add(&mut buffers.names, name, part.map(RequestPart::place));
            match part {
                Some(RequestPart::Action) if kind == RequestKind::ActionSearch => reader.skip()?,
                Some(part) => {
                    let start = reader.offset();
                    self.read_part(reader, buffers, part)?;
                    seen.add(part, reader.offset().saturating_sub(start));
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut buffers.names) {
            return Err(name_stands_twice(reader.offset()));
        }
        Ok(seen)
    }

    /// Reads one of the four parts of a request.
    pub(crate) fn read_part(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        part: RequestPart,
    ) -> Result<(), Error> {
        self.read_found(reader, buffers, self.image.place(part.place()))
    }

    /// Reads a member of one of the four parts of a request.
    pub(crate) fn read_member(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        part: RequestPart,
        name: Text<'a>,
    ) -> Result<(), Error> {
        let image = self.image;
        let member = image.place(part.place()).and_then(|place| image.child(place, name));
        self.read_found(reader, buffers, member.map(|(_, place)| place))
    }

    /// Reads a value at a place, given by its names. Where the policy has no such place, the value
    /// is read over.
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
        let image = self.image;
        names.iter().try_fold(image.place(0)?, |place, name| {
            image.child(place, Text::plain(name)).map(|(_, child)| child)
        })
    }

    /// Reads what stands at a place.
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
            Input::Object
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

    /// Reads the rest of an object whose members have places.
    fn read_children(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        place: PlaceRecord<'a>,
    ) -> Result<(), Error> {
        let image = self.image;
        let mut strings = place.needed_strings();
        // A copy, to look again at an entity that lacks something.
        let again = reader.clone();
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
            return Err(name_stands_twice(reader.offset()));
        }
        if strings > 0 {
            return Err(malformed(reader.offset(), lacking(image.string(place.name()), again)));
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
            if begun == Type::Object {
                self.read_membership(reader, buffers, &mut membership)?;
            } else {
                let is_null = begun == Type::Null;
                membership.kind =
                    if is_null { MembershipKind::Null } else { MembershipKind::Other };
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
            let found = (0..).zip(MEMBERSHIP).find(|(_, (known, _))| name == **known);
            members.add(&mut buffers.names, name, found.map(|(number, _)| number));
            match found.map(|(_, (_, member))| member) {
                Some(MembershipMember::Organization) => {
                    let input = buffers.read(reader)?;
                    membership.organization = input.id();
                    membership.has_unusable_organization =
                        membership.organization.is_none() && !matches!(input, Input::Null);
                }
                Some(MembershipMember::Grants(list)) => {
                    let input = buffers.read(reader)?;
                    self.give(&mut membership.lists, Level::Organization, list, input);
                }
                None => reader.skip()?,
            }
        }
        if members.close(&mut buffers.names) {
            return Err(name_stands_twice(reader.offset()));
        }
        Ok(())
    }
}

/// What an entity with this name lacks, whose members come next.
#[cold]
fn lacking(entity: &str, mut members: Reader<'_>) -> &'static str {
    let (mut has_type, mut has_id) = (false, false);
    while let Ok(Some(name)) = members.member() {
        has_type |= name == *"type";
        has_id |= name == *"id";
        if members.skip().is_err() {
            break;
        }
    }
    match (entity, has_type, has_id) {
        ("action", _, _) => "the `action` has no `name`",
        ("subject", false, true) => "the `subject` has no `type`",
        ("subject", true, false) => "the `subject` has no `id`",
        ("subject", _, _) => "the `subject` has no `type` and no `id`",
        (_, false, true) => "the `resource` has no `type`",
        (_, true, false) => "the `resource` has no `id`",
        (_, _, _) => "the `resource` has no `type` and no `id`",
    }
}

/// A member of a membership.
#[derive(Clone, Copy)]
enum MembershipMember {
    Organization,
    Grants(GrantList),
}

const MEMBERSHIP: [(&str, MembershipMember); 3] = [
    (grant::ORGANIZATION, MembershipMember::Organization),
    (grant::ROLES, MembershipMember::Grants(GrantList::Roles)),
    (grant::PERMISSIONS, MembershipMember::Grants(GrantList::Permissions)),
];
