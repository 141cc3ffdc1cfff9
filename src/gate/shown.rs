//! What a client sent, as an audit record may hold it: without control characters, and without
//! credentials, however they are disguised. The steps are those of section 15 of
//! `docs/policy-language.md`.
//!
//! The texts are handled as bytes, for all that is looked for or put in is ASCII or `…`.

use crate::token::{find_prefix, redacted};
use alloc::string::String;
use alloc::vec::Vec;

/// How many characters are kept.
const MAX_CHARACTERS: usize = 256;

/// What is shown in place of a credential whose handle is not whole.
const PIECE: &str = "cog_…";

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

const CUT: &[u8] = "…".as_bytes();

/// What a client sent, without control characters and credentials, and cut after 256 characters.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text = printable(bytes);
    let decoded = unescaped(&text, Escapes::OfVisible);
    let source = if holds_credential(&decoded) { decoded } else { text };
    let (redacted, joined_source) = (redacted(&source), joined(&source, None));
    // A credential that stands together is cut to the same before and after joining. One that is
    // broken by other characters only stands together in the joined text.
    let whole = crate::token::redacted(&joined_source) == joined(&redacted, None);
    let text = if whole { redacted } else { before_credential(&joined_source) };
    let mut text = without_pieces(text);
    let mut starts = text.iter().enumerate().filter(|(_, byte)| !(0x80..0xc0).contains(*byte));
    if let Some((cut, _)) = starts.nth(MAX_CHARACTERS) {
        text.truncate(cut);
        text.extend_from_slice(CUT);
    }
    String::from_utf8(text).unwrap_or_default()
}

/// Whether something of a credential's shape is in a path: as it stands, behind escapes, or broken
/// by spaces, line breaks and the like.
pub(super) fn leaks_credential(path: &[u8]) -> bool {
    holds_credential(path)
        || holds_credential(&unescaped(path, Escapes::OfVisible))
        || holds_credential(&joined(path, None))
}

/// The text with U+FFFD in place of control characters and of what is not UTF-8.
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

/// Cuts a text after the first credential whose handle is not whole, because what follows may be the
/// rest of it. If there is a credential that is broken by slashes alone, leaves the slashes out and
/// cuts the text there.
fn without_pieces(mut text: Vec<u8>) -> Vec<u8> {
    if let Some(piece) = text.windows(PIECE.len()).position(|word| word == PIECE.as_bytes()) {
        text.truncate(piece.saturating_add(PIECE.len()));
    }
    let without_slashes = joined(&text, Some(b'/'));
    if holds_credential(&without_slashes) { before_credential(&without_slashes) } else { text }
}

/// The text with all escapes decoded, and without characters that can break a credential without
/// being seen: only visible ASCII characters are kept, but for one of these if it is named, and `…`.
fn joined(text: &[u8], without: Option<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let decoded = unescaped(text, Escapes::All);
    let mut rest = decoded.as_slice();
    while let Some((byte, after)) = rest.split_first() {
        rest = match rest.strip_prefix(CUT) {
            Some(after) => {
                out.extend_from_slice(CUT);
                after
            }
            None => {
                if byte.is_ascii_graphic() && Some(*byte) != without {
                    out.push(*byte);
                }
                after
            }
        };
    }
    out
}

/// What stands before the first `cog_` of a text (all of it if there is none), and `cog_…`.
fn before_credential(text: &[u8]) -> Vec<u8> {
    let end = find_prefix(text).unwrap_or(text.len());
    let mut out = text.get(..end).unwrap_or_default().to_vec();
    out.extend_from_slice(PIECE.as_bytes());
    out
}

fn holds_credential(text: &[u8]) -> bool {
    redacted(text) != text
}

/// Which percent-escapes are decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    All,
    /// Those of visible ASCII characters.
    OfVisible,
}

/// The text with escapes decoded, and those that come out of it too, until none is left: a
/// credential could hide behind them.
fn unescaped(text: &[u8], which: Escapes) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        out.push(*byte);
        while let Some(decoded) =
            escape_at_end(&out).filter(|byte| which == Escapes::All || byte.is_ascii_graphic())
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
