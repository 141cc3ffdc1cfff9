//! The two public ids in a token: which key made it, and under which id its record is stored.

use super::alphabet;
use super::layout::{ID, KEY_ID};
use crate::error::{Code, Error};
use crate::json::Text;
use core::fmt;

/// The id of a root key, and of the edge key and the pepper that come from it: two characters of
/// `0-9A-Za-z`, but not `00`.
///
/// A token names the key that its tag was made with. So keys can be replaced while tokens live.
///
/// ```
/// use cog_auth::token::KeyId;
///
/// let key_id = KeyId::parse("zZ")?;
/// assert_eq!(key_id.as_str(), "zZ");
/// assert_eq!(key_id.to_string(), "zZ");
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; KEY_ID.len()]);

impl KeyId {
    /// Reads a key id.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidKeyId`] for anything but two characters of `0-9A-Za-z`;
    /// [`Code::ReservedKeyId`] for `00`, which no key has.
    ///
    /// ```
    /// use cog_auth::{Code, token::KeyId};
    ///
    /// assert_eq!(KeyId::parse("1").unwrap_err().code(), Code::InvalidKeyId);
    /// assert_eq!(KeyId::parse("00").unwrap_err().code(), Code::ReservedKeyId);
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let characters = read_characters(Text::plain(text));
        let characters = characters.ok_or_else(|| Error::new(Code::InvalidKeyId))?;
        Self::from_characters(characters).ok_or_else(|| Error::new(Code::ReservedKeyId))
    }

    /// The two characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The key id of any two bytes, if they are one.
    pub(super) fn of(characters: [u8; 2]) -> Option<Self> {
        if alphabet::contains_all(&characters) { Self::from_characters(characters) } else { None }
    }

    /// The key id of two characters of the alphabet. None for `00`.
    pub(super) fn from_characters(characters: [u8; 2]) -> Option<Self> {
        if characters == *b"00" { None } else { Some(Self(characters)) }
    }

    /// The key id in a token that was parsed, which has refused `00`.
    pub(super) const fn of_parsed(characters: &[u8; 2]) -> Self {
        Self(*characters)
    }

    pub(super) const fn characters(self) -> [u8; 2] {
        self.0
    }
}

/// The public id of a credential, under which its record is stored: 12 characters of `0-9A-Za-z`.
///
/// ```
/// use cog_auth::token::CredentialId;
///
/// let id = CredentialId::parse("AAAABBBBCCCC")?;
/// assert_eq!(id.as_str(), "AAAABBBBCCCC");
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId([u8; ID.len()]);

impl CredentialId {
    /// Reads a credential's id.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] for anything but 12 characters of `0-9A-Za-z`.
    ///
    /// ```
    /// use cog_auth::{Code, token::CredentialId};
    ///
    /// assert_eq!(CredentialId::parse("short").unwrap_err().code(), Code::InvalidRecord);
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(Text::plain(text))
            .ok_or_else(|| Error::new(Code::InvalidRecord).because(CREDENTIAL_ID))
    }

    /// Stands in a record until its id is read.
    pub(super) const BLANK: Self = Self([0; ID.len()]);

    /// Reads a credential's id from JSON.
    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        read_characters(text).map(Self)
    }

    /// The id in a token that was parsed.
    pub(super) const fn of_parsed(characters: &[u8; 12]) -> Self {
        Self(*characters)
    }

    /// The 12 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

/// What an error says of anything else.
pub(super) const CREDENTIAL_ID: &str = "a credential's id is 12 characters of 0-9A-Za-z";

/// Implements `Display` and `Debug` for a type that has `as_str`, and gives its characters as
/// bytes, for callers that write them where nobody asks again whether they are text.
macro_rules! shown_as_text {
    ($($type:ident)*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<[u8]> for $type {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "("))?;
                f.write_str(self.as_str())?;
                f.write_str(")")
            }
        }
    )*};
}

shown_as_text!(KeyId CredentialId);

pub(super) use shown_as_text;

/// Exactly N characters of the alphabet.
pub(super) fn read_characters<const N: usize>(text: Text<'_>) -> Option<[u8; N]> {
    let mut characters = [0; N];
    let valid = text.fill(&mut characters) && alphabet::contains_all(&characters);
    if valid { Some(characters) } else { None }
}

/// ASCII as text, which it always is.
pub(super) fn text(characters: &[u8]) -> &str {
    core::str::from_utf8(characters).unwrap_or_default()
}
