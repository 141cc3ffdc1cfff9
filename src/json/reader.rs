//! A pull reader: the caller asks for the next value, member or element.

use super::lexer::{Container, Lexer, Next, Type, level_within};
use super::text::syntax;
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

/// Reads one JSON text from front to back.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    lexer: Lexer<'a>,
    at: usize,
    /// Where the last value, name or end of a container begins.
    start: usize,
    /// How many more levels may be opened.
    levels: usize,
    /// Whether a container was just opened, so that no comma comes before what is next.
    fresh: bool,
    /// The last string or name.
    string: Text<'a>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: TextLimits) -> Result<Self, Error> {
        let text = checked(bytes, limits)?;
        Ok(Self::of(text, limits))
    }

    /// A reader of a text that has passed [`checked`].
    pub(crate) const fn of(text: &'a str, limits: TextLimits) -> Self {
        Self {
            lexer: Lexer::new(text),
            at: 0,
            start: 0,
            levels: limits.depth,
            fresh: false,
            string: Text::plain(""),
        }
    }

    /// What reads at offsets, for whoever keeps the offset, and the levels that may be opened.
    pub(crate) const fn lexer(&self) -> (Lexer<'a>, usize) {
        (self.lexer, self.levels)
    }

    /// Goes on behind a value that was read elsewhere, and has the level that comes next.
    pub(crate) const fn go_on_at(&mut self, at: usize) {
        self.at = at;
        self.fresh = false;
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
        self.at = self.lexer.space(self.at);
        self.at
    }

    /// The text between two offsets.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'a str {
        self.lexer.between(start, end)
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
        self.start = self.lexer.space(self.at);
        let kind = match self.lexer.byte(self.start) {
            b'"' => {
                (self.string, self.at) = self.lexer.string(self.start)?;
                return Ok(Type::String);
            }
            b'{' => Type::Object,
            b'[' => Type::Array,
            _ => {
                let (kind, at) = self.lexer.scalar(self.start)?;
                self.at = at;
                return Ok(kind);
            }
        };
        self.levels = level_within(self.levels, self.start)?;
        self.at = self.start.wrapping_add(1);
        self.fresh = true;
        Ok(kind)
    }

    /// The scalar that was read last, as it is written.
    pub(crate) fn scalar(&self) -> &'a str {
        self.between(self.start, self.at)
    }

    /// The string or name that was read last.
    pub(crate) const fn string(&self) -> Text<'a> {
        self.string
    }

    /// Reads the name of the next member of the object that is open; none when it is closed.
    pub(crate) fn member(&mut self) -> Result<Option<Text<'a>>, Error> {
        Ok(if self.name()? { Some(self.string) } else { None })
    }

    /// Reads the next member's name, and says where it begins and ends with its quotes.
    #[cfg(feature = "documents")]
    pub(crate) fn member_at(&mut self) -> Result<Option<(Text<'a>, usize, usize)>, Error> {
        let name = self.member()?;
        // The quotes are two bytes beside those of the name as it is written.
        let end =
            |name: Text<'a>| self.start.saturating_add(name.written_bytes()).saturating_add(2);
        Ok(name.map(|name| (name, self.start, end(name))))
    }

    /// Reads the next member's name, which [`Reader::string`] then gives; false when the object is
    /// closed.
    pub(crate) fn name(&mut self) -> Result<bool, Error> {
        let is_there = self.advance(Container::Object)?;
        if is_there {
            self.start = self.at;
            (self.string, self.at) = self.lexer.name(self.at)?;
        }
        Ok(is_there)
    }

    /// Goes to the next element of the array that is open; false when it is closed.
    pub(crate) fn element(&mut self) -> Result<bool, Error> {
        self.advance(Container::Array)
    }

    /// Whether the next value is null, as far as its first byte tells.
    pub(crate) fn is_null_next(&self) -> bool {
        self.lexer.byte(self.lexer.space(self.at)) == b'n'
    }

    /// Reads over a whole value, in which names may stand twice.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        self.go_on_at(self.lexer.skip(self.at, self.levels)?);
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
                names.push(self.string);
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
        self.at = self.lexer.space(self.at);
        if self.lexer.ends_at(self.at) {
            Ok(())
        } else {
            Err(syntax(self.at, "nothing may follow the value"))
        }
    }

    /// Goes to the next member or element; false when the container is closed.
    fn advance(&mut self, container: Container) -> Result<bool, Error> {
        let next = if core::mem::replace(&mut self.fresh, false) {
            self.lexer.first(container, self.at)
        } else {
            self.lexer.next(container, self.at)?
        };
        match next {
            Next::Item(at) => {
                self.at = at;
                Ok(true)
            }
            Next::Closed(at) => {
                self.at = at;
                self.start = at.wrapping_sub(1);
                self.levels = self.levels.wrapping_add(1);
                Ok(false)
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
