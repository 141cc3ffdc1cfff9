//! Tokens in encodings: where one may stand, and what is there when it is decoded.
//!
//! Everything begins at an anchor: two bytes that each form of a prefix has, or sixteen that stand
//! in a long encoded text. Anchors are cheap to look for and say nothing yet. What is read from one
//! on must parse, so the checksum decides.

// In reading order: what makes a reader look closer, how one character may be written, how a whole
// token is, and what is decoded as a whole.
mod anchors;
mod escaped;
mod lists;
mod search;
mod stretch;
mod units;
mod whole;

pub(super) use search::{AHEAD, BEHIND, Encoded, token_of};

/// How many bytes an encoded token takes at most in a text.
const MAX_ENCODED: usize = 4_096;
