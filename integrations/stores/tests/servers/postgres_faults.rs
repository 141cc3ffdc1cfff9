//! What befalls PostgreSQL: nothing is taken for absent for want of an answer.

use crate::postgres::{at, id, store};
use crate::start::Postgres;
use cog_auth_stores::{PostgresStore, RecordStore, RecordWriter, WriteError, conformance};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);

/// A store whose server has little time to answer.
async fn hasty(server: &Postgres) -> PostgresStore {
    PostgresStore::connect(&server.address()).await.unwrap().with_timeout(SHORT)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_has_no_tables_or_others() {
    let server = Postgres::start(&[]).await;
    let store = PostgresStore::connect(&server.address()).await.unwrap();
    conformance::unavailable(&store).await.unwrap();
    server.run("CREATE TABLE cog_auth_credentials (id TEXT)").await;
    conformance::unavailable(&store).await.unwrap();
    server.run("DROP TABLE cog_auth_credentials").await;
    store.migrate().await.unwrap();
    conformance::records(&store).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_is_slow() {
    let server = Postgres::start(&[]).await;
    let patient = store(&server).await;
    let store = hasty(&server).await;
    server.freeze();
    conformance::unavailable(&store).await.unwrap();
    server.thaw();
    conformance::records(&patient).await.unwrap();

    let pool = PgPool::connect(&server.address()).await.unwrap();
    let mut lock = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE cog_auth_credentials").execute(&mut *lock).await.unwrap();
    conformance::unavailable(&store).await.unwrap();
    lock.rollback().await.unwrap();
    conformance::records(&patient).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_has_no_connection_left() {
    let server = Postgres::start(&["max_connections=8"]).await;
    store(&server).await.pool().close().await;
    let mut others = Vec::new();
    let one = || PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(1));
    while let Ok(pool) = one().connect(&server.address()).await {
        others.push(pool);
    }
    assert!(!others.is_empty());
    let pool = one().connect_lazy(&server.address()).unwrap();
    let store = PostgresStore::of_pool(pool);
    conformance::unavailable(&store).await.unwrap();
    for pool in others {
        pool.close().await;
    }
    conformance::records(&store).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_takes_no_writes() {
    let server = Postgres::start(&[]).await;
    let first = store(&server).await;
    let replica = server.replica(&[]).await;
    let store = PostgresStore::connect(&replica.address()).await.unwrap();
    let revoked = store.revoke(id("AAAABBBBCCCC"), at(7)).await;
    assert!(matches!(revoked, Err(WriteError::Unavailable(_))), "{revoked:?}");
    store.used(&[(id("AAAABBBBCCCC"), at(7))]).await.unwrap_err();
    assert_eq!(store.record(id("AAAABBBBCCCC")).await.unwrap(), None);
    conformance::records(&first).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_is_killed_in_the_middle_of_a_request() {
    let mut server = Postgres::start(&[]).await;
    // The lock and the statement that waits for it may take as long as they like.
    let pool = PgPool::connect(&server.address()).await.unwrap();
    let store = store(&server).await;
    let patient = PostgresStore::of_pool(pool.clone()).with_timeout(Duration::from_secs(60));
    let mut lock = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE cog_auth_credentials").execute(&mut *lock).await.unwrap();
    let reads = tokio::spawn({
        let patient = patient.clone();
        async move { patient.record(id("AAAABBBBCCCC")).await }
    });
    let writes = tokio::spawn(async move { patient.revoke(id("AAAABBBBCCCC"), at(7)).await });
    tokio::time::sleep(SHORT).await;
    assert!(!reads.is_finished() && !writes.is_finished());
    server.kill();
    reads.await.unwrap().unwrap_err();
    let revoked = writes.await.unwrap();
    assert!(matches!(revoked, Err(WriteError::Unavailable(_))), "{revoked:?}");
    conformance::unavailable(&store).await.unwrap();

    // When it is back, so is the store.
    server.start_again().await;
    conformance::records(&store).await.unwrap();
}
