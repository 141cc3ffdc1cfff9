//! The cache: what it reads, keeps and forgets.

use cog_auth::Time;
use cog_auth::token::{CredentialId, Kind, Record};
use cog_auth_stores::{
    CacheOptions, CachedFacts, CachedRecords, FactsQuery, FactsStore, FactsWriter, MemoryStore,
    Notice, PrincipalFacts, RecordStore, RecordWriter, Revision, StoredRecord, Unavailable,
    conformance,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{RwLock, Semaphore};

const LONG: CacheOptions = CacheOptions::new(Duration::from_secs(600));

/// A store that says what it is told to, counts how often it is asked, and answers once it may.
struct Scripted {
    reads: AtomicUsize,
    may_answer: Semaphore,
    answer: RwLock<Result<Option<StoredRecord>, Unavailable>>,
}

impl Scripted {
    fn new(answer: Option<StoredRecord>) -> Arc<Self> {
        Arc::new(Self {
            reads: AtomicUsize::new(0),
            may_answer: Semaphore::new(1_000_000),
            answer: RwLock::new(Ok(answer)),
        })
    }

    fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    async fn answer(&self, answer: Result<Option<StoredRecord>, Unavailable>) {
        *self.answer.write().await = answer;
    }

    /// Holds all answers back.
    fn hold(&self) {
        self.may_answer.forget_permits(1_000_000);
    }

    fn release(&self) {
        self.may_answer.add_permits(1_000_000);
    }

    async fn is_asked(&self, times: usize) {
        while self.reads() < times {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl RecordStore for Scripted {
    async fn record(&self, _: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        // What is read is what there is now, however long the answer takes to come.
        let answer = self.answer.read().await.clone();
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.may_answer.acquire().await.unwrap().forget();
        answer
    }
}

fn seconds_ago(seconds: u64) -> Time {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Time::from_seconds(now - seconds).unwrap()
}

fn id() -> CredentialId {
    CredentialId::parse("AAAABBBBCCCC").unwrap()
}

fn record(id: &str) -> Record {
    let text = format!(
        r#"{{"v":1,"id":"{id}","kind":"service_user_key","principal":"su_ci","edge_digest":"$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE","scopes":["*"],"created_at":1795000000}}"#
    );
    Record::from_json(text.as_bytes()).unwrap()
}

fn stored(text: &str, age: u64) -> Option<StoredRecord> {
    Some(StoredRecord::new(text, seconds_ago(age), Revision::new(1)))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_kept_with_the_time_of_reading() {
    let store = Scripted::new(stored("a", 3));
    let cache = CachedRecords::new(store.clone(), LONG);
    let first = cache.record(id()).await.unwrap().unwrap();
    store.answer(Ok(stored("b", 0))).await;
    let second = cache.record(id()).await.unwrap().unwrap();
    assert_eq!(store.reads(), 1);
    assert_eq!(first, second);
    assert!(second.read_at() <= seconds_ago(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_all_who_ask_at_the_same_time_one_reads() {
    for answer in [Ok(stored("a", 0)), Ok(None), Err(Unavailable::because("down"))] {
        let store = Scripted::new(None);
        store.answer(answer.clone()).await;
        store.hold();
        let cache = CachedRecords::new(store.clone(), LONG);
        let ask = || {
            let cache = cache.clone();
            tokio::spawn(async move { cache.record(id()).await })
        };
        let first = ask();
        store.is_asked(1).await;
        let others: Vec<_> = (0..100).map(|_| ask()).collect();
        // They wait by now, or will.
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.release();
        for asked in [first].into_iter().chain(others) {
            assert_eq!(asked.await.unwrap().is_err(), answer.is_err());
        }
        if answer.is_ok() {
            assert_eq!(store.reads(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_gives_up_leaves_the_read_to_the_others() {
    let store = Scripted::new(stored("a", 0));
    store.hold();
    let cache = CachedRecords::new(store.clone(), LONG);
    let first = tokio::spawn({
        let cache = cache.clone();
        async move { cache.record(id()).await }
    });
    store.is_asked(1).await;
    let second = tokio::spawn(async move { cache.record(id()).await });
    first.abort();
    store.is_asked(2).await;
    store.release();
    assert_eq!(second.await.unwrap().unwrap().unwrap().text(), "a");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_makes_it_forget() {
    for notice in [Notice::Credential(id()), Notice::All] {
        let store = Scripted::new(stored("a", 0));
        let cache = CachedRecords::new(store.clone(), LONG);
        cache.record(id()).await.unwrap();
        store.answer(Ok(stored("b", 0))).await;
        cache.forget(&Notice::Principal("AAAABBBBCCCC".to_owned()));
        assert_eq!(cache.record(id()).await.unwrap().unwrap().text(), "a");
        cache.forget(&notice);
        assert_eq!(cache.record(id()).await.unwrap().unwrap().text(), "b");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_before_a_notice_is_not_given_after_it() {
    let store = Scripted::new(stored("before", 0));
    store.hold();
    let cache = CachedRecords::new(store.clone(), LONG);
    let early = tokio::spawn({
        let cache = cache.clone();
        async move { cache.record(id()).await }
    });
    store.is_asked(1).await;
    // It is revoked while that read is on its way.
    store.answer(Ok(stored("after", 0))).await;
    cache.forget(&Notice::Credential(id()));
    let late: Vec<_> = (0..20)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.record(id()).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    store.release();
    assert_eq!(early.await.unwrap().unwrap().unwrap().text(), "before");
    for asked in late {
        assert_eq!(asked.await.unwrap().unwrap().unwrap().text(), "after");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_behind_is_asked_again() {
    // A notice came, and the replica does not have yet what it is about.
    let store = Scripted::new(stored("before", 1));
    let cache = CachedRecords::new(store.clone(), LONG);
    cache.forget(&Notice::Credential(id()));
    assert_eq!(cache.record(id()).await.unwrap().unwrap().text(), "before");
    store.answer(Ok(stored("after", 0))).await;
    assert_eq!(cache.record(id()).await.unwrap().unwrap().text(), "after");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_that_is_too_old_or_of_unknown_age() {
    for answer in [
        stored("old", 601),
        Some(StoredRecord::new("of unknown age", Time::from_seconds(0).unwrap(), Revision::new(1))),
    ] {
        let store = Scripted::new(answer.clone());
        let cache = CachedRecords::new(store.clone(), LONG);
        assert_eq!(cache.record(id()).await.unwrap(), answer);
        assert_eq!(cache.record(id()).await.unwrap(), answer);
        assert_eq!(store.reads(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_notice_its_age_ends_a_record() {
    let store = Scripted::new(stored("a", 0));
    let cache = CachedRecords::new(store.clone(), CacheOptions::new(Duration::from_secs(1)));
    cache.record(id()).await.unwrap();
    store.answer(Ok(stored("b", 0))).await;
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(cache.record(id()).await.unwrap().unwrap().text(), "b");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_absent_is_kept_for_a_short_time() {
    let store = Scripted::new(None);
    let options = LONG.with_absent_for(Duration::from_millis(200));
    let cache = CachedRecords::new(store.clone(), options);
    assert_eq!(cache.record(id()).await.unwrap(), None);
    store.answer(Ok(stored("a", 0))).await;
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert!(cache.record(id()).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_not_kept_and_nothing_old_stands_in_for_an_answer() {
    let store = Scripted::new(stored("a", 0));
    let cache = CachedRecords::new(store.clone(), LONG);
    cache.record(id()).await.unwrap();
    cache.forget(&Notice::All);
    store.answer(Err(Unavailable::because("down"))).await;
    cache.record(id()).await.unwrap_err();
    store.answer(Ok(stored("b", 0))).await;
    assert_eq!(cache.record(id()).await.unwrap().unwrap().text(), "b");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_bounded() {
    let store = Scripted::new(stored(&"x".repeat(1_000), 0));
    let cache = CachedRecords::new(store.clone(), LONG.with_max_bytes(100_000));
    let ids = (0..5_000).map(|number| CredentialId::parse(&format!("{number:012}")).unwrap());
    for id in ids.clone().chain(ids) {
        cache.record(id).await.unwrap();
    }
    // A hundred of them at most were kept when they were asked for again; what is being put away at
    // the moment counts for some more.
    assert!(store.reads() > 9_000, "{}", store.reads());
}

#[tokio::test(flavor = "multi_thread")]
async fn its_own_writes_are_seen_at_once() {
    let cache = CachedRecords::new(Arc::new(MemoryStore::new()), LONG);
    assert_eq!(cache.record(id()).await.unwrap(), None);
    cache.insert(&record("AAAABBBBCCCC")).await.unwrap();
    assert!(cache.record(id()).await.unwrap().is_some());
    cache.revoke(id(), Time::MAX).await.unwrap();
    let stored = cache.record(id()).await.unwrap().unwrap();
    assert_eq!(stored.record().unwrap().revoked_at(), Some(Time::MAX));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_all_promises_of_the_store_below() {
    let nothing_kept = CacheOptions::new(Duration::ZERO);
    let cache = CachedRecords::new(Arc::new(MemoryStore::new()), nothing_kept);
    conformance::records(&cache).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_the_promises_of_the_store_below_to_many_writers() {
    let cache = Arc::new(CachedRecords::new(Arc::new(MemoryStore::new()), LONG));
    conformance::races(&cache, 32).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_kept_and_forgotten_by_principal_and_organization() {
    let store = Arc::new(MemoryStore::new());
    let cache = CachedFacts::new(store.clone(), LONG);
    let put = async |facts: &str| {
        let principal = PrincipalFacts::new(Kind::ServiceUserKey, "su_ci", facts).unwrap();
        store.put_principal(&principal).await.unwrap();
    };
    let ask = async |organization| {
        let query = FactsQuery {
            kind: Kind::ServiceUserKey,
            principal: "su_ci",
            organization,
            resource: None,
        };
        let facts = cache.facts(&query).await.unwrap().unwrap();
        facts.contains("disabled")
    };
    put("{}").await;
    assert!(!ask(None).await && !ask(Some("org-a")).await);
    put(r#"{"disabled": true}"#).await;
    assert!(!ask(None).await && !ask(Some("org-a")).await);
    cache.forget(&Notice::Organization("org-a".to_owned()));
    assert!(!ask(None).await && ask(Some("org-a")).await);
    cache.forget(&Notice::Principal("su_ci".to_owned()));
    assert!(ask(None).await && ask(Some("org-a")).await);
    cache.forget(&Notice::All);
    put("{}").await;
    assert!(!ask(None).await);
}
