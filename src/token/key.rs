//! One secret key.

use super::KeyId;
use crate::crypto::keyed_hash::KeyedHash;
use crate::crypto::wiped::Wiped;
use alloc::boxed::Box;

/// 32 secret bytes under a key id: a root key, an edge key or a pepper.
///
/// A value that moves leaves a copy of its bytes where it was. So the bytes are in a box: they are
/// written there, stay there and are wiped there, and what moves is a pointer.
pub(super) struct Key {
    id: KeyId,
    secret: Box<Secret>,
}

struct Secret {
    bytes: Wiped<u8, 32>,
    /// HMAC with this key, as far as it can be computed beforehand.
    hash: KeyedHash,
}

impl Key {
    /// A key whose bytes `write` puts into their place.
    pub(super) fn new(id: KeyId, write: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut secret = Box::new(Secret { bytes: Wiped([0; 32]), hash: KeyedHash::unset() });
        let Secret { bytes, hash } = &mut *secret;
        write(bytes);
        hash.set(bytes);
        Self { id, secret }
    }

    pub(super) const fn id(&self) -> KeyId {
        self.id
    }

    /// HMAC-SHA-256 with this key.
    pub(super) fn hash(&self) -> &KeyedHash {
        &self.secret.hash
    }

    /// The secret bytes.
    pub(super) fn expose(&self) -> &[u8; 32] {
        &self.secret.bytes
    }
}
