//! A string of a JSON text, compared and decoded in place.

use crate::error::{Code, Error};
use crate::order::{self, Pair};
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// What stands between the quotes of a JSON string, its escapes checked but not decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> Text<'a> {
    /// A text with escapes, which the reader has checked.
    pub(super) const fn with_escapes(raw: &'a str) -> Self {
        Self { raw, escaped: true }
    }

    /// A text without escapes: a backslash in it is a backslash.
    pub(crate) const fn plain(raw: &'a str) -> Self {
        Self { raw, escaped: false }
    }

    /// The bytes of the decoded text, which are UTF-8.
    pub(crate) const fn bytes(self) -> Bytes<'a> {
        Bytes { raw: self.raw.as_bytes(), escaped: self.escaped, at: 0, more: 0 }
    }

    /// Writes the decoded bytes to these places, and says whether there are exactly as many.
    pub(crate) fn fill(self, places: &mut [u8]) -> bool {
        if !self.escaped {
            // The text may be a key, so the time must not depend on what the bytes are.
            for (place, byte) in places.iter_mut().zip(self.raw.as_bytes()) {
                *place = *byte;
            }
            return self.raw.len() == places.len();
        }
        let mut bytes = self.bytes();
        for place in places {
            match bytes.next() {
                Some(byte) => *place = byte,
                None => return false,
            }
        }
        bytes.next().is_none()
    }

    /// The decoded bytes, written to the first of these places; none where they are too few.
    pub(crate) fn decoded_into(self, places: &mut [u8]) -> Option<&[u8]> {
        let mut count = 0_usize;
        for byte in self.bytes() {
            *places.get_mut(count)? = byte;
            count = count.wrapping_add(1);
        }
        places.get(..count)
    }

    /// How many bytes it has as it is written, escapes and all.
    #[cfg(feature = "documents")]
    pub(super) const fn written_bytes(self) -> usize {
        self.raw.len()
    }

    /// The decoded text, which is decoded into these places where it has escapes; none where they
    /// are too few then.
    pub(crate) fn short<'p>(self, places: &'p mut [u8]) -> Option<&'p str>
    where
        'a: 'p,
    {
        if self.escaped {
            core::str::from_utf8(self.decoded_into(places)?).ok()
        } else {
            Some(self.raw)
        }
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// The text itself, or none where it has escapes and would have to be decoded.
    pub(crate) const fn unescaped(self) -> Option<&'a str> {
        if self.escaped { None } else { Some(self.raw) }
    }

    #[cold] // Escapes are rare.
    pub(crate) fn decoded(self) -> String {
        if !self.escaped {
            return String::from(self.raw);
        }
        let mut bytes = Vec::with_capacity(self.raw.len());
        self.bytes().for_each(|byte| bytes.push(byte));
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Its last eight bytes as a number. Equal texts have it in common, and others seldom, since
    /// most names and ids of a request begin alike.
    fn ending(self) -> u64 {
        let shift_in = |last: u64, byte: u8| last.wrapping_shl(8) | u64::from(byte);
        if self.escaped {
            return self.bytes().fold(0, shift_in);
        }
        let bytes = self.raw.as_bytes();
        let last = bytes.last_chunk::<8>().map_or(bytes, |last| last);
        last.iter().copied().fold(0, shift_in)
    }
}

impl PartialEq for Text<'_> {
    #[inline] // Most differ in length.
    fn eq(&self, other: &Self) -> bool {
        if self.escaped || other.escaped {
            self.bytes().eq(other.bytes())
        } else {
            self.raw.len() == other.raw.len() && self.raw == other.raw
        }
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    /// The order of the decoded texts, byte by byte as UTF-8.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.escaped || other.escaped {
            self.bytes().cmp(other.bytes())
        } else {
            self.raw.as_bytes().cmp(other.raw.as_bytes())
        }
    }
}

/// The indices of so many texts, such that those of equal texts come one after the other, in
/// ascending order. `text` gives the text of an index.
pub(crate) fn grouped<'t>(count: usize, text: &dyn Fn(usize) -> Text<'t>) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(count);
    for index in 0..count {
        pairs.push((text(index).ending(), index));
    }
    order::sort(pairs, &|one, other| text(one).cmp(&text(other)))
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == Text::plain(other)
    }
}

/// The bytes of a decoded string, one by one.
pub(crate) struct Bytes<'a> {
    raw: &'a [u8],
    escaped: bool,
    at: usize,
    /// The bytes that are left of a character that stood as an escape. The next one is the lowest.
    more: u32,
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.more == 0 {
            let byte = *self.raw.get(self.at)?;
            if !self.escaped || byte != b'\\' {
                self.at = self.at.wrapping_add(1);
                return Some(byte);
            }
            // The reader has checked the escape.
            let character = escape(self.raw, &mut self.at).ok()?;
            let mut bytes = [0; 4];
            character.encode_utf8(&mut bytes);
            self.more = u32::from_le_bytes(bytes);
        }
        let [byte, ..] = self.more.to_le_bytes();
        self.more = self.more.wrapping_shr(8);
        Some(byte)
    }
}

/// Reads the escape at an offset, and moves the offset behind it.
pub(super) fn escape(text: &[u8], at: &mut usize) -> Result<char, Error> {
    let start = *at;
    *at = start.wrapping_add(2);
    let letter = text.get(start.wrapping_add(1));
    if letter == Some(&b'u') {
        let lone = || Error::at(Code::InvalidUnicode, start).because("a surrogate stands alone");
        let mut code = code_unit(text, at)?;
        if code & 0xfc00 == 0xd800 {
            // A high surrogate: its low one follows as another escape.
            for expected in *b"\\u" {
                if text.get(*at) != Some(&expected) {
                    return Err(lone());
                }
                *at = at.wrapping_add(1);
            }
            let low = code_unit(text, at)? ^ 0xdc00;
            if low > 0x3ff {
                return Err(lone());
            }
            code = (code & 0x3ff).wrapping_shl(10).wrapping_add(low).wrapping_add(0x1_0000);
        }
        return char::from_u32(code).ok_or_else(lone);
    }
    for [of, character] in b"\"\"\\\\//b\x08f\x0cn\nr\rt\t".as_chunks::<2>().0 {
        if letter == Some(of) {
            return Ok(char::from(*character));
        }
    }
    Err(syntax(start.wrapping_add(1), "this escape does not exist"))
}

/// Reads four hexadecimal digits and moves behind them.
fn code_unit(text: &[u8], at: &mut usize) -> Result<u32, Error> {
    let start = *at;
    let mut unit = 0_u32;
    for _ in 0..4 {
        let digit = text.get(*at).and_then(|digit| char::from(*digit).to_digit(16));
        let Some(digit) = digit else {
            return Err(syntax(start, "four hexadecimal digits are expected here"));
        };
        unit = unit.wrapping_shl(4) | digit;
        *at = at.wrapping_add(1);
    }
    Ok(unit)
}

#[cold]
#[inline(never)]
pub(crate) fn syntax(at: usize, reason: &'static str) -> Error {
    Error::at(Code::InvalidJson, at).because(reason)
}
