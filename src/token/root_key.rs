//! The root key, from which all other keys come.

use super::key::Key;
use super::key_set::Keyed;
use super::{EdgeKeys, ExpiryDay, KeyId, Kind, Peppers, Token, mint};
use crate::crypto::keyed_hash::KeyedHash;
use crate::error::Error;
use core::fmt;
use core::iter;

/// A root key: 32 random bytes that the issuer alone holds.
///
/// It mints tokens. The edge key, with which edges verify them, and the pepper, with which origins
/// check stored digests, are derived from it.
///
/// To replace a root key, make a new one under another key id, give its edge key and pepper to
/// every edge and origin beside the old ones, mint with the new one, and remove the old one when
/// the last token made with it has expired. [`RootKeys`](super::RootKeys) holds both meanwhile.
///
/// The bytes are wiped when it is dropped, there is no `Clone`, and `Debug` shows the key id alone.
///
/// ```
/// use cog_auth::token::{KeyId, RootKey};
///
/// let mut random = [0; 32];
/// getrandom::fill(&mut random)?;
/// let root = RootKey::new(KeyId::parse("01")?, &random);
/// assert_eq!(format!("{root:?}"), "RootKey(01, …)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RootKey {
    key: Key,
}

impl RootKey {
    /// A root key of 32 bytes from a cryptographic random generator.
    ///
    /// The bytes are copied: wipe yours afterwards.
    #[must_use]
    pub fn new(key_id: KeyId, bytes: &[u8; 32]) -> Self {
        Self { key: Key::new(key_id, |place| *place = *bytes) }
    }

    /// The key id, which stands in every token made with this key.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key.id()
    }

    /// Makes a token.
    ///
    /// It is good through `hard_expiry`, or without an end of its own if that is none. `random` is
    /// [`MINT_RANDOM_BYTES`](super::MINT_RANDOM_BYTES) fresh bytes from a cryptographic random
    /// generator. Never use them twice, and wipe them afterwards.
    ///
    /// Bytes from 248 on are skipped. Every other byte gives a character: the first 12 the id, the
    /// next 30 the secret. The rest is ignored (section "Minting" of `docs/token-format.md`).
    ///
    /// # Errors
    ///
    /// [`Code::NotEnoughRandomBytes`](crate::Code::NotEnoughRandomBytes) when `random` is used up.
    ///
    /// ```
    /// use cog_auth::{Code, token::{Kind, KeyId, MINT_RANDOM_BYTES, RootKey}};
    ///
    /// let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
    /// getrandom::fill(&mut key)?;
    /// getrandom::fill(&mut random)?;
    /// let root = RootKey::new(KeyId::parse("01")?, &key);
    /// let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    /// assert!(token.expose().starts_with("cog_1s01000"));
    ///
    /// let error = root.mint(Kind::ServiceUserKey, None, &random[..41]).unwrap_err();
    /// assert_eq!(error.code(), Code::NotEnoughRandomBytes);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn mint(
        &self,
        kind: Kind,
        hard_expiry: Option<ExpiryDay>,
        random: &[u8],
    ) -> Result<Token, Error> {
        mint::mint(&self.edge_key(), kind, hard_expiry, random)
    }

    /// The edge key derived from this root key, as a set of one.
    ///
    /// It is HKDF-Expand-SHA-256 (RFC 5869, section 2.3) of the root key with the info
    /// `cog/v1/edge-tag\0` and the key id.
    #[must_use]
    pub fn edge_keys(&self) -> EdgeKeys {
        EdgeKeys::collect(iter::once(self.edge_key()))
    }

    /// The pepper derived from this root key, as a set of one.
    ///
    /// It is HKDF-Expand-SHA-256 (RFC 5869, section 2.3) of the root key with the info
    /// `cog/v1/digest-pepper\0` and the key id.
    #[must_use]
    pub fn peppers(&self) -> Peppers {
        Peppers::collect(iter::once(self.pepper()))
    }

    pub(super) fn edge_key(&self) -> Key {
        self.derive(b"cog/v1/edge-tag\0")
    }

    pub(super) fn pepper(&self) -> Key {
        self.derive(b"cog/v1/digest-pepper\0")
    }

    fn derive(&self, label: &[u8]) -> Key {
        let info = [label, &self.key_id().characters()];
        Key::new(self.key_id(), |place| expand(self.key.hash(), info, place))
    }
}

impl Keyed for RootKey {
    fn around(key: Key) -> Self {
        Self { key }
    }

    fn key(&self) -> &Key {
        &self.key
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(")?;
        f.write_str(self.key_id().as_str())?;
        f.write_str(", …)")
    }
}

/// The first block of HKDF-Expand (RFC 5869, section 2.3). It has 32 bytes, which is all that a key
/// needs.
fn expand(root: &KeyedHash, [label, key_id]: [&[u8]; 2], place: &mut [u8; 32]) {
    root.hash(&[label, key_id, &[1]], place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    /// RFC 5869, A.1: the first block of the output.
    #[test]
    fn expand_is_that_of_rfc_5869() {
        let prk = bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        let info = bytes("f0f1f2f3f4f5f6f7f8f9");
        let (mut root, mut block) = (KeyedHash::unset(), [0; 32]);
        root.set(prk.as_slice().try_into().unwrap());
        expand(&root, [&info[..3], &info[3..]], &mut block);
        let expected = bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
        assert_eq!(block.as_slice(), expected);
    }
}
