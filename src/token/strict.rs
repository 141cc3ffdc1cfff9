//! How key sets and records are read: one object, each member known and there once, within the limits.

use crate::error::{Code, Error};
use crate::json::{self, Limits, MAX_SAFE_INTEGER, Names, Reader, Text, Type, Value};
use crate::time::Time;
use alloc::string::String;

/// The longest text of a record or a key set, in bytes: 16 KiB.
pub const MAX_RECORD_BYTES: usize = 16_384;

/// How deeply a record may be nested, its own object being the first level.
pub const MAX_RECORD_DEPTH: usize = 16;

const LIMITS: Limits = Limits { bytes: MAX_RECORD_BYTES, depth: MAX_RECORD_DEPTH };

/// Which members an object has.
pub(super) struct Form {
    /// At most 32, those first that it needs.
    pub(super) members: &'static [&'static str],
    pub(super) needed: usize,
    /// What is said of another member.
    pub(super) unknown: &'static str,
    /// What is said if one that it needs is not there.
    pub(super) lacking: &'static str,
}

/// A text that is one object, being read member by member.
pub(super) struct Document<'a> {
    reader: Reader<'a>,
    /// A bit for each member that was read, by its place in the form.
    seen: u32,
    /// One stood twice.
    twice: bool,
}

impl<'a> Document<'a> {
    /// A text that [`text`] has checked.
    pub(super) const fn new(text: &'a str) -> Self {
        Self { reader: Reader::of(text, LIMITS), seen: 0, twice: false }
    }

    pub(super) fn open(&mut self) -> Result<(), Error> {
        self.begin(Type::Object, "an object is needed here")
    }

    /// The next member, by its place in the form. After the last one, checks that none stood twice, that the text ends, and
    /// that there were all that are needed.
    pub(super) fn member(&mut self, form: &Form) -> Result<Option<usize>, Error> {
        if !self.reader.name()? {
            if self.twice {
                return Err(Error::at(Code::DuplicateName, self.at()));
            }
            self.reader.end()?;
            return match usize::try_from(self.seen.trailing_ones()) {
                Ok(first) if first >= form.needed => Ok(None),
                _ => Err(self.wrong(form.lacking)),
            };
        }
        let name = self.read();
        let mut bit = 1_u32;
        for (place, member) in form.members.iter().enumerate() {
            if name == **member {
                self.twice |= self.seen & bit != 0;
                self.seen |= bit;
                return Ok(Some(place));
            }
            bit = bit.wrapping_shl(1);
        }
        Err(self.wrong(form.unknown))
    }

    /// Reads the name of the next member of an object within; false when it is closed.
    pub(super) fn name(&mut self) -> Result<bool, Error> {
        self.reader.name()
    }

    /// The name or string that was just read.
    pub(super) fn read(&self) -> Text<'a> {
        self.reader.string()
    }

    pub(super) fn element(&mut self) -> Result<bool, Error> {
        self.reader.element()
    }

    pub(super) fn value(&mut self) -> Result<Value<'a>, Error> {
        self.reader.value()
    }

    /// Reads a scalar or opens a container, of this type.
    pub(super) fn begin(&mut self, wanted: Type, reason: &'static str) -> Result<(), Error> {
        if self.reader.begin()? == wanted { Ok(()) } else { Err(self.wrong(reason)) }
    }

    /// The offset of what was read last.
    pub(super) const fn at(&self) -> usize {
        self.reader.start()
    }

    /// An error at what was read last.
    pub(super) fn wrong(&self, reason: &'static str) -> Error {
        Error::at(Code::WrongType, self.at()).because(reason)
    }

    /// What a check gives, or its reason as an error at what was read last.
    pub(super) fn check<T>(&self, result: Result<T, &'static str>) -> Result<T, Error> {
        result.map_err(|reason| self.wrong(reason))
    }

    pub(super) fn version(&mut self) -> Result<(), Error> {
        const ONE: &str = "`v` is the number 1";
        self.begin(Type::Number, ONE)?;
        if self.reader.scalar() == "1" { Ok(()) } else { Err(self.wrong(ONE)) }
    }

    pub(super) fn string(&mut self) -> Result<(), Error> {
        self.begin(Type::String, "a string is needed here")
    }

    /// The characters of a string.
    pub(super) fn text(&mut self) -> Result<String, Error> {
        self.string()?;
        Ok(self.read().decoded())
    }

    /// What a string spells, in this form.
    pub(super) fn parsed<T>(
        &mut self,
        form: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<T, Error> {
        parse(&self.text()?).ok_or_else(|| self.wrong(form))
    }

    /// What a string spells, in this form, or none for null.
    pub(super) fn optional<T>(
        &mut self,
        form: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        match self.optional_text()? {
            None => Ok(None),
            Some(text) => parse(&text).map(Some).ok_or_else(|| self.wrong(form)),
        }
    }

    /// The characters of a string, or none for null.
    pub(super) fn optional_text(&mut self) -> Result<Option<String>, Error> {
        match self.value()? {
            Value::String(text) => Ok(Some(text.decoded())),
            Value::Null => Ok(None),
            _ => Err(self.wrong("a string or null is needed here")),
        }
    }

    pub(super) fn time(&mut self) -> Result<Time, Error> {
        self.optional_time()?.ok_or_else(|| self.wrong(A_TIME))
    }

    /// A time, or none for null.
    pub(super) fn optional_time(&mut self) -> Result<Option<Time>, Error> {
        match self.value()? {
            Value::Null => Ok(None),
            value => {
                let seconds = value.integer().filter(|seconds| *seconds <= MAX_SAFE_INTEGER);
                let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
                let time = seconds.and_then(|seconds| Time::from_seconds(seconds).ok());
                time.map(Some).ok_or_else(|| self.wrong(A_TIME))
            }
        }
    }

    /// The text of an object in which no name stands twice, or none for null.
    pub(super) fn optional_object(&mut self) -> Result<Option<&'a str>, Error> {
        let start = self.reader.next_offset();
        if self.reader.between(start, start.saturating_add(1)) == "{" {
            self.reader.skip_unique(&mut Names::new())?;
            return Ok(Some(self.reader.between(start, self.reader.offset())));
        }
        match self.value()? {
            Value::Null => Ok(None),
            _ => Err(self.wrong("an object or null is needed here")),
        }
    }
}

/// Checks that a text is one object in which no name stands twice, and which a record can hold.
pub(super) fn check_object(text: &str) -> Result<(), Error> {
    // Within a record it stands one level down.
    let limits = Limits { depth: LIMITS.depth.saturating_sub(1), ..LIMITS };
    let text = json::checked(text.as_bytes(), limits)?;
    let mut document = Document { reader: Reader::of(text, limits), seen: 0, twice: false };
    match document.optional_object()? {
        Some(_) => document.reader.end(),
        None => Err(document.wrong("an object is needed here")),
    }
}

/// The text of a document, which is not too long and UTF-8.
pub(super) fn text(json: &[u8]) -> Result<&str, Error> {
    json::checked(json, LIMITS)
}

const A_TIME: &str = "a time is a number of seconds from 0 to 9007199254740991, in digits";
