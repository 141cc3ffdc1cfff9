//! How large what a policy reads at run time may be.

use super::read::MAX_REQUEST_BYTES;
use crate::policy::answer::batch::{MAX_BATCH_BYTES, MAX_EVALUATIONS};

/// How large requests and facts may be, for [`Policy::with_request_limits`](crate::policy::Policy::with_request_limits).
///
/// Nesting (32) and the missing attributes of an answer (256) are fixed. What crosses a limit is malformed, or invalid as facts.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::{Code, policy::{Policy, RequestLimits}};
///
/// let limits = RequestLimits { bytes: 1_024, ..RequestLimits::default() };
/// assert_eq!(limits.evaluations, 1_000);
///
/// let policy = Policy::builtin().with_request_limits(limits);
/// assert_eq!(policy.request(&[b' '; 1_025]).unwrap_err().code(), Code::MalformedRequest);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Bytes of a request, a batch, a search, facts, or a caller's context; [`MAX_REQUEST_BYTES`] by default, and never more than 2^30. See the
    /// example of [`RequestLimits`], as for each of these.
    pub bytes: usize,
    /// Items of a batch; [`MAX_EVALUATIONS`] by default. See the example of [`RequestLimits`].
    pub evaluations: usize,
    /// Bytes read for the items of a batch, each default counted for every item that uses it; [`MAX_BATCH_BYTES`] by
    /// default. See the example of [`RequestLimits`].
    pub batch_bytes: usize,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            bytes: MAX_REQUEST_BYTES,
            evaluations: MAX_EVALUATIONS,
            batch_bytes: MAX_BATCH_BYTES,
        }
    }
}
