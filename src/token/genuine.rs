//! The second level of certainty: the issuer minted the token.

use super::{
    Accepted, AcceptedAtEdge, AcceptedAtOrigin, CredentialId, DigestCheck, EdgeDigestCheck,
    ExpiryDay, Handle, KeyId, Kind, Peppers, Record, Token,
};
use crate::error::{Code, Entry, Error};
use crate::time::Time;
use core::fmt;

/// A token whose tag was made with an edge key of the set that verified it: the second level of
/// certainty.
///
/// The issuer minted it, and no byte was changed since. It is no sample, and it was not past its
/// hard expiry when it was verified. Whether it is still active, and whose it is, only its record
/// tells: [`Genuine::accept_at_edge`], [`Genuine::accept_at_origin`].
///
/// It is as secret as [`Token`] is, and `Debug` shows the handle alone.
///
/// ```
/// use cog_auth::{Time, token::{EdgeKeys, Genuine, Token}};
///
/// // The fixed key and token of docs/token-format.md.
/// let edge_keys = EdgeKeys::from_json(
///     br#"{"v": 1, "use": "edge-tag",
///          "keys": {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#,
/// )?;
/// let token = Token::parse(
///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
/// )?;
/// let genuine: Genuine = edge_keys.verify(token, Time::from_seconds(1_798_800_000)?)?;
/// assert_eq!(format!("{genuine:?}"), "Genuine(cog_1s015PnAAAABBBBCCCC…)");
/// # Ok::<(), cog_auth::Error>(())
/// ```
pub struct Genuine {
    token: Token,
}

impl Genuine {
    /// Of a token that was verified. It is copied where it is, for a move would leave its bytes
    /// behind.
    pub(super) const fn of(token: &Token) -> Self {
        Self { token: token.copied() }
    }

    /// A place for a token that is still to be verified: none has its bytes, and nothing accepts
    /// it.
    pub(crate) const fn unset() -> Self {
        Self { token: Token::unset() }
    }

    /// The place, for who verifies what is put there.
    pub(super) const fn place(&mut self) -> &mut Token {
        &mut self.token
    }

    /// Wipes the token where it is.
    pub(crate) fn wipe(&mut self) {
        self.token.wipe();
    }

    /// The part that may be shown: the first 23 characters.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.token.handle()
    }

    /// The kind of credential: never a sample.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.token.kind()
    }

    /// The id of the key with which the token was made.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.token.key_id()
    }

    /// The last day on which the token is good. None: it has no hard expiry.
    #[must_use]
    pub fn hard_expiry(&self) -> Option<ExpiryDay> {
        self.token.hard_expiry()
    }

    /// The credential's id, under which its record is stored.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.token.id()
    }

    /// Accepts the token at an edge, on the word of the record store.
    ///
    /// `record` is what the store has under [`Genuine::id`], or none if it has nothing. The edge
    /// digest in it is compared with the token's in constant time.
    ///
    /// # Errors
    ///
    /// The first of these that applies: [`Code::Expired`] if the hard expiry has passed by now;
    /// [`Code::UnknownCredential`] without a record; [`Code::InvalidRecord`] if the record has no
    /// edge digest; [`Code::RecordMismatch`] if its id or kind is another than the token's;
    /// [`Code::DigestMismatch`]; [`Code::Revoked`]; [`Code::Rotated`] once the grace is over;
    /// [`Code::RecordExpired`]; [`Code::NotYetValid`].
    ///
    /// ```
    /// use cog_auth::{Code, Time};
    /// use cog_auth::token::{Kind, KeyId, MINT_RANDOM_BYTES, RecordDraft, RootKey, Scopes, Token};
    ///
    /// let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
    /// getrandom::fill(&mut key)?;
    /// getrandom::fill(&mut random)?;
    /// let root = RootKey::new(KeyId::parse("01")?, &key);
    /// let token = root.mint(Kind::PersonalAccessToken, None, &random)?;
    /// let text = token.expose().to_owned();
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let record = RecordDraft::new(&token, "user_01", Scopes::all(), now).for_edges().issue()?;
    ///
    /// let edge_keys = root.edge_keys();
    /// let genuine = edge_keys.verify(Token::parse(text.as_bytes())?, now)?;
    /// let accepted = genuine.accept_at_edge(Some(record.clone()), now)?;
    /// assert_eq!(accepted.principal(), "user_01");
    ///
    /// let genuine = edge_keys.verify(Token::parse(text.as_bytes())?, now)?;
    /// let refused = genuine.accept_at_edge(Some(record.revoke(now)), now).unwrap_err();
    /// assert_eq!(refused.code(), Code::Revoked);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn accept_at_edge(
        self,
        record: Option<Record>,
        now: Time,
    ) -> Result<AcceptedAtEdge, Error> {
        Ok(AcceptedAtEdge::of(self.accept(record, &EdgeDigestCheck, now)?))
    }

    /// Accepts the token at an origin, on the word of the issuer: the digest in the record can only
    /// be made with a pepper.
    ///
    /// `record` is what the store has under [`Genuine::id`], or none if it has nothing. The digest
    /// in it is compared with the token's in constant time.
    ///
    /// # Errors
    ///
    /// As for [`Genuine::accept_at_edge`], with the digest for origins in place of the edge digest.
    /// [`Code::RecordMismatch`] is also returned if that digest names another key id than the
    /// token. [`Code::UnknownKeyId`], which is checked before [`Code::DigestMismatch`], is returned
    /// if `peppers` has no pepper of that key id.
    ///
    /// ```
    /// use cog_auth::{Code, Time};
    /// use cog_auth::token::{Kind, KeyId, MINT_RANDOM_BYTES, RecordDraft, RootKey, Scopes};
    ///
    /// let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
    /// getrandom::fill(&mut key)?;
    /// getrandom::fill(&mut random)?;
    /// let root = RootKey::new(KeyId::parse("01")?, &key);
    /// let peppers = root.peppers();
    /// let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), now);
    /// let record = draft.for_origins(&peppers).issue()?;
    ///
    /// let genuine = root.edge_keys().verify(token, now)?;
    /// let accepted = genuine.accept_at_origin(Some(record), &peppers, now)?;
    /// assert_eq!(accepted.principal(), "su_ci");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn accept_at_origin(
        self,
        record: Option<Record>,
        peppers: &Peppers,
        now: Time,
    ) -> Result<AcceptedAtOrigin, Error> {
        Ok(AcceptedAtOrigin::of(self.accept(record, peppers, now)?))
    }

    /// Accepts the token if the record's digest passes this check.
    pub(crate) fn accept(
        &self,
        record: Option<Record>,
        digest: &dyn DigestCheck,
        now: Time,
    ) -> Result<Accepted, Error> {
        check_hard_expiry(&self.token, now)?;
        let record = record.ok_or_else(|| Error::new(Code::UnknownCredential))?;
        digest.check(&self.token, &record)?;
        record.check_active(now)?;
        Ok(Accepted::new(self.handle(), record))
    }
}

/// Checks that a token is not past its hard expiry.
pub(super) fn check_hard_expiry(token: &Token, now: Time) -> Result<(), &'static Entry> {
    match token.hard_expiry() {
        Some(day) if now >= day.end() => Err(Code::Expired.entry()),
        Some(_) | None => Ok(()),
    }
}

impl fmt::Debug for Genuine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Genuine(")?;
        f.write_str(self.handle().as_str())?;
        f.write_str("…)")
    }
}
