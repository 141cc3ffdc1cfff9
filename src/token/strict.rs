//! How key sets and records are read: strictly.
//!
//! The text is one JSON object (RFC 8259) within fixed limits. Each of its members is known and
//! stands once, and those that are needed are there.

use crate::error::{Code, Error};
use crate::json::{self, Names, Reader, Text, TextLimits, Type};
use crate::time::Time;

/// The longest text of a record or a key set: 16 KiB.
pub const MAX_RECORD_BYTES: usize = 16_384;

/// How deeply objects and arrays in a record or a key set may be nested. The record's own object is
/// the first level.
pub const MAX_RECORD_DEPTH: usize = 16;

const LIMITS: TextLimits = TextLimits { bytes: MAX_RECORD_BYTES, depth: MAX_RECORD_DEPTH };

/// The members that an object of one kind may have: an enum, which [`members!`] declares.
pub(super) trait ObjectMember: Copy + 'static {
    /// All members, in the order in which they are written.
    const ALL: &'static [Self];
    /// What each must be, in the same order.
    const RULES: &'static [MemberRule];
    /// What an error says of any other member.
    const UNKNOWN: &'static str;
    /// What an error says if a needed member is absent.
    const MISSING: &'static str;

    /// The name in JSON.
    fn name(self) -> &'static str;
}

/// What a member must be.
pub(super) struct MemberRule {
    pub(super) name: &'static str,
    pub(super) presence: Presence,
    pub(super) wanted: Type,
    /// What an error says of a value of another type.
    pub(super) reason: &'static str,
}

/// Whether an object needs a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Needed,
    /// May be left out, or be null.
    Optional,
}

/// Declares the members of an object, at most 32: for each its name, whether it is needed, its
/// type, and what an error says of another type.
macro_rules! members {
    (
        $(#[$doc:meta])*
        enum $member_set:ident {
            $($member:ident = $name:literal, $presence:ident $wanted:ident, $reason:expr;)*
        }
        unknown: $unknown:literal,
        missing: $missing:literal,
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        enum $member_set {
            $($member),*
        }

        impl ObjectMember for $member_set {
            const ALL: &'static [Self] = &[$(Self::$member),*];
            const RULES: &'static [MemberRule] = &[$(MemberRule {
                name: $name,
                presence: Presence::$presence,
                wanted: Type::$wanted,
                reason: $reason,
            }),*];
            const UNKNOWN: &'static str = $unknown;
            const MISSING: &'static str = $missing;

            fn name(self) -> &'static str {
                match self {
                    $(Self::$member => $name),*
                }
            }
        }
    };
}

pub(super) use members;

/// A text that is one object, being read member by member.
pub(super) struct Document<'a> {
    reader: Reader<'a>,
    /// A bit for each member that was read, by its place among [`ObjectMember::ALL`].
    seen: u32,
    /// Whether a member stood twice.
    twice: bool,
}

impl<'a> Document<'a> {
    /// A text that [`text`] has checked.
    pub(super) const fn new(text: &'a str) -> Self {
        Self { reader: Reader::of(text, LIMITS), seen: 0, twice: false }
    }

    /// Opens the object.
    pub(super) fn open(&mut self) -> Result<(), Error> {
        self.begin(Type::Object, "an object is needed here")
    }

    /// Reads on to the next member that is not null. If its value is a scalar, it is read then; if
    /// it is an object or an array, it is opened, and the caller reads what is in it.
    ///
    /// None after the last member. By then it is checked that none stood twice, that nothing
    /// follows the object, and that every needed member was there.
    pub(super) fn member<M: ObjectMember>(&mut self) -> Result<Option<M>, Error> {
        match self.place(M::RULES, M::UNKNOWN)? {
            Some(place) => Ok(M::ALL.get(place).copied()),
            None => self.close(M::RULES, M::MISSING).map(|()| None),
        }
    }

