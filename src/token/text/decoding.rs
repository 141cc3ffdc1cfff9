//! Finding credentials in text and in what is encoded in it.

use super::encoded::{AHEAD, BEHIND, Encoded, token_of};
use super::finding::Finding;
use super::scan::Search;
use super::tail::Tail;
use crate::token::Token;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::fmt;

/// How much of a text is gone through in one step, so that it is at hand for the second search.
const STEP: usize = 1 << 14;

/// How many bytes two findings may share: one character of base64 can hold the end of a token and
/// the beginning of the next.
const SHARED: usize = 1;

/// Finds what [`scan`](super::scan) finds, and tokens that stand in the text in an encoding.
///
/// The encodings are base64, hexadecimal digits, UTF-16, lists of numbers, and the escapes of URLs,
/// JSON, programs, HTML and mails; one may stand within another. A prefix in another case and
/// breaks between characters count as encodings too. [`Finding::encodings`] says which it was. What
/// is decoded must parse, so nothing is found by chance. Section "Tokens in encodings" of
/// `docs/token-format.md` has it in full.
///
/// The findings come in the order in which they begin. The time is linear in the text's length.
///
/// ```
/// use cog_auth::token::{Encoding, scan_decoding};
///
/// // `me:` and the example token, as HTTP Basic sends them.
/// let text = b"Authorization: Basic bWU6Y29nXzFzMDE1UG5BQUFBQkJCQkNDQ0NERERERUVFRUZGRkZHR0dHSEhI\
///     SElJSUlKSkpKS0s1ODZnZ2JlYTJxajFCczVpSGpZZ1czMGpBeGl5";
/// let finding = scan_decoding(text).next().expect("there is one");
/// assert_eq!(finding.range(), 25..133);
/// assert_eq!(finding.handle().expect("it parsed").as_str(), "cog_1s015PnAAAABBBBCCCC");
/// assert_eq!(finding.encodings().collect::<Vec<_>>(), [Encoding::Base64]);
/// ```
pub fn scan_decoding(text: &[u8]) -> impl Iterator<Item = Finding> {
    let mut search = Searches::default();
    let (mut found, mut limit) = (VecDeque::new(), 0_usize);
    core::iter::from_fn(move || {
        while found.is_empty() && limit < text.len() {
            limit = limit.saturating_add(STEP).min(text.len());
            let extent = if limit < text.len() { Extent::Part } else { Extent::Rest };
            found.extend(search.advance(text, 0, limit, extent));
        }
        found.pop_front()
    })
}

impl Finding {
    /// The token itself, read again from the text in which it was found: to ask edge keys whether
    /// it is genuine. None: it only looks like one, or the text is another one.
    ///
    /// ```
    /// use cog_auth::token::scan_decoding;
    ///
    /// let text =
    ///     b"COG_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// let finding = scan_decoding(text).next().expect("there is one");
    /// let token = finding.token(text).expect("it is a token");
    /// assert!(token.expose().starts_with("cog_1s015Pn"));
    /// ```
    #[must_use]
    pub fn token(&self, text: &[u8]) -> Option<Token> {
        self.token_in_part(text, 0)
    }

    /// The token itself, as [`Finding::token`] gives it, where only the part of the text is at hand
    /// that begins at the byte offset `start`: of a text that arrives in pieces.
    ///
    /// The part must have all of the finding, and the [`DecodingScanner::MAX_HELD`] bytes before it
    /// and behind it, as far as the text goes. None: the part has too little, or the finding only
    /// looks like a token.
    ///
    /// ```
    /// use cog_auth::token::DecodingScanner;
    ///
    /// let text =
    ///     b"COG_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// let mut scanner = DecodingScanner::new();
    /// let before = vec![b' '; 20_000];
    /// let mut found = scanner.push(&before);
    /// found.extend(scanner.push(text));
    /// found.extend(scanner.finish());
    ///
    /// // What the service kept of the text: its last 16 KiB.
    /// let all = [before, text.to_vec()].concat();
    /// let start = all.len() - 16_384;
    /// let token = found[0].token_in_part(&all[start..], start).expect("it is a token");
    /// assert!(token.expose().starts_with("cog_1s015Pn"));
    /// ```
    #[must_use]
    pub fn token_in_part(&self, part: &[u8], start: usize) -> Option<Token> {
        let handle = self.handle()?;
        let range = self.range();
        let range = range.start.checked_sub(start)?..range.end.checked_sub(start)?;
        if self.is_plain() {
            return Token::parse(part.get(range)?).ok().filter(|token| token.handle() == handle);
        }
        token_of(part, &range, handle)
    }
}

/// [`scan_decoding`] for a text that arrives in pieces.
///
/// What is found is what [`scan_decoding`] finds in the joined pieces, with offsets from the
/// beginning of the first one, however the text was broken up. At most
/// [`DecodingScanner::MAX_HELD`] bytes and a piece are held back.
///
/// ```
/// use cog_auth::token::DecodingScanner;
///
/// let mut scanner = DecodingScanner::new();
/// let mut found = scanner.push(b"t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586g");
/// found.extend(scanner.push(b"gbea2qj1Bs5iHjYgW30jAxiy;"));
/// found.extend(scanner.finish());
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].range(), 2..85);
/// ```
#[derive(Default)]
pub struct DecodingScanner {
    search: Searches,
    tail: Tail,
}

