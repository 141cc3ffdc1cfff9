//! The digests that are stored of a token, from which nobody gets the token back (section "Digests"
//! of `docs/token-format.md`).
//!
//! Both are bound to the principal that the token belongs to: copied into the record of another
//! principal, a digest no longer fits.

use super::id::text;
use super::{KeyId, Peppers, layout};
use crate::crypto::base64url;
use crate::crypto::sha256::sha256;
use crate::error::{Code, Error};
use crate::json::Text;
use subtle::ConstantTimeEq;

/// The longest id of a principal, in bytes of UTF-8.
pub const MAX_PRINCIPAL_BYTES: usize = 1_024;

/// The digest that an origin compares: `$cog1$`, a key id, `$`, and an HMAC under the pepper of
/// that key id, which nobody makes without it.
///
/// There is one text for each digest, so texts are compared, in constant time.
#[derive(Clone, Copy)]
pub(super) struct OriginDigest {
    key_id: KeyId,
    text: [u8; 9 + base64url::LEN],
}

/// The digest that an edge compares: `$cog1e$` and a SHA-256 without a key, since the secret in a
/// token has 178 random bits.
#[derive(Clone, Copy)]
pub(super) struct EdgeDigest {
    text: [u8; 7 + base64url::LEN],
}

impl OriginDigest {
    /// What an error says of a text that is none.
    pub(super) const FORM: &str =
        "a digest is $cog1$, a key id, $ and 43 characters of base64url, spare bits zero";

    /// The digest of a token. [`Code::UnknownKeyId`] without the pepper of the token's key id.
    pub(super) fn of(
        token: &[u8; layout::LEN],
        principal: &str,
        peppers: &Peppers,
    ) -> Result<Self, Error> {
        let length = principal_length(principal)?.to_be_bytes();
        let key_id = KeyId::of_parsed(layout::KEY_ID.of(token));
        let pepper = peppers.find(key_id).ok_or_else(|| Error::new(Code::UnknownKeyId))?;
        let mut hash = [0; 32];
        let parts = [b"cog/v1/record\0", length.as_slice(), principal.as_bytes(), token];
        pepper.hash().hash(&parts, &mut hash);
        Ok(Self { key_id, text: joined(&Self::start(key_id), &hash) })
    }

    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        let mut read = [0; 9 + base64url::LEN];
        if !text.fill(&mut read) {
            return None;
        }
        let [_, _, _, _, _, _, a, b, _, hash @ ..] = &read;
        let key_id = KeyId::of([*a, *b])?;
        if !read.starts_with(&Self::start(key_id)) || !base64url::decode(hash, &mut [0; 32]) {
            return None;
        }
        Some(Self { key_id, text: read })
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

    pub(super) fn of(token: &[u8; layout::LEN], principal: &str) -> Result<Self, Error> {
        let length = principal_length(principal)?.to_be_bytes();
        let mut hash = [0; 32];
        let parts = [b"cog/v1/edge-digest\0", length.as_slice(), principal.as_bytes(), token];
        sha256(&parts, &mut hash);
        Ok(Self { text: joined(&Self::START, &hash) })
    }

    pub(super) fn read(text: Text<'_>) -> Option<Self> {
        let mut read = [0; 7 + base64url::LEN];
        if !text.fill(&mut read) {
            return None;
        }
        let hash = read.last_chunk()?;
        if !read.starts_with(&Self::START) || !base64url::decode(hash, &mut [0; 32]) {
            return None;
        }
        Some(Self { text: read })
    }

    pub(super) fn as_str(&self) -> &str {
        text(&self.text)
    }
}

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
