//! The issuer's keys: a root key, and the edge key and pepper that are derived from it.

use super::KeyId;
use super::format::TAGGED;
use super::tag_hash::TagHash;
use super::wiped::Wiped;
use core::fmt;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 with the key's two padded blocks already hashed.
pub(super) type KeyedHash = Hmac<Sha256>;

/// A root key: 32 random bytes, held by the issuer alone. The other two keys come from it.
///
/// Wiped when dropped; no `Clone`; `Debug` shows the key id alone.
///
/// ```
/// use cog_auth::token::{KeyId, RootKey};
///
/// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]); // 32 bytes from the system's generator
/// assert_eq!(root.edge_key().key_id(), root.key_id());
/// assert_eq!(format!("{root:?}"), "RootKey(01, …)");
/// # Ok::<(), cog_auth::Error>(())
/// ```
pub struct RootKey {
    key_id: KeyId,
    bytes: Wiped<u8, 32>,
}

/// The key that makes and checks tags: the only one that an edge gets.
///
/// It mints as well as it verifies, so treat it as a secret. It opens no record: tokens made with a stolen
/// one are genuine, but the record's digest asks for the real secret.
///
/// Wiped when dropped; no `Clone`; `Debug` shows the key id alone.
pub struct EdgeKey {
    key_id: KeyId,
    bytes: Wiped<u8, 32>,
    hash: TagHash,
}

/// The key under the stored digests, which only origins hold.
///
/// Wiped when dropped; no `Clone`; `Debug` shows the key id alone.
pub struct Pepper {
    key_id: KeyId,
    bytes: Wiped<u8, 32>,
    hash: KeyedHash,
}

impl RootKey {
    /// A root key from 32 uniformly random bytes. Wipe them afterwards: this is a copy.
    #[must_use]
    pub const fn new(key_id: KeyId, bytes: &[u8; 32]) -> Self {
        Self { key_id, bytes: Wiped(*bytes) }
    }

    /// The key id, which goes into every token that this root makes.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The edge key: HKDF-Expand-SHA-256 with the info `cog/v1/edge-tag\0` and the key id.
    #[must_use]
    pub fn edge_key(&self) -> EdgeKey {
        EdgeKey::new(self.key_id, &expand(&self.bytes, b"cog/v1/edge-tag\0", self.key_id))
    }

    /// The pepper: HKDF-Expand-SHA-256 with the info `cog/v1/digest-pepper\0` and the key id.
    #[must_use]
    pub fn pepper(&self) -> Pepper {
        Pepper::new(self.key_id, &expand(&self.bytes, b"cog/v1/digest-pepper\0", self.key_id))
    }
}

impl EdgeKey {
    pub(super) fn new(key_id: KeyId, bytes: &[u8; 32]) -> Self {
        Self { key_id, bytes: Wiped(*bytes), hash: TagHash::new(bytes) }
    }

    /// The key id, which goes into every token that this key makes.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The tag over a token's first 53 bytes.
    pub(super) fn tag(&self, tagged: &[u8; TAGGED]) -> Zeroizing<u128> {
        self.hash.tag(tagged)
    }
}

impl Pepper {
    pub(super) fn new(key_id: KeyId, bytes: &[u8; 32]) -> Self {
        Self { key_id, bytes: Wiped(*bytes), hash: keyed_hash(bytes) }
    }

    /// The key id: that of the tokens whose digests it makes.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    pub(super) fn hash(&self) -> KeyedHash {
        self.hash.clone()
    }
}

/// The three keys, for their sets. Nothing else implements this.
pub trait Key: Parts {
    /// The word in `use` that names what a set of these keys is for.
    const USE: &'static str;
}

/// What the sets need of their keys.
pub trait Parts: Sized {
    fn from_parts(key_id: KeyId, bytes: &[u8; 32]) -> Self;
    fn id(&self) -> KeyId;
    fn expose(&self) -> &[u8; 32];
}

macro_rules! keys {
    ($($key:ident $use:literal)*) => {$(
        impl Key for $key {
            const USE: &'static str = $use;
        }

        impl Parts for $key {
            fn from_parts(key_id: KeyId, bytes: &[u8; 32]) -> Self {
                Self::new(key_id, bytes)
            }

            fn id(&self) -> KeyId {
                self.key_id
            }

            fn expose(&self) -> &[u8; 32] {
                &self.bytes
            }
        }

        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($key), "("))?;
                f.write_str(self.key_id.as_str())?;
                f.write_str(", …)")
            }
        }
    )*};
}

keys! { RootKey "root" EdgeKey "edge-tag" Pepper "digest-pepper" }

/// The first block of HKDF-Expand (RFC 5869, section 2.3), which is 32 bytes and all that is needed.
fn expand(root: &[u8; 32], label: &[u8], key_id: KeyId) -> Wiped<u8, 32> {
    let hash = keyed_hash(root).chain_update(label).chain_update(key_id.characters());
    finish(hash.chain_update([1]))
}

pub(super) fn finish(hash: KeyedHash) -> Wiped<u8, 32> {
    Wiped(hash.finalize().into_bytes().into())
}

fn keyed_hash(key: &[u8; 32]) -> KeyedHash {
    // HMAC pads a key of up to 64 bytes with zeros.
    let mut block = Wiped([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    KeyedHash::new((&*block).into())
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
        let hash = keyed_hash(prk.as_slice().try_into().unwrap()).chain_update(info);
        let block = bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
        assert_eq!(finish(hash.chain_update([1])).as_slice(), block);
    }

    /// RFC 4231, test cases 1 and 2, whose keys padded with zeros have 32 bytes.
    #[test]
    fn the_keyed_hash_is_that_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 2] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ];
        for (short, message, expected) in cases {
            let mut key = [0; 32];
            key[..short.len()].copy_from_slice(short);
            assert_eq!(finish(keyed_hash(&key).chain_update(message)).as_slice(), bytes(expected));
        }
    }
}
