//! Redis: its promises, its notices, and copies in it.

use crate::postgres::{self, at, id, record};
use crate::start::{Cluster, Postgres, Redis};
use crate::within_seconds;
use cog_auth::token::Kind;
use cog_auth_stores::{
    AccountFacts, FactsQuery, FactsStore, FactsWriter, Notice, Notices, Owner, PostgresNotices,
    PrincipalFacts, RecordList, RecordStore, RecordWriter, RedisNotices, RedisStore, Revoked,
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

/// Facts and lists of a store that has none are unavailable, and never absent or empty.
pub(crate) async fn has_no_facts(store: &RedisStore) {
    let kind = Kind::ServiceUserKey;
    let query = FactsQuery { kind, principal: "su_ci", organization: None, resource: None };
    store.facts(&query).await.unwrap_err();
    let principal = PrincipalFacts::new(kind, "su_ci", "{}").unwrap();
    store.put_principal(&principal).await.unwrap_err();
    store.put_principal(&principal.of_account("acct_7")).await.unwrap_err();
    store.put_account(&AccountFacts::new("acct_7", "{}").unwrap()).await.unwrap_err();
    store.put_organization("org-a", None).await.unwrap_err();
    store.remove_principal(kind, "su_ci").await.unwrap_err();
    for owner in [Owner::ServiceUser("su_ci"), Owner::Account("acct_7"), Owner::All] {
        store.list(owner, None).await.unwrap_err();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_keeps_all_promises() {
    let server = Redis::start(&[]).await;
    let store = store(&server).await;
    conformance::records(&store).await.unwrap();
    conformance::facts(&store).await.unwrap();
    conformance::lists(&store).await.unwrap();
    conformance::races(&store, 16).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn a_cluster_keeps_all_promises() {
    // One node already refuses what has keys in two places; three have everything in pieces.
    for count in [1, 3] {
        let mut cluster = Cluster::start(count).await;
        let store = Arc::new(RedisStore::over(cluster.connect().await));
        conformance::unavailable(&store).await.unwrap();
        store.begin().await.unwrap();
        let mut notices = RedisNotices::of(&cluster.address()).unwrap();
        assert_eq!(within_seconds(5, notices.next()).await, Notice::All);
        conformance::records(&store).await.unwrap();
        conformance::facts(&store).await.unwrap();
        conformance::lists(&store).await.unwrap();
        conformance::races(&store, 8).await.unwrap();
        let keys = cluster.keys().await;
        assert!(keys.iter().all(|count| *count > 50), "{keys:?}");
        // Whichever node has it, one of them tells of it.
        assert!(matches!(within_seconds(5, notices.next()).await, Notice::Credential(_)));

        // Nothing that a node had is taken for absent when it is gone.
        cluster.last().kill();
        let hasty = store.as_ref().clone().with_timeout(Duration::from_millis(300));
        let (mut found, mut unavailable) = (0, 0);
        for first in ('A'..='Z').chain('a'..='z') {
            match hasty.record(id(&format!("{first}AAABBBBCCCC"))).await {
                Ok(stored) => found += usize::from(stored.is_none()),
                Err(_) => unavailable += 1,
            }
        }
        assert!(unavailable >= 52 / count / 2, "{found} {unavailable}");
    }
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
    let principal = PrincipalFacts::new(Kind::ServiceUserKey, "su ci", "{}").unwrap();
    store.put_principal(&principal).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, Notice::Principal("su ci".to_owned()));
    store.remove_principal(Kind::ServiceUserKey, "su ci").await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, Notice::Principal("su ci".to_owned()));
    store.put_organization("org-a", None).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, Notice::Organization("org-a".to_owned()));
    store.put_account(&AccountFacts::new("acct_7", "{}").unwrap()).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, Notice::All);
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

    // Nobody writes to a copy, and it has records alone.
    let revoked = copy.revoke(id("AAAABBBBCCCC"), at(7)).await;
    assert!(revoked.is_err(), "{revoked:?}");
    has_no_facts(&copy).await;

    // It has lost everything, and is filled again.
    server.kill();
    server.start_again().await;
    first.insert(&record("DDDDEEEEFFFF")).await.unwrap();
    until(&|record, _| record.revoked_at() == Some(at(7))).await;
    assert!(copy.record(id("DDDDEEEEFFFF")).await.unwrap().is_some());
    follower.abort();
}
