//! A token as a list of numbers, one a byte: `63 6f 67 5f`, `0x63, 0x6f`, `[99, 111, 103, 95]`.

use super::super::finding::{Encoding, Layers};
use super::escaped::Bytes;
use super::units::digits;
use crate::token::Token;
use crate::token::layout::PREFIX_TEXT;
use core::ops::Range;

/// How many bytes stand at most between two numbers.
const MAX_BETWEEN: usize = 64;

/// Which numbers.
#[derive(Clone, Copy)]
enum Digits {
    Hex,
    Decimal,
}

/// What the number of a low line belongs to.
pub(super) fn read(text: &[u8], anchor: usize) -> Option<(Token, Range<usize>, Layers)> {
    let (kind, encoding) = match text.get(anchor)? {
        b'5' => (Digits::Hex, Encoding::Hex),
        b'9' => (Digits::Decimal, Encoding::Decimal),
        _ => return None,
    };
    let mut start = without_mark(text, anchor, kind);
    for expected in PREFIX_TEXT.iter().rev().skip(1) {
        start = before(text, start, kind, *expected)?;
    }
    let mut bytes = Bytes::new([0; Token::LEN]);
    let mut at = start;
    for (index, byte) in bytes.iter_mut().enumerate() {
        let between = if index == 0 { 0 } else { between(text.get(at..)?)? };
        at = at.saturating_add(between);
        let (number, length) = number(text.get(at..)?, kind)?;
        *byte = u8::try_from(number).ok()?;
        at = at.saturating_add(length);
    }
    let token = Token::parse(bytes.as_slice()).ok()?;
    Some((token, start..at, Layers::one(encoding)))
}

/// The number at the front, and how many bytes it has.
fn number(text: &[u8], kind: Digits) -> Option<(u32, usize)> {
    match (kind, text) {
        (Digits::Hex, [b'0', b'x' | b'X', rest @ ..]) => {
            let (number, length) = digits(rest, 16, 2, 2)?;
            Some((number, length.saturating_add(2)))
        }
        (Digits::Hex, _) => digits(text, 16, 2, 2),
        (Digits::Decimal, _) => digits(text, 10, 2, 3),
    }
}

/// How many bytes stand between one number and the next: at least one.
fn between(text: &[u8]) -> Option<usize> {
    let count = text.iter().take(MAX_BETWEEN).take_while(|byte| is_between(**byte)).count();
    (count > 0).then_some(count)
}

const fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b':' | b'-' | b';' | b'.' | b'"' | b'\'' | b'\t' | b'\r' | b'\n')
}

/// Where a number begins whose first digit but for zeros is here: `0x` belongs to it, and so does
/// the `0` of `095`.
fn without_mark(text: &[u8], at: usize, kind: Digits) -> usize {
    match (kind, text.get(..at)) {
        (Digits::Hex, Some([.., b'0', b'x' | b'X'])) => at.saturating_sub(2),
        (Digits::Decimal, Some([.., b'0'])) => at.saturating_sub(1),
        (Digits::Hex | Digits::Decimal, _) => at,
    }
}

/// Where the number before a place begins, if it is this one.
fn before(text: &[u8], end: usize, kind: Digits, expected: u8) -> Option<usize> {
    let earlier = text.get(..end)?;
    let between = earlier.iter().rev().take(MAX_BETWEEN).take_while(|byte| is_between(**byte));
    let end = end.checked_sub(Some(between.count()).filter(|count| *count > 0)?)?;
    let lengths: &[usize] = match kind {
        Digits::Hex => &[2],
        Digits::Decimal => &[2, 3],
    };
    let at = lengths.iter().find_map(|length| {
        let at = end.checked_sub(*length)?;
        (number(text.get(at..end)?, kind)? == (u32::from(expected), *length)).then_some(at)
    })?;
    Some(without_mark(text, at, kind))
}
