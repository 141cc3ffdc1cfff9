//! The one error type, and its numbered codes.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $sentence:literal;)*) => {
        /// What went wrong, as a number and a name that never change their meaning.
        ///
        /// Numbers come in blocks of 100: 1xx tokens, keys and records, 2xx JSON text, 3xx policy documents,
        /// 4xx requests, 5xx compiled images, 6xx the gate; 7xx are left to the bindings, for how they are called. The C status, the WebAssembly error and
        /// every language's exception carry the same number. Each variant below is given with its name and its sentence.
        ///
        /// ```
        /// use cog_auth::Code;
        ///
        /// assert_eq!(Code::MissingPrefix.number(), 101);
        /// assert_eq!(Code::MissingPrefix.name(), "missing_prefix");
        /// assert_eq!(Code::UnknownKeyId.sentence(), "no key is held for the token's key id; add that key, or reject the token");
        /// // From a number that came over a border back to the code.
        /// assert_eq!(Code::ALL.iter().find(|code| code.number() == 114), Some(&Code::Expired));
        /// assert!(Code::ALL.iter().all(|code| code.number() != 999));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Code {
            $($(#[$doc])* #[doc = concat!("`", $name, "`: ", $sentence, ".")] $variant = $number,)*
        }

        impl Code {
            /// Every code, ascending by number. See the example of [`Code`].
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Inlined, so that only those that an error can have are linked, not the whole table.
            #[inline(always)]
            pub(crate) const fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$variant => {
                        const { &Entry { code: Self::$variant, name: $name, sentence: $sentence } }
                    })*
                }
            }

            /// The public number: 101 to 699. See the example of [`Code`].
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $number,)* }
            }

            /// The public name, in snake case: `missing_prefix`. See the example of [`Code`].
            #[must_use]
            pub const fn name(self) -> &'static str {
                self.entry().name
            }

            /// The general sentence for this code, in lower case without a full stop. An error may have a more
            /// exact one: [`Error::message`]. See the example of [`Code`].
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                self.entry().sentence
            }
        }
    };
}

/// What is said of a code. Where several checks follow each other, what they find makes one error at the end of them.
#[derive(PartialEq, Eq)]
pub(crate) struct Entry {
    code: Code,
    name: &'static str,
    sentence: &'static str,
}

impl Entry {
    pub(crate) fn is(&self, code: Code) -> bool {
        self.code == code
    }
}

