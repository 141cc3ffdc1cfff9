//! The public names in a token: key ids, credential ids and handles.

use super::layout::{self, HARD_EXPIRY, ID, KEY_ID, KIND};
use super::{Day, Kind, alphabet};
use crate::error::{Code, Error};
use crate::json::Text;
use core::fmt;

/// Which root key made a token's tag: two characters of `0-9A-Za-z`, but not `00`.
///
/// ```
/// use cog_auth::{Code, token::KeyId};
///
/// assert_eq!(KeyId::parse("zZ")?.as_str(), "zZ");
/// assert_eq!(KeyId::parse("00").unwrap_err().code(), Code::ReservedKeyId);
/// assert_eq!(KeyId::parse("1").unwrap_err().code(), Code::InvalidKeyId);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 2]);

impl KeyId {
    /// A key id from its text.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidKeyId`] unless it is two characters of `0-9A-Za-z`, [`Code::ReservedKeyId`] for `00`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let characters: [u8; 2] = characters(text).ok_or_else(|| Error::new(Code::InvalidKeyId))?;
        Self::from_characters(characters).ok_or_else(|| Error::new(Code::ReservedKeyId))
    }

    /// The two characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// Any two characters.
    pub(super) fn of(characters: [u8; 2]) -> Option<Self> {
        if alphabet::contains_all(&characters) { Self::from_characters(characters) } else { None }
    }

    /// Characters of the alphabet that are not `00`.
    pub(super) fn from_characters(characters: [u8; 2]) -> Option<Self> {
        if characters == *b"00" { None } else { Some(Self(characters)) }
    }

    pub(super) const fn characters(self) -> [u8; 2] {
        self.0
    }

    /// In the same order as the ids.
    pub(super) const fn number(self) -> u16 {
        u16::from_be_bytes(self.0)
    }
}

/// The public id of a credential, under which its record is stored: 12 characters of `0-9A-Za-z`.
///
/// ```
/// use cog_auth::{Code, token::CredentialId};
///
/// let id = CredentialId::parse("AAAABBBBCCCC")?;
/// assert_eq!(id.as_str(), "AAAABBBBCCCC");
/// assert_eq!(CredentialId::parse("short").unwrap_err().code(), Code::InvalidRecord);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId([u8; 12]);

impl CredentialId {
    /// An id from its text.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] unless it is 12 characters of `0-9A-Za-z`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::of(text).ok_or_else(|| Error::new(Code::InvalidRecord).because(CREDENTIAL_ID))
    }

    /// What stands in a record until its id is read.
    pub(super) const BLANK: Self = Self([0; 12]);

    pub(super) fn of(text: &str) -> Option<Self> {
        characters(text).map(Self)
    }

    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        let mut characters = [0; 12];
        let valid = text.fill(&mut characters) && alphabet::contains_all(&characters);
        if valid { Some(Self(characters)) } else { None }
    }

    /// The 12 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

/// The first 23 bytes of a token, which are all that logs and pages may show of it.
///
/// It tells the kind, the key id, the hard expiry and the id; nothing in it is secret. Only a token
/// that was parsed gives one.
///
/// ```
/// use cog_auth::token::{Kind, Token};
///
/// let token = Token::parse(
///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
/// )?;
/// let handle = token.handle();
/// assert_eq!(handle.as_str(), "cog_1s015PnAAAABBBBCCCC");
/// assert_eq!(handle.kind(), Kind::ServiceUserKey);
/// assert_eq!(handle.key_id().as_str(), "01");
/// assert_eq!(handle.hard_expiry().map(|day| day.number()), Some(20_819));
/// assert_eq!(handle.id().as_str(), "AAAABBBBCCCC");
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle([u8; Handle::LEN]);

impl Handle {
    /// How many bytes a handle has.
    pub const LEN: usize = layout::HANDLE.end();

    /// The first bytes of a token whose checks they have passed.
    pub(super) const fn of_valid(bytes: &[u8; Self::LEN]) -> Self {
        Self(*bytes)
    }

    /// The 23 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The kind of credential.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match Kind::from_character(KIND.of(&self.0)) {
            Some(kind) => kind,
            // Parsing has refused any other; a sample is what nobody accepts.
            None => Kind::Sample,
        }
    }

    /// The key under which the tag was made.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        KeyId(*KEY_ID.of(&self.0))
    }

    /// The last day on which the token is good, if it has one.
    #[must_use]
    pub fn hard_expiry(&self) -> Option<Day> {
        Day::from_characters(HARD_EXPIRY.of(&self.0))
    }

    /// The id under which the record is stored.
    #[must_use]
    pub const fn id(&self) -> CredentialId {
        CredentialId(*ID.of(&self.0))
    }
}

macro_rules! shown_as_text {
    ($($type:ident)*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
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

shown_as_text!(KeyId CredentialId Handle);

pub(super) const CREDENTIAL_ID: &str = "a credential's id is 12 characters of 0-9A-Za-z";

/// Exactly N characters of the alphabet.
fn characters<const N: usize>(text: &str) -> Option<[u8; N]> {
    let characters: [u8; N] = text.as_bytes().try_into().ok()?;
    if alphabet::contains_all(&characters) { Some(characters) } else { None }
}

/// Characters of the alphabet are always text.
fn text(characters: &[u8]) -> &str {
    core::str::from_utf8(characters).unwrap_or_default()
}
