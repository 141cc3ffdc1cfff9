//! Merging the two records of one credential that a store has (section "Writing records" of
//! `docs/token-format.md`).

use super::record_fields::{RecordFields, covered_by_both};
use super::text_lists::in_both;
use super::{Record, Scopes};
use crate::error::{Code, Error};

impl Record {
    /// The record to store where a writer may not know what the store holds: good only where and
    /// when both this record and the stored one of the same credential are.
    ///
    /// A writer that read a record before another one revoked it, and writes what it made of that,
    /// would bring the token to life again. So it should write only if the stored record still is
    /// the one that it read. Where the store cannot do that, it writes its record merged with the
    /// stored one: `revoked_at` stays, and so does whatever else ends or narrows a credential,
    /// whichever of the two writes comes first. Name and metadata are those of this record. A merge
    /// never widens, so a later expiry is lost: that needs a conditional write.
    ///
    /// The members are those of section "Writing records" of `docs/token-format.md`. The merged
    /// record's length is not checked.
    ///
    /// # Errors
    ///
    /// [`Code::RecordMismatch`] if the two have another id, kind or principal, or two digests of
    /// the same place that differ: then they are of two credentials.
    ///
    /// ```
    /// use cog_auth::Time;
    /// use cog_auth::token::{Kind, KeyId, MINT_RANDOM_BYTES, RecordDraft, RootKey, Scopes};
    ///
    /// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let mut random = [0; MINT_RANDOM_BYTES];
    /// getrandom::fill(&mut random)?;
    /// let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    /// let draft = || RecordDraft::new(&token, "su_ci", Scopes::all(), now).for_edges();
    ///
    /// // Both writers read the same record. One revokes it, the other would only give it a name.
    /// let revoked = draft().issue()?.revoke(now);
    /// let named = draft().name("deploy").issue()?;
    /// let stored = named.merge(&revoked)?;
    /// assert_eq!((stored.revoked_at(), stored.name()), (Some(now), Some("deploy")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merge(&self, stored: &Self) -> Result<Self, Error> {
        let (own, others) = (self.fields(), stored.fields());
        let same_credential = (own.id, own.kind, &own.principal)
            == (others.id, others.kind, &others.principal)
            && agree(self.digest(), stored.digest())
            && agree(self.edge_digest(), stored.edge_digest());
        if !same_credential {
            return Err(Error::new(Code::RecordMismatch));
        }
        let scopes = match (own.scopes.list(), others.scopes.list()) {
            (_, None) => own.scopes.clone(),
            (None, _) => others.scopes.clone(),
            (Some(some), Some(others)) => Scopes::of(in_both(some, others))?,
        };
        let organizations = match (&own.organizations, &others.organizations) {
            (Some(some), Some(others)) => Some(in_both(some, others).cloned().collect()),
            (some, others) => some.as_ref().or(others.as_ref()).cloned(),
        };
        let addresses = match (&own.addresses, &others.addresses) {
            (Some(some), Some(others)) => Some(covered_by_both(some, others)),
            (some, others) => some.as_ref().or(others.as_ref()).cloned(),
        };
        // An absent grace is none, and so the earliest.
        let rotation = |fields: &RecordFields| {
            fields.rotated_to.map(|successor| (fields.grace_until, successor))
        };
        let rotation = earlier(rotation(own), rotation(others));
        // The length is not checked: a revocation that does not fit must not be dropped for that.
        Ok(Self::of(RecordFields {
            id: own.id,
            kind: own.kind,
            principal: own.principal.clone(),
            digest: own.digest.or(others.digest),
            edge_digest: own.edge_digest.or(others.edge_digest),
            scopes,
            organizations,
            addresses,
            name: own.name.clone(),
            created_at: own.created_at.max(others.created_at),
            last_used_at: own.last_used_at.max(others.last_used_at),
            not_before: own.not_before.max(others.not_before),
            expires_at: earlier(own.expires_at, others.expires_at),
            revoked_at: earlier(own.revoked_at, others.revoked_at),
            rotated_to: rotation.map(|(_, successor)| successor),
            grace_until: rotation.and_then(|(grace_until, _)| grace_until),
            metadata: own.metadata.clone(),
        }))
    }
}

/// Whether two members are the same, where both are there.
fn agree(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The lesser of two values, where none is later than any.
fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