codes! {
    MissingPrefix = 101, "missing_prefix", "this is no cog_ credential; send the whole token, as it was shown";
    UnknownVersion = 102, "unknown_version", "this cog_ credential is of another version than 1; it may be an older one";
    WrongLength = 103, "wrong_length", "a token has exactly 81 bytes; copy all of it and nothing else";
    UnknownKind = 104, "unknown_kind", "the character after the version names no kind of credential; copy the token again";
    InvalidCharacter = 105, "invalid_character", "a character outside 0-9A-Za-z is in the token; copy it again";
    ChecksumMismatch = 106, "checksum_mismatch", "the checksum does not fit, so a character was changed; copy the token again";
    ReservedKeyId = 107, "reserved_key_id", "the key id 00 is reserved; use another";
    TagOutOfRange = 108, "tag_out_of_range", "the tag encodes no 128-bit number; copy the token again";
    SampleToken = 111, "sample_token", "this is a sample from the documentation and valid nowhere; use a real credential";
    UnknownKeyId = 112, "unknown_key_id", "no key is held for the token's key id; add that key, or reject the token";
    TagMismatch = 113, "tag_mismatch", "the tag does not fit: the token was not made with this key, or was changed";
    Expired = 114, "expired", "the token is past its hard expiry; make a new one";
    UnknownCredential = 121, "unknown_credential", "there is no record of this credential";
    InvalidRecord = 122, "invalid_record", "the record of this credential is not valid; the issuer must store it again";
    RecordMismatch = 123, "record_mismatch", "the record belongs to another credential";
    DigestMismatch = 124, "digest_mismatch", "the token is not the one that the record was made for";
    Revoked = 125, "revoked", "the credential was revoked; make a new one";
    Rotated = 126, "rotated", "the credential was rotated and its grace is over; use its successor";
    RecordExpired = 127, "record_expired", "the credential has expired; make a new one";
    NotYetValid = 128, "not_yet_valid", "the credential is not valid yet; wait until its not_before";
    InvalidKeySet = 131, "invalid_key_set", "the key set is not valid; make it with this library or correct it";
    WrongKeyUse = 132, "wrong_key_use", "the key set is for another use than this loader takes; load the set that is meant for here";
    InvalidKeyId = 133, "invalid_key_id", "a key id is two characters of 0-9A-Za-z";
    InvalidPrincipal = 134, "invalid_principal", "a principal's id has 1 to 1,024 bytes";
    TimeOutOfRange = 135, "time_out_of_range", "a time is a number of seconds from 0 to 9007199254740991, and a hard expiry a day from 1 to 238327";
    NotEnoughRandomBytes = 136, "not_enough_random_bytes", "minting used up the random bytes; call again with more fresh ones";
    AlreadyRotated = 137, "already_rotated", "the credential was rotated before; rotate its successor";
    NotRotatable = 138, "not_rotatable", "the credential is revoked or expired; make a new one instead of rotating it";
    WiderThanPredecessor = 139, "wider_than_predecessor", "a successor has its predecessor's principal, kind and at most its scopes and organizations";
    SeveralCredentials = 141, "several_credentials", "more than one credential was sent; send exactly one";
    MalformedHeader = 142, "malformed_header", "the Authorization header is malformed; send `Bearer`, a space and the token";
    InvalidJson = 201, "invalid_json", "the text is not valid JSON";
    InvalidUnicode = 202, "invalid_unicode", "the text is not valid Unicode";
    TooLarge = 203, "too_large", "the text is over the limit of bytes";
    TooDeep = 204, "too_deep", "the text is nested more deeply than the limit";
    DuplicateName = 205, "duplicate_name", "a member name stands twice in one object";
    UnknownMember = 301, "unknown_member", "this member is not known here";
    MissingMember = 302, "missing_member", "a member that is needed here is missing";
    WrongType = 303, "wrong_type", "the value has another type than is needed here";
    DuplicateId = 304, "duplicate_id", "this id is declared twice";
    InvalidName = 305, "invalid_name", "this is not a valid name";
    ReservedName = 306, "reserved_name", "this name is reserved";
    InvalidPointer = 307, "invalid_pointer", "this is not a JSON pointer that a request can have";
    NoSchema = 308, "no_schema", "the policy has no schema";
    UnknownVersionOfDocument = 309, "unknown_document_version", "the document is of another version than 1";
    UnknownAttribute = 311, "unknown_attribute", "this attribute is not declared";
    UnknownAction = 312, "unknown_action", "this action is not declared";
    UnknownRole = 313, "unknown_role", "this role is not declared";
    UnknownCondition = 314, "unknown_condition", "this condition is not declared";
    UnknownOperator = 315, "unknown_operator", "this operator does not exist";
    UnknownValue = 316, "unknown_value", "this value is not one of those declared";
    OperatorType = 317, "operator_type", "this operator does not fit the attribute's type";
    OperandType = 318, "operand_type", "this operand does not fit the attribute's type";
    OutOfRange = 319, "out_of_range", "this number is outside the declared range";
    NullLiteral = 321, "null_literal", "null is no literal; ask for absence with `present`";
    EmptyOperator = 322, "empty_operator", "an operator object needs at least one operator";
    Cycle = 323, "cycle", "this refers to itself, directly or through others";
    WrongLevel = 324, "wrong_level", "the levels do not fit";
    DuplicateRoute = 331, "duplicate_route", "this method and path template is declared twice";
    InvalidTemplate = 332, "invalid_template", "this is not a valid path template";
    UnknownParameter = 333, "unknown_parameter", "the path template has no such parameter";
    LimitExceeded = 341, "limit_exceeded", "this is over a limit";
    UnexpectedDigest = 342, "unexpected_digest", "the digest is not the one that was expected";
    MalformedRequest = 401, "malformed_request", "the request is not an AuthZEN evaluation request";
    InvalidAttribute = 402, "invalid_attribute", "this is not a pointer to a place that an attribute can have";
    InvalidPath = 411, "invalid_path", "the path could be read as another one than it spells; send it in its normal form";
    InvalidImage = 501, "invalid_image", "the compiled image is damaged; compile the policy again";
    UnknownImageVersion = 502, "unknown_image_version", "the compiled image is of another version; compile the policy with this library";
    InvalidFacts = 601, "invalid_facts", "the facts are not valid, or are not about the credential's principal";
    ReservedContext = 602, "reserved_context", "the gate alone writes this place of the context; leave it out";
    InvalidContext = 603, "invalid_context", "the context is not a JSON object within the limits";
    DisabledPrincipal = 604, "disabled_principal", "the principal is disabled";
}

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
/// use cog_auth::{Code, policy::Source};
///
/// let mut source = Source::new();
/// source.add("roles.json", "{ \"v\": 1,\n  \"schema\": { \"actions\": { \"Read\": { \"levl\": \"account\" } } } }");
/// let error = source.compile().unwrap_err();
/// assert_eq!((error.code(), error.document()), (Code::UnknownMember, Some("roles.json")));
/// assert_eq!((error.line(), error.column(), error.offset()), (Some(2), Some(38), Some(47)));
/// assert_eq!((error.pointer(), error.length()), (Some("/schema/actions/Read/levl"), 6));
/// assert_eq!(error.message(), "unknown member `levl`");
/// assert_eq!(error.suggestion(), Some("level"));
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Detail>);

