//! Rotation: a credential is replaced by a successor, which may do no more (section "Rotation" of
//! `docs/token-format.md`).

use super::Record;
use super::record_fields::{RecordFields, all_covered};
use super::text_lists::{is_subset, is_within};
use crate::error::{Code, Error};
use crate::time::Time;

/// How long a rotated credential may stay good beside its successor unless told otherwise, in
/// seconds: 30 days.
pub const MAX_GRACE_SECONDS: u64 = 2_592_000;

/// What a rotation may do at most.
///
/// ```
/// use cog_auth::token::RotationLimits;
///
/// // For an administrator, who may give the credential a longer life, but an hour of grace.
/// let limits = RotationLimits::new().with_later_expiry().with_max_grace(3_600);
/// assert_ne!(limits, RotationLimits::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationLimits {
    expiry: SuccessorExpiry,
    max_grace: u64,
}

/// How late a successor may expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SuccessorExpiry {
    /// No later than its predecessor.
    Bounded,
    Any,
}

impl RotationLimits {
    /// A successor expires no later than its predecessor, and grace is at most
    /// [`MAX_GRACE_SECONDS`].
    #[must_use]
    pub const fn new() -> Self {
        Self { expiry: SuccessorExpiry::Bounded, max_grace: MAX_GRACE_SECONDS }
    }

    /// Lets a successor expire later than its predecessor, or never. That is for those who may make
    /// new credentials of this principal, and never for a credential that replaces itself: it would
    /// live for ever.
    #[must_use]
    pub const fn with_later_expiry(mut self) -> Self {
        self.expiry = SuccessorExpiry::Any;
        self
    }

    /// Sets how long the predecessor may stay good after the rotation, in seconds.
    #[must_use]
    pub const fn with_max_grace(mut self, seconds: u64) -> Self {
        self.max_grace = seconds;
        self
    }
}

impl Default for RotationLimits {
    fn default() -> Self {
        Self::new()
    }
}

impl Record {
    /// The record of the same credential, replaced by a successor: both are good until
    /// `grace_until`, then the successor alone.
    ///
    /// `grace_until` may be now or in the past, for no grace at all. Store the successor's record
    /// first, then this one in place of the old one.
    ///
    /// The successor may not expire later than this record does, and the grace may be 30 days at
    /// most: [`Record::rotate_within`] has other limits.
    ///
    /// # Errors
    ///
    /// The first of these that applies: [`Code::AlreadyRotated`]; [`Code::NotRotatable`] if the
    /// credential is revoked, or expired at `now`, or if the successor is revoked or rotated;
    /// [`Code::WiderThanPredecessor`] if the successor has another principal or kind, a scope, an
    /// organization or an address that this one has not, or expires later; [`Code::NotRotatable`]
    /// if the grace is too long; [`Code::InvalidRecord`] if both have the same id, or if the new
    /// record would be longer than [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES) as JSON.
    ///
    /// ```
    /// use cog_auth::{Code, Time};
    /// use cog_auth::token::{Kind, KeyId, MINT_RANDOM_BYTES, Record, RecordDraft, RootKey, Scopes};
    ///
    /// let mut key = [0; 32];
    /// getrandom::fill(&mut key)?;
    /// let root = RootKey::new(KeyId::parse("01")?, &key);
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let issue = |scopes| -> Result<Record, Box<dyn std::error::Error>> {
    ///     let mut random = [0; MINT_RANDOM_BYTES];
    ///     getrandom::fill(&mut random)?;
    ///     let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    ///     Ok(RecordDraft::new(&token, "su_ci", scopes, now).for_edges().issue()?)
    /// };
    /// let old = issue(Scopes::of(["ReadOrgMeta"])?)?;
    /// let new = issue(Scopes::of(["ReadOrgMeta"])?)?;
    /// let in_an_hour = Time::from_seconds(now.seconds() + 3_600)?;
    /// let rotated = old.rotate(&new, in_an_hour, now)?;
    /// assert_eq!(rotated.rotated_to(), Some(new.id()));
    /// assert_eq!(rotated.rotate(&new, now, now).unwrap_err().code(), Code::AlreadyRotated);
    ///
    /// let wider = issue(Scopes::all())?;
    /// assert_eq!(old.rotate(&wider, now, now).unwrap_err().code(), Code::WiderThanPredecessor);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rotate(&self, successor: &Self, grace_until: Time, now: Time) -> Result<Self, Error> {
        self.rotate_within(successor, grace_until, now, RotationLimits::new())
    }