impl DecodingScanner {
    /// How many bytes are held back at most between two pieces.
    pub const MAX_HELD: usize = AHEAD.saturating_add(BEHIND).saturating_mul(2);

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
        let limit = self.tail.end().saturating_sub(AHEAD);
        let (text, start) = (self.tail.bytes(), self.tail.start());
        let found = self.search.advance(text, start, limit, Extent::Part);
        self.tail.forget_before(self.search.needed().min(limit));
        found
    }

    /// Gives what there is in the rest of the text.
    #[must_use = "these are found once"]
    pub fn finish(mut self) -> Vec<Finding> {
        let (text, start) = (self.tail.bytes(), self.tail.start());
        self.search.advance(text, start, self.tail.end(), Extent::Rest)
    }
}

impl fmt::Debug for DecodingScanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodingScanner").finish_non_exhaustive()
    }
}

/// How much of a text is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// More follows.
    Part,
    /// All up to its end.
    Rest,
}

/// A search for what stands there as it is, and one for what is encoded.
#[derive(Default)]
struct Searches {
    plain: Search,
    encoded: Encoded,
    /// What was found behind a place where something may still be found.
    pending: Vec<Finding>,
    /// The end of the last finding that was given.
    done: usize,
}

impl Searches {
    /// Goes on to a limit, and gives what was found for sure. `text` is the whole text from `start`
    /// on; `start` and `limit` are places in the whole. Behind the limit it has [`AHEAD`] bytes
    /// more, or ends.
    fn advance(&mut self, text: &[u8], start: usize, limit: usize, extent: Extent) -> Vec<Finding> {
        // A search for the next prefix goes to the end of what it is given.
        let near = limit.saturating_sub(start).saturating_add(AHEAD).min(text.len());
        loop {
            let at = self.plain.at;
            let rest = text.get(at.saturating_sub(start)..near).unwrap_or_default();
            let found = self.plain.next(rest, limit.saturating_sub(at));
            match found {
                Some(found) => self.pending.push(found),
                None => break,
            }
        }
        self.encoded.find(text, start, limit.saturating_sub(start), &mut self.pending);
        let sure = match extent {
            Extent::Part => limit.saturating_sub(BEHIND),
            Extent::Rest => {
                self.pending.extend(self.plain.end());
                usize::MAX
            }
        };
        // Of two that begin together, one is a token and the other only looks like one.
        self.pending.sort_by_key(|found| (found.range().start, found.handle().is_none()));
        let mut given = Vec::new();
        if let Some(open) = self.plain.open.filter(|open| *open < sure) {
            self.give(open, &mut given);
            let token_is_there =
                self.pending.first().is_some_and(|found| found.range().start == open);
            if !token_is_there && self.is_behind_what_was_given(open) {
                // What is open will be given, with all that is within it, however long it becomes.
                let end = self.plain.at;
                self.pending.retain(|found| found.range().end > end);
                return given;
            }
        }
        self.give(sure, &mut given);
        given
    }

    /// Gives what begins before a place, but for what lies within what was given before.
    fn give(&mut self, place: usize, given: &mut Vec<Finding>) {
        let count = self.pending.partition_point(|found| found.range().start < place);
        let begun: Vec<Finding> = self.pending.drain(..count).collect();
        for found in begun {
            let range = found.range();
            if self.is_behind_what_was_given(range.start) && range.end > self.done {
                self.done = range.end;
                given.push(found);
            }
        }
    }

    /// Whether what begins at a place does not begin within what was given.
    const fn is_behind_what_was_given(&self, place: usize) -> bool {
        place.saturating_add(SHARED) >= self.done
    }

    /// From where on the text is still needed.
    fn needed(&self) -> usize {
        self.plain.at.min(self.encoded.at.saturating_sub(BEHIND))
    }
}

#[cfg(test)]
mod tests {
    use super::DecodingScanner;
    use alloc::vec::Vec;

    /// The example token in base64.
    const TOKEN: &[u8] = b"Y29nXzFzMDE1UG5BQUFBQkJCQkNDQ0NERERERUVFRUZGRkZHR0dHSEhI\
        SElJSUlKSkpKS0s1ODZnZ2JlYTJxajFCczVpSGpZZ1czMGpBeGl5";

    #[test]
    fn what_is_kept_of_a_word_without_an_end_does_not_grow() {
        let mut scanner = DecodingScanner::new();
        let mut found = scanner.push(b"cog_");
        for _ in 0..5_000 {
            found.extend(scanner.push(TOKEN));
            assert!(scanner.search.pending.len() < 1_000, "{}", scanner.search.pending.len());
        }
        found.extend(scanner.push(b" "));
        found.extend(scanner.finish());
        let ranges: Vec<_> = found.iter().map(|found| (found.range(), found.handle())).collect();
        assert_eq!(ranges, [(0..4 + 5_000 * TOKEN.len(), None)]);
    }
}
