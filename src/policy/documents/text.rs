//! Putting messages and JSON pointers together, in plain steps: the standard library's formatting is far larger.

use crate::json::Writer;
use alloc::string::String;
use alloc::vec::Vec;

/// A message: its pattern with a part in the place of each `{}`, as [`shown`] shows it, and of each `{=}`, as it is.
pub(super) fn message(pattern: &str, parts: &[&str]) -> String {
    let mut out = String::new();
    let mut parts = parts.iter();
    for piece in pattern.split('{') {
        // Every piece but the first begins with the end of a place.
        let rest = if let Some(rest) = piece.strip_prefix('}') {
            out.push_str(&shown(parts.next().unwrap_or(&"")));
            rest
        } else if let Some(rest) = piece.strip_prefix("=}") {
            out.push_str(parts.next().unwrap_or(&""));
            rest
        } else {
            piece
        };
        out.push_str(rest);
    }
    out
}

/// A name as a message shows it: cut when long, without control characters.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == 64 {
            shown.push('…');
            break;
        }
        shown.push(if character.is_control() { '\u{fffd}' } else { character });
    }
    shown
}

/// Names in backticks, with commas between.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let mut out = String::new();
    for name in names {
        out.push_str(if out.is_empty() { "`" } else { ", `" });
        out.push_str(name.as_ref());
        out.push('`');
    }
    out
}

pub(super) fn digits(number: usize) -> String {
    integer(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(super) fn integer(number: i64) -> String {
    let mut writer = Writer::new();
    writer.integer(number);
    writer.finish()
}

/// Appends a name to a JSON pointer (RFC 6901).
pub(super) fn escape(pointer: &mut String, name: &str) {
    pointer.push('/');
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The names of a JSON pointer that is not empty; none where it is no pointer.
pub(super) fn pointed(pointer: &str) -> Option<Vec<String>> {
    pointer.strip_prefix('/')?.split('/').map(unescaped).collect()
}

fn unescaped(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        out.push(match character {
            '~' => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(out)
}
