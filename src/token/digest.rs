//! What is stored of a token: digests, from which nobody gets the token back.

use super::{KeyId, Pepper, Token};
use crate::crypto::base64url;
use crate::crypto::sha256::sha256;
use crate::error::{Code, Error};
use crate::json::Text;
use alloc::string::String;
use core::fmt;
use subtle::ConstantTimeEq;

/// The longest id of a principal, in bytes.
pub const MAX_PRINCIPAL_BYTES: usize = 1_024;

/// The digest that an origin compares: `$cog1$01$…`, an HMAC under the pepper of the token's key id.
///
/// It is bound to its owner: copied to another principal's record it no longer fits, and nobody makes one without the
/// pepper. Compared in constant time; `Debug` leaves the bytes out.
///
/// ```
/// use cog_auth::token::{Digest, KeyId, RootKey, Token};
///
/// let root: [u8; 32] = std::array::from_fn(|index| index as u8);
/// let pepper = RootKey::new(KeyId::parse("01")?, &root).pepper();
/// let token = Token::parse(
///     b"cog_1p010000000000000000000000000000000000000000000001GW72KIy5KkNQPWIdLK0B02ks0fQ",
/// )?;
/// let digest = Digest::of(&token, "user_01", &pepper)?;
/// assert_eq!(digest.to_string(), "$cog1$01$AXNTDzw_9ccC_9TGMPB8haOUmm8DPJKCpHLfcsPcu64");
/// assert_eq!(Digest::parse(&digest.to_string())?, digest);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Digest {
    key_id: KeyId,
    bytes: [u8; 32],
}

/// The digest that an edge compares: `$cog1e$…`, a plain SHA-256, for 178 random bits need no key.
///
/// Bound to its owner and compared as [`Digest`] is.
///
/// ```
/// use cog_auth::token::{EdgeDigest, Token};
///
/// let token = Token::parse(
///     b"cog_1p010000000000000000000000000000000000000000000001GW72KIy5KkNQPWIdLK0B02ks0fQ",
/// )?;
/// let digest = EdgeDigest::of(&token, "user_01")?;
/// assert_eq!(digest.to_string(), "$cog1e$XdkfbJLt6oJYqiwYuxbszxOEGA0YYeG9pz8_zgMIbF4");
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct EdgeDigest {
    bytes: [u8; 32],
}

impl Digest {
    /// The digest of a token that belongs to a principal.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidPrincipal`] unless the id has 1 to [`MAX_PRINCIPAL_BYTES`] bytes,
    /// [`Code::UnknownKeyId`] if the pepper has another key id than the token.
    pub fn of(token: &Token, principal: &str, pepper: &Pepper) -> Result<Self, Error> {
        let length = principal_length(principal)?.to_be_bytes();
        if pepper.key_id() != token.key_id() {
            return Err(Error::new(Code::UnknownKeyId));
        }
        let mut bytes = [0; 32];
        let parts: [&[u8]; 4] = [b"cog/v1/record\0", &length, principal.as_bytes(), token.bytes()];
        pepper.hash().hash(&parts, &mut bytes);
        Ok(Self { key_id: pepper.key_id(), bytes })
    }

    /// Reads a digest from its text.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] unless it is `$cog1$`, a key id, `$` and 43 characters of base64url whose spare bits are zero.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(Text::plain(text)).ok_or_else(|| Error::new(Code::InvalidRecord).because(DIGEST))
    }

    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        let mut characters = [0; 9 + base64url::LEN];
        if !text.fill(&mut characters) {
            return None;
        }
        let [b'$', b'c', b'o', b'g', b'1', b'$', a, b, b'$', rest @ ..] = characters else {
            return None;
        };
        Some(Self { key_id: KeyId::of([a, b])?, bytes: decode(&rest)? })
    }

    /// The key id of the pepper that made it.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }
}

impl EdgeDigest {
    /// The edge digest of a token that belongs to a principal.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidPrincipal`] unless the id has 1 to [`MAX_PRINCIPAL_BYTES`] bytes.
    pub fn of(token: &Token, principal: &str) -> Result<Self, Error> {
        let mut digest = Self { bytes: [0; 32] };
        digest.make(token, principal)?;
        Ok(digest)
    }

    fn make(&mut self, token: &Token, principal: &str) -> Result<(), Error> {
        let length = principal_length(principal)?.to_be_bytes();
        let parts: [&[u8]; 4] =
            [b"cog/v1/edge-digest\0", &length, principal.as_bytes(), token.bytes()];
        sha256(&parts, &mut self.bytes);
        Ok(())
    }

    /// Whether it is that of this token and principal.
    pub(super) fn is_of(&self, token: &Token, principal: &str) -> Result<bool, Error> {
        let mut digest = Self { bytes: [0; 32] };
        digest.make(token, principal)?;
        Ok(digest == *self)
    }

    /// Reads an edge digest from its text.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] unless it is `$cog1e$` and 43 characters of base64url whose spare bits are zero.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(Text::plain(text))
            .ok_or_else(|| Error::new(Code::InvalidRecord).because(EDGE_DIGEST))
    }

    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        let mut characters = [0; 7 + base64url::LEN];
        if !text.fill(&mut characters) {
            return None;
        }
        let [b'$', b'c', b'o', b'g', b'1', b'e', b'$', rest @ ..] = characters else {
            return None;
        };
        Some(Self { bytes: decode(&rest)? })
    }
}

impl Digest {
    /// The text, without the machinery of `Display`.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("$cog1$");
        text.push_str(self.key_id.as_str());
        text.push('$');
        base64url::push(&self.bytes, &mut text);
        text
    }
}

impl EdgeDigest {
    /// The text, without the machinery of `Display`.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("$cog1e$");
        base64url::push(&self.bytes, &mut text);
        text
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.key_id == other.key_id && bool::from(self.bytes.ct_eq(&other.bytes))
    }
}

impl Eq for Digest {}

impl PartialEq for EdgeDigest {
    fn eq(&self, other: &Self) -> bool {
        self.bytes.ct_eq(&other.bytes).into()
    }
}

impl Eq for EdgeDigest {}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl fmt::Display for EdgeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(")?;
        f.write_str(self.key_id.as_str())?;
        f.write_str(", …)")
    }
}

impl fmt::Debug for EdgeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EdgeDigest(…)")
    }
}

pub(super) const DIGEST: &str =
    "a digest is $cog1$, a key id, $ and 43 characters of base64url, spare bits zero";
pub(super) const EDGE_DIGEST: &str =
    "an edge_digest is $cog1e$ and 43 characters of base64url, spare bits zero";

/// The length of a principal's id as it goes into a digest.
pub(super) fn principal_length(principal: &str) -> Result<u16, Error> {
    match u16::try_from(principal.len()) {
        Ok(length) if (1..=MAX_PRINCIPAL_BYTES).contains(&principal.len()) => Ok(length),
        _ => Err(Error::new(Code::InvalidPrincipal)),
    }
}

fn decode(characters: &[u8; base64url::LEN]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    base64url::decode(characters, &mut bytes).map(|()| bytes)
}
