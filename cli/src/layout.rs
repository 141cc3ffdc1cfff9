//! Policy documents in one order and layout. The order is that of the canonical bundle where order
//! means nothing, with the members of each thing as the policy language lists them; descriptions
//! and test cases stay, and so does how a string is written.
//!
//! `written` has the parts of a document as they stand in its text, `order` puts them in order, and
//! this file lays them out.

mod order;
mod written;

use self::order::Part;
use self::written::Value;

/// How many columns a line has, as far as that can be.
const WIDTH: usize = 100;

/// How much further in each level stands.
const INDENT: usize = 2;

/// Lays out a document, whose text is valid JSON; or says which of its members no document has.
pub(crate) fn laid_out(text: &str) -> Result<String, String> {
    let mut root = written::read(text);
    order::arrange(&mut root, Part::Document)?;
    let mut out = String::with_capacity(text.len());
    write(&mut out, &root, Part::Document, Room { indent: 0, before: 0, after: 0 });
    out.push('\n');
    Ok(out)
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Room {
    /// How far in the line begins.
    indent: usize,
    /// How many characters stand before the value in its line.
    before: usize,
    /// How many must have room behind it: a comma.
    after: usize,
}

fn write(out: &mut String, value: &Value<'_>, part: Part, room: Room) {
    let taken = room.indent.saturating_add(room.before).saturating_add(room.after);
    if !part.is_always_open() || value.is_empty() {
        let start = out.len();
        if inline(out, value, WIDTH.saturating_sub(taken)).is_some() {
            return;
        }
        out.truncate(start);
    }
    let indent = room.indent.saturating_add(INDENT);
    match value {
        Value::Scalar(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                let after = usize::from(index.saturating_add(1) < items.len());
                begin_line(out, indent);
                write(out, item, part.item(), Room { indent, before: 0, after });
                out.push_str(if after == 1 { "," } else { "" });
            }
            begin_line(out, room.indent);
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                let after = usize::from(index.saturating_add(1) < members.len());
                begin_line(out, indent);
                out.push_str(member.written);
                out.push_str(": ");
                let before = member.written.chars().count().saturating_add(2);
                let part = part.member(&member.name);
                write(out, &member.value, part, Room { indent, before, after });
                out.push_str(if after == 1 { "," } else { "" });
            }
            begin_line(out, room.indent);
            out.push('}');
        }
    }
}

fn begin_line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Writes a value on one line if it has room there, and gives the room that is left. Otherwise what
/// was written is of no use.
fn inline(out: &mut String, value: &Value<'_>, room: usize) -> Option<usize> {
    let push = |out: &mut String, text: &str, room: usize| {
        out.push_str(text);
        room.checked_sub(text.chars().count())
    };
    match value {
        Value::Scalar(text) => push(out, text, room),
        Value::Array(items) if items.is_empty() => push(out, "[]", room),
        Value::Object(members) if members.is_empty() => push(out, "{}", room),
        Value::Array(items) => {
            let mut room = push(out, "[", room)?;
            for (index, item) in items.iter().enumerate() {
                room = push(out, if index == 0 { "" } else { ", " }, room)?;
                room = inline(out, item, room)?;
            }
            push(out, "]", room)
        }
        Value::Object(members) => {
            let mut room = push(out, "{ ", room)?;
            for (index, member) in members.iter().enumerate() {
                room = push(out, if index == 0 { "" } else { ", " }, room)?;
                room = push(out, member.written, room)?;
                room = push(out, ": ", room)?;
                room = inline(out, &member.value, room)?;
            }
            push(out, " }", room)
        }
    }
}
