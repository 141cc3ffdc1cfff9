//! Sets of root keys.

use super::key_set::{KeySet, KeyUse, key_set};
use super::{EdgeKeys, KeyId, Peppers, RootKey};
use crate::error::Error;
use core::fmt;

key_set! {
    /// The issuer's root keys: `"use": "root"`.
    ///
    /// There is more than one while a root key is being replaced: see [`RootKey`]. The keys are
    /// wiped when the set is dropped, there is no `Clone`, and `Debug` shows the key ids alone.
    ///
    /// ```
    /// use cog_auth::{Code, token::{EdgeKeys, RootKeys}};
    ///
    /// // The fixed keys of docs/token-format.md.
    /// let text = br#"{"v": 1, "use": "root",
    ///     "keys": {"01": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}"#;
    /// let roots = RootKeys::from_json(text)?;
    /// roots.edge_keys().expose_json(|text| {
    ///     assert!(text.starts_with(r#"{"v":1,"use":"edge-tag","keys":{"01":"5uGI7Iws"#));
    /// });
    /// // What is meant for the issuer does not pass for an edge's keys.
    /// assert_eq!(EdgeKeys::from_json(text).unwrap_err().code(), Code::WrongKeyUse);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    RootKeys of RootKey, Root, "root"
}

impl RootKeys {
    /// A set of one key.
    #[must_use]
    pub fn of(key: RootKey) -> Self {
        Self::collect(core::iter::once(key))
    }

    /// Adds a key.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidKeySet`](crate::Code::InvalidKeySet) if the set has a key of this key id: no
    /// key ever replaces another.
    ///
    /// ```
    /// use cog_auth::{Code, token::{KeyId, RootKey, RootKeys}};
    ///
    /// let fresh = |key_id| {
    ///     let mut random = [0; 32];
    ///     getrandom::fill(&mut random).expect("the system has random bytes");
    ///     Ok::<_, cog_auth::Error>(RootKey::new(KeyId::parse(key_id)?, &random))
    /// };
    /// let mut roots = RootKeys::of(fresh("01")?);
    /// roots.insert(fresh("02")?)?;
    /// assert_eq!(roots.insert(fresh("01")?).unwrap_err().code(), Code::InvalidKeySet);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn insert(&mut self, key: RootKey) -> Result<(), Error> {
        self.keys.insert(key)
    }

    /// The key of this key id, if the set has it.
    #[must_use]
    pub fn key(&self, key_id: KeyId) -> Option<&RootKey> {
        self.keys.find(key_id)
    }

    /// The edge keys of all root keys: what edges hold.
    #[must_use]
    pub fn edge_keys(&self) -> EdgeKeys {
        EdgeKeys::collect(self.keys.iter().map(RootKey::edge_key))
    }

    /// The peppers of all root keys: what origins hold.
    #[must_use]
    pub fn peppers(&self) -> Peppers {
        Peppers::collect(self.keys.iter().map(RootKey::pepper))
    }
}
