//! A copy in Redis of the records of another store.

use super::store::RedisStore;
use super::writer::script;
use crate::system_time::now;
use crate::{Notice, Notices, Owner, RecordList, RecordStore, StoredRecord, Unavailable};
use redis::aio::ConnectionLike;
use std::time::Duration;

/// How long to wait before everything is copied again after a failure.
const PAUSE: Duration = Duration::from_millis(500);

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// Keeps a copy of a store's records here, as long as it is polled: give it to a task of its
    /// own, in one process or in several.
    ///
    /// All records are copied first, and again whenever notices may have been lost or a copy
    /// failed. Then each is copied when a notice comes. A record that is read here counts as read
    /// when the last heartbeat came that the store sent with its notices
    /// ([`PostgresStore::beat`](crate::PostgresStore::beat)), so that `max_record_age` bounds how
    /// far behind the copy may be. The store must not read from a replica, which may not have yet
    /// what a notice is about. Records that were removed by hand in the store stay in the copy:
    /// revoke them instead.
    pub async fn follow(&self, store: &(impl RecordStore + RecordList), mut notices: impl Notices) {
        loop {
            let mut notice = notices.next().await;
            while self.obey(store, &notice).await.is_err() {
                tokio::time::sleep(PAUSE).await;
                notice = Notice::All;
            }
        }
    }

    async fn obey(
        &self,
        store: &(impl RecordStore + RecordList),
        notice: &Notice,
    ) -> Result<(), Unavailable> {
        match notice {
            Notice::Credential(id) => match store.record(*id).await? {
                Some(stored) => self.copy(&stored, "one").await,
                None => Ok(()),
            },
            // All that was written before has been told of before, and copied.
            Notice::Beat(at) => self.mark_still_current(*at).await,
            Notice::All => {
                let began = now();
                let mut after = None;
                loop {
                    let page = store.list(Owner::All, after).await?;
                    for stored in &page.records {
                        self.copy(stored, "all").await?;
                    }
                    match page.next {
                        Some(next) => after = Some(next),
                        None => break,
                    }
                }
                self.mark_current(began).await
            }
            Notice::Principal(_) | Notice::Organization(_) => Ok(()),
        }
    }

    async fn copy(&self, stored: &StoredRecord, how_many: &str) -> Result<(), Unavailable> {
        let id = stored.record().map_err(Unavailable::because)?.id();
        let mut script = script(include_str!("scripts/copy.lua"), id);
        script.arg(stored.text()).arg(stored.revision().number()).arg(how_many);
        match self.ask::<String>(&script).await?.as_str() {
            "here" => Err(Unavailable::because("this Redis is a store itself, and no copy")),
            "empty" => Err(Unavailable::because("this Redis has lost what it had")),
            _ => Ok(()),
        }
    }
}
