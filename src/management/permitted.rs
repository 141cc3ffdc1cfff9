//! Requests that are allowed, and the credentials and records that come of them.

use super::decided::Decided;
use super::owner::Owner;
use super::refusal::{Ground, Refusal};
use super::wanted::{Replacement, Wanted};
use crate::time::Time;
use crate::token::{Record, RecordDraft, RootKey, RotationLimits, Token};
use alloc::string::String;
use core::fmt;

/// A credential may be created. [`Management`](super::Management) has an example.
#[must_use = "only `issue` makes the credential"]
pub struct Creation<'q> {
    pub(super) decided: Decided<'q>,
    pub(super) wanted: &'q Wanted,
}

/// A credential that was made. `Debug` shows neither the token nor the record's digests.
/// [`Management`](super::Management) has an example.
#[derive(Debug)]
#[must_use = "the credential is good once its record is stored"]
pub struct Issued {
    /// To be shown once, to the user who asked for it, and stored nowhere.
    pub token: Token,
    /// To be stored, with digests for edges and for origins.
    pub record: Record,
    /// The audit record, as one line of JSON.
    pub audit: String,
}

impl Creation<'_> {
    /// Makes the token and its record, from fresh random bytes of a source for cryptography: as
    /// many as [`MINT_RANDOM_BYTES`](crate::token::MINT_RANDOM_BYTES).
    ///
    /// # Errors
    ///
    /// A [`Refusal`] with 422 if no credential can be what was wanted: [`RecordDraft::issue`] says
    /// what that is. With 503 if the random bytes do not suffice: try again with others.
    pub fn issue(self, root: &RootKey, random: &[u8]) -> Result<Issued, Refusal> {
        let Self { decided, wanted } = self;
        let token = mint(&decided, root, random)?;
        let asked = &decided.asked;
        let mut draft =
            RecordDraft::new(&token, asked.owner.id(), wanted.scopes.clone(), asked.now);
        if let Some(name) = &wanted.name {
            draft = draft.name(name);
        }
        if let Some(organizations) = &wanted.organizations {
            draft = draft.organizations(organizations);
        }
        if let Some(addresses) = &wanted.addresses {
            draft = draft.addresses(addresses);
        }
        let record = finish(&decided, draft, wanted.lifetime, root)?;
        let audit = decided.audit(Some(&record), None);
        Ok(Issued { token, record, audit })
    }
}

/// The credentials of an owner may be listed.
#[must_use = "it says which records may be listed"]
pub struct Listing<'q> {
    pub(super) decided: Decided<'q>,
}

impl Listing<'_> {
    /// Whether a record is one of the owner's, of the kind that was asked for. No other record may
    /// be shown, even where a user and a service user have the same id.
    #[must_use]
    pub fn shows(&self, record: &Record) -> bool {
        let owner: Owner<'_> = self.decided.asked.owner;
        record.principal() == owner.id() && record.kind() == owner.kind()
    }

    /// The audit record, as one line of JSON.
    #[must_use]
    pub fn audit(&self) -> String {
        self.decided.audit(None, None)
    }
}

/// A credential may be replaced. [`Management::rotate`](super::Management::rotate) has an example.
#[must_use = "only `issue` makes the successor"]
pub struct Rotation<'q> {
    pub(super) decided: Decided<'q>,
    pub(super) record: &'q Record,
    pub(super) replacement: Replacement,
}

/// A credential that was replaced. `Debug` shows neither the token nor the records' digests.
/// [`Management::rotate`](super::Management::rotate) has an example.
#[derive(Debug)]
#[must_use = "the successor is good once its record is stored"]
pub struct Rotated {
    /// The successor, to be shown once, and stored nowhere.
    pub token: Token,
    /// The record of the successor, to be stored first.
    pub record: Record,
    /// The record of the predecessor, to be stored in place of the one that was read, unless that
    /// has changed: see [`Record::merge`].
    pub predecessor: Record,
    /// The audit record, as one line of JSON.
    pub audit: String,
}

impl Rotation<'_> {
    /// Makes the successor and its record, as [`Creation::issue`], and the new record of the
    /// predecessor.
    ///
    /// Whoever may rotate may also create, so the successor may expire later than its predecessor.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] with 409 if the predecessor is rotated, revoked or expired, or the grace is
    /// too long: [`Record::rotate`] says when. With 422 if the successor's record cannot be, such
    /// as one over [`MAX_RECORD_BYTES`](crate::token::MAX_RECORD_BYTES). With 503 as for
    /// [`Creation::issue`].
    pub fn issue(self, root: &RootKey, random: &[u8]) -> Result<Rotated, Refusal> {
        let Self { decided, record: old, replacement } = self;
        let now = decided.asked.now;
        let token = mint(&decided, root, random)?;
        let draft = RecordDraft::successor(&token, old, now);
        let record = finish(&decided, draft, replacement.lifetime, root)?;
        let grace_until = after(now, replacement.grace);
        let limits = RotationLimits::new().with_later_expiry();
        let predecessor = old
            .rotate_within(&record, grace_until, now, limits)
            .map_err(|error| decided.refuse(Ground::Conflict(&error)))?;
        let audit = decided.audit(Some(&predecessor), Some(&record));
        Ok(Rotated { token, record, predecessor, audit })
    }
}

/// A credential may be revoked.
#[must_use = "the credential is revoked once `record` is stored"]
pub struct Revocation<'q> {
    pub(super) decided: Decided<'q>,
    pub(super) record: &'q Record,
}

impl Revocation<'_> {
    /// The credential's record, revoked now: to be stored in place of the one that was read, even
    /// if another writer has changed that. A credential that was revoked before keeps its time.
    #[must_use = "the credential is revoked once this record is stored"]
    pub fn record(&self) -> Record {
        self.record.revoke(self.decided.asked.now)
    }

    /// The audit record, as one line of JSON.
    #[must_use]
    pub fn audit(&self) -> String {
        self.decided.audit(Some(self.record), None)
    }
}

fn mint(decided: &Decided<'_>, root: &RootKey, random: &[u8]) -> Result<Token, Refusal> {
    root.mint(decided.asked.owner.kind(), None, random)
        .map_err(|error| decided.refuse(Ground::Undecided(&error)))
}

/// Issues the record of a new credential with this lifetime in seconds, for origins and edges.
fn finish(
    decided: &Decided<'_>,
    draft: RecordDraft<'_>,
    lifetime: Option<u64>,
    root: &RootKey,
) -> Result<Record, Refusal> {
    let draft = match lifetime {
        Some(seconds) => draft.expires_at(after(decided.asked.now, seconds)),
        None => draft,
    };
    let peppers = root.peppers();
    let issued = draft.for_origins(&peppers).for_edges().issue();
    issued.map_err(|error| decided.refuse(Ground::Unfit(&error)))
}

fn after(now: Time, seconds: u64) -> Time {
    Time::saturating(now.seconds().saturating_add(seconds))
}

macro_rules! debug {
    ($($name:ident)+) => {$(
        /// Shows the action alone.
        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.decided.asked.action())
            }
        }
    )+};
}

debug!(Creation Listing Rotation Revocation);
