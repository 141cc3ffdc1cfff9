//! Finding tokens in text, and keeping them out of it.

use super::{Handle, Token};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// Something in a text that looks like a credential.
///
/// ```
/// use cog_auth::token::scan;
///
/// let text = b"key = cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy;";
/// let found = scan(text).next().unwrap();
/// assert_eq!(found.range(), 6..87);
/// assert_eq!(found.handle().unwrap().as_str(), "cog_1s015PnAAAABBBBCCCC");
/// assert_eq!(scan(b"cog_wheel").count(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    range: Range<usize>,
    handle: Option<Handle>,
}

impl Found {
    /// Where it stands, in bytes: all of it, to be cut out.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The handle, if it is a well-formed token of version 1. None: an older credential, a damaged one, or random text.
    #[must_use]
    pub const fn handle(&self) -> Option<Handle> {
        self.handle
    }
}

/// Finds what matches `\bcog_[A-Za-z0-9]{30,}`, from front to back, in time linear in the text.
///
/// A word boundary is the beginning of the text, or a byte before it other than `0-9A-Za-z_`.
pub fn scan(text: &[u8]) -> impl Iterator<Item = Found> {
    runs(text)
        .filter(|run| run.starts_word(text) && run.characters(text).len() >= 30)
        .map(|run| Found { handle: run.handle(text), range: run.start..run.end })
}

/// The text with every credential cut down to what may be shown.
///
/// Wherever `cog_` stands, within a word too, with more than 19 of `0-9A-Za-z` after it, all of it is replaced: a
/// well-formed token by its handle and `…`, anything else by `cog_…`. A handle alone is left as it is.
///
/// ```
/// use cog_auth::token::redact;
///
/// assert_eq!(
///     redact("/x?t=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy"),
///     "/x?t=cog_1s015PnAAAABBBBCCCC…"
/// );
/// assert_eq!(redact("cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2"), "cog_…");
/// assert_eq!(redact("cog_1s015PnAAAABBBBCCCC"), "cog_1s015PnAAAABBBBCCCC");
/// ```
#[must_use]
pub fn redact(text: &str) -> String {
    // What is cut begins and ends at characters of ASCII, so it is text still.
    String::from_utf8(redacted(text.as_bytes())).unwrap_or_default()
}

/// As [`redact`], for text that may be broken.
pub(crate) fn redacted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut kept = 0;
    let mut from = 0;
    while let Some(run) = run_from(text, from) {
        from = run.start.wrapping_add(1);
        if run.characters(text).len() <= Handle::LEN.saturating_sub(PREFIX.len()) {
            continue;
        }
        // Runs may overlap by `cog`, so this one may begin in what is cut already.
        out.extend_from_slice(text.get(kept..run.start).unwrap_or_default());
        match run.handle(text) {
            Some(handle) => out.extend_from_slice(handle.as_str().as_bytes()),
            None => out.extend_from_slice(PREFIX),
        }
        out.extend_from_slice("…".as_bytes());
        kept = run.end;
    }
    out.extend_from_slice(text.get(kept..).unwrap_or_default());
    out
}

const PREFIX: &[u8] = b"cog_";

/// `cog_` and all characters of the alphabet after it.
struct Run {
    start: usize,
    end: usize,
}

impl Run {
    fn characters<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(self.start.wrapping_add(PREFIX.len())..self.end).unwrap_or_default()
    }

    fn handle(&self, text: &[u8]) -> Option<Handle> {
        // Looked at where it is, for what moves leaves a copy behind.
        Token::parse(text.get(self.start..self.end)?).as_ref().ok().map(Token::handle)
    }

    fn starts_word(&self, text: &[u8]) -> bool {
        let before = self.start.checked_sub(1).and_then(|before| text.get(before));
        !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    }
}

/// All places where `cog_` stands. The run after it holds no `_`, so it is looked through twice at most.
fn runs(text: &[u8]) -> impl Iterator<Item = Run> {
    let mut from = 0;
    core::iter::from_fn(move || {
        let run = run_from(text, from)?;
        from = run.start.wrapping_add(1);
        Some(run)
    })
}

fn run_from(text: &[u8], from: usize) -> Option<Run> {
    let start = from.wrapping_add(find_prefix(text.get(from..)?)?);
    let mut end = start.wrapping_add(PREFIX.len());
    while text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        end = end.wrapping_add(1);
    }
    Some(Run { start, end })
}

/// Where the first `cog_` of a text stands.
pub(crate) fn find_prefix(text: &[u8]) -> Option<usize> {
    text.windows(PREFIX.len()).position(|word| word == PREFIX)
}
