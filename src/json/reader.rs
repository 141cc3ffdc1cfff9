//! A pull reader: the caller asks for the next value, member or element.

use super::text::{escape, syntax};
use super::{Names, Text};
use crate::error::{Code, Error};

/// How much text, and how deeply nested, a reader takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextLimits {
    pub(crate) bytes: usize,
    pub(crate) depth: usize,
}

/// What a reader comes to: a scalar, or a container, which is then open.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item<'a> {
    Null,
    Bool(bool),
    #[cfg_attr(
        not(any(feature = "documents", feature = "serde")),
        expect(dead_code, reason = "documents alone keep numbers as they are written")
    )]
    Number(&'a str),
    String(Text<'a>),
    /// [`Reader::element`] says whether there is an element, until the array is closed.
    Array,
    /// [`Reader::member`] gives the name of each member, until the object is closed.
    Object,
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

/// The type of a value, as its first character shows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}

/// Reads one JSON text from front to back.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Where the last value, name or end of a container begins.
    start: usize,
    /// Where the closing quote of the last string is.
    end: usize,
    /// How many more levels may be opened.
    levels: usize,
    /// Whether a container was just opened, so that no comma comes before what is next.
    fresh: bool,
    /// Whether the last string has escapes.
    escaped: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: TextLimits) -> Result<Self, Error> {
        let text = checked(bytes, limits)?;
        Ok(Self::of(text, limits))
    }

    /// A reader of a text that has passed [`checked`].
    pub(crate) const fn of(text: &'a str, limits: TextLimits) -> Self {
        Self { text, at: 0, start: 0, end: 0, levels: limits.depth, fresh: false, escaped: false }
    }

    /// The offset at which the last value, name or end of a container begins.
    pub(crate) const fn start(&self) -> usize {
        self.start
    }

    /// The offset of the first byte that is not read yet.
    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    /// The offset at which the next value or name begins.
    #[cfg(feature = "documents")]
    pub(crate) fn next_offset(&mut self) -> usize {
        self.skip_space();
        self.at
    }

    /// The text between two offsets.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Reads a scalar, or opens an array or an object.
    pub(crate) fn value(&mut self) -> Result<Item<'a>, Error> {
        Ok(match self.begin()? {
            Type::Null => Item::Null,
            Type::True => Item::Bool(true),
            Type::False => Item::Bool(false),
            Type::Number => Item::Number(self.scalar()),
            Type::String => Item::String(self.string()),
            Type::Array => Item::Array,
            Type::Object => Item::Object,
        })
    }

    /// Reads a scalar, or opens an array or an object, and says only its type.
    pub(crate) fn begin(&mut self) -> Result<Type, Error> {
        let next = self.skip_space();
        self.start = self.at;
        let (word, kind) = match next {
            b'"' => {
                self.read_string()?;
                return Ok(Type::String);
            }
            b'{' | b'[' => {
                self.open()?;
                return Ok(if next == b'{' { Type::Object } else { Type::Array });
            }
            b'-' | b'0'..=b'9' => {
                self.read_number()?;
                return Ok(Type::Number);
            }
            b't' => ("true", Type::True),
            b'f' => ("false", Type::False),
            _ => ("null", Type::Null),
        };
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            let message = if rest.starts_with("\u{feff}".as_bytes()) {
                "a byte order mark is here, which JSON does not have; save the text without it"
            } else {
                "a JSON value is expected here"
            };
            return Err(self.syntax(message));
        }
        self.at = self.at.wrapping_add(word.len());
        Ok(kind)
    }

    /// The scalar that was read last, as it is written.
    pub(crate) fn scalar(&self) -> &'a str {
        self.between(self.start, self.at)
    }

    /// The string or name that was read last.
    #[inline(always)] // Returning it through memory would take longer than making it.
    pub(crate) fn string(&self) -> Text<'a> {
        let raw = self.text.get(self.start.wrapping_add(1)..self.end).unwrap_or_default();
        if self.escaped { Text::with_escapes(raw) } else { Text::plain(raw) }
    }

    /// Reads the name of the next member of the object that is open; none when it is closed.
    pub(crate) fn member(&mut self) -> Result<Option<Text<'a>>, Error> {
        Ok(if self.name()? { Some(self.string()) } else { None })
    }

    /// Reads the next member's name, and says where it begins and ends with its quotes.
    #[cfg(feature = "documents")]
    pub(crate) fn member_at(&mut self) -> Result<Option<(Text<'a>, usize, usize)>, Error> {
        let name = self.member()?;
        Ok(name.map(|name| (name, self.start, self.end.saturating_add(1))))
    }

    /// Reads the next member's name, which [`Reader::string`] then gives; false when the object is
    /// closed.
    pub(crate) fn name(&mut self) -> Result<bool, Error> {
        if !self.advance(b'}', "a comma or `}` is expected here")? {
            return Ok(false);
        }
        if self.peek() != b'"' {
            return Err(self.syntax("a member name in quotes is expected here"));
        }
        self.start = self.at;
        self.read_string()?;
        self.skip_space();
        if !self.take(b':') {
            return Err(self.syntax("a colon is expected here"));
        }
        Ok(true)
    }

    /// Goes to the next element of the array that is open; false when it is closed.
    pub(crate) fn element(&mut self) -> Result<bool, Error> {
        self.advance(b']', "a comma or `]` is expected here")
    }

    /// Reads over a whole value, in which names may stand twice.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        let begun = self.begin()?;
        self.skip_begun(begun)
    }

    /// Reads over the rest of a value that was begun.
    pub(crate) fn skip_begun(&mut self, begun: Type) -> Result<(), Error> {
        while match begun {
            Type::Array => self.element()?,
            Type::Object => self.name()?,
            Type::Null | Type::True | Type::False | Type::Number | Type::String => false,
        } {
            self.skip()?;
        }
        Ok(())
    }

    /// Reads over the rest of a value that was begun, in which no name may stand twice in an
    /// object.
    pub(crate) fn skip_rest_unique(
        &mut self,
        begun: Type,
        names: &mut Names<'a>,
    ) -> Result<(), Error> {
        let mark = names.mark();
        while match begun {
            Type::Array => self.element()?,
            Type::Object => self.name()?,
            Type::Null | Type::True | Type::False | Type::Number | Type::String => false,
        } {
            if begun == Type::Object {
                names.push(self.string());
            }
            let within = self.begin()?;
            self.skip_rest_unique(within, names)?;
        }
        if begun == Type::Object && names.close(mark) {
            return Err(Error::at(Code::DuplicateName, self.at));
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

    /// The next byte. It is 0 at the end of the text: JSON has that byte nowhere.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// Reads over this byte, if it is next.
    fn take(&mut self, byte: u8) -> bool {
        let next = self.peek() == byte;
        if next {
            self.step();
        }
        next
    }

    /// Reads over white space, and gives the byte after it.
    #[inline] // There is mostly none, and a call takes longer than to see that.
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
        syntax(self.at, reason)
    }

    fn open(&mut self) -> Result<(), Error> {
        let Some(levels) = self.levels.checked_sub(1) else {
            return Err(Error::at(Code::TooDeep, self.at));
        };
        self.levels = levels;
        self.step();
        self.fresh = true;
        Ok(())
    }

    /// Goes to the next member or element; false when the container is closed.
    #[inline]
    fn advance(&mut self, close: u8, expected: &'static str) -> Result<bool, Error> {
        self.skip_space();
        self.start = self.at;
        let fresh = core::mem::replace(&mut self.fresh, false);
        if self.take(close) {
            self.levels = self.levels.wrapping_add(1);
            return Ok(false);
        }
        if !fresh {
            if !self.take(b',') {
                return Err(self.syntax(expected));
            }
            self.skip_space();
        }
        Ok(true)
    }

    fn read_number(&mut self) -> Result<(), Error> {
        self.take(b'-');
        let whole = self.at;
        let zero = self.peek() == b'0';
        self.digits()?;
        if zero && self.at.wrapping_sub(whole) > 1 {
            return Err(syntax(whole, "a number has no leading zeros"));
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.step();
        }
        if self.at > start { Ok(()) } else { Err(self.syntax("a digit is expected here")) }
    }

    /// Reads over a string, which [`Reader::string`] then gives.
    fn read_string(&mut self) -> Result<(), Error> {
        self.step();
        self.escaped = false;
        loop {
            self.at = plain(self.text.as_bytes(), self.at);
            self.end = self.at;
            match self.peek() {
                b'"' => {
                    self.step();
                    return Ok(());
                }
                b'\\' => {
                    self.escaped = true;
                    escape(self.text.as_bytes(), &mut self.at)?;
                }
                _ if self.at == self.text.len() => {
                    return Err(self.syntax("a string is not closed"));
                }
                _ => return Err(self.syntax("a control character in a string must be escaped")),
            }
        }
    }
}

/// The text that the bytes are, if they are UTF-8 and within the limits.
pub(crate) fn checked(bytes: &[u8], limits: TextLimits) -> Result<&str, Error> {
    if bytes.len() > limits.bytes {
        return Err(Error::at(Code::TooLarge, limits.bytes));
    }
    core::str::from_utf8(bytes)
        .map_err(|error| Error::at(Code::InvalidUnicode, error.valid_up_to()))
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
