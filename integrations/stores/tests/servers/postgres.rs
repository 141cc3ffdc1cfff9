//! PostgreSQL: its promises, its notices, and its replicas.

use crate::start::Postgres;
use crate::within_seconds;
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use cog_auth_stores::{
    Notice, Notices, PostgresNotices, PostgresStore, RecordStore, RecordWriter, Revoked,
    conformance,
};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

pub(crate) async fn store(server: &Postgres) -> Arc<PostgresStore> {
    let store = PostgresStore::connect(&server.address()).await.unwrap();
    store.migrate().await.unwrap();
    Arc::new(store)
}

pub(crate) fn record(id: &str) -> Record {
    let digest = "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE";
    let text = format!(
        r#"{{"v":1,"id":"{id}","kind":"service_user_key","principal":"su_ci",
            "edge_digest":"{digest}","scopes":["*"],"created_at":1795000000}}"#
    );
    Record::from_json(text.as_bytes()).unwrap()
}

pub(crate) fn id(text: &str) -> CredentialId {
    CredentialId::parse(text).unwrap()
}

pub(crate) fn at(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_keeps_all_promises() {
    let server = Postgres::start(&[]).await;
    let store = store(&server).await;
    conformance::records(&store).await.unwrap();
    conformance::facts(&store).await.unwrap();
    conformance::lists(&store).await.unwrap();
    conformance::races(&store, 16).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn the_tables_are_made_once() {
    let server = Postgres::start(&[]).await;
    let unmigrated = PostgresStore::connect(&server.address()).await.unwrap();
    let (one, two) = tokio::join!(unmigrated.migrate(), unmigrated.migrate());
    one.unwrap();
    two.unwrap();
    unmigrated.insert(&record("AAAABBBBCCCC")).await.unwrap();
    unmigrated.migrate().await.unwrap();
    assert!(unmigrated.record(id("AAAABBBBCCCC")).await.unwrap().is_some());

    server.run("UPDATE cog_auth_schema SET version = 2").await;
    let error = unmigrated.migrate().await.unwrap_err();
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause, "the tables have version 2, and this crate knows version 1 alone");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_write_that_was_answered_outlives_a_crash() {
    let mut server = Postgres::start(&[]).await;
    let store = store(&server).await;
    store.insert(&record("AAAABBBBCCCC")).await.unwrap();
    assert_eq!(store.revoke(id("AAAABBBBCCCC"), at(7)).await.unwrap(), Revoked::Now);
    server.kill();
    server.start_again().await;
    let stored = store.record(id("AAAABBBBCCCC")).await.unwrap().unwrap();
    assert_eq!(stored.record().unwrap().revoked_at(), Some(at(7)));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn every_change_gives_a_notice() {
    let mut server = Postgres::start(&[]).await;
    let store = store(&server).await;
    let mut notices = PostgresNotices::of(&store);
    let credential = || Notice::Credential(id("AAAABBBBCCCC"));
    assert_eq!(within_seconds(5, notices.next()).await, Notice::All);

    let read = store.insert(&record("AAAABBBBCCCC")).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, credential());
    store.replace(&record("AAAABBBBCCCC"), read).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, credential());
    // A use is none. A write by hand is.
    store.used(&[(id("AAAABBBBCCCC"), at(1))]).await.unwrap();
    server.run("UPDATE cog_auth_credentials SET revoked_at = 7").await;
    assert_eq!(within_seconds(5, notices.next()).await, credential());
    server.run("INSERT INTO cog_auth_principals VALUES ('user', 'a b', NULL, '{}')").await;
    assert_eq!(within_seconds(5, notices.next()).await, Notice::Principal("a b".to_owned()));
    server.run("INSERT INTO cog_auth_organizations VALUES ('org-a', NULL)").await;
    assert_eq!(within_seconds(5, notices.next()).await, Notice::Organization("org-a".to_owned()));
    server.run("INSERT INTO cog_auth_accounts VALUES ('acct_7', '{}')").await;
    assert_eq!(within_seconds(5, notices.next()).await, Notice::All);
    server.run("DELETE FROM cog_auth_credentials").await;
    assert_eq!(within_seconds(5, notices.next()).await, credential());
    server.run("TRUNCATE cog_auth_principals").await;
    assert_eq!(within_seconds(5, notices.next()).await, Notice::All);

    // Nobody knows what was missed while it was down.
    server.kill();
    server.start_again().await;
    assert_eq!(within_seconds(20, notices.next()).await, Notice::All);
    store.insert(&record("AAAABBBBCCCC")).await.unwrap();
    assert_eq!(within_seconds(5, notices.next()).await, credential());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_replica_says_how_far_behind_it_is() {
    let server = Postgres::start(&[]).await;
    let first = store(&server).await;
    let mut replica = server.replica(&[]).await;
    let store = first.as_ref().clone().with_replica(&replica.address()).await.unwrap();

    // What the replica does not have yet is asked of the first.
    replica.run("SELECT pg_wal_replay_pause()").await;
    first.insert(&record("AAAABBBBCCCC")).await.unwrap();
    assert!(store.record(id("AAAABBBBCCCC")).await.unwrap().is_some());
    assert_eq!(store.record(id("DDDDEEEEFFFF")).await.unwrap(), None);

    // It has the record once it goes on, and before a heartbeat nobody knows how old that is.
    replica.run("SELECT pg_wal_replay_resume()").await;
    let read_at = async || store.record(id("AAAABBBBCCCC")).await.unwrap().unwrap().read_at();
    within_seconds(10, async {
        while read_at().await != at(0) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let begin = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    first.beat().await.unwrap();
    within_seconds(10, async {
        while read_at().await < at(begin.as_secs()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;

    // A replica that is behind does not know of a revocation, and does not claim to be younger.
    replica.run("SELECT pg_wal_replay_pause()").await;
    let behind = read_at().await;
    first.revoke(id("AAAABBBBCCCC"), at(7)).await.unwrap();
    first.beat().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    first.beat().await.unwrap();
    let stored = store.record(id("AAAABBBBCCCC")).await.unwrap().unwrap();
    assert_eq!(stored.record().unwrap().revoked_at(), None);
    assert_eq!(stored.read_at(), behind);

    // Without the replica nothing is known, though the first is there.
    replica.kill();
    store.record(id("AAAABBBBCCCC")).await.unwrap_err();
    store.record(id("DDDDEEEEFFFF")).await.unwrap_err();
}
