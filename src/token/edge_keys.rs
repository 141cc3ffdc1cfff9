//! Edge keys: with them an edge verifies the tags of tokens.

use super::genuine::check_hard_expiry;
use super::key::Key;
use super::key_set::{KeySet, KeyUse, key_set};
use super::{Genuine, KeyId, Kind, Token};
use crate::error::{Code, Entry, Error};
use crate::time::Time;
use core::fmt;
use subtle::ConstantTimeEq;

key_set! {
    /// The keys that verify the tags of tokens, and all that an edge needs: `"use": "edge-tag"`.
    ///
    /// An edge key also makes tags, so treat it as a secret. With a stolen one a thief can mint
    /// tokens that are genuine, but none is accepted: each needs a record whose digest fits.
    ///
    /// A set holds one edge key for each root key in use. It comes from
    /// [`RootKey::edge_keys`](super::RootKey::edge_keys) or
    /// [`RootKeys::edge_keys`](super::RootKeys::edge_keys), and travels to the edge as JSON. The
    /// keys are wiped when it is dropped, there is no `Clone`, and `Debug` shows the key ids alone.
    ///
    /// ```
    /// use cog_auth::token::{EdgeKeys, KeyId, RootKey};
    ///
    /// let mut random = [0; 32];
    /// getrandom::fill(&mut random)?;
    /// let edge_keys = RootKey::new(KeyId::parse("01")?, &random).edge_keys();
    /// let at_the_edge = edge_keys.expose_json(|text| EdgeKeys::from_json(text.as_bytes()))?;
    /// assert_eq!(format!("{at_the_edge:?}"), "EdgeKeys(KeyId(01))");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    EdgeKeys of Key, EdgeTag, "edge-tag"
}

impl EdgeKeys {
    /// A set whose JSON was read elsewhere, for the npm package: the text in `use`, and for each
    /// key the id and the 43 characters.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json), without an offset.
    ///
    /// ```
    /// use cog_auth::{Code, token::EdgeKeys};
    ///
    /// let key: (&[u8], &[u8]) = (b"01", b"5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA");
    /// let keys = EdgeKeys::from_parts(b"edge-tag", [key])?;
    /// assert!(keys.key_ids().map(|id| id.to_string()).eq(["01"]));
    ///
    /// let error = EdgeKeys::from_parts(b"edge-tag", [key, key]).unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidKeySet);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[doc(hidden)]
    pub fn from_parts<'k>(
        key_use: &[u8],
        keys: impl IntoIterator<Item = (&'k [u8], &'k [u8])>,
    ) -> Result<Self, Error> {
        Ok(Self { keys: KeySet::from_parts(KeyUse::EdgeTag, key_use, keys)? })
    }

    /// Checks a token's tag and hard expiry.
    ///
    /// It costs two SHA-256 compressions. The tag is compared in constant time.
    ///
    /// # Errors
    ///
    /// The first of these that applies: [`Code::SampleToken`]; [`Code::UnknownKeyId`] if the set
    /// has no key of the token's key id; [`Code::TagMismatch`]; [`Code::Expired`] if the hard
    /// expiry has passed at `now`.
    ///
    /// ```
    /// use cog_auth::{Code, Time, token::{Kind, KeyId, MINT_RANDOM_BYTES, RootKey}};
    ///
    /// let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
    /// getrandom::fill(&mut key)?;
    /// getrandom::fill(&mut random)?;
    /// let root = RootKey::new(KeyId::parse("01")?, &key);
    /// let edge_keys = root.edge_keys();
    /// let now = Time::from_seconds(1_795_000_000)?;
    ///
    /// let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    /// assert_eq!(edge_keys.verify(token, now)?.kind(), Kind::ServiceUserKey);
    ///
    /// getrandom::fill(&mut random)?;
    /// let sample = root.mint(Kind::Sample, None, &random)?;
    /// assert_eq!(edge_keys.verify(sample, now).unwrap_err().code(), Code::SampleToken);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify(&self, token: Token, now: Time) -> Result<Genuine, Error> {
        match self.check(&token, now) {
            Ok(()) => Ok(Genuine::of(&token)),
            Err(entry) => Err(Error::from(entry)),
        }
    }

    /// Parses and verifies a token in the place where it is to stay, which is wiped if it is
    /// refused.
    pub(crate) fn verify_text(
        &self,
        text: &[u8],
        now: Time,
        genuine: &mut Genuine,
    ) -> Result<(), Error> {
        let token = genuine.place();
        let verified = token.read(text).and_then(|()| self.check(token, now).map_err(Error::from));
        if verified.is_err() {
            token.wipe();
        }
        verified
    }

    fn check(&self, token: &Token, now: Time) -> Result<(), &'static Entry> {
        if token.kind() == Kind::Sample {
            return Err(Code::SampleToken.entry());
        }
        let Some(key) = self.keys.find(token.key_id()) else {
            return Err(Code::UnknownKeyId.entry());
        };
        let expected = key.hash().tag(token.tagged());
        if !bool::from(expected.ct_eq(token.tag())) {
            return Err(Code::TagMismatch.entry());
        }
        check_hard_expiry(token, now)
    }
}
