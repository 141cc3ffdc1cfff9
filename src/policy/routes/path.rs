//! The path of a request target. It must be in its normal form: a path that two servers could read
//! in two ways is refused.

use alloc::vec::Vec;

/// How many bytes the path of a request target may have, the query not counted (section 12 of
/// `docs/policy-language.md`). A longer one is an invalid path.
pub const MAX_PATH_BYTES: usize = 8_192;

/// How many segments a path template may have (section 12 of `docs/policy-language.md`). One with
/// more is refused with [`Code::InvalidTemplate`](crate::Code::InvalidTemplate).
pub const MAX_SEGMENTS: usize = 16;

/// Whether a target can be one in origin form (RFC 9112, 3.2.1): it begins with `/`, and no space,
/// control character or fragment is in it. What else its query has is not looked at.
pub(crate) fn is_origin_form(target: &[u8]) -> bool {
    target.starts_with(b"/")
        && !target.iter().any(|byte| *byte <= b' ' || matches!(byte, b'#' | 0x7f))
}

/// The segments of a target that is in its normal form, without its query.
pub(super) fn segments(target: &[u8]) -> Option<Vec<&[u8]>> {
    if !is_origin_form(target) {
        return None;
    }
    let path = cut(target, b'?').0;
    if path.len() > MAX_PATH_BYTES {
        return None;
    }
    let mut segments = Vec::new();
    let mut rest = path.get(1..).filter(|path| !path.is_empty());
    while let Some(text) = rest {
        let (segment, after) = cut(text, b'/');
        if !is_normal(segment) {
            return None;
        }
        segments.push(segment);
        rest = after;
    }
    Some(segments)
}

/// The text before the first such byte, and the text after it; the whole text if there is none.
fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|other| *other == byte) {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place.wrapping_add(1)..)),
        None => (text, None),
    }
}

pub(super) fn has(text: &[u8], byte: u8) -> bool {
    text.contains(&byte)
}

/// Whether every server reads a segment alike, even one that decodes it, splits it at the slashes
/// that come out, and cuts parameters off at `;`.
fn is_normal(segment: &[u8]) -> bool {
    let Some(text) = decoded(segment).filter(|text| !text.is_empty()) else { return false };
    if text.iter().any(|byte| *byte == b'\\' || byte.is_ascii_control()) {
        return false;
    }
    let mut rest = Some(text.as_slice());
    while let Some(text) = rest {
        let (part, after) = cut(text, b'/');
        if matches!(cut(part, b';').0, b"." | b"..") {
            return false;
        }
        rest = after;
    }
    true
}

/// A segment without its escapes; none if an escape is malformed, if the bytes are no UTF-8, or if
/// there is a character that no path may have.
pub(super) fn decoded(segment: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(segment.len());
    let mut bytes = segment.iter();
    while let Some(byte) = bytes.next() {
        out.push(match *byte {
            b'%' => hex(*bytes.next()?)?.wrapping_shl(4) | hex(*bytes.next()?)?,
            byte if is_literal(byte) => byte,
            _ => return None,
        });
    }
    core::str::from_utf8(&out).is_ok().then_some(out)
}

/// Whether a byte may stand in a literal: RFC 3986 `pchar` without escapes.
pub(crate) fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
