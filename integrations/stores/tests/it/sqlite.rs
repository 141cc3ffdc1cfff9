//! SQLite, in files of their own.

use cog_auth::Time;
use cog_auth::token::CredentialId;
use cog_auth_stores::{RecordStore, RecordWriter, SqliteStore, WriteError, conformance};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const SHORT: Duration = Duration::from_millis(300);

async fn store() -> (TempDir, Arc<SqliteStore>) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("credentials.db")).await.unwrap();
    (folder, Arc::new(store))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_all_promises() {
    let (_folder, store) = store().await;
    conformance::records(&store).await.unwrap();
    conformance::facts(&store).await.unwrap();
    conformance::lists(&store).await.unwrap();
    conformance::races(&store, 16).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_may_write() {
    // Two pools share nothing but the file, as two processes do.
    let (folder, one) = store().await;
    let two = SqliteStore::open(&folder.path().join("credentials.db")).await.unwrap();
    let two = Arc::new(two);
    let (first, second) = tokio::join!(conformance::races(&one, 4), conformance::races(&two, 4));
    first.unwrap();
    second.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_later_version_are_refused() {
    let (folder, store) = store().await;
    sqlx::query("UPDATE cog_auth_schema SET version = 2").execute(store.pool()).await.unwrap();
    let error = SqliteStore::open(&folder.path().join("credentials.db")).await.unwrap_err();
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause, "the tables have version 2, and this crate knows version 1 alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_another_kind_are_unavailable() {
    let (_folder, store) = store().await;
    sqlx::raw_sql("DROP TABLE cog_auth_credentials; CREATE TABLE cog_auth_credentials (id TEXT)")
        .execute(store.pool())
        .await
        .unwrap();
    conformance::unavailable(&store).await.unwrap();
    sqlx::raw_sql("DROP TABLE cog_auth_credentials").execute(store.pool()).await.unwrap();
    conformance::unavailable(&store).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials.db");
    std::fs::write(
        &file,
        "no database, but a text that is longer than a header of one is".repeat(9),
    )
    .unwrap();
    SqliteStore::open(&file).await.unwrap_err();
    SqliteStore::open(&folder.path().join("no folder/credentials.db")).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_locked_is_unavailable_for_writes() {
    let (_folder, store) = store().await;
    let hasty = store.as_ref().clone().with_timeout(SHORT);
    let lock = store.pool().begin_with("BEGIN EXCLUSIVE").await.unwrap();
    let id = CredentialId::parse("AAAABBBBCCCC").unwrap();
    let revoked = hasty.revoke(id, Time::MAX).await;
    assert!(matches!(revoked, Err(WriteError::Unavailable(_))), "{revoked:?}");
    hasty.used(&[(id, Time::MAX)]).await.unwrap_err();
    // Readers do not wait for writers.
    assert_eq!(hasty.record(id).await.unwrap(), None);
    lock.rollback().await.unwrap();
    conformance::records(&store).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_unavailable_for_writes() {
    let (_folder, store) = store().await;
    // Each connection has a limit of its own, so that there may be one alone.
    let file = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(store.pool().connect_options().get_filename());
    let options = file.pragma("max_page_count", "1");
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let full = SqliteStore::of_pool(pool.connect_with(options).await.unwrap());
    let id = CredentialId::parse("AAAABBBBCCCC").unwrap();
    let mut refused = None;
    for number in 0..10_000 {
        let record = format!(
            r#"{{"v":1,"id":"{number:012}","kind":"service_user_key","principal":"a",
                "edge_digest":"$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
                "scopes":[],"created_at":0}}"#
        );
        let record = cog_auth::token::Record::from_json(record.as_bytes()).unwrap();
        if let Err(error) = full.insert(&record).await {
            refused = Some((record.id(), error));
            break;
        }
    }
    let (last, error) = refused.expect("a page is full at some time");
    assert!(matches!(error, WriteError::Unavailable(_)), "{error:?}");
    assert_eq!(
        error.source().unwrap().source().unwrap().to_string(),
        "database or disk is full (13)"
    );
    // What is read is known all the same.
    assert_eq!(full.record(id).await.unwrap(), None);
    assert_eq!(full.record(last).await.unwrap(), None);
}
