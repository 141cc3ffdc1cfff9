//! Reading a request from JSON, straight into the values of attributes.

use super::attributes::Attributes;
use super::grants::{GrantList, Membership, MembershipKind};
use super::parts::{PartsSeen, RequestKind, RequestPart, malformed, name_stands_twice};
use super::value::Input;
use crate::error::Error;
use crate::json::{
    Container, Lexer, Members, Names, Next, Reader, Text, Type, integer, level_within,
};
use crate::policy::image::{Level, PlaceRecord, Purpose};
use crate::policy::vocabulary::{KnownPlace, grant, member};
use alloc::vec::Vec;

/// Memory that reading uses for one object after the other.
#[derive(Debug, Default)]
pub(crate) struct ReadBuffers<'a> {
    names: Names<'a>,
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
        let (lexer, levels) = reader.lexer();
        let mut into = Reading { attributes: self, lexer, names: &mut buffers.names };
        let (seen, at) = into.parts(reader.offset(), levels, kind)?;
        reader.go_on_at(at);
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

    /// Reads a value at a place. Where the policy reads nothing there, the value is read over.
    pub(crate) fn read_at(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        place: &KnownPlace,
    ) -> Result<(), Error> {
        self.read_found(reader, buffers, self.image.known_place(place.number))
    }

    fn read_found(
        &mut self,
        reader: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
        found: Option<PlaceRecord<'a>>,
    ) -> Result<(), Error> {
        let Some(place) = found else { return reader.skip() };
        let (lexer, levels) = reader.lexer();
        let mut into = Reading { attributes: self, lexer, names: &mut buffers.names };
        reader.go_on_at(into.value(place, reader.offset(), levels)?);
        Ok(())
    }
}

/// A text that is read into attributes. Each function takes the offset at which it begins, and the
/// number of levels that may still be opened, and says at which offset it ends.
struct Reading<'r, 'a> {
    attributes: &'r mut Attributes<'a>,
    lexer: Lexer<'a>,
    names: &'r mut Names<'a>,
}

