//! How long a revocation takes to be seen, in each layout of `README.md`. It is seen in all of
//! them; the times are printed, and nothing asserts on them: `ROUNDS=30 cargo test -p
//! cog-auth-stores --all-features --test servers revocation -- --ignored --nocapture`.

use crate::postgres::{at, id, record, store};
use crate::start::{Postgres, Redis};
use crate::within_seconds;
use cog_auth_stores::{
    CacheOptions, CachedRecords, PostgresNotices, PostgresStore, RecordStore, RecordWriter,
    RedisNotices, RedisStore,
};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often it is measured: a few times, unless the figures are wanted. Each takes a second.
fn rounds() -> usize {
    std::env::var("ROUNDS").map_or(3, |rounds| rounds.parse().unwrap())
}

const LONG: CacheOptions = CacheOptions::new(Duration::from_secs(600));

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL and Redis"]
async fn it_is_seen_in_every_layout() {
    let server = Postgres::start(&[]).await;
    let replica = server.replica(&[]).await;
    let redis = Redis::start(&[]).await;
    let first = store(&server).await;
    let beats = tokio::spawn({
        let first = first.clone();
        async move {
            loop {
                first.beat().await.unwrap();
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    });

    measure("the database itself", &first, &first).await;

    let cache = Arc::new(CachedRecords::new(first.clone(), LONG));
    let following = tokio::spawn({
        let (cache, notices) = (cache.clone(), PostgresNotices::of(&first));
        async move { cache.follow(notices).await }
    });
    measure("a cache, with notices of PostgreSQL", &first, &cache).await;
    following.abort();

    let on_replica = first.as_ref().clone().with_replica(&replica.address()).await.unwrap();
    measure("a replica", &first, &Arc::new(on_replica)).await;

    let copy = Arc::new(RedisStore::connect(&redis.address()).await.unwrap());
    let copying = tokio::spawn({
        let (copy, first) = (copy.clone(), first.clone());
        async move { copy.follow(&first, PostgresNotices::of(&first)).await }
    });
    within_seconds(20, async {
        while copy.record(id("AAAABBBBCCCC")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    measure("a copy in Redis", &first, &copy).await;

    let cache = Arc::new(CachedRecords::new(copy.clone(), LONG));
    let following = tokio::spawn({
        let (cache, notices) = (cache.clone(), RedisNotices::of(&redis.address()).unwrap());
        async move { cache.follow(notices).await }
    });
    measure("a cache of the copy, with notices of Redis", &first, &cache).await;
    following.abort();
    copying.abort();
    beats.abort();
}

/// Revokes at the first store, and looks at the last until it is seen there.
async fn measure<S: RecordStore>(layout: &str, first: &Arc<PostgresStore>, last: &Arc<S>) {
    let mut times = Vec::new();
    for round in 0..rounds() {
        // No id is used twice, in any layout.
        let place = layout.len();
        let record = record(&format!("{place:06}{round:06}"));
        first.insert(&record).await.unwrap();
        within_seconds(20, async {
            while last.record(record.id()).await.unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
        .await;
        // A cache keeps nothing that was read in the second of a notice.
        tokio::time::sleep(Duration::from_millis(1_050)).await;
        last.record(record.id()).await.unwrap();
        first.revoke(record.id(), at(7)).await.unwrap();
        let revoked = Instant::now();
        within_seconds(20, async {
            loop {
                let stored = last.record(record.id()).await.unwrap().unwrap();
                if stored.record().unwrap().revoked_at() == Some(at(7)) {
                    break;
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
        times.push(revoked.elapsed());
    }
    times.sort();
    let (median, most) = (times[times.len() / 2], times.last().unwrap());
    writeln!(std::io::stdout(), "{layout}: median {median:?}, longest {most:?}").unwrap();
}
