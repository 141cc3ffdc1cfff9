//! The database: SQLite in a file, or PostgreSQL.

use cog_auth::Time;
use cog_auth::token::Kind;
use cog_auth::token::{CredentialId, Record};
use cog_auth_stores::{
    AccountFacts, FactsQuery, FactsStore, FactsWriter, Owner, Page, PostgresStore, PrincipalFacts,
    RecordList, RecordStore, RecordWriter, Revision, Revoked, SqliteStore, StoredRecord,
    Unavailable, WriteError,
};
use std::path::Path;
use std::sync::Arc;

/// One of the two. It is a store like each of them, and has a table of audit records beside.
#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// Does the same with either.
macro_rules! either {
    ($database:expr, $store:ident => $action:expr) => {
        match $database {
            Database::Sqlite($store) => $action,
            Database::Postgres($store) => $action,
        }
    };
}

const AUDIT_TABLE: &str = "\
    CREATE TABLE IF NOT EXISTS example_audit \
    (noted_at BIGINT NOT NULL, principal TEXT NOT NULL, owner TEXT NOT NULL, line TEXT NOT NULL)";

impl Database {
    /// Opens the SQLite file, or PostgreSQL if there is an address of it, and makes the tables.
    pub(crate) async fn open(file: &Path, address: Option<&str>) -> Result<Self, Unavailable> {
        let database = match address {
            Some(address) => {
                let store = PostgresStore::connect(address).await?;
                store.migrate().await?;
                Self::Postgres(store)
            }
            None => Self::Sqlite(SqliteStore::open(file).await?),
        };
        either!(&database, it => sqlx::query(AUDIT_TABLE).execute(it.pool()).await.map(drop))?;
        Ok(database)
    }

    /// Ends the connections. One that is just being handed back can end a moment later, on a thread
    /// of its own, and SQLite removes its journal with the last one.
    pub(crate) async fn close(&self) {
        either!(self, it => it.pool().close().await);
    }

    /// Adds an audit record, by who did it, and on whose credentials.
    pub(crate) async fn add_audit(
        &self,
        at: i64,
        principal: &str,
        owner: &str,
        line: &str,
    ) -> Result<(), Unavailable> {
        const ADD: &str = "INSERT INTO example_audit VALUES ($1, $2, $3, $4)";
        either!(self, it => {
            let add = sqlx::query(ADD).bind(at).bind(principal).bind(owner).bind(line);
            add.execute(it.pool()).await.map(drop)
        })?;
        Ok(())
    }

    /// The latest audit records of what a principal did, or others on its credentials.
    pub(crate) async fn audit_of(&self, id: &str) -> Result<Vec<(i64, String)>, Unavailable> {
        const OF: &str = "\
            SELECT noted_at, line FROM example_audit WHERE principal = $1 OR owner = $1 \
            ORDER BY noted_at DESC LIMIT 100";
        Ok(either!(self, it => sqlx::query_as(OF).bind(id).fetch_all(it.pool()).await)?)
    }
}

impl RecordStore for Database {
    async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        either!(self, store => store.record(id).await)
    }
}

impl RecordWriter for Database {
    async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
        either!(self, store => store.insert(record).await)
    }

    async fn replace(&self, record: &Record, read: Revision) -> Result<Revision, WriteError> {
        either!(self, store => store.replace(record, read).await)
    }

    async fn revoke(&self, id: CredentialId, at: Time) -> Result<Revoked, WriteError> {
        either!(self, store => store.revoke(id, at).await)
    }

    async fn used(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        either!(self, store => store.used(uses).await)
    }
}

impl RecordList for Database {
    async fn list(
        &self,
        owner: Owner<'_>,
        after: Option<CredentialId>,
    ) -> Result<Page, Unavailable> {
        either!(self, store => store.list(owner, after).await)
    }
}

impl FactsStore for Database {
    async fn facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        either!(self, store => store.facts(query).await)
    }
}

impl FactsWriter for Database {
    async fn put_account(&self, account: &AccountFacts) -> Result<(), Unavailable> {
        either!(self, store => store.put_account(account).await)
    }

    async fn put_principal(&self, principal: &PrincipalFacts) -> Result<(), Unavailable> {
        either!(self, store => store.put_principal(principal).await)
    }

    async fn put_organization(
        &self,
        organization: &str,
        account: Option<&str>,
    ) -> Result<(), Unavailable> {
        either!(self, store => store.put_organization(organization, account).await)
    }

    async fn remove_principal(&self, kind: Kind, id: &str) -> Result<(), Unavailable> {
        either!(self, store => store.remove_principal(kind, id).await)
    }
}
