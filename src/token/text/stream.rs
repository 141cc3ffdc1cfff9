//! Texts that arrive in pieces: the same is cut and found as in the whole, however it was broken
//! up.

use super::finding::Finding;
use super::redact::{AHEAD, Cutter};
use super::scan::Search;
use super::tail::Tail;
use alloc::vec::Vec;
use core::fmt;

/// [`redact`](super::redact) for a text that arrives in pieces, such as a log.
///
/// What comes out is, joined, what [`redact`](super::redact) makes of the joined pieces, however
/// the text was broken up. A tail is held back, for a token may begin in it: at most
/// [`Redactor::MAX_HELD`] bytes. [`Redactor::finish`] gives the rest.
///
/// The pieces are bytes and may be cut anywhere. If the text is UTF-8, each piece that comes out
/// is.
///
/// ```
/// use cog_auth::token::Redactor;
///
/// let mut redactor = Redactor::new();
/// let mut out = Vec::new();
/// for piece in ["t=cog_1s015PnAAAABBBBCC", "CCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs",
///     "5iHjYgW30jAxiy;"] {
///     out.extend(redactor.push(piece.as_bytes()));
/// }
/// out.extend(redactor.finish());
/// assert_eq!(String::from_utf8(out).unwrap(), "t=cog_1s015PnAAAABBBBCCCC…;");
/// ```
pub struct Redactor {
    cutter: Cutter,
    tail: Tail,
}

impl Redactor {
    /// How many bytes are held back at most: those behind a place that decide what is there, twice,
    /// so that they are not moved for every small piece.
    pub const MAX_HELD: usize = AHEAD.saturating_mul(2);

    /// A redactor at the beginning of a text.
    #[must_use]
    pub fn new() -> Self {
        Self { cutter: Cutter::new(super::Joins::Known), tail: Tail::default() }
    }

    /// Takes the next piece, and gives what of the text is sure, which may be nothing.
    #[must_use = "this is the next part of the text"]
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        self.tail.push(piece);
        let (text, start) = (self.tail.bytes(), self.tail.start());
        let mut out = Vec::new();
        if text.len() > Self::MAX_HELD {
            let limit = whole_characters(text, text.len().saturating_sub(AHEAD));
            let done = self.cutter.cut(text, limit, &mut out);
            self.tail.forget_before(start.saturating_add(done));
        }
        out
    }

    /// Gives the rest of the text.
    #[must_use = "this is the end of the text"]
    pub fn finish(mut self) -> Vec<u8> {
        let text = self.tail.bytes();
        let mut out = Vec::with_capacity(text.len());
        self.cutter.cut(text, text.len(), &mut out);
        out
    }
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

/// [`scan`](super::scan) for a text that arrives in pieces.
///
/// What is found is what [`scan`](super::scan) finds in the joined pieces, with offsets from the
/// beginning of the first one, however the text was broken up. At most [`Scanner::MAX_HELD`] bytes
/// are held back.
///
/// ```
/// use cog_auth::token::Scanner;
///
/// let mut scanner = Scanner::new();
/// let mut found = scanner.push(b"t=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586g");
/// found.extend(scanner.push(b"gbea2qj1Bs5iHjYgW30jAxiy;"));
/// found.extend(scanner.finish());
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].range(), 2..83);
/// ```
#[derive(Default)]
pub struct Scanner {
    search: Search,
    tail: Tail,
}

impl Scanner {
    /// How many bytes are held back at most.
    pub const MAX_HELD: usize = Search::AHEAD.saturating_mul(2);

    /// A scanner at the beginning of a text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece, and gives what was found for sure.
    #[must_use = "these are found once"]
    pub fn push(&mut self, piece: &[u8]) -> Vec<Finding> {
        self.tail.push(piece);
        if self.tail.bytes().len() <= Self::MAX_HELD {
            return Vec::new();
        }
        let found = self.find(self.tail.end().saturating_sub(Search::AHEAD));
        self.tail.forget_before(self.search.at);
        found
    }

    /// Gives what there is in the rest of the text.
    #[must_use = "these are found once"]
    pub fn finish(mut self) -> Vec<Finding> {
        let mut found = self.find(self.tail.end());
        found.extend(self.search.end());
        found
    }

    /// What ends before a place of the text.
    fn find(&mut self, limit: usize) -> Vec<Finding> {
        let mut found = Vec::new();
        loop {
            let at = self.search.at;
            match self.search.next(self.tail.from(at), limit.saturating_sub(at)) {
                Some(finding) => found.push(finding),
                None => return found,
            }
        }
    }
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").finish_non_exhaustive()
    }
}

/// The end of the last whole character of UTF-8 within so many bytes.
pub(super) fn whole_characters(text: &[u8], mut limit: usize) -> usize {
    // A character has at most three bytes after its first.
    for _ in 0..3 {
        let inside = text.get(limit).is_some_and(|byte| (0x80..0xc0).contains(byte));
        limit = limit.saturating_sub(usize::from(inside));
    }
    limit
}
