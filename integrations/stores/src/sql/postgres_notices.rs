//! Notices of PostgreSQL: LISTEN and NOTIFY.

use super::PostgresStore;
use crate::listening::{Listening, Server};
use crate::{Notice, Notices};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::fmt;

/// Notices of what is written in PostgreSQL. They come from triggers, so that writes by hand and by
/// other programs are told of too.
///
/// It takes one of the store's connections to the server that takes writes.
pub struct PostgresNotices(Listening<PgPool>);

impl PostgresNotices {
    /// The notices of a store's database. It connects when it is first asked.
    #[must_use]
    pub fn of(store: &PostgresStore) -> Self {
        Self(Listening::to(store.pool().clone()))
    }
}

impl Server for PgPool {
    type Listener = PgListener;
    type Error = sqlx::Error;

    async fn connect(&self) -> Result<PgListener, sqlx::Error> {
        let mut listener = PgListener::connect_with(self).await?;
        listener.listen("cog_auth").await?;
        Ok(listener)
    }

    async fn hear(listener: &mut PgListener) -> Option<Notice> {
        let notice = listener.try_recv().await.ok()??;
        Some(Notice::read(notice.payload()))
    }

    async fn probe(listener: &mut PgListener) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(listener).await.map(drop)
    }
}

impl Notices for PostgresNotices {
    async fn next(&mut self) -> Notice {
        self.0.next().await
    }
}

impl fmt::Debug for PostgresNotices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresNotices({})", self.0)
    }
}