/// Behind one pointer, for what a `?` copies stands in each function: on an edge that was a tenth of all code.
#[derive(Clone, PartialEq, Eq)]
struct Detail {
    entry: &'static Entry,
    message: &'static str,
    offset: usize,
    /// In a box, for what a none would leave unset is a copy of something else on the stack.
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

    #[cold]
    #[inline(never)]
    pub(crate) fn because(mut self, reason: &'static str) -> Self {
        self.0.message = reason;
        self
    }

    #[cfg(feature = "documents")]
    pub(crate) fn placed(code: Code, offset: usize, place: Place) -> Self {
        let mut error = Self::at(code, offset);
        error.0.place = Some(Box::new(place));
        error
    }

    /// The same place and sentence under another code.
    #[inline(always)]
    pub(crate) fn with_code(mut self, code: Code) -> Self {
        self.0.entry = code.entry();
        self
    }

    /// The code, which says what went wrong. See the example of [`Error`].
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.entry.code
    }

    /// The code's name: that of [`Code::name`], for this one code. See the example of [`Error`].
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.entry.name
    }

    /// The zero-based byte offset of the place in the input, where there is one. See the second example of [`Error`].
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match self.0.offset {
            NOWHERE => None,
            offset => Some(offset),
        }
    }

    /// The name of the document, as it was given to [`Source::add`](crate::policy::Source::add); none for errors of anything
    /// else than policy documents. See the second example of [`Error`].
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        self.document_place().map(|place| place.document.as_str())
    }

    /// The JSON pointer (RFC 6901) of the place, for errors of policy documents; empty for the document as a whole.
    /// See the second example of [`Error`].
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.document_place().map(|place| place.pointer.as_str())
    }

    /// The line of the place, from 1, for errors of policy documents. See the second example of [`Error`].
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.document_place().map(|place| place.line)
    }

    /// The column of the place in characters (Unicode scalar values), from 1, for errors of policy documents. See the second
    /// example of [`Error`].
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.document_place().map(|place| place.column)
    }

    /// How many bytes of the input the place covers, at least 1; 1 where that is not known. See the second example of [`Error`].
    #[must_use]
    pub fn length(&self) -> usize {
        self.place().map_or(1, |place| place.length.max(1))
    }

    /// What was probably meant: a known name close to an unknown one, for errors of policy documents. See the second example
    /// of [`Error`].
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.place().and_then(|place| place.suggestion.as_deref())
    }

    /// The sentence, in lower case, without the place and without a full stop: the error's own where it has one, else
    /// [`Code::sentence`]. `Display` adds place, suggestion, name and number. See the second example of [`Error`].
    #[must_use]
    pub fn message(&self) -> &str {
        match self.place() {
            Some(place) if !place.message.is_empty() => &place.message,
            _ => self.0.message,
        }
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
