//! Reading records in Redis.

use super::keys::{self, HERE, Place};
use super::reply;
use crate::deadline::{TIMEOUT, within};
use crate::system_time::now;
use crate::{RecordStore, StoredRecord, Unavailable};
use cog_auth::Time;
use cog_auth::token::CredentialId;
use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue};
use std::fmt;
use std::time::Duration;

/// Records and facts in Redis: one server, or a cluster.
///
/// It is either the store itself ([`RedisStore::begin`]) or a copy of the records of one, which it
/// follows ([`RedisStore::follow`]). A Redis that is neither, because it was emptied or never
/// filled, is unavailable: nothing in it counts as absent. So are facts and lists in a copy, which
/// has none.
///
/// Facts are read with two to four questions, each of which has the newest answer. A write in
/// between may be seen in one and not in another.
///
/// Redis answers a write before replicas and the disk have it, so that a failover can undo a
/// revocation. Where that matters, keep the records in PostgreSQL, and a copy here.
///
/// ```no_run
/// use cog_auth_stores::{RedisStore, Unavailable};
///
/// async fn at_an_edge() -> Result<RedisStore, Unavailable> {
///     RedisStore::connect("redis://redis.internal").await
/// }
/// ```
#[derive(Clone)]
pub struct RedisStore<C = ConnectionManager> {
    connection: C,
    timeout: Duration,
}

impl RedisStore {
    /// Connects to a server by its address (`redis://…`), and again whenever that is needed.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the address is none or the server does not answer.
    pub async fn connect(address: &str) -> Result<Self, Unavailable> {
        let client = client(address)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        Ok(Self::over(client.get_connection_manager_with_config(config).await?))
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// A store over a connection of the caller's, such as
    /// [`ClusterConnection`](redis::cluster_async::ClusterConnection).
    pub const fn over(connection: C) -> Self {
        Self { connection, timeout: TIMEOUT }
    }

    /// Sets after what time Redis is unavailable, which is 2 seconds by default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Says that what this Redis has is the store itself, also if there is nothing yet. Call it
    /// once, when the store is set up. If Redis loses everything, call it again only after the
    /// records and facts are back.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: perhaps it was said of some records.
    pub async fn begin(&self) -> Result<(), Unavailable> {
        self.mark(HERE).await
    }

    /// Says that the copy in this Redis has everything that was stored up to a time.
    pub(super) async fn mark_current(&self, at: Time) -> Result<(), Unavailable> {
        self.mark(&at.seconds().to_string()).await
    }

    /// The same of a copy that was filled before. One that has lost everything is not marked.
    pub(super) async fn mark_still_current(&self, at: Time) -> Result<(), Unavailable> {
        for key in keys::all_current() {
            let mut set = redis::cmd("SET");
            set.arg(key).arg(at.seconds()).arg("XX");
            if self.ask::<Option<String>>(&set).await?.is_none() {
                return Err(Unavailable::because("this Redis has lost what it had"));
            }
        }
        Ok(())
    }

    async fn mark(&self, current: &str) -> Result<(), Unavailable> {
        for key in keys::all_current() {
            self.ask::<()>(redis::cmd("SET").arg(key).arg(current)).await?;
        }
        Ok(())
    }

    /// What a command that reads says, together with what says whether it counts that nothing is
    /// there.
    pub(super) async fn read<T: FromRedisValue + Send>(
        &self,
        command: Cmd,
        current: &str,
    ) -> Result<(T, Option<String>), Unavailable> {
        let mut both = redis::pipe();
        both.add_command(command).cmd("GET").arg(current);
        let mut connection = self.connection.clone();
        within(self.timeout, both.query_async(&mut connection)).await
    }

    /// What a command that reads says of a place in the store itself.
    pub(super) async fn look<T: FromRedisValue + Send>(
        &self,
        place: &Place,
        name: &str,
        arguments: &[&str],
    ) -> Result<T, Unavailable> {
        let mut command = redis::cmd(name);
        command.arg(&place.key).arg(arguments);
        let (found, current) = self.read(command, &place.current).await?;
        reply::must_be_here(current.as_deref())?;
        Ok(found)
    }

    /// Runs a command.
    pub(super) async fn ask<T: FromRedisValue + Send>(
        &self,
        command: &Cmd,
    ) -> Result<T, Unavailable> {
        let mut connection = self.connection.clone();
        within(self.timeout, command.query_async(&mut connection)).await
    }
}

/// A client for an address.
pub(super) fn client(address: &str) -> Result<Client, Unavailable> {
    // An address may have a password, which the reader's error could show.
    Client::open(address)
        .map_err(|_| Unavailable::because("this is no address of Redis (redis://…)"))
}

impl<C: ConnectionLike + Clone + Send + Sync> RecordStore for RedisStore<C> {
    async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        let read_at = now();
        let Place { key, current } = keys::record(id);
        let mut fields = redis::cmd("HMGET");
        fields.arg(key).arg("record").arg("revision").arg("revoked_at").arg("last_used_at");
        reply::stored(self.read(fields, &current).await?, read_at)
    }
}

impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
