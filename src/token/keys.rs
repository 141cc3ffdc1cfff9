//! The issuer's keys: a root key, and the edge key and pepper that are derived from it.

use super::KeyId;
use super::layout::TAGGED;
use crate::crypto::keyed_hash::KeyedHash;
use crate::crypto::wiped::Wiped;
use alloc::boxed::Box;
use core::fmt;
use zeroize::Zeroizing;

// What moves leaves a copy behind. So each secret stands in a box, is made there and stays there.

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
    bytes: Box<Wiped<u8, 32>>,
}

/// The key that makes and checks tags: the only one that an edge gets.
///
/// It mints as well as it verifies, so treat it as a secret. It opens no record: tokens made with a stolen
/// one are genuine, but the record's digest asks for the real secret.
///
/// Wiped when dropped; no `Clone`; `Debug` shows the key id alone.
pub struct EdgeKey {
    key_id: KeyId,
    secret: Box<Hashed>,
}

/// The key under the stored digests, which only origins hold.
///
/// Wiped when dropped; no `Clone`; `Debug` shows the key id alone.
pub struct Pepper {
    key_id: KeyId,
    secret: Box<Hashed>,
}

/// A key, and what hashing it first comes to.
struct Hashed {
    bytes: Wiped<u8, 32>,
    hash: KeyedHash,
}

impl RootKey {
    /// A root key from 32 uniformly random bytes. Wipe them afterwards: this is a copy.
    #[must_use]
    pub fn new(key_id: KeyId, bytes: &[u8; 32]) -> Self {
        Self::made(key_id, |place| *place = *bytes)
    }

    /// The key id, which goes into every token that this root makes.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The edge key: HKDF-Expand-SHA-256 with the info `cog/v1/edge-tag\0` and the key id.
    #[must_use]
    pub fn edge_key(&self) -> EdgeKey {
        EdgeKey::made(self.key_id, |place| self.expand(b"cog/v1/edge-tag\0", place))
    }

    /// The pepper: HKDF-Expand-SHA-256 with the info `cog/v1/digest-pepper\0` and the key id.
    #[must_use]
    pub fn pepper(&self) -> Pepper {
        Pepper::made(self.key_id, |place| self.expand(b"cog/v1/digest-pepper\0", place))
    }

    fn expand(&self, label: &[u8], place: &mut [u8; 32]) {
        expand(&self.bytes, &[label, &self.key_id.characters()], place);
    }
}

impl EdgeKey {
    /// The key id, which goes into every token that this key makes.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The tag over a token's first 53 bytes.
    pub(super) fn tag(&self, tagged: &[u8; TAGGED.end()]) -> Zeroizing<u128> {
        self.secret.hash.tag(tagged)
    }
}

impl Pepper {
    /// The key id: that of the tokens whose digests it makes.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    pub(super) fn hash(&self) -> &KeyedHash {
        &self.secret.hash
    }
}

/// The three keys, for their sets. Nothing else implements this.
pub trait Key: Parts {
    /// The word in `use` that names what a set of these keys is for.
    const USE: &'static str;
}

/// What the sets need of their keys.
pub trait Parts: Sized {
    /// A key whose bytes `make` writes where they are to stay.
    fn made(key_id: KeyId, make: impl FnOnce(&mut [u8; 32])) -> Self;
    fn id(&self) -> KeyId;
    fn expose(&self) -> &[u8; 32];
}

impl Parts for RootKey {
    fn made(key_id: KeyId, make: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut bytes = Box::new(Wiped([0; 32]));
        make(&mut bytes);
        Self { key_id, bytes }
    }

    fn id(&self) -> KeyId {
        self.key_id
    }

    fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl Hashed {
    fn made(make: impl FnOnce(&mut [u8; 32])) -> Box<Self> {
        let mut hashed = Box::new(Self { bytes: Wiped([0; 32]), hash: KeyedHash::unset() });
        let Self { bytes, hash } = &mut *hashed;
        make(bytes);
        hash.set(bytes);
        hashed
    }
}

macro_rules! hashed {
    ($($key:ident)*) => {$(
        impl Parts for $key {
            fn made(key_id: KeyId, make: impl FnOnce(&mut [u8; 32])) -> Self {
                Self { key_id, secret: Hashed::made(make) }
            }

            fn id(&self) -> KeyId {
                self.key_id
            }

            fn expose(&self) -> &[u8; 32] {
                &self.secret.bytes
            }
        }
    )*};
}

hashed! { EdgeKey Pepper }

macro_rules! keys {
    ($($key:ident $use:literal)*) => {$(
        impl Key for $key {
            const USE: &'static str = $use;
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
fn expand(root: &[u8; 32], info: &[&[u8]; 2], place: &mut [u8; 32]) {
    let [label, rest] = *info;
    let mut hash = KeyedHash::unset();
    hash.set(root);
    hash.hash(&[label, rest, &[1]], place);
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
        let mut block = [0; 32];
        expand(prk.as_slice().try_into().unwrap(), &[&info[..3], &info[3..]], &mut block);
        let expected = bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
        assert_eq!(block.as_slice(), expected);
    }
}
