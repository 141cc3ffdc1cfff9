//! The numbered codes of all errors and refusals.

use core::fmt;

macro_rules! codes {
    ($($reply:ident {
        $($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $sentence:literal;)*
    })*) => {
        /// What went wrong, as a number and a name that never change their meaning.
        ///
        /// Numbers come in blocks of 100: 1xx tokens, keys and records, 2xx JSON text, 3xx policy
        /// documents, 4xx requests, 5xx compiled images, 6xx the gate, 7xx how a binding was
        /// called, 8xx warnings about policy documents, which refuse nothing. This crate never
        /// returns a 7xx: they are declared here so that the bindings of all languages share one
        /// number space with it. An error carries the same number in each of them. Each variant
        /// below is given with its name and its sentence.
        ///
        /// ```
        /// use cog_auth::Code;
        ///
        /// assert_eq!(Code::MissingPrefix.number(), 101);
        /// assert_eq!(Code::MissingPrefix.name(), "missing_prefix");
        /// assert_eq!(Code::Revoked.sentence(), "the credential was revoked; make a new one");
        ///
        /// // From a number or a name in a log back to the code.
        /// assert_eq!(Code::from_number(114), Some(Code::Expired));
        /// assert_eq!(Code::from_name("expired"), Some(Code::Expired));
        /// assert_eq!(Code::from_number(999), None);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Code {
            $($(
                $(#[$doc])*
                #[doc = concat!("`", $name, "`: ", $sentence, ".")]
                $variant = $number,
            )*)*
        }

        impl Code {
            /// Every code, ascending by number.
            pub const ALL: &'static [Self] = &[$($(Self::$variant),*),*];

            /// The public number: 101 to 899.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $($(Self::$variant => $number,)*)* }
            }

            // Inlined, so that only those that an error can have are linked, not the whole table.
            #[inline(always)]
            pub(crate) const fn entry(self) -> &'static Entry {
                match self {
                    $($(Self::$variant => const {
                        &Entry {
                            code: Self::$variant,
                            name: $name,
                            sentence: $sentence,
                            reply: Reply::$reply,
                        }
                    },)*)*
                }
            }
        }
    };
}

impl Code {
    /// The code with this number, if there is one.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// The code with this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The public name, in snake case: `missing_prefix`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// The general sentence for this code, in lower case without a full stop. An error may have a
    /// more exact one: [`Error::message`](crate::Error::message).
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.entry().sentence
    }
}

/// The table's row of a code.
///
/// An error holds its row, not the code alone: a row brings one name and one sentence into a
/// program, and a look-up by code would bring them all.
#[derive(PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) code: Code,
    pub(crate) name: &'static str,
    pub(crate) sentence: &'static str,
    pub(crate) reply: Reply,
}

