//! Records that are kept.

use super::CacheOptions;
use super::answers::{Answers, Kept};
use crate::{
    Notice, Notices, RecordStore, RecordWriter, Revision, Revoked, StoredRecord, Unavailable,
    WriteError,
};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use std::fmt;
use std::sync::Arc;

/// Keeps the records of a store for some time.
///
/// Of all who ask for a record at the same time, one reads it. A record has the time at which it was
/// read from the issuer's store with it, so that the gate's `max_record_age` holds. Notices make it
/// forget sooner ([`CachedRecords::follow`]); without them `max_age` alone bounds how long a revoked
/// credential is let through. That the store is unavailable is not kept.
///
/// Over a store that writes it writes too, and forgets what it has written.
///
/// ```
/// use cog_auth::token::CredentialId;
/// use cog_auth_stores::{CacheOptions, CachedRecords, MemoryStore, RecordStore};
/// use std::time::Duration;
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let options = CacheOptions::new(Duration::from_secs(30));
/// let records = CachedRecords::new(MemoryStore::new(), options);
/// assert_eq!(records.record(CredentialId::parse("AAAABBBBCCCC")?).await?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CachedRecords<S> {
    store: S,
    answers: Arc<Answers<CredentialId, StoredRecord>>,
}

impl<S> CachedRecords<S> {
    /// A cache over a store. Its clones share what is kept.
    pub fn new(store: S, options: CacheOptions) -> Self {
        Self { store, answers: Arc::new(Answers::new(options)) }
    }

    /// Forgets what a notice is about.
    pub fn forget(&self, notice: &Notice) {
        match notice {
            Notice::Credential(id) => self.answers.marks.tell(id.as_str()),
            Notice::All => self.answers.marks.tell_all(),
            Notice::Principal(_) | Notice::Organization(_) => {}
        }
    }

    /// Forgets what notices tell, as long as it is polled: give it to a task of its own.
    pub async fn follow(&self, mut notices: impl Notices) {
        loop {
            self.forget(&notices.next().await);
        }
    }
}

impl<S: Clone> Clone for CachedRecords<S> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), answers: self.answers.clone() }
    }
}

impl<S: fmt::Debug> fmt::Debug for CachedRecords<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedRecords").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Kept for StoredRecord {
    fn bytes(&self) -> usize {
        self.text().len()
    }

    fn read_at(&self) -> Option<Time> {
        Some(Self::read_at(self))
    }
}

impl<S: RecordStore> RecordStore for CachedRecords<S> {
    async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        self.answers.get(id, [Some(id.as_str()), None], self.store.record(id)).await
    }
}

impl<S: RecordWriter> RecordWriter for CachedRecords<S> {
    async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
        self.writing(record.id(), self.store.insert(record)).await
    }

    async fn replace(&self, record: &Record, read: Revision) -> Result<Revision, WriteError> {
        self.writing(record.id(), self.store.replace(record, read)).await
    }

    async fn revoke(&self, id: CredentialId, at: Time) -> Result<Revoked, WriteError> {
        self.writing(id, self.store.revoke(id, at)).await
    }

    /// What is kept does not show these uses until it is read again.
    async fn used(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        self.store.used(uses).await
    }
}

impl<S: Sync> CachedRecords<S> {
    /// Writes, and forgets what was kept, whatever came of it: also where the write is given up.
    async fn writing<T>(&self, id: CredentialId, write: impl Future<Output = T> + Send) -> T {
        let _forgets = Forgets { answers: &self.answers, id };
        write.await
    }
}

struct Forgets<'c> {
    answers: &'c Answers<CredentialId, StoredRecord>,
    id: CredentialId,
}

impl Drop for Forgets<'_> {
    fn drop(&mut self) {
        self.answers.marks.tell(self.id.as_str());
    }
}
