//! The words of JSON, each read at an offset.
//!
//! The caller keeps the offset, and gets the next one back: so it stays in a register all the way
//! through a text. For that, what reads a word is compiled into each of its callers, but not in
//! WebAssembly, where bytes count.

use super::Text;
use super::text::{escape, syntax};
use crate::error::{Code, Error};

/// The type of a value, as its first character shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}

/// Where reading goes on in a container.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Next {
    /// A member or an element begins at this offset.
    Item(usize),
    /// The container is closed, and this is the offset behind it.
    Closed(usize),
}

/// A container, by what closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Array,
    Object,
}

impl Container {
    const fn close(self) -> u8 {
        match self {
            Self::Array => b']',
            Self::Object => b'}',
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Array => "a comma or `]` is expected here",
            Self::Object => "a comma or `}` is expected here",
        }
    }
}

/// A JSON text, of which the bytes at any offset can be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'a>(&'a str);

impl<'a> Lexer<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The byte at an offset. It is 0 at the end of the text: JSON has that byte nowhere.
    #[inline(always)]
    pub(crate) fn byte(self, at: usize) -> u8 {
        self.0.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The text between two offsets.
    #[inline(always)]
    pub(crate) fn between(self, start: usize, end: usize) -> &'a str {
        self.0.get(start..end).unwrap_or_default()
    }

    /// Whether the text ends at an offset.
    pub(super) const fn ends_at(self, at: usize) -> bool {
        at == self.0.len()
    }

    /// Reads over white space.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn space(self, at: usize) -> usize {
        if self.byte(at) > b' ' { at } else { self.some_space(at) }
    }

    #[inline(never)]
    fn some_space(self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t' | b'\n' | b'\r') {
            at = at.wrapping_add(1);
        }
        at
    }

    /// Goes from behind the bracket that opens a container to its first item.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn first(self, container: Container, at: usize) -> Next {
        let at = self.space(at);
        if self.byte(at) == container.close() { closed(at) } else { Next::Item(at) }
    }

    /// Goes from behind an item of a container to its next item.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn next(self, container: Container, at: usize) -> Result<Next, Error> {
        let at = self.space(at);
        let byte = self.byte(at);
        if byte == b',' {
            Ok(Next::Item(self.space(at.wrapping_add(1))))
        } else if byte == container.close() {
            Ok(closed(at))
        } else {
            Err(syntax(at, container.expected()))
        }
    }

    /// Reads the string whose opening quote is at an offset.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn string(self, quote: usize) -> Result<(Text<'a>, usize), Error> {
        let start = quote.wrapping_add(1);
        let end = plain(self.0.as_bytes(), start);
        if self.byte(end) == b'"' {
            return Ok((Text::plain(self.between(start, end)), end.wrapping_add(1)));
        }
        let end = self.end_of_string(end)?;
        Ok((Text::with_escapes(self.between(start, end)), end.wrapping_add(1)))
    }

    /// The offset of the closing quote of a string, from the first byte on that does not stand for
    /// itself.
    #[cold] // Escapes are rare.
    #[inline(never)]
    fn end_of_string(self, mut at: usize) -> Result<usize, Error> {
        loop {
            match self.byte(at) {
                b'"' => return Ok(at),
                b'\\' => {
                    escape(self.0.as_bytes(), &mut at)?;
                }
                _ if self.ends_at(at) => return Err(syntax(at, "a string is not closed")),
                _ => {
                    return Err(syntax(at, "a control character in a string must be escaped"));
                }
            }
            at = plain(self.0.as_bytes(), at);
        }
    }

    /// Reads the name of a member, and the colon after it.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn name(self, at: usize) -> Result<(Text<'a>, usize), Error> {
        if self.byte(at) != b'"' {
            return Err(syntax(at, "a member name in quotes is expected here"));
        }
        let (name, at) = self.string(at)?;
        let at = self.space(at);
        if self.byte(at) != b':' {
            return Err(syntax(at, "a colon is expected here"));
        }
        Ok((name, at.wrapping_add(1)))
    }

    /// Reads a scalar that is no string.
    #[inline(never)]
    pub(crate) fn scalar(self, at: usize) -> Result<(Type, usize), Error> {
        let (word, kind) = match self.byte(at) {
            b'-' | b'0'..=b'9' => return Ok((Type::Number, self.number(at)?)),
            b't' => ("true", Type::True),
            b'f' => ("false", Type::False),
            _ => ("null", Type::Null),
        };
        let rest = self.0.as_bytes().get(at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            let message = if rest.starts_with("\u{feff}".as_bytes()) {
                "a byte order mark is here, which JSON does not have; save the text without it"
            } else {
                "a JSON value is expected here"
            };
            return Err(syntax(at, message));
        }
        Ok((kind, at.wrapping_add(word.len())))
    }

    fn number(self, at: usize) -> Result<usize, Error> {
        let is_one_of = |at, bytes: &[u8]| usize::from(bytes.contains(&self.byte(at)));
        let whole = at.wrapping_add(is_one_of(at, b"-"));
        let mut at = self.digits(whole)?;
        if self.byte(whole) == b'0' && at.wrapping_sub(whole) > 1 {
            return Err(syntax(whole, "a number has no leading zeros"));
        }
        if is_one_of(at, b".") != 0 {
            at = self.digits(at.wrapping_add(1))?;
        }
        if is_one_of(at, b"eE") != 0 {
            at = at.wrapping_add(1);
            at = self.digits(at.wrapping_add(is_one_of(at, b"+-")))?;
        }
        Ok(at)
    }

    fn digits(self, start: usize) -> Result<usize, Error> {
        let mut at = start;
        while self.byte(at).is_ascii_digit() {
            at = at.wrapping_add(1);
        }
        if at > start { Ok(at) } else { Err(syntax(at, "a digit is expected here")) }
    }

    /// Reads over a value that opens at most `levels` levels. Names may stand twice in its objects.
    pub(crate) fn skip(self, at: usize, levels: usize) -> Result<usize, Error> {
        let at = self.space(at);
        let container = match self.byte(at) {
            b'"' => return self.string(at).map(|(_, at)| at),
            b'{' => Container::Object,
            b'[' => Container::Array,
            _ => return self.scalar(at).map(|(_, at)| at),
        };
        let levels = level_within(levels, at)?;
        self.skip_items(container, at.wrapping_add(1), levels)
    }

    /// Reads over the items of a container that was just opened.
    pub(crate) fn skip_items(
        self,
        container: Container,
        at: usize,
        levels: usize,
    ) -> Result<usize, Error> {
        let mut next = self.first(container, at);
        loop {
            let mut at = match next {
                Next::Item(at) => at,
                Next::Closed(at) => return Ok(at),
            };
            if container == Container::Object {
                at = self.name(at)?.1;
            }
            next = self.next(container, self.skip(at, levels)?)?;
        }
    }
}

