//! A cache in front of any store: bounded, and never older than it may be.

mod answers;
mod facts;
mod flights;
mod marks;
mod options;
mod records;

pub use facts::CachedFacts;
pub use options::CacheOptions;
pub use records::CachedRecords;
