//! Records of credentials: reading, writing and listing them.

mod list;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "redis"))]
mod overlay;
mod store;
mod writer;

pub use list::{MAX_PAGE, Owner, Page, RecordList};
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "redis"))]
pub(crate) use overlay::Overlay;
pub use store::{RecordStore, Revision, StoredRecord};
pub use writer::{RecordWriter, Revoked};