const fn closed(at: usize) -> Next {
    Next::Closed(at.wrapping_add(1))
}

/// How many levels may be opened within a container that is opened at an offset.
#[inline(always)]
pub(crate) fn level_within(levels: usize, at: usize) -> Result<usize, Error> {
    levels.checked_sub(1).ok_or_else(|| Error::at(Code::TooDeep, at))
}

/// The integer that a number spells in digits: neither `1.0` nor `1e3` nor `-0` is one.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-');
    // The digits are summed up as a negative number: there is room for one more below zero.
    let mut number = 0_i64;
    for byte in digits.unwrap_or(text).bytes() {
        if !byte.is_ascii_digit() || number < i64::MIN / 10 {
            return None;
        }
        number = number.wrapping_mul(10).checked_sub(i64::from(byte & 15))?;
    }
    match digits {
        None => number.checked_neg(),
        Some(_) => Some(number).filter(|number| *number < 0),
    }
}

/// The offset of the first byte, from `at` on, that does not stand for itself in a string: a quote,
/// a backslash or a control character. Without one, it is the end of the text.
pub(super) fn plain(text: &[u8], mut at: usize) -> usize {
    // Most bytes are plain, so eight are looked at together.
    while let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        let eight = u64::from_le_bytes(*eight);
        // Turning this bit takes a quote from 0x22 to 0x20, and a space from 0x20 to 0x22. So
        // exactly the quotes and the control characters come below 0x21.
        let special = below(eight ^ each(0x02), 0x21) | below(eight ^ each(b'\\'), 1);
        if special != 0 {
            return at.wrapping_add(usize::try_from(special.trailing_zeros() / 8).unwrap_or(0));
        }
        at = at.wrapping_add(8);
    }
    while text.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        at = at.wrapping_add(1);
    }
    at
}

/// The top bit of each byte that is below a limit, which is 0x80 at most. Only the lowest bit that
/// is set is sure: a borrow from it may set others above.
const fn below(bytes: u64, limit: u8) -> u64 {
    bytes.wrapping_sub(each(limit)) & !bytes & each(0x80)
}

const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}
