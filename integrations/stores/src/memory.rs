//! A store in memory.

use crate::system_time::now;
use crate::{RecordStore, RecordWriter, Revision, Revoked, StoredRecord, Unavailable, WriteError};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps everything in memory, for tests and for services of one process that can do without it
/// after a restart.
#[derive(Default)]
pub struct MemoryStore {
    rows: Mutex<HashMap<CredentialId, Row>>,
}

struct Row {
    record: Record,
    revision: Revision,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No writer leaves the rows half written, so that one that panicked has done no harm.
    fn rows(&self) -> MutexGuard<'_, HashMap<CredentialId, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStore({} records)", self.rows().len())
    }
}

impl Row {
    fn put(&mut self, record: Record) -> Revision {
        self.record = record;
        self.revision = self.revision.next();
        self.revision
    }
}

impl RecordStore for MemoryStore {
    async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        let rows = self.rows();
        let row = rows.get(&id);
        Ok(row.map(|row| StoredRecord::new(row.record.to_json(), now(), row.revision)))
    }
}

impl RecordWriter for MemoryStore {
    async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
        let mut rows = self.rows();
        if rows.contains_key(&record.id()) {
            return Err(WriteError::AlreadyThere);
        }
        let revision = Revision::new(1);
        rows.insert(record.id(), Row { record: record.clone(), revision });
        Ok(revision)
    }

    async fn replace(&self, record: &Record, read: Revision) -> Result<Revision, WriteError> {
        let mut rows = self.rows();
        let row = rows.get_mut(&record.id()).ok_or(WriteError::Absent)?;
        if row.record.revoked_at().is_some() {
            return Err(WriteError::Revoked);
        }
        if row.revision != read {
            return Err(WriteError::Changed);
        }
        let used = row.record.last_used_at();
        Ok(row.put(used.map_or_else(|| record.clone(), |at| record.used(at))))
    }

    async fn revoke(&self, id: CredentialId, at: Time) -> Result<Revoked, WriteError> {
        let mut rows = self.rows();
        let row = rows.get_mut(&id).ok_or(WriteError::Absent)?;
        if row.record.revoked_at().is_some() {
            return Ok(Revoked::Before);
        }
        row.put(row.record.revoke(at));
        Ok(Revoked::Now)
    }

    async fn used(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        let mut rows = self.rows();
        for (id, at) in uses {
            if let Some(row) = rows.get_mut(id) {
                row.record = row.record.used(*at);
            }
        }
        Ok(())
    }
}
