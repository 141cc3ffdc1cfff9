//! A document as a tree, in which every value knows its place.

use super::names::NameMap;
use super::text::{digits, escape};
use crate::error::{Code, Error};
use crate::json::{self, Reader, Text};
use crate::policy::image::size;
use crate::policy::image::write::number;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// A part of the text of one document: the document's number, and offsets in bytes. `end` is past
/// the last one.
///
/// It is as small as it can be, since every value has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SourceSpan {
    document: u32,
    start: u32,
    end: u32,
}

impl SourceSpan {
    pub(super) fn new(document: usize, start: usize, end: usize) -> Self {
        Self { document: number(document), start: number(start), end: number(end) }
    }

    /// The first byte at an offset of a document.
    pub(super) fn at(document: usize, start: usize) -> Self {
        Self::new(document, start, start.saturating_add(1))
    }

    pub(super) fn document(self) -> usize {
        size(self.document)
    }

    pub(super) fn start(self) -> usize {
        size(self.start)
    }

    /// How many bytes it has.
    pub(super) fn bytes(self) -> usize {
        size(self.end.saturating_sub(self.start))
    }

    /// Its first byte, for errors about what it lacks.
    pub(super) const fn first(self) -> Self {
        Self { end: self.start.saturating_add(1), ..self }
    }

    fn holds(self, offset: usize) -> bool {
        (size(self.start)..size(self.end)).contains(&offset)
    }
}

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) span: SourceSpan,
    pub(super) value: NodeValue<'a>,
}

#[derive(Debug)]
pub(super) enum NodeValue<'a> {
    Null,
    Bool(bool),
    /// As it is written.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Box<[Node<'a>]>),
    /// Sorted by name. The order in which they were written means nothing, and so the same policy
    /// is compiled to the same bytes.
    Object(Box<[Member<'a>]>),
}

#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) name: Cow<'a, str>,
    /// Where the name stands, with its quotes.
    pub(super) span: SourceSpan,
    pub(super) node: Node<'a>,
}

impl<'a> Node<'a> {
    /// The member of an object with this name.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        let members = self.members();
        let index = members.binary_search_by(|member| (*member.name).cmp(name)).ok()?;
        members.get(index).map(|member| &member.node)
    }

    /// The text of a member, if there is one and it is a string.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.member(name)?.text()
    }

    /// The items of a member; an empty slice if there is no such member or it is no array.
    pub(super) fn items_of(&self, name: &str) -> &[Self] {
        self.member(name).map_or(&[], Self::items)
    }

    /// The members of a member; an empty slice if there is no such member or it is no object.
    pub(super) fn members_of(&self, name: &str) -> &[Member<'a>] {
        self.member(name).map_or(&[], Self::members)
    }

    /// The members of an object; an empty slice if it is no object.
    pub(super) fn members(&self) -> &[Member<'a>] {
        if let NodeValue::Object(members) = &self.value { members } else { &[] }
    }

    /// The items of an array; an empty slice if it is no array.
    pub(super) fn items(&self) -> &[Self] {
        if let NodeValue::Array(items) = &self.value { items } else { &[] }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let NodeValue::String(text) = &self.value { Some(text) } else { None }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        if let NodeValue::Number(digits) = self.value { json::integer(digits) } else { None }
    }

    /// The first byte of the value, for errors about what it lacks.
    pub(super) fn start(&self) -> SourceSpan {
        self.span.first()
    }

    /// What a message calls the value's type.
    pub(super) fn type_name(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "null",
            NodeValue::Bool(_) => "a boolean",
            NodeValue::Number(_) => "a number",
            NodeValue::String(_) => "a string",
            NodeValue::Array(_) => "an array",
            NodeValue::Object(_) => "an object",
        }
    }

    /// The JSON pointer (RFC 6901) of the value, or member name, that begins at an offset.
    pub(super) fn pointer_to(&self, offset: usize) -> String {
        let mut pointer = String::new();
        let mut node = self;
        loop {
            let member = node
                .members()
                .iter()
                .find(|member| member.span.holds(offset) || member.node.span.holds(offset));
            let item = node.items().iter().position(|item| item.span.holds(offset));
            if let Some(member) = member {
                escape(&mut pointer, &member.name);
                if offset < member.node.span.start() {
                    return pointer;
                }
                node = &member.node;
            } else if let Some((index, item)) =
                item.and_then(|index| Some((index, node.items().get(index)?)))
            {
                escape(&mut pointer, &digits(index));
                node = item;
            } else {
                return pointer;
            }
        }
    }
}