    /// As [`Record::rotate`], with other limits.
    ///
    /// # Errors
    ///
    /// Those of [`Record::rotate`], for these limits.
    ///
    /// ```
    /// use cog_auth::{Code, Time};
    /// use cog_auth::token::{Record, RotationLimits};
    ///
    /// let record = |id: &str, expiry: &str| {
    ///     Record::from_json(format!(r#"{{"v": 1, "id": "{id}", "kind": "service_user_key",
    ///         "edge_digest": "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
    ///         "principal": "a", "scopes": [], "created_at": 1798756600{expiry}}}"#).as_bytes())
    /// };
    /// let old = record("AAAABBBBCCCC", r#", "expires_at": 1798843000"#)?;
    /// let new = record("DDDDEEEEFFFF", "")?;
    /// let now = Time::from_seconds(1_798_800_000)?;
    /// assert_eq!(old.rotate(&new, now, now).unwrap_err().code(), Code::WiderThanPredecessor);
    ///
    /// let by_its_manager = RotationLimits::new().with_later_expiry();
    /// assert!(old.rotate_within(&new, now, now, by_its_manager).is_ok());
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn rotate_within(
        &self,
        successor: &Self,
        grace_until: Time,
        now: Time,
        limits: RotationLimits,
    ) -> Result<Self, Error> {
        let (own, next) = (self.fields(), successor.fields());
        if own.rotated_to.is_some() {
            return Err(Error::new(Code::AlreadyRotated));
        }
        let expired = own.expires_at.is_some_and(|time| now >= time);
        if expired || own.revoked_at.is_some() {
            return Err(Error::new(Code::NotRotatable));
        }
        if next.revoked_at.is_some() || next.rotated_to.is_some() {
            return Err(Error::new(Code::NotRotatable)
                .because("the successor is revoked or rotated itself; make a new one"));
        }
        if !is_no_wider(next, own) {
            return Err(Error::new(Code::WiderThanPredecessor));
        }
        if limits.expiry == SuccessorExpiry::Bounded && outlives(next, own) {
            return Err(Error::new(Code::WiderThanPredecessor).because(
                "the successor expires later than its predecessor; only somebody who may create \
                 credentials for this principal may allow that",
            ));
        }
        if grace_until.seconds().saturating_sub(now.seconds()) > limits.max_grace {
            return Err(Error::new(Code::NotRotatable).because(
                "the grace period is too long; it is at most 30 days unless other limits are set",
            ));
        }
        let mut rotated = own.clone();
        rotated.rotated_to = Some(next.id);
        rotated.grace_until = Some(grace_until);
        Self::checked(rotated)
    }
}

/// Whether a record has another's principal and kind, and at most its scopes, organizations and
/// addresses.
fn is_no_wider(own: &RecordFields, others: &RecordFields) -> bool {
    let (organizations, addresses) = (&others.organizations, &others.addresses);
    own.principal == others.principal
        && own.kind == others.kind
        && own.scopes.is_within(&others.scopes)
        && is_within(own.organizations.as_deref(), organizations.as_deref(), is_subset)
        && is_within(own.addresses.as_deref(), addresses.as_deref(), all_covered)
}

/// Whether a record expires later than another, where none is later than any.
fn outlives(own: &RecordFields, other: &RecordFields) -> bool {
    other.expires_at.is_some_and(|end| own.expires_at.is_none_or(|own| own > end))
}
