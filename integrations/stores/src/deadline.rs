//! Nothing waits for a store for ever.

use crate::Unavailable;
use std::time::Duration;

/// How long a store may take to answer unless told otherwise.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(2);

/// The answer of a store, if it comes in time.
pub(crate) async fn within<T, E: Into<Unavailable>>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, E>> + Send,
) -> Result<T, Unavailable> {
    match tokio::time::timeout(timeout, answer).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err(Unavailable::because(format!("no answer within {timeout:?}"))),
    }
}
