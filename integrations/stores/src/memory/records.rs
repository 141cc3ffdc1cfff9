//! Records in memory.

use super::{MemoryStore, Row};
use crate::system_time::now;
use crate::{RecordStore, RecordWriter, Revision, Revoked, StoredRecord, Unavailable, WriteError};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use std::collections::btree_map::Entry;

impl Row {
    pub(super) fn stored(&self) -> StoredRecord {
        StoredRecord::new(self.record.to_json(), now(), self.revision)
    }

    fn put(&mut self, record: Record) -> Revision {
        self.record = record;
        self.revision = self.revision.next();
        self.revision
    }
}

impl RecordStore for MemoryStore {
    async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        Ok(self.tables().records.get(&id).map(Row::stored))
    }
}

impl RecordWriter for MemoryStore {
    async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
        match self.tables().records.entry(record.id()) {
            Entry::Occupied(_) => Err(WriteError::AlreadyThere),
            Entry::Vacant(place) => {
                let revision = Revision::new(1);
                place.insert(Row { record: record.clone(), revision });
                Ok(revision)
            }
        }
    }

    async fn replace(&self, record: &Record, read: Revision) -> Result<Revision, WriteError> {
        let mut tables = self.tables();
        let row = tables.records.get_mut(&record.id()).ok_or(WriteError::Absent)?;
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
        let mut tables = self.tables();
        let row = tables.records.get_mut(&id).ok_or(WriteError::Absent)?;
        if row.record.revoked_at().is_some() {
            return Ok(Revoked::Before);
        }
        row.put(row.record.revoke(at));
        Ok(Revoked::Now)
    }

    async fn used(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        let mut tables = self.tables();
        for (id, at) in uses {
            if let Some(row) = tables.records.get_mut(id) {
                row.record = row.record.used(*at);
            }
        }
        Ok(())
    }
}
