//! How key sets and records are read: one object, each member known and there once, within the limits.

use crate::error::{Code, Error};
use crate::json::{self, Limits, Names, Reader, Text, Type};
use crate::time::Time;

/// The longest text of a record or a key set, in bytes: 16 KiB.
pub const MAX_RECORD_BYTES: usize = 16_384;

/// How deeply a record may be nested, its own object being the first level.
pub const MAX_RECORD_DEPTH: usize = 16;

const LIMITS: Limits = Limits { bytes: MAX_RECORD_BYTES, depth: MAX_RECORD_DEPTH };

/// Which members an object has.
pub(super) struct Form {
    /// At most 32, those first that it needs. Each of the others may be null.
    pub(super) members: &'static [Member],
    pub(super) needed: usize,
    /// What is said of another member.
    pub(super) unknown: &'static str,
    /// What is said if one that it needs is not there.
    pub(super) lacking: &'static str,
}

/// A member: its name, its type, and what is said of another type.
pub(super) struct Member(pub(super) &'static str, pub(super) Type, pub(super) &'static str);

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

    /// The next member that is not null, by its place in the form. Its value is read then, or opened. After the last one, checks that
    /// none stood twice, that the text ends, and that there were all that are needed.
    pub(super) fn member(&mut self, form: &Form) -> Result<Option<usize>, Error> {
        while self.reader.name()? {
            let name = self.read();
            let mut members = form.members.iter().enumerate();
            let Some((place, Member(_, wanted, reason))) =
                members.find(|(_, member)| name == *member.0)
            else {
                return Err(self.wrong(form.unknown));
            };
            let bit = 1_u32.wrapping_shl(u32::try_from(place).unwrap_or(0));
            self.twice |= self.seen & bit != 0;
            self.seen |= bit;
            let found = self.reader.begin()?;
            if found == *wanted {
                return Ok(Some(place));
            }
            if found != Type::Null || place < form.needed {
                return Err(self.wrong(reason));
            }
        }
        if self.twice {
            return Err(Error::at(Code::DuplicateName, self.at()));
        }
        self.reader.end()?;
        match usize::try_from(self.seen.trailing_ones()) {
            Ok(first) if first >= form.needed => Ok(None),
            _ => Err(self.wrong(form.lacking)),
        }
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

    /// Reads a scalar or opens a container, of this type.
    pub(super) fn begin(&mut self, wanted: Type, reason: &'static str) -> Result<(), Error> {
        if self.reader.begin()? == wanted { Ok(()) } else { Err(self.wrong(reason)) }
    }

    /// The offset of what was read last.
    pub(super) const fn at(&self) -> usize {
        self.reader.start()
    }

    /// An error at what was read last. Its code is the caller's to give, as it is for what is no JSON.
    pub(super) fn wrong(&self, reason: &'static str) -> Error {
        json::syntax(self.at(), reason)
    }

    /// What was read last if it is right, or an error there.
    pub(super) fn check<T>(&self, read: Option<T>, reason: &'static str) -> Result<T, Error> {
        read.ok_or_else(|| self.wrong(reason))
    }

    /// Checks that the number that was just read is 1.
    pub(super) fn version(&self) -> Result<(), Error> {
        if self.reader.scalar() == "1" { Ok(()) } else { Err(self.wrong(VERSION)) }
    }

    pub(super) fn string(&mut self) -> Result<(), Error> {
        self.begin(Type::String, A_STRING)
    }

    /// The number that was just read, as a time.
    pub(super) fn time(&self) -> Result<Time, Error> {
        let seconds = json::integer(self.reader.scalar());
        let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
        self.check(seconds.and_then(Time::within), A_TIME)
    }

    /// The text of the object that was just opened, in which no name may stand twice.
    pub(super) fn object(&mut self) -> Result<&'a str, Error> {
        let start = self.at();
        self.reader.skip_rest_unique(Type::Object, &mut Names::new())?;
        Ok(self.reader.between(start, self.reader.offset()))
    }
}

/// Checks that a text is one object in which no name stands twice, and which a record can hold.
pub(super) fn check_object(text: &str) -> Result<(), Error> {
    // Within a record it stands one level down.
    let limits = Limits { depth: LIMITS.depth.saturating_sub(1), ..LIMITS };
    let text = json::checked(text.as_bytes(), limits)?;
    let mut document = Document { reader: Reader::of(text, limits), seen: 0, twice: false };
    match document.reader.begin()? {
        Type::Object => {
            document.object()?;
            document.reader.end()
        }
        Type::Null => Err(document.wrong("an object is needed here")),
        _ => Err(document.wrong(AN_OBJECT_OR_NULL)),
    }
}

/// The text of a document, which is not too long and UTF-8.
pub(super) fn text(json: &[u8]) -> Result<&str, Error> {
    json::checked(json, LIMITS)
}

pub(super) const VERSION: &str = "`v` is the number 1";
pub(super) const A_STRING: &str = "a string is needed here";
pub(super) const A_STRING_OR_NULL: &str = "a string or null is needed here";
pub(super) const AN_OBJECT_OR_NULL: &str = "an object or null is needed here";
pub(super) const A_TIME: &str =
    "a time is a number of seconds from 0 to 9007199254740991, in digits";