    /// As [`Document::member`], by the member's place among the rules. This is compiled once for
    /// all kinds of objects.
    fn place(
        &mut self,
        rules: &'static [MemberRule],
        unknown: &'static str,
    ) -> Result<Option<usize>, Error> {
        while self.reader.name()? {
            let name = self.read();
            let mut rules = rules.iter().enumerate();
            let Some((place, rule)) = rules.find(|(_, rule)| name == *rule.name) else {
                return Err(self.wrong(unknown));
            };
            self.twice |= self.seen & bit(place) != 0;
            self.seen |= bit(place);
            let found = self.reader.begin()?;
            if found == rule.wanted {
                return Ok(Some(place));
            }
            if found != Type::Null || rule.presence == Presence::Needed {
                return Err(self.wrong(rule.reason));
            }
        }
        Ok(None)
    }

    /// Checks what is known after the last member only.
    fn close(&mut self, rules: &[MemberRule], missing: &'static str) -> Result<(), Error> {
        if self.twice {
            return Err(Error::at(Code::DuplicateName, self.at()));
        }
        self.reader.end()?;
        let is_there = |(place, rule): (usize, &MemberRule)| {
            rule.presence == Presence::Optional || self.seen & bit(place) != 0
        };
        if rules.iter().enumerate().all(is_there) { Ok(()) } else { Err(self.wrong(missing)) }
    }

    /// Reads the next name in an inner object. False once the object is closed.
    pub(super) fn name(&mut self) -> Result<bool, Error> {
        self.reader.name()
    }

    /// The name or string that was just read.
    pub(super) fn read(&self) -> Text<'a> {
        self.reader.string()
    }

    /// Reads on to the next element of an array. False once the array is closed.
    pub(super) fn element(&mut self) -> Result<bool, Error> {
        self.reader.element()
    }

    /// Reads a scalar of this type, or opens an object or an array.
    pub(super) fn begin(&mut self, wanted: Type, reason: &'static str) -> Result<(), Error> {
        if self.reader.begin()? == wanted { Ok(()) } else { Err(self.wrong(reason)) }
    }

    /// The offset of what was read last.
    pub(super) const fn at(&self) -> usize {
        self.reader.start()
    }

    /// An error at what was read last. It has the code of a syntax error, which the caller of the
    /// reader replaces.
    pub(super) fn wrong(&self, reason: &'static str) -> Error {
        json::syntax(self.at(), reason)
    }

    /// A value, or if there is none an error at what was read last.
    pub(super) fn check<T>(&self, read: Option<T>, reason: &'static str) -> Result<T, Error> {
        read.ok_or_else(|| self.wrong(reason))
    }

    /// Checks that the number that was just read is 1.
    pub(super) fn version(&self) -> Result<(), Error> {
        if self.reader.scalar() == "1" { Ok(()) } else { Err(self.wrong(VERSION)) }
    }

    /// Reads a string.
    pub(super) fn string(&mut self) -> Result<(), Error> {
        self.begin(Type::String, A_STRING)
    }

    /// The number that was just read, as a time.
    pub(super) fn time(&self) -> Result<Time, Error> {
        let seconds = json::integer(self.reader.scalar());
        let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
        self.check(seconds.and_then(Time::within), A_TIME)
    }

    /// The text of the object that was just opened. No object in it may have a member twice.
    pub(super) fn object(&mut self) -> Result<&'a str, Error> {
        let start = self.at();
        self.reader.skip_rest_unique(Type::Object, &mut Names::new())?;
        Ok(self.reader.between(start, self.reader.offset()))
    }
}

/// The bit of the member in this place.
fn bit(place: usize) -> u32 {
    1_u32.wrapping_shl(u32::try_from(place).unwrap_or(0))
}

/// Checks a record's metadata: one object that a record can hold, in which no object has a member
/// twice.
pub(super) fn check_object(text: &str) -> Result<(), Error> {
    // In the record it will stand one level down.
    let limits = TextLimits { depth: LIMITS.depth.saturating_sub(1), ..LIMITS };
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

/// The text of a document, checked for its length and for UTF-8.
pub(super) fn text(json: &[u8]) -> Result<&str, Error> {
    json::checked(json, LIMITS)
}

pub(super) const VERSION: &str = "`v` is the number 1";
pub(super) const A_STRING: &str = "a string is needed here";
pub(super) const A_STRING_OR_NULL: &str = "a string or null is needed here";
pub(super) const AN_OBJECT_OR_NULL: &str = "an object or null is needed here";
pub(super) const A_TIME: &str =
    "a time is a number of seconds from 0 to 9007199254740991, in digits";
