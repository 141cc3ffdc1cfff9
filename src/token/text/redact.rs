//! Cutting credentials out of text.

use super::prefix::find_prefix;
use crate::token::layout::PREFIX_TEXT;
use crate::token::{Handle, Token};
use alloc::string::String;
use alloc::vec::Vec;

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
