//! Answers that are kept, each read once for all who wait for it.

use super::CacheOptions;
use super::flights::Flights;
use super::marks::{Marks, Names, Told};
use crate::Unavailable;
use crate::system_time::now;
use cog_auth::Time;
use moka::sync::Cache;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Roughly what an answer weighs beside its text, in bytes.
const OVERHEAD: usize = 256;

/// What a store answered, or that it could not.
pub(super) type Answer<V> = Result<Option<V>, Unavailable>;

/// What is kept of an answer.
pub(super) trait Kept: Clone + Send + Sync + 'static {
    /// How many bytes it has.
    fn bytes(&self) -> usize;

    /// When it was read from the issuer's store, if it says that.
    fn read_at(&self) -> Option<Time>;
}

pub(super) struct Answers<K, V> {
    entries: Cache<K, Arc<Entry<V>>>,
    flights: Flights<K>,
    pub(super) marks: Marks,
    options: CacheOptions,
}

struct Entry<V> {
    answer: Answer<V>,
    /// When it began to be read.
    began: Instant,
    read_at: Time,
    told: Told,
}

impl<K: Clone + Eq + Hash + Send + Sync + 'static, V: Kept> Answers<K, V> {
    pub(super) fn new(options: CacheOptions) -> Self {
        let entries = Cache::builder()
            .max_capacity(options.max_bytes)
            .weigher(|_, entry: &Arc<Entry<V>>| entry.weight())
            // What may not be answered any more need not be kept. That it is not, is seen to below.
            .time_to_live(options.max_age)
            .build();
        Self { entries, flights: Flights::new(), marks: Marks::new(), options }
    }

    /// The answer that is kept under a key, or else the one that `read` gives, which is about these
    /// names. Of all who ask at the same time one reads.
    ///
    /// A failure is for those who waited for it, and is not given to others.
    pub(super) async fn get(
        &self,
        key: K,
        names: Names<'_>,
        read: impl Future<Output = Answer<V>> + Send,
    ) -> Answer<V> {
        if let Some(entry) = self.entries.get(&key)
            && self.holds(&entry)
        {
            return entry.answer.clone();
        }
        let asked = Instant::now();
        let turn = self.flights.take_turn(&key, async {
            // What somebody else read meanwhile will do if that began after the question came, even
            // if nobody may keep it.
            match self.entries.get(&key) {
                Some(entry) if entry.began >= asked || self.holds(&entry) => entry,
                Some(_) | None => {
                    let entry = Arc::new(self.read(names, read).await);
                    self.entries.insert(key.clone(), entry.clone());
                    entry
                }
            }
        });
        turn.await.answer.clone()
    }

    async fn read(
        &self,
        names: Names<'_>,
        read: impl Future<Output = Answer<V>> + Send,
    ) -> Entry<V> {
        // All of these are taken before the read, so that they are no younger than its answer.
        let (began, earliest, told) = (Instant::now(), now(), self.marks.told(names));
        let answer = read.await;
        let says = match &answer {
            Ok(Some(kept)) => kept.read_at(),
            Ok(None) | Err(_) => None,
        };
        let read_at = says.map_or(earliest, |says| says.min(earliest));
        Entry { answer, began, read_at, told }
    }

    /// Whether an answer that is kept may still be given.
    fn holds(&self, entry: &Entry<V>) -> bool {
        let most = match &entry.answer {
            Ok(Some(_)) => self.options.max_age,
            Ok(None) => self.options.absent_for.min(self.options.max_age),
            Err(_) => return false,
        };
        // One clock may be set, and the other stands still while a machine sleeps.
        let by_clock = now().seconds().checked_sub(entry.read_at.seconds());
        let by_clock = by_clock.is_some_and(|age| Duration::from_secs(age) <= most);
        by_clock && entry.began.elapsed() < most && self.marks.is_after(&entry.told, entry.read_at)
    }
}

impl<V: Kept> Entry<V> {
    fn weight(&self) -> u32 {
        let bytes = match &self.answer {
            Ok(Some(kept)) => kept.bytes(),
            Ok(None) | Err(_) => 0,
        };
        u32::try_from(bytes.saturating_add(OVERHEAD)).unwrap_or(u32::MAX)
    }
}
