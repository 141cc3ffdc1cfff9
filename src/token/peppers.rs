//! Peppers: the keys with which origins check stored digests.

use super::KeyId;
use super::key::Key;
use super::key_set::{KeySet, KeyUse, key_set};
use crate::error::Error;
use core::fmt;

key_set! {
    /// The keys under the digests that origins compare: `"use": "digest-pepper"`.
    ///
    /// An origin is where the issuer's own service accepts tokens
    /// ([`Genuine::accept_at_origin`](super::Genuine::accept_at_origin)). Whoever has the pepper
    /// can make digests, and so write records that origins accept. Edges do not need it.
    ///
    /// A set holds one pepper for each root key in use. It comes from
    /// [`RootKey::peppers`](super::RootKey::peppers) or
    /// [`RootKeys::peppers`](super::RootKeys::peppers). The keys are wiped when it is dropped,
    /// there is no `Clone`, and `Debug` shows the key ids alone.
    ///
    /// ```
    /// use cog_auth::token::{KeyId, Peppers, RootKey};
    ///
    /// let mut random = [0; 32];
    /// getrandom::fill(&mut random)?;
    /// let peppers = RootKey::new(KeyId::parse("01")?, &random).peppers();
    /// let again = peppers.expose_json(|text| Peppers::from_json(text.as_bytes()))?;
    /// assert!(again.key_ids().eq(peppers.key_ids()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Peppers of Key, DigestPepper, "digest-pepper"
}

impl Peppers {
    /// The pepper for tokens of this key id.
    pub(super) fn find(&self, key_id: KeyId) -> Option<&Key> {
        self.keys.find(key_id)
    }
}
