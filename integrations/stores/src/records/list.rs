//! Listing credentials, page by page.

use crate::{StoredRecord, Unavailable};
use cog_auth::token::CredentialId;
use std::sync::Arc;

/// How many records a page has at most.
pub const MAX_PAGE: usize = 100;

/// Lists the credentials that somebody owns.
pub trait RecordList: Send + Sync {
    /// A page of the records of an owner: the first one, or the one after a credential. The order
    /// is the store's own, and stays the same.
    ///
    /// # Errors
    ///
    /// [`Unavailable`].
    fn list(
        &self,
        owner: Owner<'_>,
        after: Option<CredentialId>,
    ) -> impl Future<Output = Result<Page, Unavailable>> + Send;
}

impl<S: RecordList> RecordList for Arc<S> {
    fn list(
        &self,
        owner: Owner<'_>,
        after: Option<CredentialId>,
    ) -> impl Future<Output = Result<Page, Unavailable>> + Send {
        S::list(self, owner, after)
    }
}

/// Whose credentials are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'o> {
    /// The personal access tokens of the user of this id.
    User(&'o str),
    /// The keys of the service user of this id.
    ServiceUser(&'o str),
    /// Those of all users and service users of the account of this id, as the store's facts say.
    Account(&'o str),
    /// All that there are, for those who copy a store.
    All,
}

/// At most [`MAX_PAGE`] records.
#[derive(Clone, Debug)]
pub struct Page {
    /// The records.
    pub records: Vec<StoredRecord>,
    /// The credential after which the next page begins. None: this page is the last.
    pub next: Option<CredentialId>,
}
