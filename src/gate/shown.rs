//! What a client sent, as an audit record may hold it: without control characters, and without
//! credentials, however they are disguised. The steps are those of section 15 of
//! `docs/policy-language.md`.

use crate::token::{Joins, redacted};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// How many characters are kept.
const MAX_CHARACTERS: usize = 256;

/// What is shown in place of a credential whose handle is not whole.
const PIECE: &str = "cog_…";

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

const CUT: &[u8] = "…".as_bytes();

/// What a client sent, without control characters and credentials, and cut after 256 characters. It
/// is not copied where nothing is to be changed.
pub(super) fn shown(bytes: &[u8]) -> Cow<'_, str> {
    match without_credentials(bytes) {
        Cow::Borrowed(text) => printable_start(text),
        Cow::Owned(text) => Cow::Owned(printable_start(&text).into_owned()),
    }
}

/// A segment of a path, as [`shown`]. None is given for a path that is shown as it is.
///
/// A credential may be broken over several segments. So once something was cut out of the whole
/// path, a segment is shown only if it is also in what is left of the path. Otherwise `cog_…` is
/// shown.
pub(super) fn shown_segment<'s>(segment: &'s str, path: Option<&[u8]>) -> Cow<'s, str> {
    let segment = segment.as_bytes();
    if let Some(path) = path
        && let Cow::Owned(left) = without_credentials(path)
        && left != path
        && without_credentials(segment) == segment
        && !left.split(|byte| *byte == b'/').any(|part| part == segment)
    {
        return Cow::Borrowed(PIECE);
    }
    shown(segment)
}

/// Whether something of a credential's shape is in a path: as it stands, or behind escapes.
pub(super) fn leaks_credential(path: &[u8]) -> bool {
    let holds_credential =
        |text: &[u8]| matches!(redacted(text, Joins::Known), Cow::Owned(cut) if *cut != *text);
    holds_credential(path)
        || matches!(unescaped(path), Cow::Owned(decoded) if holds_credential(&decoded))
}

fn without_credentials(bytes: &[u8]) -> Cow<'_, [u8]> {
    let redacted_text = match unescaped(bytes) {
        Cow::Borrowed(_) => redacted(bytes, Joins::Any),
        Cow::Owned(decoded) => match redacted(&decoded, Joins::Any) {
            Cow::Owned(cut) if cut != decoded => Cow::Owned(cut),
            Cow::Owned(_) | Cow::Borrowed(_) => redacted(bytes, Joins::Any),
        },
    };
    match redacted_text {
        Cow::Borrowed(_) => redacted_text,
        Cow::Owned(mut text) => {
            // What follows a credential whose handle is not whole may be the rest of it.
            let piece = PIECE.as_bytes();
            if let Some(piece) = text.windows(piece.len()).position(|word| word == piece) {
                text.truncate(piece.saturating_add(PIECE.len()));
            }
            Cow::Owned(text)
        }
    }
}

/// The first 256 characters of a text, printable.
fn printable_start(bytes: &[u8]) -> Cow<'_, str> {
    if bytes.len() <= MAX_CHARACTERS
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && let Ok(text) = core::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    let mut text = printable(bytes);
    let mut starts = text.iter().enumerate().filter(|(_, byte)| !(0x80..0xc0).contains(*byte));
    if let Some((cut, _)) = starts.nth(MAX_CHARACTERS) {
        text.truncate(cut);
        text.extend_from_slice(CUT);
    }
    Cow::Owned(String::from_utf8(text).unwrap_or_default())
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

/// The text with percent-escapes decoded, and those that come out of it too, until none is left: a
/// credential could hide behind them. It is not copied where there are none.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        out.push(*byte);
        while let Some(decoded) = escape_at_end(&out) {
            out.truncate(out.len().saturating_sub(3));
            out.push(decoded);
        }
    }
    Cow::Owned(out)
}

/// The byte that the escape at the end of a text spells, if there is one.
fn escape_at_end(text: &[u8]) -> Option<u8> {
    let [.., b'%', high, low] = text else { return None };
    let digit =
        |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)?.wrapping_shl(4) | digit(low)?)
}
