//! Finding credentials in text, and cutting them out of it.

use super::layout::PREFIX_TEXT;
use super::{Handle, Token};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A place in a text that looks like a credential, as [`scan`] finds it.
///
/// ```
/// use cog_auth::token::scan;
///
/// let text = b"an older credential: cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
/// for finding in scan(text) {
///     assert_eq!(finding.range(), 21..55);
///     assert_eq!(finding.handle(), None);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    range: Range<usize>,
    handle: Option<Handle>,
}

impl Finding {
    /// Where it is in the text, as byte offsets. What is to be cut out is all of it.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The handle, if it is a well-formed token. None: it is an older credential, a damaged one, or
    /// random text.
    #[must_use]
    pub const fn handle(&self) -> Option<Handle> {
        self.handle
    }
}

/// Finds what looks like a credential: matches of `\bcog_[A-Za-z0-9]{30,}`, from front to back.
///
/// `\b` is the beginning of the text or any byte but `0-9A-Za-z_`. The text may be any bytes. The
/// time is linear in its length.
///
/// ```
/// use cog_auth::token::scan;
///
/// let text = b"\
///     key = cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy;";
/// let finding = scan(text).next().expect("there is one");
/// assert_eq!(finding.range(), 6..87);
/// let handle = finding.handle().expect("it is a token");
/// assert_eq!(handle.as_str(), "cog_1s015PnAAAABBBBCCCC");
/// assert_eq!(scan(b"cog_wheel").count(), 0);
/// ```
pub fn scan(text: &[u8]) -> impl Iterator<Item = Finding> {
    runs(text)
        .filter(|run| run.starts_word(text) && run.characters(text).len() >= 30)
        .map(|run| Finding { handle: run.handle(text), range: run.start..run.end })
}

/// The text with every credential in it replaced by what may be shown.
///
/// Wherever `cog_` is followed by more than 19 of `0-9A-Za-z`, also within a word, all of that is
/// replaced: a well-formed token by its handle and `…`, anything else by `cog_…`. A handle on its
/// own stays as it is.
///
/// ```
/// use cog_auth::token::redact;
///
/// let query = "t=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
/// assert_eq!(redact(query), "t=cog_1s015PnAAAABBBBCCCC…");
/// assert_eq!(redact("cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2"), "cog_…");
/// assert_eq!(redact("cog_1s015PnAAAABBBBCCCC"), "cog_1s015PnAAAABBBBCCCC");
/// ```
#[must_use]
pub fn redact(text: &str) -> String {
    // What was cut out begins and ends with ASCII, so the rest is still UTF-8.
    String::from_utf8(redacted(text.as_bytes())).unwrap_or_default()
}

/// As [`redact`], for any bytes.
pub(crate) fn redacted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut kept = 0;
    let mut from = 0;
    while let Some(run) = run_from(text, from) {
        from = run.start.saturating_add(1);
        if run.characters(text).len() <= Handle::LEN.saturating_sub(PREFIX_TEXT.len()) {
            continue;
        }
        // A run may end with the `cog` of the next one. That one begins in what was cut out
        // already, and there is nothing to copy before it.
        out.extend_from_slice(text.get(kept..run.start).unwrap_or_default());
        match run.handle(text) {
            Some(handle) => out.extend_from_slice(handle.as_str().as_bytes()),
            None => out.extend_from_slice(&PREFIX_TEXT),
        }
        out.extend_from_slice("…".as_bytes());
        kept = run.end;
    }
    out.extend_from_slice(text.get(kept..).unwrap_or_default());
    out
}

/// `cog_` and all of `0-9A-Za-z` that follow it.
struct Run {
    start: usize,
    end: usize,
}

impl Run {
    /// What follows `cog_`.
    fn characters<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(self.start.saturating_add(PREFIX_TEXT.len())..self.end).unwrap_or_default()
    }

    /// The handle, if the run is a well-formed token.
    fn handle(&self, text: &[u8]) -> Option<Handle> {
        // By reference, for a token that is moved leaves its bytes behind.
        Token::parse(text.get(self.start..self.end)?).as_ref().ok().map(Token::handle)
    }

    /// Whether no part of a word stands before it.
    fn starts_word(&self, text: &[u8]) -> bool {
        let before = self.start.checked_sub(1).and_then(|before| text.get(before));
        !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    }
}

/// All runs. No run has a `_` but in `cog_`, so every byte is looked at twice at most.
fn runs(text: &[u8]) -> impl Iterator<Item = Run> {
    let mut from = 0;
    core::iter::from_fn(move || {
        let run = run_from(text, from)?;
        from = run.start.saturating_add(1);
        Some(run)
    })
}

/// The first run at this offset or after it.
fn run_from(text: &[u8], from: usize) -> Option<Run> {
    let start = from.saturating_add(find_prefix(text.get(from..)?)?);
    let characters = start.saturating_add(PREFIX_TEXT.len());
    let rest = text.get(characters..)?;
    let count = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let end = characters.saturating_add(count);
    Some(Run { start, end })
}

/// The offset of the first `cog_` in a text.
pub(crate) fn find_prefix(text: &[u8]) -> Option<usize> {
    text.windows(PREFIX_TEXT.len()).position(|word| word == PREFIX_TEXT)
}
