//! Finding credentials in text.

use super::finding::Finding;
use super::prefix::{find_prefix, is_word};
use crate::token::layout::PREFIX_TEXT;
use crate::token::{Handle, Token};

/// How many characters behind `cog_` look like a credential.
const CHARACTERS: usize = 30;

/// How many characters at the end of others may begin a token: its `cog`.
const OVERLAP: usize = 3;

/// Finds tokens, and what looks like a credential, from front to back.
///
/// 81 bytes that parse are a token wherever they stand: within a word, behind an escape, or with
/// another token right behind them. What does not parse looks like a credential if it matches
/// `\bcog_[0-9A-Za-z]{30,}`, up to where a token begins in it. `\b` is the beginning of the text or
/// any byte but `0-9A-Za-z_`. The text may be any bytes. The time is linear in its length.
///
/// What is encoded is not found: [`scan_decoding`](super::scan_decoding) does that.
///
/// ```
/// use cog_auth::token::scan;
///
/// let text = b"\
///     key%3Dcog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy;";
/// let finding = scan(text).next().expect("there is one");
/// assert_eq!(finding.range(), 6..87);
/// let handle = finding.handle().expect("it is a token");
/// assert_eq!(handle.as_str(), "cog_1s015PnAAAABBBBCCCC");
/// assert_eq!(scan(b"cog_wheel").count(), 0);
/// ```
pub fn scan(text: &[u8]) -> impl Iterator<Item = Finding> {
    scan_from(text, 0)
}

/// As [`scan`], from a byte offset on: what begins before it is not found. The byte before the
/// offset tells whether a word begins there.
///
/// From the end of a finding on, it finds what [`scan`] finds after it.
///
/// ```
/// use cog_auth::token::{scan, scan_from};
///
/// let text = b"cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7, cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
/// let first = scan(text).next().expect("there are two");
/// let second = scan_from(text, first.range().end).next().expect("there is one more");
/// assert_eq!(second.range(), 36..70);
/// ```
pub fn scan_from(text: &[u8], from: usize) -> impl Iterator<Item = Finding> {
    let before = from.checked_sub(1).and_then(|before| text.get(before));
    let mut search =
        Search { at: from, in_word: before.is_some_and(|byte| is_word(*byte)), open: None };
    core::iter::from_fn(move || {
        let rest = text.get(search.at..).unwrap_or_default();
        search.next(rest, rest.len()).or_else(|| search.end())
    })
}

/// A search that goes through a text, of which it may see one piece after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    /// How far it is.
    pub(super) at: usize,
    /// Whether the byte before is a part of a word.
    in_word: bool,
    /// Where something that looks like a credential begins, whose end was not seen yet.
    pub(super) open: Option<usize>,
}

impl Search {
    /// How many bytes behind a place decide what is there: no token may begin within the characters
    /// that look like a credential.
    pub(super) const AHEAD: usize =
        PREFIX_TEXT.len().saturating_add(CHARACTERS).saturating_add(Token::LEN);

    /// The first finding that ends within the first `limit` bytes of a text, which is what follows
    /// the place that the search has reached. Behind these bytes the text has [`Search::AHEAD`]
    /// more, or ends.
    pub(super) fn next(&mut self, text: &[u8], limit: usize) -> Option<Finding> {
        let mut done = 0_usize;
        loop {
            let rest = text.get(done..).unwrap_or_default();
            let left = limit.saturating_sub(done);
            if self.open.is_some() {
                let characters = rest.iter().take(left);
                let alphanumeric = characters.take_while(|byte| byte.is_ascii_alphanumeric());
                let length = alphanumeric.count();
                // The `cog` of a token that follows may be the end of these characters.
                let token = (length.saturating_sub(OVERLAP)..length)
                    .find(|at| rest.get(*at..).and_then(token_at).is_some());
                self.advance(rest, token.unwrap_or(length));
                return if token.is_some() || length < left { self.end() } else { None };
            }
            let prefix = find_prefix(rest).filter(|prefix| *prefix < left).unwrap_or(left);
            self.advance(rest, prefix);
            if prefix == left {
                return None;
            }
            let found = rest.get(prefix..).unwrap_or_default();
            if let Some(handle) = token_at(found) {
                let start = self.at;
                self.advance(found, Token::LEN);
                return Some(Finding::new(start..self.at, Some(handle)));
            }
            if !self.in_word && looks_like_a_credential(found) {
                self.open = Some(self.at);
            }
            self.advance(found, PREFIX_TEXT.len());
            done = done.saturating_add(prefix).saturating_add(PREFIX_TEXT.len());
        }
    }

    /// The finding that goes on to where the search is, if there is one.
    pub(super) fn end(&mut self) -> Option<Finding> {
        Some(Finding::new(self.open.take()?..self.at, None))
    }

    /// Goes on by the first `count` bytes of a text.
    fn advance(&mut self, text: &[u8], count: usize) {
        self.at = self.at.saturating_add(count);
        if let Some(last) = count.checked_sub(1).and_then(|last| text.get(last)) {
            self.in_word = is_word(*last);
        }
    }
}

/// The handle of the token at the beginning of a text.
pub(super) fn token_at(text: &[u8]) -> Option<Handle> {
    // By reference, for a token that is moved leaves its bytes behind.
    Token::parse(text.get(..Token::LEN)?).as_ref().ok().map(Token::handle)
}

/// Whether enough characters follow the prefix at the beginning of a text, before a token begins.
fn looks_like_a_credential(text: &[u8]) -> bool {
    let end = PREFIX_TEXT.len().saturating_add(CHARACTERS);
    let characters = text.get(PREFIX_TEXT.len()..end).unwrap_or_default();
    let overlapping = end.saturating_sub(OVERLAP)..end;
    characters.len() == CHARACTERS
        && characters.iter().all(u8::is_ascii_alphanumeric)
        && overlapping.into_iter().all(|at| text.get(at..).and_then(token_at).is_none())
}
