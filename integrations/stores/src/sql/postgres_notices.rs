//! Notices of PostgreSQL: LISTEN and NOTIFY.

use super::PostgresStore;
use crate::deadline::{TIMEOUT, within};
use crate::{Notice, Notices};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::fmt;
use std::time::Duration;

/// After how long a silence the server is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(10);

/// How long to wait between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(500);

/// Notices of what is written in PostgreSQL. They come from triggers, so that writes by hand and by
/// other programs are told of too.
///
/// It takes one of the store's connections to the server that takes writes.
pub struct PostgresNotices {
    pool: PgPool,
    listener: Option<PgListener>,
}

impl PostgresNotices {
    /// The notices of a store's database. It connects when it is first asked.
    #[must_use]
    pub fn of(store: &PostgresStore) -> Self {
        Self { pool: store.pool().clone(), listener: None }
    }

    async fn connect(&self) -> Result<PgListener, sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen("cog_auth").await?;
        Ok(listener)
    }
}

impl Notices for PostgresNotices {
    async fn next(&mut self) -> Notice {
        loop {
            let Some(listener) = &mut self.listener else {
                match within(TIMEOUT, self.connect()).await {
                    Ok(listener) => {
                        self.listener = Some(listener);
                        return Notice::All;
                    }
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
                continue;
            };
            let is_there = match tokio::time::timeout(SILENCE, listener.try_recv()).await {
                Ok(Ok(Some(notice))) => return Notice::read(notice.payload()),
                Ok(Ok(None) | Err(_)) => false,
                Err(_) => {
                    let probe = sqlx::query("SELECT 1").execute(&mut *listener);
                    within(TIMEOUT, probe).await.is_ok()
                }
            };
            if !is_there {
                self.listener = None;
            }
        }
    }
}

impl fmt::Debug for PostgresNotices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connected = if self.listener.is_some() { "connected" } else { "not connected" };
        write!(f, "PostgresNotices({connected})")
    }
}
