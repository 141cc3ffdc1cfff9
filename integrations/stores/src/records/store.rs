//! Reading the record of a credential.

use crate::Unavailable;
use cog_auth::token::{CredentialId, Record};
use cog_auth::{Error, Time};
use std::fmt;
use std::sync::Arc;

/// Reads the stored record of a credential.
pub trait RecordStore: Send + Sync {
    /// The record of this id. None: there surely is no such record, which becomes a 401.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if it is not known whether there is one, which becomes a 503.
    fn record(
        &self,
        id: CredentialId,
    ) -> impl Future<Output = Result<Option<StoredRecord>, Unavailable>> + Send;
}

impl<S: RecordStore> RecordStore for Arc<S> {
    fn record(
        &self,
        id: CredentialId,
    ) -> impl Future<Output = Result<Option<StoredRecord>, Unavailable>> + Send {
        S::record(self, id)
    }
}

/// A record as a store has it, with the time at which it was read there.
///
/// `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRecord {
    text: Arc<str>,
    read_at: Time,
    revision: Revision,
}

impl StoredRecord {
    /// A record's JSON text, when it was read from the issuer's store, and its revision there.
    ///
    /// The time must not be later than the read: a copy of a record has the time of the original.
    pub fn new(text: impl Into<Arc<str>>, read_at: Time, revision: Revision) -> Self {
        Self { text: text.into(), read_at, revision }
    }

    /// The record as JSON, for [`RecordNeeded::found`](cog_auth::gate::RecordNeeded::found). Nobody
    /// has read it yet.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// When it was read from the issuer's store, at the latest.
    #[must_use]
    pub const fn read_at(&self) -> Time {
        self.read_at
    }

    /// Which version of the record this is: for
    /// [`RecordWriter::replace`](crate::RecordWriter::replace).
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Reads the text.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`](cog_auth::Code::InvalidRecord) if it is no record.
    ///
    /// ```
    /// use cog_auth::{Code, Time};
    /// use cog_auth_stores::{Revision, StoredRecord};
    ///
    /// let stored = StoredRecord::new("{}", Time::MAX, Revision::new(1));
    /// assert_eq!(stored.record().unwrap_err().code(), Code::InvalidRecord);
    /// ```
    pub fn record(&self) -> Result<Record, Error> {
        Record::from_json(self.text.as_bytes())
    }
}

impl fmt::Debug for StoredRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRecord")
            .field("read_at", &self.read_at)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

/// A version of a stored record. It grows with every write but [`RecordWriter::used`], and means
/// something in one store alone.
///
/// [`RecordWriter::used`]: crate::RecordWriter::used
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// The revision of this number, for those who write stores.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
