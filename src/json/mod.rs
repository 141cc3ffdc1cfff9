//! Reading and writing JSON (RFC 8259) without a tree in between.
//!
//! The reader is our own, for what `serde_json` does not give and every entry of this library
//! needs. It knows the place of each value, refuses a lone surrogate in parts that are ignored,
//! too, and shows which names stand twice and how a number was written. It is small, too: an edge
//! ships it. The tests hold it to `serde_json`.

#![deny(clippy::wildcard_enum_match_arm)]

mod lexer;
mod names;
mod reader;
mod text;
mod writer;

pub(crate) use lexer::{Container, Lexer, Next, Type, integer, level_within};
pub(crate) use names::{Members, Names};
pub(crate) use reader::{Item, Reader, TextLimits, checked};
pub(crate) use text::{Text, grouped, syntax};
pub use writer::Writer;

/// The largest time and the largest integer that all languages read exactly: 2^53 - 1.
pub(crate) const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;
