//! Redis: its promises, its notices, and copies in it.

use crate::postgres::{self, at, id, record};
use crate::start::{Postgres, Redis};
use crate::within_seconds;
use cog_auth_stores::{
    Notice, Notices, PostgresNotices, RecordStore, RecordWriter, RedisNotices, RedisStore, Revoked,
    conformance,
};
use std::sync::Arc;
use std::time::Duration;

/// A store that is the store itself.
pub(crate) async fn store(server: &Redis) -> Arc<RedisStore> {
    let store = RedisStore::connect(&server.address()).await.unwrap();
    store.begin().await.unwrap();
    Arc::new(store)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_keeps_all_promises() {
    let server = Redis::start(&[]).await;
    let store = store(&server).await;
    conformance::records(&store).await.unwrap();
    conformance::races(&store, 16).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn a_cluster_keeps_all_promises() {
    // A cluster of one node already refuses what has keys in two places.
    let server = Redis::start(&["--cluster-enabled", "yes"]).await;
    server.run("CLUSTER ADDSLOTSRANGE 0 16383").await;
    let client = ::redis::cluster::ClusterClient::new([server.address()]).unwrap();
    within_seconds(20, async {
        while client.get_async_connection().await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    let store = Arc::new(RedisStore::over(client.get_async_connection().await.unwrap()));
    within_seconds(20, async {
        while store.begin().await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    conformance::records(&store).await.unwrap();
    conformance::races(&store, 8).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn every_write_gives_a_notice() {
    let mut server = Redis::start(&[]).await;
    let store = store(&server).await;
    let mut notices = RedisNotices::of(&server.address()).unwrap();
    let credential = || Notice::Credential(id("AAAABBBBCCCC"));
    assert_eq!(within_seconds(5, notices.next()).await, Notice::All);
    let read = store.insert(&record("AAAABBBBCCCC")).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, credential());
    store.replace(&record("AAAABBBBCCCC"), read).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, credential());
    store.used(&[(id("AAAABBBBCCCC"), at(1))]).await.unwrap();
    assert_eq!(store.revoke(id("AAAABBBBCCCC"), at(7)).await.unwrap(), Revoked::Now);
    assert_eq!(within_seconds(5, notices.next()).await, credential());
    server.run("PUBLISH cog-auth something").await;
    assert_eq!(within_seconds(5, notices.next()).await, Notice::All);

    // Nobody knows what was missed while it was down.
    server.kill();
    server.start_again().await;
    assert_eq!(within_seconds(20, notices.next()).await, Notice::All);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL and Redis"]
async fn a_copy_follows_its_store() {
    let (first_server, mut server) = (Postgres::start(&[]).await, Redis::start(&[]).await);
    let first = postgres::store(&first_server).await;
    first.insert(&record("AAAABBBBCCCC")).await.unwrap();
    let copy = RedisStore::connect(&server.address()).await.unwrap();
    // Nothing was copied yet.
    conformance::unavailable(&copy).await.unwrap();

    let follower = tokio::spawn({
        let (copy, first) = (copy.clone(), first.clone());
        async move { copy.follow(&first, PostgresNotices::of(&first)).await }
    });
    let read = async || match copy.record(id("AAAABBBBCCCC")).await {
        Ok(Some(stored)) => Some((stored.record().unwrap(), stored.read_at())),
        Ok(None) | Err(_) => None,
    };
    let until = async |what: &dyn Fn(&cog_auth::token::Record, cog_auth::Time) -> bool| {
        within_seconds(20, async {
            while !read().await.is_some_and(|(record, read_at)| what(&record, read_at)) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    };
    // All that there was is copied, and what comes afterwards.
    until(&|_, _| true).await;
    assert_eq!(copy.record(id("DDDDEEEEFFFF")).await.unwrap(), None);
    first.revoke(id("AAAABBBBCCCC"), at(7)).await.unwrap();
    until(&|record, _| record.revoked_at() == Some(at(7))).await;

    // It is as old as the last heartbeat that came.
    let (_, before) = read().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(read().await.unwrap().1, before);
    first.beat().await.unwrap();
    until(&|_, read_at| read_at > before).await;

    // Nobody writes to a copy.
    let revoked = copy.revoke(id("AAAABBBBCCCC"), at(7)).await;
    assert!(revoked.is_err(), "{revoked:?}");

    // It has lost everything, and is filled again.
    server.kill();
    server.start_again().await;
    first.insert(&record("DDDDEEEEFFFF")).await.unwrap();
    until(&|record, _| record.revoked_at() == Some(at(7))).await;
    assert!(copy.record(id("DDDDEEEEFFFF")).await.unwrap().is_some());
    follower.abort();
}
