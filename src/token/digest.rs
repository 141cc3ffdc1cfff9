//! The digests that are stored of a token, from which nobody gets the token back (section "Digests"
//! of `docs/token-format.md`).
//!
//! Both are bound to the principal that the token belongs to: copied into the record of another
//! principal, a digest no longer fits.

use super::id::text;
use super::layout::{self, KEY_ID};
use super::{KeyId, Peppers};
use crate::crypto::base64url;
use crate::crypto::sha256::sha256;
use crate::error::{Code, Error};
use crate::json::Text;
use subtle::ConstantTimeEq;

type TokenBytes = [u8; layout::LEN];

/// The longest id of a principal, in bytes of UTF-8.
pub const MAX_PRINCIPAL_BYTES: usize = 1_024;

/// The digest that an origin compares: `$cog1$`, a key id, `$`, and an HMAC under the pepper of
/// that key id, which nobody makes without it.
#[derive(Clone, Copy)]
pub(super) struct OriginDigest {
    key_id: KeyId,
    hash: [u8; 32],
    text: [u8; 9 + base64url::LEN],
}

/// The digest that an edge compares: `$cog1e$` and a SHA-256. It needs no key, since the secret in
/// a token has 178 random bits.
#[derive(Clone, Copy)]
pub(super) struct EdgeDigest {
    hash: [u8; 32],
    text: [u8; 7 + base64url::LEN],
}

impl OriginDigest {
    /// What an error says of a text that is none.
    pub(super) const FORM: &str =
        "a digest is $cog1$, a key id, $ and 43 characters of base64url, spare bits zero";

    /// The digest of a token. [`Code::UnknownKeyId`] without the pepper of the token's key id.
    pub(super) fn of(
        token: &TokenBytes,
        principal: &str,
        peppers: &Peppers,
    ) -> Result<Self, Error> {
        let (key_id, hash) = Self::hash(token, principal, peppers)?;
        Ok(Self { key_id, hash, text: joined(&Self::start(key_id), &hash) })
    }

    /// Whether it is the digest of this token. Compares in constant time.
    pub(super) fn is_of(
        &self,
        token: &TokenBytes,
        principal: &str,
        peppers: &Peppers,
    ) -> Result<bool, Error> {
        let (key_id, hash) = Self::hash(token, principal, peppers)?;
        Ok(self.key_id == key_id && self.hash.ct_eq(&hash).into())
    }

    fn hash(
        token: &TokenBytes,
        principal: &str,
        peppers: &Peppers,
    ) -> Result<(KeyId, [u8; 32]), Error> {
        let length = principal_length(principal)?.to_be_bytes();
        let key_id = KeyId::of_parsed(KEY_ID.of(token));
        let pepper = peppers.find(key_id).ok_or_else(|| Error::new(Code::UnknownKeyId))?;
        let mut hash = [0; 32];
        let parts = [b"cog/v1/record\0", length.as_slice(), principal.as_bytes(), token];
        pepper.hash().hash(&parts, &mut hash);
        Ok((key_id, hash))
    }

    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        let (mut text_read, mut hash) = ([0; 9 + base64url::LEN], [0; 32]);
        let filled = text.fill(&mut text_read);
        let [_, _, _, _, _, _, a, b, _, characters @ ..] = &text_read;
        let key_id = KeyId::of([*a, *b])?;
        let valid = filled
            && text_read.starts_with(&Self::start(key_id))
            && base64url::decode(characters, &mut hash);
        valid.then_some(Self { key_id, hash, text: text_read })
    }

    /// What stands before the hash.
    const fn start(key_id: KeyId) -> [u8; 9] {
        let [a, b] = key_id.characters();
        [b'$', b'c', b'o', b'g', b'1', b'$', a, b, b'$']
    }

    /// The key id of the pepper that made it.
    pub(super) const fn key_id(&self) -> KeyId {
        self.key_id
    }

    pub(super) fn as_str(&self) -> &str {
        text(&self.text)
    }
}

impl EdgeDigest {
    /// What an error says of a text that is none.
    pub(super) const FORM: &str =
        "an edge_digest is $cog1e$ and 43 characters of base64url, spare bits zero";

    const START: [u8; 7] = *b"$cog1e$";

    /// The edge digest of a token.
    pub(super) fn of(token: &TokenBytes, principal: &str) -> Result<Self, Error> {
        let hash = Self::hash(token, principal)?;
        Ok(Self { hash, text: joined(&Self::START, &hash) })
    }

    /// Whether it is the edge digest of this token. Compares in constant time.
    pub(super) fn is_of(&self, token: &TokenBytes, principal: &str) -> Result<bool, Error> {
        Ok(self.hash.ct_eq(&Self::hash(token, principal)?).into())
    }

    fn hash(token: &TokenBytes, principal: &str) -> Result<[u8; 32], Error> {
        let length = principal_length(principal)?.to_be_bytes();
        let mut hash = [0; 32];
        let parts = [b"cog/v1/edge-digest\0", length.as_slice(), principal.as_bytes(), token];
        sha256(&parts, &mut hash);
        Ok(hash)
    }

    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        let (mut text_read, mut hash) = ([0; 7 + base64url::LEN], [0; 32]);
        let filled = text.fill(&mut text_read);
        let [_, _, _, _, _, _, _, characters @ ..] = &text_read;
        let valid = filled
            && text_read.starts_with(&Self::START)
            && base64url::decode(characters, &mut hash);
        valid.then_some(Self { hash, text: text_read })
    }

    pub(super) fn as_str(&self) -> &str {
        text(&self.text)
    }
}

// There is one text for each hash, so texts are equal where hashes are.

impl PartialEq for OriginDigest {
    fn eq(&self, other: &Self) -> bool {
        self.text.ct_eq(&other.text).into()
    }
}

impl Eq for OriginDigest {}

impl PartialEq for EdgeDigest {
    fn eq(&self, other: &Self) -> bool {
        self.text.ct_eq(&other.text).into()
    }
}

impl Eq for EdgeDigest {}

/// The length of a principal's id as it goes into a digest, if it is within the limits.
pub(super) fn principal_length(principal: &str) -> Result<u16, Error> {
    match u16::try_from(principal.len()) {
        Ok(length) if (1..=MAX_PRINCIPAL_BYTES).contains(&principal.len()) => Ok(length),
        Ok(_) | Err(_) => Err(Error::new(Code::InvalidPrincipal)),
    }
}

/// A digest's text: its start and the hash in base64url.
fn joined<const N: usize>(start: &[u8], hash: &[u8; 32]) -> [u8; N] {
    let mut joined = [0; N];
    let characters = start.iter().copied().chain(base64url::encode(hash));
    joined.iter_mut().zip(characters).for_each(|(place, character)| *place = character);
    joined
}
