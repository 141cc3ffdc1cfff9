//! Sets of keys: several key ids at once, so that keys can be changed while tokens live.

use super::keys::Key;
use super::{EdgeKey, KeyId, Pepper, RootKey};
use crate::error::{Code, Error};
use alloc::vec::Vec;
use core::fmt;

/// Keys of one use, by key id. There is always at least one.
///
/// [`RootKeys`], [`EdgeKeys`] and [`Peppers`] are the three uses. A set read for one use refuses a text that
/// was written for another, so that a root key cannot reach an edge by mistake.
///
/// To change keys: make a new root key, add its edge key and pepper everywhere, then mint with it, and remove the old one
/// when its last token has expired.
///
/// ```
/// use cog_auth::{Code, token::{EdgeKeys, RootKeys}};
///
/// let text = br#"{"v": 1, "use": "root",
///     "keys": {"01": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}"#;
/// let roots = RootKeys::from_json(text)?;
/// let edge_keys = roots.edge_keys();
/// assert_eq!(edge_keys.key_ids().map(|id| id.to_string()).collect::<Vec<_>>(), ["01"]);
/// assert_eq!(
///     &*edge_keys.expose_json(),
///     r#"{"v":1,"use":"edge-tag","keys":{"01":"5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#
/// );
/// assert_eq!(EdgeKeys::from_json(text).unwrap_err().code(), Code::WrongKeyUse);
/// # Ok::<(), cog_auth::Error>(())
/// ```
pub struct KeySet<K> {
    /// By key id, each once, never empty.
    pub(super) keys: Vec<K>,
}

/// The issuer's root keys: `"use": "root"`.
pub type RootKeys = KeySet<RootKey>;

/// The keys with which edges verify tags: `"use": "edge-tag"`.
pub type EdgeKeys = KeySet<EdgeKey>;

/// The keys with which origins check stored digests: `"use": "digest-pepper"`.
pub type Peppers = KeySet<Pepper>;

impl<K: Key> KeySet<K> {
    /// A set of one key.
    #[must_use]
    pub fn of(key: K) -> Self {
        Self { keys: Vec::from([key]) }
    }

    /// Adds a key.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidKeySet`] if the set has a key of this key id: no key is ever replaced by accident.
    ///
    /// ```
    /// use cog_auth::{Code, token::{KeyId, RootKey, RootKeys}};
    ///
    /// let mut roots = RootKeys::of(RootKey::new(KeyId::parse("01")?, &[1; 32]));
    /// roots.insert(RootKey::new(KeyId::parse("02")?, &[2; 32]))?;
    /// let again = roots.insert(RootKey::new(KeyId::parse("01")?, &[3; 32]));
    /// assert_eq!(again.unwrap_err().code(), Code::InvalidKeySet);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn insert(&mut self, key: K) -> Result<(), Error> {
        if self.key(key.id()).is_some() {
            return Err(Error::new(Code::InvalidKeySet)
                .because("the key set has a key of this key id already"));
        }
        self.put(key);
        Ok(())
    }

    /// Puts a key of another key id into its place.
    pub(super) fn put(&mut self, key: K) {
        self.keys.push(key);
        let mut rest = self.keys.as_mut_slice();
        while let Some((last, others)) = rest.split_last_mut()
            && let Some(before) = others.last_mut()
            && before.id().number() > last.id().number()
        {
            core::mem::swap(before, last);
            rest = others;
        }
    }

    /// The key of this key id, if the set has it.
    #[must_use]
    pub fn key(&self, key_id: KeyId) -> Option<&K> {
        self.keys.iter().find(|key| key.id() == key_id)
    }

    /// The key ids, in order.
    pub fn key_ids(&self) -> impl Iterator<Item = KeyId> {
        self.keys.iter().map(|key| key.id())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.keys.iter()
    }
}

impl RootKeys {
    /// The edge keys of all roots: what to give to edges.
    #[must_use]
    pub fn edge_keys(&self) -> EdgeKeys {
        KeySet { keys: self.keys.iter().map(RootKey::edge_key).collect() }
    }

    /// The peppers of all roots: what to give to origins.
    #[must_use]
    pub fn peppers(&self) -> Peppers {
        KeySet { keys: self.keys.iter().map(RootKey::pepper).collect() }
    }
}

impl<K: Key> fmt::Debug for KeySet<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySet(")?;
        f.write_str(K::USE)?;
        for id in self.key_ids() {
            f.write_str(", ")?;
            f.write_str(id.as_str())?;
        }
        f.write_str(")")
    }
}
