//! What a client sent, as a record may hold it: without control characters and credentials, also disguised ones.
//!
//! All of it is done on bytes: what is looked for and what is put in is ASCII or `…`.

use crate::token::{find_prefix, redacted};
use alloc::string::String;
use alloc::vec::Vec;

/// How many characters of what a client sent are kept.
const MAX_CHARACTERS: usize = 256;

/// What is shown in place of a credential without a handle.
const PIECE: &str = "cog_…";

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// No visible character.
const NOTHING: u8 = 0;

const CUT: &[u8] = "…".as_bytes();

/// What a client sent, without control characters and credentials, and not longer than 256 characters.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text = printable(bytes);
    let decoded = unescaped(&text, false);
    let source = if holds_credential(&decoded) { decoded } else { text };
    let (redacted, joined) = (redacted(&source), joined_up(&source, NOTHING));
    // Whole credentials are cut the same before and after joining; a broken one is not.
    let whole = crate::token::redacted(&joined) == joined_up(&redacted, NOTHING);
    let text = if whole { redacted } else { before_credential(&joined) };
    let mut text = without_pieces(text);
    let mut starts = text.iter().enumerate().filter(|(_, byte)| !(0x80..0xc0).contains(*byte));
    if let Some((cut, _)) = starts.nth(MAX_CHARACTERS) {
        text.truncate(cut);
        text.extend_from_slice(CUT);
    }
    String::from_utf8(text).unwrap_or_default()
}

/// Whether something of a credential's shape is in a path: spelt out, behind escapes, or with line breaks and the like in it.
pub(super) fn leaks_credential(path: &[u8]) -> bool {
    holds_credential(path)
        || holds_credential(&unescaped(path, false))
        || holds_credential(&joined_up(path, NOTHING))
}

/// The text, what is no UTF-8 or a control character in it replaced.
fn printable(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    loop {
        let (valid, broken) = match core::str::from_utf8(bytes) {
            Ok(_) => (bytes, None),
            Err(error) => {
                let (valid, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or_default();
                (valid, Some((rest, error.error_len())))
            }
        };
        for byte in valid {
            out.push(*byte);
            // In UTF-8 the controls from U+0080 on, and no others, end like this.
            let control = match out.as_slice() {
                [.., 0xc2, 0x80..=0x9f] => 2,
                [.., ..=0x1f | 0x7f] => 1,
                _ => continue,
            };
            out.truncate(out.len().saturating_sub(control));
            out.extend_from_slice(REPLACEMENT);
        }
        let Some((rest, length)) = broken else { return out };
        out.extend_from_slice(REPLACEMENT);
        bytes = length.and_then(|length| rest.get(length..)).unwrap_or_default();
    }
}

/// The text up to a credential that is no whole one, since what follows may be its other piece; and without slashes up to one that
/// they break.
fn without_pieces(mut text: Vec<u8>) -> Vec<u8> {
    if let Some(piece) = text.windows(PIECE.len()).position(|word| word == PIECE.as_bytes()) {
        text.truncate(piece.saturating_add(PIECE.len()));
    }
    let joined = joined_up(&text, b'/');
    if holds_credential(&joined) { before_credential(&joined) } else { text }
}

/// The text with all escapes decoded, and without what may stand unseen inside a credential: all but visible ASCII characters,
/// and one of these if so wanted. The mark of what was cut stays.
fn joined_up(text: &[u8], without: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let decoded = unescaped(text, true);
    let mut rest = decoded.as_slice();
    while let Some((byte, after)) = rest.split_first() {
        rest = match rest.strip_prefix(CUT) {
            Some(after) => {
                out.extend_from_slice(CUT);
                after
            }
            None => {
                if byte.is_ascii_graphic() && *byte != without {
                    out.push(*byte);
                }
                after
            }
        };
    }
    out
}

/// What stands before the first `cog_` of a text, and that.
fn before_credential(text: &[u8]) -> Vec<u8> {
    let end = find_prefix(text).unwrap_or(text.len());
    let mut out = text.get(..end).unwrap_or_default().to_vec();
    out.extend_from_slice(PIECE.as_bytes());
    out
}

fn holds_credential(text: &[u8]) -> bool {
    redacted(text) != text
}

/// The text with the escapes of all bytes decoded, or of visible ones, and those that come out of it, until none is left: a credential could hide
/// behind them.
fn unescaped(text: &[u8], all: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        out.push(*byte);
        while let Some(decoded) = escape_at_end(&out).filter(|byte| all || byte.is_ascii_graphic())
        {
            out.truncate(out.len().saturating_sub(3));
            out.push(decoded);
        }
    }
    out
}

/// The byte that the escape at the end of a text spells, if there is one.
fn escape_at_end(text: &[u8]) -> Option<u8> {
    let [.., b'%', high, low] = text else { return None };
    let digit =
        |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)?.wrapping_shl(4) | digit(low)?)
}
