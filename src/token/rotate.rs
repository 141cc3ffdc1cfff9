//! Ending a credential: at once, or in favour of a successor.

use super::Record;
use super::scopes::is_subset;
use crate::error::{Code, Error};
use crate::time::Time;

impl Record {
    /// Revokes the credential: from the next look at its record on it is refused, whatever the time `at`.
    ///
    /// A credential that was revoked before keeps its first `revoked_at`.
    pub fn revoke(&mut self, at: Time) {
        self.revoked_at.get_or_insert(at);
    }

    /// The new record of a credential that is replaced by another: both work until `grace_until`, then the successor
    /// alone.
    ///
    /// The grace may end now or lie in the past, for none at all. Store the successor's record first.
    ///
    /// # Errors
    ///
    /// The first of these that fits: [`Code::AlreadyRotated`]; [`Code::NotRotatable`] if it is revoked or expired, or the
    /// successor revoked or rotated itself; [`Code::WiderThanPredecessor`] if the successor has another principal or
    /// kind, or more scopes or organizations; [`Code::InvalidRecord`] if the two have one id, or the new record would
    /// be longer than a record may be.
    ///
    /// ```
    /// use cog_auth::{Code, Time, token::{Kind, KeyId, RecordDraft, RootKey, Scopes}};
    ///
    /// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let issue = |random: u8, scopes| {
    ///     let token = root.mint(Kind::ServiceUserKey, None, &[random; 64])?;
    ///     RecordDraft::new(&token, "su_ci", scopes, now).for_edges().issue()
    /// };
    /// let old = issue(1, Scopes::of(["ReadOrgMeta"])?)?;
    /// let new = issue(2, Scopes::of(["ReadOrgMeta"])?)?;
    /// let rotated = old.rotate(&new, Time::from_seconds(1_795_003_600)?, now)?;
    /// assert_eq!(rotated.rotated_to(), Some(new.id()));
    /// assert_eq!(rotated.rotate(&new, now, now).unwrap_err().code(), Code::AlreadyRotated);
    ///
    /// let wider = issue(3, Scopes::all())?;
    /// assert_eq!(old.rotate(&wider, now, now).unwrap_err().code(), Code::WiderThanPredecessor);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn rotate(&self, successor: &Self, grace_until: Time, now: Time) -> Result<Self, Error> {
        if self.rotated_to.is_some() {
            return Err(Error::new(Code::AlreadyRotated));
        }
        let expired = self.expires_at.is_some_and(|time| now >= time);
        if expired || self.revoked_at.is_some() {
            return Err(Error::new(Code::NotRotatable));
        }
        if successor.revoked_at.is_some() || successor.rotated_to.is_some() {
            return Err(Error::new(Code::NotRotatable)
                .because("the successor is revoked or rotated itself; make a new one"));
        }
        if !successor.is_within(self) {
            return Err(Error::new(Code::WiderThanPredecessor));
        }
        let mut rotated = self.clone();
        rotated.rotated_to = Some(successor.id);
        rotated.grace_until = Some(grace_until);
        rotated.checked()
    }

    /// Whether this has another's principal and kind, and at most its scopes and organizations.
    fn is_within(&self, other: &Self) -> bool {
        let organizations = match (&self.organizations, &other.organizations) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(some), Some(others)) => is_subset(some, others),
        };
        organizations
            && self.principal == other.principal
            && self.kind == other.kind
            && self.scopes.is_within(&other.scopes)
    }
}
