//! Writing records, so that no writer undoes what another one did.

use crate::{RecordStore, Revision, Unavailable, WriteError};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use std::sync::Arc;

/// Writes records. Whatever the order of writes is, a credential that was revoked stays so.
///
/// Writes by hand, past this trait, are not covered by that.
pub trait RecordWriter: RecordStore {
    /// Stores the record of a new credential.
    ///
    /// # Errors
    ///
    /// [`WriteError::AlreadyThere`] if there is a record of its id; [`WriteError::Unavailable`].
    fn insert(&self, record: &Record) -> impl Future<Output = Result<Revision, WriteError>> + Send;

    /// Stores a record in place of one that was read: an edit, or a rotation. A later use that is
    /// stored stays ([`RecordWriter::used`]).
    ///
    /// # Errors
    ///
    /// [`WriteError::Absent`]; [`WriteError::Revoked`] if the stored record is revoked, whatever
    /// was read; [`WriteError::Changed`] if it is not the revision that was read;
    /// [`WriteError::Unavailable`].
    fn replace(
        &self,
        record: &Record,
        read: Revision,
    ) -> impl Future<Output = Result<Revision, WriteError>> + Send;

    /// Revokes a credential, whatever else is being written. The first revocation's time stays.
    ///
    /// # Errors
    ///
    /// [`WriteError::Absent`]; [`WriteError::Unavailable`]: then try again, it does no harm.
    fn revoke(
        &self,
        id: CredentialId,
        at: Time,
    ) -> impl Future<Output = Result<Revoked, WriteError>> + Send;

    /// Notes when credentials were used: a batch of ids and times, in any order. A later use that
    /// is stored stays, and nothing else of a record changes, not even its revision. Ids of no
    /// record are passed over.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: perhaps some uses were noted. To note them again does no harm.
    fn used(
        &self,
        uses: &[(CredentialId, Time)],
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// What a revocation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The credential was not revoked, and is now.
    Now,
    /// It was revoked before.
    Before,
}

impl<S: RecordWriter> RecordWriter for Arc<S> {
    fn insert(&self, record: &Record) -> impl Future<Output = Result<Revision, WriteError>> + Send {
        S::insert(self, record)
    }

    fn replace(
        &self,
        record: &Record,
        read: Revision,
    ) -> impl Future<Output = Result<Revision, WriteError>> + Send {
        S::replace(self, record, read)
    }

    fn revoke(
        &self,
        id: CredentialId,
        at: Time,
    ) -> impl Future<Output = Result<Revoked, WriteError>> + Send {
        S::revoke(self, id, at)
    }

    fn used(
        &self,
        uses: &[(CredentialId, Time)],
    ) -> impl Future<Output = Result<(), Unavailable>> + Send {
        S::used(self, uses)
    }
}
