//! Records and facts in a SQLite file.

use super::{TABLES, Tables, check_version, row, statements};
use crate::deadline::{TIMEOUT, within};
use crate::facts::principal_type;
use crate::system_time::now;
use crate::{
    AccountFacts, FactsQuery, Owner, Page, PrincipalFacts, Revision, Revoked, StoredRecord,
    Unavailable, WriteError,
};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Kind, Record};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Records and facts in a SQLite file, for services on one machine. Several processes may use it at
/// the same time.
///
/// ```
/// use cog_auth::token::CredentialId;
/// use cog_auth_stores::{RecordStore, SqliteStore};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let store = SqliteStore::open(&folder.path().join("credentials.db")).await?;
/// assert_eq!(store.record(CredentialId::parse("AAAABBBBCCCC")?).await?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SqliteStore {
    writes: SqlitePool,
    timeout: Duration,
}

impl SqliteStore {
    /// Opens a file, which is made if it is not there, and makes the tables if they are not there.
    ///
    /// A write is on the disk once it is answered (`synchronous = FULL`): no crash undoes a
    /// revocation.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the file cannot be opened, or has tables of a later version of this
    /// crate.
    pub async fn open(path: &Path) -> Result<Self, Unavailable> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(TIMEOUT);
        let pool = SqlitePoolOptions::new().max_connections(4).acquire_timeout(TIMEOUT);
        let store = Self::of_pool(pool.connect_with(options).await?);
        store.migrate().await?;
        Ok(store)
    }

    /// A store over connections of the caller's. Call [`SqliteStore::migrate`] once.
    #[must_use]
    pub const fn of_pool(pool: SqlitePool) -> Self {
        Self { writes: pool, timeout: TIMEOUT }
    }

    /// Sets after what time the database is unavailable, which is 2 seconds by default.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The connections, for tables of the caller's own in the same file.
    #[must_use]
    pub const fn pool(&self) -> &SqlitePool {
        &self.writes
    }

    /// Makes the tables, whose names begin with `cog_auth_`, if they are not there.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], also if there are tables of a later version of this crate.
    pub async fn migrate(&self) -> Result<(), Unavailable> {
        let mut transaction = self.writes.begin_with("BEGIN IMMEDIATE").await?;
        let there = "SELECT name FROM sqlite_schema WHERE name = 'cog_auth_schema'";
        let version = match sqlx::query(there).fetch_optional(&mut *transaction).await? {
            Some(_) => {
                sqlx::query_scalar(statements::VERSION).fetch_optional(&mut *transaction).await?
            }
            None => None,
        };
        if check_version(version)? == Tables::Missing {
            sqlx::raw_sql(TABLES).execute(&mut *transaction).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    async fn read_record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        let read_at = now();
        let row = sqlx::query_as(statements::RECORD).bind(id.as_str());
        let row = row.fetch_optional(&self.writes).await?;
        row.map(|row| row::stored(&row, read_at)).transpose()
    }

    async fn read_facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let row = sqlx::query_as(statements::FACTS)
            .bind(principal_type(query.kind))
            .bind(query.principal)
            .bind(query.organization);
        let row = row.fetch_optional(&self.writes).await?;
        row.map(|row| row::facts(row, query)).transpose()
    }

    async fn note_uses(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        const USED: &str = "\
            UPDATE cog_auth_credentials SET last_used_at = $2 \
            WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
        let mut transaction = self.writes.begin_with("BEGIN IMMEDIATE").await?;
        for (id, at) in uses {
            let used = sqlx::query(USED).bind(id.as_str()).bind(row::seconds(*at));
            used.execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }
}

sql_adapter!(SqliteStore);
