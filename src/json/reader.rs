//! A pull reader: the caller asks for the next value, member or element.

use super::{Names, Text};
use crate::error::{Code, Error};

/// How much text, and how deeply nested, a reader takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) bytes: usize,
    pub(crate) depth: usize,
}

/// A value: a scalar, or a container that was just opened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    String(Text<'a>),
    /// Followed by [`Reader::element`] until that says false.
    Array,
    /// Followed by [`Reader::member`] until that says none.
    Object,
}

impl Value<'_> {
    /// The integer, if it is one written in digits: neither `1.0`, `1e3` nor `-0`.
    pub(crate) fn integer(self) -> Option<i64> {
        match self {
            Self::Number("-0") => None,
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }
}

/// Reads one JSON text from front to back.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    max_depth: usize,
    /// A container was just opened, so no comma is due.
    fresh: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: Limits) -> Result<Self, Error> {
        if bytes.len() > limits.bytes {
            return Err(Error::at(Code::TooLarge, limits.bytes));
        }
        let text = core::str::from_utf8(bytes)
            .map_err(|error| Error::at(Code::InvalidUnicode, error.valid_up_to()))?;
        Ok(Self { text, at: 0, depth: 0, max_depth: limits.depth, fresh: false })
    }

    /// The offset of the next byte that is not read yet.
    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    /// The offset at which the next value or name begins.
    pub(crate) fn next_offset(&mut self) -> usize {
        self.skip_space();
        self.at
    }

    /// The text between two offsets.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Reads a scalar, or opens an array or an object.
    pub(crate) fn value(&mut self) -> Result<Value<'a>, Error> {
        let next = self.skip_space();
        let fresh = core::mem::replace(&mut self.fresh, false);
        match next {
            b'"' => self.string().map(Value::String),
            b'{' => self.open(Value::Object),
            b'[' => self.open(Value::Array),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => {
                self.fresh = fresh;
                Err(self.syntax("a JSON value is expected here"))
            }
        }
    }

    /// The name of the next member of the object that is open, or none when it is closed.
    pub(crate) fn member(&mut self) -> Result<Option<Text<'a>>, Error> {
        if self.advance(b'}', "a comma or `}` is expected here")? {
            self.name().map(Some)
        } else {
            Ok(None)
        }
    }

    /// The next member's name, and where it begins and ends with its quotes.
    #[cfg(feature = "documents")]
    pub(crate) fn member_at(&mut self) -> Result<Option<(Text<'a>, usize, usize)>, Error> {
        if !self.advance(b'}', "a comma or `}` is expected here")? {
            return Ok(None);
        }
        let start = self.at;
        let name = self.name()?;
        Ok(Some((name, start, start.saturating_add(name.written()))))
    }

    /// Whether another element follows in the array that is open; it is closed when not.
    pub(crate) fn element(&mut self) -> Result<bool, Error> {
        self.advance(b']', "a comma or `]` is expected here")
    }

    /// Reads over a whole value. Names may repeat in it.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        let value = self.value()?;
        self.skip_rest(value)
    }

    /// Reads over what is left of a value that was begun.
    pub(crate) fn skip_rest(&mut self, value: Value<'a>) -> Result<(), Error> {
        match value {
            Value::Array => {
                while self.element()? {
                    self.skip()?;
                }
            }
            Value::Object => {
                while self.member()?.is_some() {
                    self.skip()?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads over a whole value in which no object may have a name twice.
    pub(crate) fn skip_unique(&mut self, names: &mut Names<'a>) -> Result<(), Error> {
        match self.value()? {
            Value::Array => {
                while self.element()? {
                    self.skip_unique(names)?;
                }
            }
            Value::Object => {
                let mark = names.mark();
                while let Some(name) = self.member()? {
                    names.push(name);
                    self.skip_unique(names)?;
                }
                if names.close(mark) {
                    return Err(Error::at(Code::DuplicateName, self.at));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Checks that nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        self.skip_space();
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(self.syntax("nothing may follow the value"))
        }
    }

    /// The byte at the present place; 0, which may stand nowhere, at the end of the text.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// Reads over white space and says the byte after it.
    #[inline(always)] // Mostly there is none, and a call takes longer than to see that.
    fn skip_space(&mut self) -> u8 {
        let next = self.peek();
        if next > b' ' { next } else { self.skip_some_space() }
    }

    fn skip_some_space(&mut self) -> u8 {
        loop {
            let next = self.peek();
            if !matches!(next, b' ' | b'\t' | b'\n' | b'\r') {
                return next;
            }
            self.step();
        }
    }

    fn syntax(&self, reason: &'static str) -> Error {
        Error::at(Code::InvalidJson, self.at).because(reason)
    }

    #[inline(always)]
    fn open(&mut self, value: Value<'a>) -> Result<Value<'a>, Error> {
        if self.depth >= self.max_depth {
            return Err(Error::at(Code::TooDeep, self.at));
        }
        self.depth = self.depth.saturating_add(1);
        self.step();
        self.fresh = true;
        Ok(value)
    }

    /// Moves to the next member or element; false when the container was closed.
    #[inline(always)]
    fn advance(&mut self, close: u8, expected: &'static str) -> Result<bool, Error> {
        let next = self.skip_space();
        let fresh = core::mem::replace(&mut self.fresh, false);
        if next == close {
            self.step();
            self.depth = self.depth.saturating_sub(1);
            Ok(false)
        } else if fresh {
            Ok(true)
        } else if next == b',' {
            self.step();
            self.skip_space();
            Ok(true)
        } else {
            Err(self.syntax(expected))
        }
    }

    fn name(&mut self) -> Result<Text<'a>, Error> {
        if self.peek() != b'"' {
            return Err(self.syntax("a member name in quotes is expected here"));
        }
        let name = self.string()?;
        if self.skip_space() != b':' {
            return Err(self.syntax("a colon is expected here"));
        }
        self.step();
        Ok(name)
    }

    fn word(&mut self, word: &'static str, value: Value<'a>) -> Result<Value<'a>, Error> {
        let end = self.at.saturating_add(word.len());
        if self.text.as_bytes().get(self.at..end) == Some(word.as_bytes()) {
            self.at = end;
            Ok(value)
        } else {
            Err(self.syntax("a JSON value is expected here"))
        }
    }

    fn number(&mut self) -> Result<Value<'a>, Error> {
        let start = self.at;
        if self.peek() == b'-' {
            self.step();
        }
        let whole = self.at;
        self.digits()?;
        if self.text.as_bytes().get(whole) == Some(&b'0') && self.at.saturating_sub(whole) > 1 {
            return Err(
                Error::at(Code::InvalidJson, whole).because("a number has no leading zeros")
            );
        }
        if self.peek() == b'.' {
            self.step();
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.step();
            if matches!(self.peek(), b'+' | b'-') {
                self.step();
            }
            self.digits()?;
        }
        Ok(Value::Number(self.between(start, self.at)))
    }

    fn digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.step();
        }
        if self.at > start { Ok(()) } else { Err(self.syntax("a digit is expected here")) }
    }

    fn string(&mut self) -> Result<Text<'a>, Error> {
        self.step();
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at = plain(self.text.as_bytes(), self.at);
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ if self.at == self.text.len() => {
                    return Err(self.syntax("a string is not closed"));
                }
                _ => return Err(self.syntax("a control character in a string must be escaped")),
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        self.step();
        Ok(Text::new(raw, escaped))
    }

    /// Reads over one escape, which stands at the present place.
    fn escape(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.step();
        match self.peek() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.step();
                Ok(())
            }
            b'u' => {
                let lone =
                    || Error::at(Code::InvalidUnicode, start).because("a surrogate stands alone");
                match self.code_unit()? {
                    0xd800..=0xdbff => {
                        if self.peek() != b'\\' {
                            return Err(lone());
                        }
                        self.step();
                        if self.peek() != b'u' {
                            return Err(lone());
                        }
                        match self.code_unit()? {
                            0xdc00..=0xdfff => Ok(()),
                            _ => Err(lone()),
                        }
                    }
                    0xdc00..=0xdfff => Err(lone()),
                    _ => Ok(()),
                }
            }
            _ => Err(self.syntax("this escape does not exist")),
        }
    }

    /// Reads `uXXXX` and says its number.
    fn code_unit(&mut self) -> Result<u32, Error> {
        self.step();
        let end = self.at.saturating_add(4);
        let digits = self.text.as_bytes().get(self.at..end);
        match digits.and_then(super::text::hex) {
            Some(unit) => {
                self.at = end;
                Ok(unit)
            }
            None => Err(self.syntax("four hexadecimal digits are expected here")),
        }
    }
}

/// Where the first byte from `at` on is that does not stand for itself in a string: a quote, a backslash or a control
/// character. It is the end of the text where there is none.
fn plain(text: &[u8], mut at: usize) -> usize {
    while let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        let eight = u64::from_le_bytes(*eight);
        // With one bit turned, quotes too are among the bytes below 0x21, and nothing else that is plain.
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

/// The top bit of each byte that is below a limit of at most 0x80. Above the lowest of them, other bits may be set.
const fn below(bytes: u64, limit: u8) -> u64 {
    bytes.wrapping_sub(each(limit)) & !bytes & each(0x80)
}

const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}
