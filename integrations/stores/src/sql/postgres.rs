//! Records and facts in PostgreSQL, with replicas.

use super::row::RecordColumns;
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
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Records and facts in PostgreSQL.
///
/// Reads can go to a replica ([`PostgresStore::with_replica`]). Every change of a record or of
/// facts gives a notice ([`PostgresNotices`](crate::PostgresNotices)), also if it is made by hand.
///
/// ```no_run
/// use cog_auth_stores::{PostgresStore, Unavailable};
///
/// async fn open() -> Result<PostgresStore, Unavailable> {
///     let store = PostgresStore::connect("postgres://issuer@db.internal/credentials").await?;
///     store.migrate().await?;
///     Ok(store)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct PostgresStore {
    writes: PgPool,
    replica: Option<PgPool>,
    timeout: Duration,
}

impl PostgresStore {
    /// Connects to a server by its address (`postgres://…`), with at most 10 connections, on which
    /// no statement takes longer than 2 seconds.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the address is none or the server does not answer.
    pub async fn connect(address: &str) -> Result<Self, Unavailable> {
        Ok(Self::of_pool(pool(address).await?))
    }

    /// A store over connections of the caller's, to the server that takes writes.
    #[must_use]
    pub const fn of_pool(pool: PgPool) -> Self {
        Self { writes: pool, replica: None, timeout: TIMEOUT }
    }

    /// Reads records and facts from a replica, by its address.
    ///
    /// A record that is read there counts as read when the last heartbeat ([`PostgresStore::beat`])
    /// that the replica has was made, so that `max_record_age` bounds how far behind a replica may
    /// be. What the replica does not have is asked of the server that takes writes.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the address is none or the replica does not answer.
    pub async fn with_replica(mut self, address: &str) -> Result<Self, Unavailable> {
        self.replica = Some(pool(address).await?);
        Ok(self)
    }

    /// Sets after what time the database is unavailable, which is 2 seconds by default.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The connections to the server that takes writes, for tables of the caller's own.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.writes
    }

    /// Makes the tables, whose names begin with `cog_auth_`, and the triggers for notices, if they
    /// are not there.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], also if there are tables of a later version of this crate.
    pub async fn migrate(&self) -> Result<(), Unavailable> {
        let mut transaction = self.writes.begin().await?;
        // Two that begin at the same time wait for each other.
        let lock = sqlx::query("SELECT pg_advisory_xact_lock(hashtext('cog_auth_schema'))");
        lock.execute(&mut *transaction).await?;
        let there = sqlx::query_scalar("SELECT to_regclass('cog_auth_schema') IS NOT NULL");
        let version = match there.fetch_one(&mut *transaction).await? {
            true => {
                sqlx::query_scalar(statements::VERSION).fetch_optional(&mut *transaction).await?
            }
            false => None,
        };
        if check_version(version)? == Tables::Missing {
            sqlx::raw_sql(TABLES).execute(&mut *transaction).await?;
            sqlx::raw_sql(include_str!("notices.sql")).execute(&mut *transaction).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Writes the present time of the server, for replicas to show how far behind they are, and
    /// tells it to those who follow notices. Where there are replicas or copies, call it every
    /// second, from one process or from several.
    ///
    /// # Errors
    ///
    /// [`Unavailable`].
    pub async fn beat(&self) -> Result<(), Unavailable> {
        // The time is that before the write: what was written earlier comes to replicas earlier.
        const BEAT: &str = "\
            WITH beat AS ( \
              UPDATE cog_auth_heartbeat \
              SET at = GREATEST(at, floor(extract(epoch FROM clock_timestamp()))::bigint) \
              RETURNING at \
            ) \
            SELECT pg_notify('cog_auth', 'beat ' || at) FROM beat";
        within(self.timeout, sqlx::query(BEAT).execute(&self.writes)).await.map(drop)
    }

    async fn read_record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        let read_at = now();
        if let Some(replica) = &self.replica
            && let Some(found) = read_replica(replica, id, read_at).await?
        {
            return Ok(Some(found));
        }
        let row = sqlx::query_as(statements::RECORD).bind(id.as_str());
        let row = row.fetch_optional(&self.writes).await?;
        row.map(|row| row::stored(&row, read_at)).transpose()
    }

    async fn read_facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let read = |pool| {
            sqlx::query_as(statements::FACTS)
                .bind(principal_type(query.kind))
                .bind(query.principal)
                .bind(query.organization)
                .fetch_optional(pool)
        };
        let mut row = None;
        if let Some(replica) = &self.replica {
            row = read(replica).await?;
        }
        if row.is_none() {
            row = read(&self.writes).await?;
        }
        row.map(|row| row::facts(row, query)).transpose()
    }

    async fn note_uses(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        // Rows are locked in one order, so that two batches never wait for each other in a circle.
        const USED: &str = "\
            WITH uses AS ( \
              SELECT id, max(at) AS at FROM unnest($1::text[], $2::bigint[]) AS u (id, at) \
              GROUP BY id \
            ), locked AS ( \
              SELECT c.id, uses.at FROM cog_auth_credentials c JOIN uses ON uses.id = c.id \
              ORDER BY c.id FOR NO KEY UPDATE OF c \
            ) \
            UPDATE cog_auth_credentials c SET last_used_at = locked.at FROM locked \
            WHERE c.id = locked.id AND (c.last_used_at IS NULL OR c.last_used_at < locked.at)";
        let ids: Vec<&str> = uses.iter().map(|(id, _)| id.as_str()).collect();
        let times: Vec<i64> = uses.iter().map(|(_, at)| row::seconds(*at)).collect();
        let used = sqlx::query(USED).bind(ids).bind(times);
        used.execute(&self.writes).await?;
        Ok(())
    }
}

sql_adapter!(PostgresStore);

/// A record as a replica has it, and none if it has no heartbeat.
async fn read_replica(
    replica: &PgPool,
    id: CredentialId,
    now: Time,
) -> Result<Option<StoredRecord>, Unavailable> {
    // Both in one statement, so that they are of one moment.
    const RECORD: &str = "\
        SELECT h.at, c.id, c.record, c.revision, c.revoked_at, c.last_used_at \
        FROM cog_auth_heartbeat h JOIN cog_auth_credentials c ON c.id = $1";
    type Columns = (i64, String, String, i64, Option<i64>, Option<i64>);
    let row = sqlx::query_as(RECORD).bind(id.as_str()).fetch_optional(replica).await?;
    let Some((at, id, text, revision, revoked_at, last_used_at)): Option<Columns> = row else {
        return Ok(None);
    };
    let columns: RecordColumns = (id, text, revision, revoked_at, last_used_at);
    let beat = u64::try_from(at).map_err(Unavailable::because)?;
    let beat = Time::from_seconds(beat).map_err(Unavailable::because)?;
    row::stored(&columns, beat.min(now)).map(Some)
}

async fn pool(address: &str) -> Result<PgPool, Unavailable> {
    // An address may have a password, which the reader's error could show.
    let options = PgConnectOptions::from_str(address)
        .map_err(|_| Unavailable::because("this is no address of PostgreSQL (postgres://…)"))?;
    let milliseconds = TIMEOUT.as_millis().to_string();
    let options =
        options.options([("statement_timeout", &milliseconds), ("lock_timeout", &milliseconds)]);
    let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(TIMEOUT);
    Ok(pool.connect_with(options).await?)
}
