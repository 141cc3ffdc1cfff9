//! Handles: the part of a token that may be shown.

use super::id::{shown_as_text, text};
use super::layout::{self, HARD_EXPIRY, ID, KEY_ID, KIND};
use super::{CredentialId, ExpiryDay, KeyId, Kind};
use core::fmt;

/// The first 23 characters of a token, which are all that logs and pages may show of it.
///
/// It tells the kind, the key id, the hard expiry and the credential's id. Nothing in it is secret.
/// Only a token that was parsed gives one.
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
    /// How many characters a handle has: 23.
    pub const LEN: usize = layout::HANDLE.len();

    /// The handle of a token that was parsed.
    pub(super) const fn of_parsed(token: &[u8; layout::LEN]) -> Self {
        Self(*layout::HANDLE.of(token))
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
            // Parsing has refused any other character. If it had not, nobody accepts a sample.
            None => Kind::Sample,
        }
    }

    /// The id of the key with which the token was made.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        KeyId::of_parsed(KEY_ID.of(&self.0))
    }

    /// The last day on which the token is good. None: it has no hard expiry.
    #[must_use]
    pub fn hard_expiry(&self) -> Option<ExpiryDay> {
        ExpiryDay::from_characters(HARD_EXPIRY.of(&self.0))
    }

    /// The credential's id, under which its record is stored.
    #[must_use]
    pub const fn id(&self) -> CredentialId {
        CredentialId::of_parsed(ID.of(&self.0))
    }
}

shown_as_text!(Handle);
