//! Stores that break a promise, which the suite finds.

use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use cog_auth_stores::{
    MemoryStore, RecordStore, RecordWriter, Revision, Revoked, StoredRecord, Unavailable,
    WriteError, conformance,
};
use std::sync::Arc;

/// A store whose last writer wins, and that takes any failure for absence.
struct Careless {
    below: MemoryStore,
}

impl RecordStore for Careless {
    async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        Ok(self.below.record(id).await.unwrap_or_default())
    }
}

impl RecordWriter for Careless {
    async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
        self.below.insert(record).await
    }

    async fn replace(&self, record: &Record, read: Revision) -> Result<Revision, WriteError> {
        // Others write in the meantime.
        tokio::task::yield_now().await;
        let stored = self.below.record(record.id()).await?;
        let last = stored.map_or(read, |stored| stored.revision());
        self.below.replace(record, last).await
    }

    async fn revoke(&self, id: CredentialId, at: Time) -> Result<Revoked, WriteError> {
        self.below.revoke(id, at).await
    }

    async fn used(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        self.below.used(uses).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_is_based_on_an_older_read_is_found() {
    let store = Careless { below: MemoryStore::new() };
    let broken = conformance::records(&store).await.unwrap_err().to_string();
    let promise = "not as promised: a write that is based on an older read is refused; instead: ";
    assert!(broken.starts_with(promise), "{broken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_edits_are_found() {
    let store = Arc::new(Careless { below: MemoryStore::new() });
    // Not every race is lost.
    for _ in 0..100 {
        if let Err(broken) = conformance::races(&store, 32).await {
            let broken = broken.to_string();
            assert!(broken.starts_with("not as promised: no edit is lost;"), "{broken}");
            return;
        }
    }
    panic!("no race was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_that_nobody_knows_of_is_found() {
    let store = Careless { below: MemoryStore::new() };
    let broken = conformance::unavailable(&store).await.unwrap_err().to_string();
    assert_eq!(broken, "not as promised: a read is unavailable; instead: Ok(None)");
}
