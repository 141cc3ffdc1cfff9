//! A document as a tree, in which every value knows its place.

use crate::error::{Code, Error};
use crate::json::{self, Reader};
use alloc::string::String;
use alloc::vec::Vec;

/// A part of one document, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) document: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// Where the name stands, with its quotes.
    pub(super) span: Span,
    pub(super) node: Node,
}

impl Node {
    /// The member of an object with this name.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|member| member.name == name).map(|member| &member.node)
    }

    /// The members, of which there are none in what is no object.
    pub(super) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The items, of which there are none in what is no array.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        match &self.value {
            Value::Number(digits) => json::Value::Number(digits).integer(),
            _ => None,
        }
    }

    /// What a message calls the value's type.
    pub(super) fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The JSON pointer (RFC 6901) of the value, or member name, that begins at an offset.
    pub(super) fn pointer_to(&self, offset: usize) -> String {
        let mut pointer = String::new();
        let mut node = self;
        'down: loop {
            for member in node.members() {
                if (member.span.start..member.node.span.end).contains(&offset) {
                    push_segment(&mut pointer, &member.name);
                    if offset < member.node.span.start {
                        return pointer;
                    }
                    node = &member.node;
                    continue 'down;
                }
            }
            for (index, item) in node.items().iter().enumerate() {
                if (item.span.start..item.span.end).contains(&offset) {
                    push_segment(&mut pointer, &alloc::format!("{index}"));
                    node = item;
                    continue 'down;
                }
            }
            return pointer;
        }
    }
}

fn push_segment(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}

/// Reads a whole document. A name that stands twice is told by the place of its second.
pub(super) fn read(
    document: usize,
    text: &str,
    limits: json::Limits,
) -> Result<Node, (Error, Span)> {
    let at = |error: Error| {
        let start = error.offset().unwrap_or(0);
        (error, Span { document, start, end: start.saturating_add(1) })
    };
    let mut reader = Reader::new(text.as_bytes(), limits).map_err(at)?;
    let node = read_value(document, &mut reader).map_err(|error| error.unwrap_or_else(at))?;
    reader.end().map_err(at)?;
    Ok(node)
}

/// An error whose place is known, or one of the reader's, which has its own.
type Placed = Result<(Error, Span), Error>;

fn read_value(document: usize, reader: &mut Reader<'_>) -> Result<Node, Placed> {
    let start = reader.next_offset();
    let value = match reader.value().map_err(Err)? {
        json::Value::Null => Value::Null,
        json::Value::Bool(value) => Value::Bool(value),
        json::Value::Number(digits) => Value::Number(String::from(digits)),
        json::Value::String(text) => Value::String(text.decoded()),
        json::Value::Array => {
            let mut items = Vec::new();
            while reader.element().map_err(Err)? {
                items.push(read_value(document, reader)?);
            }
            Value::Array(items)
        }
        json::Value::Object => Value::Object(read_members(document, reader)?),
    };
    Ok(Node { span: Span { document, start, end: reader.offset() }, value })
}

fn read_members(document: usize, reader: &mut Reader<'_>) -> Result<Vec<Member>, Placed> {
    let mut members: Vec<Member> = Vec::new();
    let mut seen = alloc::collections::BTreeSet::new();
    while let Some((name, start, end)) = reader.member_at().map_err(Err)? {
        let (name, span) = (name.decoded(), Span { document, start, end });
        if !seen.insert(name.clone()) {
            return Err(Ok((Error::at(Code::DuplicateName, start), span)));
        }
        members.push(Member { name, span, node: read_value(document, reader)? });
    }
    // Their order means nothing, so that the same policy is compiled to the same bytes.
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}
