//! Where the records of credentials and the facts about principals are kept.
//!
//! The gate of `cog-auth` does no I/O: it asks for a record and for facts. Here are the traits that
//! answer it, and the stores that implement them.
//!
//! | trait | for | says |
//! |---|---|---|
//! | [`RecordStore`] | whoever guards a service | the record of a credential |
//! | [`FactsStore`] | whoever guards a service | what is known of a principal and an organization |
//! | [`RecordWriter`] | issuers | writes, none of which brings a revoked credential back |
//! | [`RecordList`] | issuers | the credentials of a principal or an account, page by page |
//!
//! A store that cannot answer says [`Unavailable`], which becomes a 503. It never says that
//! something is absent unless it knows.
//!
//! ```
//! use cog_auth::token::{Kind, KeyId, RecordDraft, RootKey, Scopes};
//! use cog_auth::Time;
//! use cog_auth_stores::{MemoryStore, RecordStore, RecordWriter, WriteError};
//!
//! # pollster::block_on(async {
//! let now = Time::from_seconds(1_795_000_000)?;
//! let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
//! let token = root.mint(Kind::ServiceUserKey, None, &[42; 64])?;
//! let record = RecordDraft::new(&token, "su_ci", Scopes::all(), now).for_edges().issue()?;
//!
//! let store = MemoryStore::new();
//! store.insert(&record).await?;
//! let stored = store.record(record.id()).await?.ok_or("it was stored")?;
//! assert_eq!(stored.record()?, record);
//!
//! // An edit that is based on this read comes too late: somebody has revoked it.
//! store.revoke(record.id(), now).await?;
//! let late = store.replace(&record, stored.revision()).await;
//! assert!(matches!(late, Err(WriteError::Revoked)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
#![forbid(unsafe_code)]

#[cfg(feature = "cache")]
mod cache;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "redis"))]
mod deadline;
mod error;
mod facts;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod listening;
mod memory;
mod notice;
mod records;
#[cfg(feature = "redis")]
mod redis_store;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
mod system_time;

#[cfg(feature = "cache")]
pub use cache::{CacheOptions, CachedFacts, CachedRecords};
pub use error::{Unavailable, WriteError};
#[cfg(feature = "facts")]
pub use facts::{AccountFacts, FactsWriter, InvalidFacts, PrincipalFacts};
pub use facts::{FactsQuery, FactsStore};
pub use memory::MemoryStore;
pub use notice::{Notice, Notices};
pub use records::{
    MAX_PAGE, Owner, Page, RecordList, RecordStore, RecordWriter, Revision, Revoked, StoredRecord,
};
#[cfg(feature = "redis")]
pub use redis_store::{RedisNotices, RedisStore};
#[cfg(feature = "sqlite")]
pub use sql::SqliteStore;
#[cfg(feature = "postgres")]
pub use sql::{PostgresNotices, PostgresStore};

/// The example of the README compiles.
#[cfg(all(doctest, feature = "postgres", feature = "cache"))]
#[doc = include_str!("../README.md")]
struct Readme;
