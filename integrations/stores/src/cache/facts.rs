//! Facts that are kept.

use super::CacheOptions;
use super::answers::{Answers, Kept};
use crate::facts::principal_type;
use crate::{FactsQuery, FactsStore, Notice, Notices, Unavailable};
use cog_auth::Time;
use std::fmt;
use std::sync::Arc;

/// Keeps the facts of a store for some time, as [`CachedRecords`](crate::CachedRecords) does
/// records.
///
/// Facts do not say when they were read from the first of several copies. Over a replica, a notice
/// may come before the replica has what it is about; then the facts of before are kept for `max_age`
/// once more.
///
/// ```
/// use cog_auth::token::Kind;
/// use cog_auth_stores::{CacheOptions, CachedFacts, FactsQuery, FactsStore, MemoryStore};
/// use std::time::Duration;
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let options = CacheOptions::new(Duration::from_secs(30));
/// let facts = CachedFacts::new(MemoryStore::new(), options);
/// let query = FactsQuery {
///     kind: Kind::ServiceUserKey,
///     principal: "su_ci",
///     organization: None,
///     resource: None,
/// };
/// assert_eq!(facts.facts(&query).await?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CachedFacts<S> {
    store: S,
    answers: Arc<Answers<Key, Arc<str>>>,
}

/// A query that owns what it asks.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    principal_type: &'static str,
    principal: String,
    organization: Option<String>,
    resource: Option<(String, String)>,
}

impl<S> CachedFacts<S> {
    /// A cache over a store. Its clones share what is kept.
    pub fn new(store: S, options: CacheOptions) -> Self {
        Self { store, answers: Arc::new(Answers::new(options)) }
    }

    /// Forgets what a notice is about.
    pub fn forget(&self, notice: &Notice) {
        match notice {
            // A principal and an organization of one name are forgotten together.
            Notice::Principal(id) | Notice::Organization(id) => self.answers.marks.tell(id),
            Notice::All => self.answers.marks.tell_all(),
            Notice::Credential(_) => {}
        }
    }

    /// Forgets what notices tell, as long as it is polled: give it to a task of its own.
    pub async fn follow(&self, mut notices: impl Notices) {
        loop {
            self.forget(&notices.next().await);
        }
    }
}

impl<S: Clone> Clone for CachedFacts<S> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), answers: self.answers.clone() }
    }
}

impl<S: fmt::Debug> fmt::Debug for CachedFacts<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedFacts").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Kept for Arc<str> {
    fn bytes(&self) -> usize {
        self.len()
    }

    fn read_at(&self) -> Option<Time> {
        None
    }
}

impl<S: FactsStore> FactsStore for CachedFacts<S> {
    async fn facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let key = Key {
            principal_type: principal_type(query.kind),
            principal: query.principal.to_owned(),
            organization: query.organization.map(str::to_owned),
            resource: query.resource.map(|it| (it.type_name.to_owned(), it.id.to_owned())),
        };
        let names = [Some(query.principal), query.organization];
        self.answers.get(key, names, self.store.facts(query)).await
    }
}
