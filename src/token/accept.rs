//! The third level of certainty: a record vouches for the token, at an edge or at an origin.

use super::{CredentialId, Digest, Genuine, Handle, Kind, Peppers, Record};
use crate::error::{Code, Entry, Error};
use crate::time::Time;
use core::fmt;
use core::panic::RefUnwindSafe;

/// A token that is active, on the word of the edge's record store.
///
/// The secret is wiped by now: what is left is the handle and the record.
#[derive(Debug)]
pub struct AcceptedAtEdge {
    accepted: Accepted,
}

/// A token that is active, on the issuer's own word: its record was made with the pepper.
///
/// The secret is wiped by now: what is left is the handle and the record.
#[derive(Debug)]
pub struct AcceptedAtOrigin {
    accepted: Accepted,
}

/// A token and the record that vouches for it, on whichever word.
#[derive(Debug)]
pub(crate) struct Accepted {
    handle: Handle,
    record: Record,
}

impl Genuine {
    /// Accepts the token at an edge, where the record with its id was found, or none was.
    ///
    /// # Errors
    ///
    /// The first of these that fits: [`Code::Expired`] (the hard expiry, once more), [`Code::UnknownCredential`] (there is no record),
    /// [`Code::InvalidRecord`] (it has no edge digest), [`Code::RecordMismatch`] (of another id or kind),
    /// [`Code::DigestMismatch`], [`Code::Revoked`], [`Code::Rotated`], [`Code::RecordExpired`], [`Code::NotYetValid`].
    ///
    /// ```
    /// use cog_auth::{Code, Time, token::{EdgeKeys, Kind, KeyId, RecordDraft, RootKey, Scopes, Token}};
    ///
    /// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
    /// let token = root.mint(Kind::PersonalAccessToken, None, &[1; 64])?;
    /// let text = token.expose().to_owned();
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let mut record = RecordDraft::new(&token, "user_01", Scopes::all(), now).for_edges().issue()?;
    ///
    /// let keys = EdgeKeys::of(root.edge_key());
    /// let accepted = keys.verify(token, now)?.accept_at_edge(Some(record.clone()), now)?;
    /// assert_eq!(accepted.principal(), "user_01");
    ///
    /// record.revoke(now);
    /// let again = keys.verify(Token::parse(text.as_bytes())?, now)?;
    /// assert_eq!(again.accept_at_edge(Some(record), now).unwrap_err().code(), Code::Revoked);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn accept_at_edge(
        self,
        record: Option<Record>,
        now: Time,
    ) -> Result<AcceptedAtEdge, Error> {
        Ok(AcceptedAtEdge { accepted: self.accept(record, &EdgeStore, now)? })
    }

    /// Accepts the token at an origin, which has the pepper.
    ///
    /// # Errors
    ///
    /// As [`Genuine::accept_at_edge`], with the other digest; its key id belongs to [`Code::RecordMismatch`], and before
    /// [`Code::DigestMismatch`] comes [`Code::UnknownKeyId`] (there is no pepper of that key id).
    pub fn accept_at_origin(
        self,
        record: Option<Record>,
        peppers: &Peppers,
        now: Time,
    ) -> Result<AcceptedAtOrigin, Error> {
        Ok(AcceptedAtOrigin { accepted: self.accept(record, peppers, now)? })
    }

    /// Accepts the token on somebody's word.
    pub(crate) fn accept(
        &self,
        record: Option<Record>,
        voucher: &dyn Voucher,
        now: Time,
    ) -> Result<Accepted, Error> {
        self.check_hard_expiry(now)?;
        let record = record.ok_or_else(|| Error::new(Code::UnknownCredential))?;
        voucher.check(self, &record)?;
        match record.refusal(now) {
            Some(entry) => Err(Error::from(entry)),
            None => Ok(Accepted { handle: self.handle(), record }),
        }
    }

    fn check_identity(&self, record: &Record) -> Result<(), Error> {
        if record.id != self.id() || record.kind != self.kind() {
            return Err(Error::new(Code::RecordMismatch));
        }
        Ok(())
    }
}

