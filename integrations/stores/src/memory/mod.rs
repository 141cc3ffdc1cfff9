//! A store in memory.

#[cfg(feature = "facts")]
mod facts;
mod records;

use cog_auth::token::{CredentialId, Record};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps everything in memory, for tests and for services of one process that can do without it
/// after a restart. It is never unavailable.
#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    records: BTreeMap<CredentialId, Row>,
    #[cfg(feature = "facts")]
    facts: facts::Tables,
}

struct Row {
    record: Record,
    revision: crate::Revision,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No writer leaves the tables half written, so that one that panicked has done no harm.
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStore({} records)", self.tables().records.len())
    }
}