impl<'a> Reading<'_, 'a> {
    fn parts(
        &mut self,
        at: usize,
        levels: usize,
        kind: RequestKind,
    ) -> Result<(PartsSeen, usize), Error> {
        let lexer = self.lexer;
        let start = lexer.space(at);
        if lexer.byte(start) != b'{' {
            if lexer.byte(start) != b'[' {
                lexer.skip(start, levels)?;
            }
            return Err(malformed(0, "a request is an object"));
        }
        let levels = level_within(levels, start)?;
        let mut seen = PartsSeen::default();
        let mut members = Members::open(self.names);
        let mut next = lexer.first(Container::Object, start.wrapping_add(1));
        loop {
            let at = match next {
                Next::Item(at) => at,
                Next::Closed(at) => return Ok((seen, self.close(members, at)?)),
            };
            let (name, at) = lexer.name(at)?;
            let part = RequestPart::named(name);
            members.add(self.names, name, part.map(RequestPart::place));
            if part.is_none()
                && kind == RequestKind::PerhapsBatch
                && (name == *member::EVALUATIONS || name == *member::OPTIONS)
            {
                seen.may_be_batch = true;
                members.close(self.names);
                return Ok((seen, at));
            }
            let read = part
                .filter(|part| *part != RequestPart::Action || kind != RequestKind::ActionSearch);
            let place = read.and_then(|part| self.attributes.image.place(part.place()));
            let end = match place {
                Some(place) => self.value(place, at, levels)?,
                None => lexer.skip(at, levels)?,
            };
            if let Some(part) = read {
                seen.add(part, end.saturating_sub(at));
            }
            next = lexer.next(Container::Object, end)?;
        }
    }

    /// Ends an object, of which this is the offset behind it. No name may stand twice in it.
    fn close(&mut self, members: Members, at: usize) -> Result<usize, Error> {
        if members.close(self.names) { Err(name_stands_twice(at)) } else { Ok(at) }
    }

    /// Reads what stands at a place.
    fn value(&mut self, place: PlaceRecord<'a>, at: usize, levels: usize) -> Result<usize, Error> {
        let start = self.lexer.space(at);
        let purposes = place.purposes();
        let byte = self.lexer.byte(start);
        if byte == b'"' && !purposes.has(Purpose::Object) {
            // Most values are strings. Through the general path below, one takes twice as long.
            let (text, end) = self.lexer.string(start)?;
            self.attributes.set(place, Input::Text(text));
            return Ok(end);
        }
        let (input, end) = if byte == b'{' && place.children() > 0 {
            let levels = level_within(levels, start)?;
            (Input::Object, self.children(place, start.wrapping_add(1), levels)?)
        } else if byte == b'[' && purposes.has(Purpose::Memberships) {
            self.memberships(place, start, level_within(levels, start)?)?
        } else {
            self.any(start, levels)?
        };
        if purposes.has(Purpose::Object) && (byte != b'{' || place.children() == 0) {
            return Err(malformed(start, "an object is expected here"));
        }
        self.attributes.set(place, input);
        if purposes.has(Purpose::String) && byte != b'"' {
            return Err(malformed(start, "a string is expected here"));
        }
        Ok(end)
    }

    /// Reads a value of which it does not matter where it stands.
    #[inline]
    fn any(&mut self, at: usize, levels: usize) -> Result<(Input<'a>, usize), Error> {
        let start = self.lexer.space(at);
        Ok(match self.lexer.byte(start) {
            b'"' => {
                let (text, end) = self.lexer.string(start)?;
                (Input::Text(text), end)
            }
            b'[' => self.list(start, level_within(levels, start)?)?,
            b'{' => (Input::Object, self.lexer.skip(start, levels)?),
            _ => self.scalar(start)?,
        })
    }

    fn scalar(&self, start: usize) -> Result<(Input<'a>, usize), Error> {
        let (kind, end) = self.lexer.scalar(start)?;
        let input = match kind {
            Type::Null => Input::Null,
            Type::True => Input::Bool(true),
            Type::False => Input::Bool(false),
            Type::Number => {
                integer(self.lexer.between(start, end)).map_or(Input::Other, Input::Integer)
            }
            // No scalar, or read elsewhere.
            Type::String | Type::Array | Type::Object => Input::Other,
        };
        Ok((input, end))
    }

    /// Reads the members of an object that have places.
    fn children(
        &mut self,
        place: PlaceRecord<'a>,
        start: usize,
        levels: usize,
    ) -> Result<usize, Error> {
        let lexer = self.lexer;
        let image = self.attributes.image;
        let mut strings = place.needed_strings();
        let mut members = Members::open(self.names);
        let mut next = lexer.first(Container::Object, start);
        loop {
            let at = match next {
                Next::Item(at) => at,
                Next::Closed(at) => {
                    let at = self.close(members, at)?;
                    if strings > 0 {
                        let entity = image.string(place.name());
                        return Err(malformed(at, lacking(entity, lexer, start)));
                    }
                    return Ok(at);
                }
            };
            let (name, at) = lexer.name(at)?;
            let child = image.child(place, name);
            members.add(self.names, name, child.map(|(number, _)| number));
            let end = match child {
                Some((_, child)) => {
                    strings =
                        strings.saturating_sub(u32::from(child.purposes().has(Purpose::String)));
                    self.value(child, at, levels)?
                }
                None => lexer.skip(at, levels)?,
            };
            next = lexer.next(Container::Object, end)?;
        }
    }

    /// Reads an array: a list, if all its elements are strings.
    fn list(&mut self, start: usize, levels: usize) -> Result<(Input<'a>, usize), Error> {
        let lexer = self.lexer;
        let first = self.attributes.begin_list();
        let mut strings = true;
        let mut next = lexer.first(Container::Array, start.wrapping_add(1));
        loop {
            let at = match next {
                Next::Item(at) => at,
                Next::Closed(at) => {
                    let list = Input::List(self.attributes.list_from(first));
                    return Ok((if strings { list } else { Input::Other }, at));
                }
            };
            let end = if lexer.byte(at) == b'"' {
                let (text, end) = lexer.string(at)?;
                self.attributes.push_item(text);
                end
            } else {
                strings = false;
                lexer.skip(at, levels)?
            };
            next = lexer.next(Container::Array, end)?;
        }
    }

    /// Reads the array of `memberships`, and once more where an attribute reads it, too.
    fn memberships(
        &mut self,
        place: PlaceRecord<'a>,
        start: usize,
        levels: usize,
    ) -> Result<(Input<'a>, usize), Error> {
        let behind = start.wrapping_add(1);
        let end = self.each_membership(behind, levels).or_else(|error| {
            // Text that is no JSON is told before a name that stands twice.
            self.lexer.skip_items(Container::Array, behind, levels)?;
            Err(error)
        })?;
        if place.readers().count > 0 { self.list(start, levels) } else { Ok((Input::Other, end)) }
    }

    fn each_membership(&mut self, start: usize, levels: usize) -> Result<usize, Error> {
        let lexer = self.lexer;
        let mut memberships = Vec::new();
        let mut next = lexer.first(Container::Array, start);
        loop {
            let at = match next {
                Next::Item(at) => at,
                Next::Closed(at) => {
                    self.attributes.memberships = Some(memberships);
                    return Ok(at);
                }
            };
            let mut membership = Membership::default();
            let end = match lexer.byte(at) {
                b'{' => self.membership(&mut membership, at, level_within(levels, at)?)?,
                byte => {
                    let is_null = byte == b'n';
                    membership.kind =
                        if is_null { MembershipKind::Null } else { MembershipKind::Other };
                    lexer.skip(at, levels)?
                }
            };
            memberships.push(membership);
            next = lexer.next(Container::Array, end)?;
        }
    }

    fn membership(
        &mut self,
        membership: &mut Membership<'a>,
        start: usize,
        levels: usize,
    ) -> Result<usize, Error> {
        let lexer = self.lexer;
        let mut members = Members::open(self.names);
        let mut next = lexer.first(Container::Object, start.wrapping_add(1));
        loop {
            let at = match next {
                Next::Item(at) => at,
                Next::Closed(at) => return self.close(members, at),
            };
            let (name, at) = lexer.name(at)?;
            let found = (0..).zip(MEMBERSHIP).find(|(_, (known, _))| name == **known);
            members.add(self.names, name, found.map(|(number, _)| number));
            let Some((_, (_, member))) = found else {
                next = lexer.next(Container::Object, lexer.skip(at, levels)?)?;
                continue;
            };
            let (input, end) = self.any(at, levels)?;
            match member {
                MembershipMember::Organization => {
                    membership.organization = input.id();
                    membership.has_unusable_organization =
                        membership.organization.is_none() && !matches!(input, Input::Null);
                }
                MembershipMember::Grants(list) => {
                    self.attributes.give(&mut membership.lists, Level::Organization, list, input);
                }
            }
            self.attributes.end_list();
            next = lexer.next(Container::Object, end)?;
        }
    }
}

/// What an entity with this name lacks, whose members begin at an offset.
#[cold]
fn lacking(entity: &str, lexer: Lexer<'_>, start: usize) -> &'static str {
    let (mut has_type, mut has_id) = (false, false);
    let mut next = Ok(lexer.first(Container::Object, start));
    while let Ok(Next::Item(at)) = next {
        // The members were read before.
        next = lexer.name(at).and_then(|(name, at)| {
            has_type |= name == *"type";
            has_id |= name == *"id";
            lexer.next(Container::Object, lexer.skip(at, usize::MAX)?)
        });
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