impl Entry {
    pub(crate) fn is(&self, code: Code) -> bool {
        self.code == code
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// How the gate answers a client whose request ends with a code (section 15 of
/// `docs/policy-language.md`).
///
/// It stands beside each code, so that none can be added without a word on what a client may see.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// 401 without an error: no credential was sent, and nothing went wrong yet.
    MissingCredential,
    /// 400: the `Authorization` header could not be read. The client sees the code.
    BadHeader,
    /// 401: the token is wrong in a way that anyone can see. The client sees the code.
    BadToken,
    /// 401: the client sees only that the credential is not valid, since more would tell real ids
    /// and secrets from wrong ones. Codes that end no request are here too: it says the least.
    Hidden,
    /// 400: the path is refused. The client sees the code.
    BadPath,
    /// 403: the policy says no. The client sees the class and the reasons.
    Denied,
    /// 405: the path has other methods. The client sees which.
    MethodNotAllowed,
    /// 503: nothing was decided. The client sees only that.
    Unavailable,
}

impl Reply {
    /// The HTTP status, and what it is called (RFC 9110, 15).
    pub(crate) const fn status(self) -> (u16, &'static str) {
        match self {
            Self::BadHeader | Self::BadPath => (400, "Bad Request"),
            Self::MissingCredential | Self::BadToken | Self::Hidden => (401, "Unauthorized"),
            Self::Denied => (403, "Forbidden"),
            Self::MethodNotAllowed => (405, "Method Not Allowed"),
            Self::Unavailable => (503, "Service Unavailable"),
        }
    }
}

codes! {
    BadToken {
        MissingPrefix = 101, "missing_prefix",
            "this is no cog_ credential; send the whole token, as it was shown";
        UnknownVersion = 102, "unknown_version",
            "this cog_ credential is of another version than 1; it may be an older one";
        WrongLength = 103, "wrong_length",
            "a token has exactly 81 bytes; copy all of it and nothing else";
        UnknownKind = 104, "unknown_kind",
            "the character after the version names no kind of credential; copy the token again";
        InvalidCharacter = 105, "invalid_character",
            "a character outside 0-9A-Za-z is in the token; copy it again";
        ChecksumMismatch = 106, "checksum_mismatch",
            "the checksum does not fit, so a character was changed; copy the token again";
        ReservedKeyId = 107, "reserved_key_id", "the key id 00 is reserved; use another";
        TagOutOfRange = 108, "tag_out_of_range",
            "the tag encodes no 128-bit number; copy the token again";
        SampleToken = 111, "sample_token",
            "this is a sample from the documentation and valid nowhere; use a real credential";
    }
    Hidden {
        UnknownKeyId = 112, "unknown_key_id",
            "no key is held for the token's key id; add that key, or reject the token";
        TagMismatch = 113, "tag_mismatch",
            "the tag does not fit: the token was not made with this key, or was changed";
    }
    BadToken {
        Expired = 114, "expired", "the token is past its hard expiry; make a new one";
    }
    Hidden {
        UnknownCredential = 121, "unknown_credential", "there is no record of this credential";
    }
    Unavailable {
        InvalidRecord = 122, "invalid_record",
            "the record of this credential is not valid; the issuer must store it again";
    }
    Hidden {
        RecordMismatch = 123, "record_mismatch", "the record belongs to another credential";
        DigestMismatch = 124, "digest_mismatch",
            "the token is not the one that the record was made for";
        Revoked = 125, "revoked", "the credential was revoked; make a new one";
        Rotated = 126, "rotated",
            "the credential was rotated and its grace is over; use its successor";
        RecordExpired = 127, "record_expired", "the credential has expired; make a new one";
        NotYetValid = 128, "not_yet_valid",
            "the credential is not valid yet; wait until its not_before";
        InvalidKeySet = 131, "invalid_key_set",
            "the key set is not valid; make it with this library or correct it";
        WrongKeyUse = 132, "wrong_key_use",
            "this key set is for another use; load the key set that was made for this use";
        InvalidKeyId = 133, "invalid_key_id", "a key id is two characters of 0-9A-Za-z";
        InvalidPrincipal = 134, "invalid_principal", "a principal's id has 1 to 1,024 bytes";
        TimeOutOfRange = 135, "time_out_of_range",
            "a time is a number of seconds from 0 to 9007199254740991, and a hard expiry a day \
             from 1 to 238327";
        NotEnoughRandomBytes = 136, "not_enough_random_bytes",
            "minting used up the random bytes; call again with more fresh ones";
        AlreadyRotated = 137, "already_rotated",
            "the credential was rotated before; rotate its successor";
        NotRotatable = 138, "not_rotatable",
            "the credential is revoked or expired; make a new one instead of rotating it";
        WiderThanPredecessor = 139, "wider_than_predecessor",
            "a successor has its predecessor's principal and kind, and no scope, organization, \
             address or later expiry that its predecessor lacks";
    }
    BadHeader {
        SeveralCredentials = 141, "several_credentials",
            "more than one credential was sent; send exactly one";
        MalformedHeader = 142, "malformed_header",
            "the Authorization header is malformed; send `Bearer`, a space and the token";
    }
    Hidden {
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
        InvalidPointer = 307, "invalid_pointer",
            "this is not a JSON pointer that a request can have";
        NoSchema = 308, "no_schema", "the policy has no schema";
        UnknownVersionOfDocument = 309, "unknown_document_version",
            "the document is of another version than 1";
        UnknownAttribute = 311, "unknown_attribute", "this attribute is not declared";
        UnknownAction = 312, "unknown_action", "this action is not declared";
        UnknownRole = 313, "unknown_role", "this role is not declared";
        UnknownCondition = 314, "unknown_condition", "this condition is not declared";
        UnknownOperator = 315, "unknown_operator", "this operator does not exist";
        UnknownValue = 316, "unknown_value", "this value is not one of those declared";
        OperatorType = 317, "operator_type", "this operator does not fit the attribute's type";
        OperandType = 318, "operand_type", "this operand does not fit the attribute's type";
        OutOfRange = 319, "out_of_range", "this number is outside the declared range";
        NullLiteral = 321, "null_literal",
            "null is not a literal; use `present`, which is unknown where nothing stands";
        EmptyOperator = 322, "empty_operator", "an operator object needs at least one operator";
        Cycle = 323, "cycle", "this refers to itself, directly or through others";
        WrongLevel = 324, "wrong_level", "the levels do not fit";
        DuplicateRoute = 331, "duplicate_route", "this method and path template is declared twice";
        InvalidTemplate = 332, "invalid_template", "this is not a valid path template";
        UnknownParameter = 333, "unknown_parameter", "the path template has no such parameter";
        LimitExceeded = 341, "limit_exceeded", "this is over a limit";
        UnexpectedDigest = 342, "unexpected_digest", "the digest is not the one that was expected";
        MalformedRequest = 401, "malformed_request",
            "the request is not an AuthZEN evaluation request";
        InvalidAttribute = 402, "invalid_attribute",
            "this is not a pointer to a place that an attribute can have";
    }
    BadPath {
        InvalidPath = 411, "invalid_path",
            "the path has two readings or holds a credential; send its normal form, without one";
    }
    Hidden {
        InvalidImage = 501, "invalid_image",
            "the compiled image is damaged; compile the policy again";
        UnknownImageVersion = 502, "unknown_image_version",
            "the compiled image is of another version; compile the policy with this library";
    }
    Unavailable {
        InvalidFacts = 601, "invalid_facts",
            "the facts are not valid, or are not about the credential's principal";
    }
    Hidden {
        ReservedContext = 602, "reserved_context",
            "the gate alone writes this place of the context; leave it out";
        InvalidContext = 603, "invalid_context",
            "the context is not a JSON object within the limits";
        DisabledPrincipal = 604, "disabled_principal", "the principal is disabled";
    }
    MissingCredential {
        MissingCredential = 605, "missing_credential",
            "send a cog_ credential in the Authorization header as a bearer token";
    }
    Unavailable {
        Unavailable = 606, "unavailable", "the credential could not be checked; try again later";
        StaleRecord = 607, "stale_record",
            "the record was fetched too long ago, or at an unknown time; fetch it again";
        ImplausibleTime = 608, "implausible_time",
            "the present time is before the record was made or after the year 2999; set the clock";
    }
    Hidden {
        UnknownPrincipal = 609, "unknown_principal",
            "there is no principal with the id that the record names";
    }
    MethodNotAllowed {
        MethodNotAllowed = 611, "method_not_allowed", "this path has no such method";
    }
    Denied {
        Denied = 612, "denied", "the credential may not do this";
    }
    Hidden {
        /// Returned by bindings alone.
        ///
        InvalidArgument = 701, "invalid_argument", "an argument is missing or of a wrong type";
        /// Returned by bindings alone.
        ///
        Freed = 702, "freed", "this was freed; load it again";
        /// Returned by bindings alone.
        ///
        Fault = 703, "fault", "the module failed, and nothing was decided; call again";
        /// Returned by bindings alone.
        ///
        NotInitialized = 704, "not_initialized", "there is no module; call init first";
        /// Returned by bindings alone.
        ///
        BufferTooSmall = 705, "buffer_too_small",
            "the buffer is too small for the text; call again with as many bytes as were asked for";
        /// Returned by bindings alone.
        ///
        WrongStep = 706, "wrong_step",
            "this was not asked, or was answered already; answer what the exchange asks now";
        /// Returned by bindings alone.
        ///
        OutOfMemory = 707, "out_of_memory", "there is not enough memory; nothing was decided";
        /// A warning, which refuses nothing.
        ///
        UnreadPlace = 801, "unread_place", "nothing reads this place of a request";
        /// A warning, which refuses nothing.
        ///
        UndeclaredInCase = 802, "undeclared_in_case",
            "the request of a test case has a name here that is not declared";
        /// A warning, which refuses nothing.
        ///
        UnusedRequest = 803, "unused_request", "no test case uses this request";
        /// A warning, which refuses nothing.
        ///
        LiteralAttribute = 804, "literal_attribute",
            "this text is compared as it is, and it is the name of an attribute";
        /// A warning, which refuses nothing.
        ///
        Unused = 805, "unused", "nothing uses this";
        /// A warning, which refuses nothing.
        ///
        Contradiction = 806, "contradiction", "these conditions never hold together";
        /// A warning, which refuses nothing.
        ///
        NeverTrue = 807, "never_true", "this can never be true";
        /// A warning, which refuses nothing.
        ///
        NoPermit = 808, "no_permit", "no rule permits anything, so every request is denied";
        /// A warning, which refuses nothing.
        ///
        LiteralPattern = 809, "literal_pattern",
            "this segment looks like a pattern, and is compared as it is";
        /// A warning, which refuses nothing.
        ///
        UnknownToGate = 810, "unknown_to_gate", "the gate makes no subjects of this type";
        /// A warning, which refuses nothing.
        ///
        AlikeNames = 811, "alike_names",
            "two names differ only by case or by characters that are not seen";
        /// A warning, which refuses nothing.
        ///
        MisspelledMethod = 812, "misspelled_method",
            "this is no method of HTTP, and is written almost like one";
    }
}
