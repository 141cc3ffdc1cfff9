//! Records of credentials: reading, writing and listing them.

mod list;
mod overlay;
mod store;
mod writer;

pub use list::{MAX_PAGE, Owner, Page, RecordList};
pub(crate) use overlay::Overlay;
pub use store::{RecordStore, Revision, StoredRecord};
pub use writer::{RecordWriter, Revoked};
