//! The second level of certainty: the tag is ours.

use super::{CredentialId, Day, EdgeKeys, Handle, KeyId, Kind, Token};
use crate::error::{Code, Entry, Error};
use crate::time::Time;
use core::fmt;
use subtle::ConstantTimeEq;

/// A token that was made with an edge key that is held here, and not changed since: the second level of certainty.
///
/// It was not past its hard expiry when it was verified, and it is no sample. Whether it is still active, and whose it is, only its
/// record tells: [`Genuine::accept_at_edge`], [`Genuine::accept_at_origin`].
///
/// As secret as [`Token`], and `Debug` shows the handle alone.
pub struct Genuine {
    token: Token,
}

impl EdgeKeys {
    /// Checks a token's tag and hard expiry.
    ///
    /// Two SHA-256 compressions; the tag is compared in constant time.
    ///
    /// # Errors
    ///
    /// The first of these that fits: [`Code::SampleToken`], [`Code::UnknownKeyId`],
    /// [`Code::TagMismatch`], [`Code::Expired`].
    ///
    /// ```
    /// use cog_auth::{Code, Time, token::{EdgeKeys, Kind, KeyId, RootKey}};
    ///
    /// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let keys = EdgeKeys::of(root.edge_key());
    /// let genuine = keys.verify(root.mint(Kind::ServiceUserKey, None, &[1; 64])?, now)?;
    /// assert_eq!(genuine.kind(), Kind::ServiceUserKey);
    ///
    /// let sample = root.mint(Kind::Sample, None, &[1; 64])?;
    /// assert_eq!(keys.verify(sample, now).unwrap_err().code(), Code::SampleToken);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn verify(&self, token: Token, now: Time) -> Result<Genuine, Error> {
        self.genuine(&token, now)
    }

    /// Parses and verifies. Nothing is moved, so what was parsed is wiped where it stands.
    pub(crate) fn verify_text(&self, text: &[u8], now: Time) -> Result<Genuine, Error> {
        match &Token::parse(text) {
            Ok(token) => self.genuine(token, now),
            Err(error) => Err(error.clone()),
        }
    }

    fn genuine(&self, token: &Token, now: Time) -> Result<Genuine, Error> {
        match self.check(token, now) {
            Ok(()) => Ok(Genuine { token: token.copied() }),
            Err(entry) => Err(Error::from(entry)),
        }
    }

    fn check(&self, token: &Token, now: Time) -> Result<(), &'static Entry> {
        if token.kind() == Kind::Sample {
            return Err(Code::SampleToken.entry());
        }
        let Some(key) = self.key(token.key_id()) else {
            return Err(Code::UnknownKeyId.entry());
        };
        let expected = key.tag(token.tagged());
        if !bool::from(expected.ct_eq(token.tag())) {
            return Err(Code::TagMismatch.entry());
        }
        check_hard_expiry(token, now)
    }
}

impl Genuine {
    /// The same again, where it goes next.
    pub(crate) const fn copied(&self) -> Self {
        Self { token: self.token.copied() }
    }

    /// The part that may be shown: the first 23 bytes.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.token.handle()
    }

    /// The kind of credential: never a sample.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.token.kind()
    }

    /// The key under which the tag was made.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.token.key_id()
    }

    /// The last day on which the token is good, if it has one.
    #[must_use]
    pub fn hard_expiry(&self) -> Option<Day> {
        self.token.hard_expiry()
    }

    /// The id under which the record is stored.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.token.id()
    }

    pub(super) const fn token(&self) -> &Token {
        &self.token
    }

    pub(super) fn check_hard_expiry(&self, now: Time) -> Result<(), &'static Entry> {
        check_hard_expiry(&self.token, now)
    }
}

fn check_hard_expiry(token: &Token, now: Time) -> Result<(), &'static Entry> {
    match token.hard_expiry() {
        Some(day) if now >= day.end() => Err(Code::Expired.entry()),
        _ => Ok(()),
    }
}

impl fmt::Debug for Genuine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Genuine(")?;
        f.write_str(self.handle().as_str())?;
        f.write_str("…)")
    }
}
