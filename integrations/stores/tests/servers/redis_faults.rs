//! What befalls Redis: nothing is taken for absent for want of an answer.

use crate::postgres::{at, id, record};
use crate::redis::{has_no_facts, store};
use crate::start::Redis;
use cog_auth_stores::{RecordStore, RecordWriter, RedisStore, WriteError, conformance};
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_is_empty() {
    let mut server = Redis::start(&[]).await;
    let never_filled = RedisStore::connect(&server.address()).await.unwrap();
    conformance::unavailable(&never_filled).await.unwrap();
    has_no_facts(&never_filled).await;
    let store = store(&server).await;
    conformance::records(&store).await.unwrap();
    // It comes back without what it had.
    server.kill();
    server.start_again().await;
    let store = RedisStore::connect(&server.address()).await.unwrap();
    conformance::unavailable(&store).await.unwrap();
    has_no_facts(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_has_keys_of_another_kind() {
    let server = Redis::start(&[]).await;
    let store = store(&server).await;
    server.run("SET cog-auth:{A}:AAAABBBBCCCC text").await;
    store.record(id("AAAABBBBCCCC")).await.unwrap_err();
    let revoked = store.revoke(id("AAAABBBBCCCC"), at(7)).await;
    assert!(matches!(revoked, Err(WriteError::Unavailable(_))), "{revoked:?}");
    server.run("HSET cog-auth:{A}:AAAABBBBDDDD record {}").await;
    store.record(id("AAAABBBBDDDD")).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_is_slow() {
    let server = Redis::start(&[]).await;
    let patient = store(&server).await;
    let hasty = patient.as_ref().clone().with_timeout(SHORT);
    server.freeze();
    conformance::unavailable(&hasty).await.unwrap();
    server.thaw();
    conformance::records(&patient).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_is_full() {
    let server = Redis::start(&[]).await;
    let store = store(&server).await;
    store.insert(&record("AAAABBBBCCCC")).await.unwrap();
    server.run("CONFIG SET maxmemory 1").await;
    let inserted = store.insert(&record("DDDDEEEEFFFF")).await;
    assert!(matches!(inserted, Err(WriteError::Unavailable(_))), "{inserted:?}");
    // What is there is still read.
    assert!(store.record(id("AAAABBBBCCCC")).await.unwrap().is_some());
    assert_eq!(store.record(id("DDDDEEEEFFFF")).await.unwrap(), None);
    server.run("CONFIG SET maxmemory 0").await;
    conformance::records(&store).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_is_killed_in_the_middle_of_a_request() {
    let mut server = Redis::start(&["--appendonly", "yes", "--appendfsync", "always"]).await;
    let store = store(&server).await;
    store.insert(&record("AAAABBBBCCCC")).await.unwrap();
    let patient = store.as_ref().clone().with_timeout(Duration::from_secs(60));
    server.freeze();
    let asked = tokio::spawn(async move { patient.record(id("AAAABBBBCCCC")).await });
    tokio::time::sleep(SHORT).await;
    assert!(!asked.is_finished());
    server.kill();
    asked.await.unwrap().unwrap_err();
    conformance::unavailable(&store.as_ref().clone().with_timeout(SHORT)).await.unwrap();

    // When it is back with what it had, so is the store.
    server.start_again().await;
    within(&store).await;
    assert!(store.record(id("AAAABBBBCCCC")).await.unwrap().is_some());
    conformance::records(&store).await.unwrap();
}

/// Waits until a store has connected again.
async fn within(store: &RedisStore) {
    crate::within_seconds(20, async {
        while store.record(id("AAAABBBBCCCC")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}
