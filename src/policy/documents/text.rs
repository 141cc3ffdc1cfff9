//! Putting the texts of messages and JSON pointers together.
//!
//! Messages are made from patterns, much as by `format!`, but when the program runs. Code that uses
//! `core::fmt` weighs far more in a WebAssembly module than this, and there are about sixty
//! messages. A pattern has two kinds of places, which are filled in order:
//!
//! - `{}` takes a text that somebody wrote, a name in a document mostly. It is cut after 64
//!   characters, and control characters in it are replaced: an error must stay readable, and must
//!   not write to a terminal what it likes.
//! - `{=}` takes a text of this library's, as it is: a number, a type, a list of known names.
//!
//! So `message("`{}` is none of {=}", &["reed", "`read`, `write`"])` is
//! "`reed` is none of `read`, `write`".

use crate::json::Writer;
use crate::policy::Attribute;
use alloc::string::String;
use alloc::vec::Vec;

/// A message: its pattern with the parts in their places, each `{}` and `{=}`.
pub(super) fn message(pattern: &str, parts: &[&str]) -> String {
    let mut out = String::new();
    let mut parts = parts.iter();
    for piece in pattern.split('{') {
        // The pattern is split where places begin, so all pieces but the first begin with the end
        // of one.
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

/// A text of somebody else's as a message shows it: cut when long, without control characters.
fn shown(text: &str) -> String {
    let seen = |character: char| if character.is_control() { '\u{fffd}' } else { character };
    cut(text, 64).chars().map(seen).collect()
}

/// A text, cut after `most` characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().take(most).collect();
    if shown.len() < text.len() {
        shown.push('…');
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

/// A number of things, in decimal digits.
pub(super) fn digits(number: usize) -> String {
    integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// An integer, in decimal digits.
pub(super) fn integer(number: i64) -> String {
    let mut writer = Writer::new();
    writer.integer(number);
    writer.finish()
}

/// An array index as RFC 6901 spells it: decimal digits without leading zeros.
pub(super) fn index(name: &str) -> Option<usize> {
    name.parse().ok().filter(|index| digits(*index) == name)
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

/// The names of a JSON pointer (RFC 6901) that is not empty, or none if the text is no such
/// pointer.
pub(super) fn pointed(pointer: &str) -> Option<Vec<String>> {
    pointer.strip_prefix('/')?.split('/').map(Attribute::unescaped).collect()
}