/// On whose word a token is accepted. What an origin needs is linked where there is one.
pub(crate) trait Voucher: fmt::Debug + Send + Sync + RefUnwindSafe {
    /// Whether the record is the token's, by the digest of that place.
    fn check(&self, genuine: &Genuine, record: &Record) -> Result<(), Error>;
}

/// The record store of an edge.
#[derive(Debug)]
pub(crate) struct EdgeStore;

impl Voucher for EdgeStore {
    fn check(&self, genuine: &Genuine, record: &Record) -> Result<(), Error> {
        let Some(digest) = &record.edge_digest else {
            return Err(lacking("the record has no edge_digest"));
        };
        genuine.check_identity(record)?;
        answer(digest.is_of(genuine.token(), &record.principal)?)
    }
}

impl Voucher for Peppers {
    fn check(&self, genuine: &Genuine, record: &Record) -> Result<(), Error> {
        let Some(digest) = &record.digest else {
            return Err(lacking("the record has no digest"));
        };
        genuine.check_identity(record)?;
        let key_id = genuine.key_id();
        if digest.key_id() != key_id {
            return Err(Error::new(Code::RecordMismatch));
        }
        let pepper = self.key(key_id).ok_or_else(|| Error::new(Code::UnknownKeyId))?;
        answer(*digest == Digest::of(genuine.token(), &record.principal, pepper)?)
    }
}

fn lacking(reason: &'static str) -> Error {
    Error::new(Code::InvalidRecord).because(reason)
}

fn answer(fits: bool) -> Result<(), Error> {
    if fits { Ok(()) } else { Err(Error::new(Code::DigestMismatch)) }
}

impl Record {
    /// Why the credential is not active, if it is not.
    fn refusal(&self, now: Time) -> Option<&'static Entry> {
        let reached = |time: Option<Time>| time.is_some_and(|time| now >= time);
        if self.revoked_at.is_some() {
            Some(Code::Revoked.entry())
        } else if self.rotated_to.is_some() && self.grace_until.is_none_or(|time| now >= time) {
            Some(Code::Rotated.entry())
        } else if reached(self.expires_at) {
            Some(Code::RecordExpired.entry())
        } else if self.not_before.is_some_and(|time| now < time) {
            Some(Code::NotYetValid.entry())
        } else {
            None
        }
    }
}

impl Accepted {
    pub(crate) const fn handle(&self) -> Handle {
        self.handle
    }

    pub(crate) const fn record(&self) -> &Record {
        &self.record
    }

    pub(crate) fn valid_until(&self) -> Option<Time> {
        let hard_expiry = self.handle.hard_expiry().map(super::Day::end);
        let record = &self.record;
        let mut first = hard_expiry;
        for time in [record.expires_at, record.grace_until] {
            if first.is_none_or(|first| time.is_some_and(|time| time < first)) {
                first = time;
            }
        }
        first
    }
}

macro_rules! accepted {
    ($($type:ident)*) => {$(
        impl $type {
            /// The part of the token that may be shown.
            #[must_use]
            pub const fn handle(&self) -> Handle {
                self.accepted.handle
            }

            /// The kind of credential.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                self.accepted.handle.kind()
            }

            /// The credential's id.
            #[must_use]
            pub const fn id(&self) -> CredentialId {
                self.accepted.handle.id()
            }

            /// The id of the service user or user that it authenticates as.
            #[must_use]
            pub fn principal(&self) -> &str {
                self.accepted.record.principal()
            }

            /// The record that vouches for it.
            #[must_use]
            pub const fn record(&self) -> &Record {
                &self.accepted.record
            }

            /// The first second at which it is no longer good, as far as is known now: the least of the end of its hard
            /// expiry, `expires_at` and, once it is rotated, `grace_until`. None if there is no end.
            #[must_use]
            pub fn valid_until(&self) -> Option<Time> {
                self.accepted.valid_until()
            }
        }
    )*};
}

accepted!(AcceptedAtEdge AcceptedAtOrigin);
