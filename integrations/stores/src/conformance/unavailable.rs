//! What a store says when it cannot be asked.

use super::Broken;
use super::samples::{at, key};
use crate::{RecordWriter, Revision, WriteError};

/// Everything that is asked of a store whose server is gone, slow or of another kind ends in
/// [`Unavailable`](crate::Unavailable), and nothing is taken for absent. The caller has seen to it
/// that the store cannot be asked.
///
/// # Errors
///
/// [`Broken`], with the first promise that the store does not keep.
pub async fn unavailable<S: RecordWriter>(store: &S) -> Result<(), Broken> {
    let record = key()?;
    promise!("a read is unavailable", store.record(record.id()).await, Err(_));
    promise!(
        "an insertion is unavailable",
        store.insert(&record).await,
        Err(WriteError::Unavailable(_))
    );
    promise!(
        "a replacement is unavailable",
        store.replace(&record, Revision::new(1)).await,
        Err(WriteError::Unavailable(_))
    );
    promise!(
        "a revocation is unavailable",
        store.revoke(record.id(), at(0)).await,
        Err(WriteError::Unavailable(_))
    );
    promise!("a use is unavailable", store.used(&[(record.id(), at(0))]).await, Err(_));
    Ok(())
}
