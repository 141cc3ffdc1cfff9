//! Reading and writing JSON (RFC 8259) without a tree in between.
//!
//! A reader of our own, for four things that `serde_json` does not give and that every entry of this library
//! needs: the place of each value, refusal of lone surrogates in ignored parts too, sight of duplicate names and of
//! how an integer was written, and an edge build that stays within its size. `serde_json` is its second opinion in the tests.

#![deny(clippy::wildcard_enum_match_arm)]

mod names;
mod reader;
mod text;
mod writer;

pub(crate) use names::{Members, Names};
pub(crate) use reader::{Item, Reader, TextLimits, Type, checked, integer};
pub(crate) use text::{Text, syntax};
pub(crate) use writer::Writer;

/// The largest time and the largest integer that all languages read exactly: 2^53 - 1.
pub(crate) const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;
