//! What is found in a text: where, how sure, and in which encodings.

use crate::token::Handle;
use core::ops::Range;

/// A place in a text that is a token or looks like a credential, as [`scan`](super::scan) finds it.
///
/// ```
/// use cog_auth::token::{Certainty, scan};
///
/// let text = b"an older credential: cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
/// for finding in scan(text) {
///     assert_eq!(finding.range(), 21..55);
///     assert_eq!(finding.handle(), None);
///     assert_eq!(finding.certainty(), Certainty::LooksLikeOne);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    range: Range<usize>,
    handle: Option<Handle>,
    encodings: Layers,
}

impl Finding {
    pub(super) const fn new(range: Range<usize>, handle: Option<Handle>) -> Self {
        Self { range, handle, encodings: Layers::NONE }
    }

    pub(super) const fn encoded(range: Range<usize>, handle: Handle, encodings: Layers) -> Self {
        Self { range, handle: Some(handle), encodings }
    }

    /// Where it is in the text, as byte offsets. What is to be cut out is all of it.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The handle, if it is a well-formed token. None: it is an older credential, a damaged one, or
    /// random text.
    #[must_use]
    pub const fn handle(&self) -> Option<Handle> {
        self.handle
    }

    /// How sure it is that it is a token.
    #[must_use]
    pub const fn certainty(&self) -> Certainty {
        match self.handle {
            Some(_) => Certainty::Parsed,
            None => Certainty::LooksLikeOne,
        }
    }

    /// The encodings in which the token stands in the text, from the outside to the inside. There
    /// are none if it stands there as it is.
    ///
    /// ```
    /// use cog_auth::token::{Encoding, scan_decoding};
    ///
    /// let text =
    ///     b"cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// let finding = scan_decoding(text).next().expect("there is one");
    /// assert_eq!(finding.encodings().collect::<Vec<_>>(), [Encoding::Percent]);
    /// ```
    pub fn encodings(&self) -> impl Iterator<Item = Encoding> + use<> {
        self.encodings.0.into_iter().flatten()
    }

    /// Whether it stands in the text as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.encodings == Layers::NONE
    }
}

/// How sure a [`Finding`] is. The example there asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// It has the form of a token, and its checksum fits.
    Parsed,
    /// It looks like a credential: it is an older one, a damaged one, or random text.
    LooksLikeOne,
}

impl Certainty {
    /// Its name: `parsed` or `looks_like`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parsed => "parsed",
            Self::LooksLikeOne => "looks_like",
        }
    }
}

/// An encoding in which [`scan_decoding`](super::scan_decoding) finds tokens. Section "Tokens in
/// encodings" of `docs/token-format.md` says which texts each reads. [`Finding::encodings`] has an
/// example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Base64 and base64url, at any of the four places of a group, in lines or not.
    Base64,
    /// Two hexadecimal digits a byte, on their own or in a list.
    Hex,
    /// A list of decimal numbers, one a byte.
    Decimal,
    /// UTF-16 of either order, at any offset, with or without a mark.
    Utf16,
    /// Percent escapes of URLs and forms, also twice: `%5F`, `%255F`.
    Percent,
    /// Escapes with a backslash, as JSON, programs and Markdown have them: `\u005f`, `\x5f`, `\_`.
    Backslash,
    /// References of HTML and XML: `&#95;`, `&#x5f;`, `&lowbar;`.
    Html,
    /// Quoted-printable escapes of mails: `=5F`.
    QuotedPrintable,
    /// A prefix in another case: `COG_`.
    OtherCase,
    /// Characters with a break between them, such as the end of a line.
    Broken,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Base64,
        Self::Hex,
        Self::Decimal,
        Self::Utf16,
        Self::Percent,
        Self::Backslash,
        Self::Html,
        Self::QuotedPrintable,
        Self::OtherCase,
        Self::Broken,
    ];

    /// Its name, such as `base64` or `quoted_printable`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Decimal => "decimal",
            Self::Utf16 => "utf16",
            Self::Percent => "percent",
            Self::Backslash => "backslash",
            Self::Html => "html",
            Self::QuotedPrintable => "quoted_printable",
            Self::OtherCase => "other_case",
            Self::Broken => "broken",
        }
    }
}

/// Encodings around a token, the outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layers([Option<Encoding>; 3]);

impl Layers {
    pub(super) const NONE: Self = Self([None; 3]);

    pub(super) const fn one(encoding: Encoding) -> Self {
        Self([Some(encoding), None, None])
    }

    /// These within another one. There are never more than three: two that are decoded as a whole,
    /// and the escapes within.
    pub(super) const fn within(self, outer: Encoding) -> Self {
        let [first, second, _] = self.0;
        Self([Some(outer), first, second])
    }
}
