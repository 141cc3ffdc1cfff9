//! The one error type, and its numbered codes.

mod code;

pub use code::Code;
pub(crate) use code::{Entry, Reply};

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

/// An error: a [`Code`], a place where there is one, and a sentence that says what to do.
///
/// One type for the whole library. It never holds a byte of a secret, nor a name from the
/// library's own code. A denial is no error but a value.
///
/// ```
/// use cog_auth::{Code, token::Token};
///
/// let error = Token::parse(b"ghp_something").unwrap_err();
/// assert_eq!(error.code(), Code::MissingPrefix);
/// assert_eq!(
///     error.to_string(),
///     "this is no cog_ credential; send the whole token, as it was shown (missing_prefix, 101)"
/// );
/// assert_eq!(error.offset(), None);
/// ```
///
/// An error of a policy document has its place in full:
///
/// ```
/// # #[cfg(feature = "documents")] {
/// use cog_auth::{Code, Error, policy::Source};
///
/// let mut source = Source::new();
/// let text = "{ \"v\": 1,\n  \
///     \"schema\": { \"actions\": { \"Read\": { \"levl\": \"account\" } } } }";
/// source.add("roles.json", text);
/// let error = Error::from(source.check().unwrap_err());
/// assert_eq!((error.code(), error.document()), (Code::UnknownMember, Some("roles.json")));
/// assert_eq!((error.line(), error.column(), error.offset()), (Some(2), Some(38), Some(47)));
/// assert_eq!((error.pointer(), error.length()), (Some("/schema/actions/Read/levl"), 6));
/// assert_eq!(error.message(), "unknown member `levl`");
/// assert_eq!(error.suggestion(), Some("level"));
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Detail>);

/// What an error holds, behind one pointer: every `?` copies an error, and copying all of this took
/// a tenth of the code of an edge's module.
#[derive(Clone, PartialEq, Eq)]
struct Detail {
    entry: &'static Entry,
    message: &'static str,
    offset: usize,
    // In a box, because the bytes that `None` would leave unset keep whatever the stack held there,
    // perhaps a part of a token.
    #[cfg(feature = "documents")]
    place: Option<Box<Place>>,
}

/// No text is that long.
const NOWHERE: usize = usize::MAX;

/// Where in a set of documents an error is: filled by the document reader alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) document: String,
    pub(crate) pointer: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) length: usize,
    pub(crate) message: String,
    pub(crate) suggestion: Option<String>,
}

impl Error {
    /// The code, which says what went wrong.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.entry.code
    }

    /// The code's name, as [`Code::name`] gives it. A program that asks for the names of errors
    /// alone does not link the names of all codes.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.entry.name
    }

    /// The sentence, in lower case, without the place and without a full stop: the error's own
    /// where it has one, else [`Code::sentence`]. `Display` adds place, suggestion, name and
    /// number.
    #[must_use]
    pub fn message(&self) -> &str {
        match self.place() {
            Some(place) if !place.message.is_empty() => &place.message,
            _ => self.0.message,
        }
    }

    /// The zero-based byte offset of the place in the input, where there is one.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match self.0.offset {
            NOWHERE => None,
            offset => Some(offset),
        }
    }

    /// The name of the document, as it was given to [`Source::add`](crate::policy::Source::add);
    /// none for errors of anything else than policy documents.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        self.document_place().map(|place| place.document.as_str())
    }

    /// The JSON pointer (RFC 6901) of the place, for errors of policy documents; empty for the
    /// document as a whole.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.document_place().map(|place| place.pointer.as_str())
    }

    /// The line of the place, from 1, for errors of policy documents.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.document_place().map(|place| place.line)
    }

    /// The column of the place in characters (Unicode scalar values), from 1, for errors of policy
    /// documents.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.document_place().map(|place| place.column)
    }

    /// How many bytes of the input the place covers, at least 1; 1 where that is not known.
    #[must_use]
    pub fn length(&self) -> usize {
        self.place().map_or(1, |place| place.length.max(1))
    }

    /// What was probably meant: a known name close to an unknown one, for errors of policy
    /// documents.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.place().and_then(|place| place.suggestion.as_deref())
    }

    #[inline(always)]
    pub(crate) fn new(code: Code) -> Self {
        Self::of(code.entry(), NOWHERE)
    }

    #[inline(always)]
    pub(crate) fn at(code: Code, offset: usize) -> Self {
        Self::of(code.entry(), offset)
    }

    #[cold]
    #[inline(never)]
    fn of(entry: &'static Entry, offset: usize) -> Self {
        Self(Box::new(Detail {
            entry,
            message: entry.sentence,
            offset,
            #[cfg(feature = "documents")]
            place: None,
        }))
    }

    #[cfg(feature = "documents")]
    pub(crate) fn placed(code: Code, offset: usize, place: Place) -> Self {
        let mut error = Self::at(code, offset);
        error.0.place = Some(Box::new(place));
        error
    }

    /// The same error with a sentence of its own.
    #[cold]
    #[inline(never)]
    pub(crate) fn because(mut self, reason: &'static str) -> Self {
        self.0.message = reason;
        self
    }

    /// The same place and sentence under another code.
    #[inline(always)]
    pub(crate) fn with_code(mut self, code: Code) -> Self {
        self.0.entry = code.entry();
        self
    }

    pub(crate) fn entry(&self) -> &'static Entry {
        self.0.entry
    }

    /// The place, where there is a document that it is in.
    fn document_place(&self) -> Option<&Place> {
        self.place().filter(|place| place.line > 0)
    }

    #[cfg(feature = "documents")]
    fn place(&self) -> Option<&Place> {
        self.0.place.as_deref()
    }

    #[cfg(not(feature = "documents"))]
    #[expect(clippy::unused_self, reason = "with documents there may be one")]
    const fn place(&self) -> Option<&Place> {
        None
    }
}

impl From<&'static Entry> for Error {
    fn from(entry: &'static Entry) -> Self {
        Self::of(entry, NOWHERE)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.document_place() {
            write!(f, "{}:{}:{}: ", place.document, place.line, place.column)?;
        }
        f.write_str(self.message())?;
        if let Some(suggestion) = self.suggestion() {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        write!(f, " ({}, {}", self.name(), self.code().number())?;
        match (self.place(), self.offset()) {
            (Some(place), _) if !place.pointer.is_empty() => write!(f, ", at {}", place.pointer)?,
            (None, Some(offset)) => write!(f, ", at byte {offset}")?,
            _ => {}
        }
        f.write_str(")")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl core::error::Error for Error {}