/// Reads a whole document. It may have at most `left` values, and those that it has are subtracted.
/// The error of a name that stands twice in an object is placed at the second one, and covers it;
/// every other error covers one byte.
pub(super) fn read<'a>(
    document: usize,
    text: &'a str,
    limits: json::TextLimits,
    left: &mut usize,
) -> Result<Node<'a>, (Error, SourceSpan)> {
    let mut name = SourceSpan::default();
    let root = Reader::new(text.as_bytes(), limits).and_then(|reader| {
        let (items, members, names) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = Values { document, reader, name, left: *left, items, members, names };
        let root = values.value();
        name = values.name;
        *left = values.left;
        let root = root?;
        values.reader.end()?;
        Ok(root)
    });
    root.map_err(|error| {
        let start = error.offset().unwrap_or(0);
        let span = SourceSpan::at(document, start);
        let twice = error.code() == Code::DuplicateName;
        (error, if twice { name } else { span })
    })
}

/// How many members of an object are put in order as they are read. An object with more gets a map.
const FEW: usize = 12;

struct Values<'a> {
    document: usize,
    reader: Reader<'a>,
    /// The place of a name that stands twice in an object, once reading has failed for that.
    name: SourceSpan,
    /// How many values may follow. A value takes many times its bytes here.
    left: usize,
    /// The items of the arrays that are being read; those of an inner one come last.
    items: Vec<Node<'a>>,
    /// The members of the small objects that are being read, likewise, and their names.
    members: Vec<Member<'a>>,
    names: Vec<Text<'a>>,
}

impl<'a> Values<'a> {
    fn value(&mut self) -> Result<Node<'a>, Error> {
        let start = self.reader.next_offset();
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            Error::at(Code::LimitExceeded, start)
                .because("the documents have more values together than the limit allows")
        })?;
        let value = match self.reader.value()? {
            json::Item::Null => NodeValue::Null,
            json::Item::Bool(value) => NodeValue::Bool(value),
            json::Item::Number(digits) => NodeValue::Number(digits),
            json::Item::String(text) => NodeValue::String(decoded(text)),
            json::Item::Array => {
                let mark = self.items.len();
                while self.reader.element()? {
                    let item = self.value()?;
                    self.items.push(item);
                }
                NodeValue::Array(self.items.drain(mark..).collect())
            }
            json::Item::Object => NodeValue::Object(self.members()?),
        };
        Ok(Node { span: SourceSpan::new(self.document, start, self.reader.offset()), value })
    }

    /// The members of an object, sorted by name. As long as they are few, each is put in its place
    /// at once; no map is needed then, and most objects are small.
    fn members(&mut self) -> Result<Box<[Member<'a>]>, Error> {
        let mark = self.names.len();
        while let Some((name, start, end)) = self.reader.member_at()? {
            let known = self.names.get(mark..).unwrap_or_default();
            if known.len() >= FEW {
                return self.more_members(mark, (name, start, end));
            }
            let place = mark.saturating_add(known.partition_point(|known| *known < name));
            if self.names.get(place) == Some(&name) {
                return Err(self.twice(start, end));
            }
            let member = self.member(name, start, end)?;
            self.names.insert(place, name);
            self.members.insert(place, member);
        }
        self.names.truncate(mark);
        Ok(self.members.drain(mark..).collect())
    }

    /// Reads the other members of an object that has more than a few, the first of which is begun.
    #[cold]
    fn more_members(
        &mut self,
        mark: usize,
        begun: (Text<'a>, usize, usize),
    ) -> Result<Box<[Member<'a>]>, Error> {
        let mut seen = NameMap::default();
        for (number, name) in self.names.drain(mark..).enumerate() {
            seen.insert(name, number);
        }
        let mut members: Vec<Member<'_>> = self.members.drain(mark..).collect();
        let mut next = Some(begun);
        while let Some((name, start, end)) = next {
            if !seen.insert(name, members.len()) {
                return Err(self.twice(start, end));
            }
            let member = self.member(name, start, end)?;
            members.push(member);
            next = self.reader.member_at()?;
        }
        put_in_order(&mut members, seen.numbers());
        Ok(members.into_boxed_slice())
    }

    fn member(&mut self, name: Text<'a>, start: usize, end: usize) -> Result<Member<'a>, Error> {
        let span = SourceSpan::new(self.document, start, end);
        Ok(Member { name: decoded(name), span, node: self.value()? })
    }

    /// A name that stands in its object already.
    fn twice(&mut self, start: usize, end: usize) -> Error {
        self.name = SourceSpan::new(self.document, start, end);
        Error::at(Code::DuplicateName, start)
    }
}

/// Puts items in an order, in which each number says which item comes next. It does so in place,
/// since there may be many items and little memory.
fn put_in_order<T>(items: &mut [T], mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut at = start;
        // The items that move to each other's places, one after the other. If they have been moved,
        // each of their entries leads to itself.
        while let Some(next) = order.get_mut(at) {
            let from = core::mem::replace(next, at);
            if from == start || from == at {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

fn decoded(text: Text<'_>) -> Cow<'_, str> {
    match text.unescaped() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(text.decoded()),
    }
}
