//! What the gate looks at of an HTTP request.

use super::shown::shown;
use core::fmt;

/// An HTTP request, as far as the gate looks at it.
///
/// A [`Step`](super::Step) borrows from the texts that it refers to. `Debug` shows what an audit
/// record may hold of it.
///
/// ```
/// use cog_auth::gate::HttpRequest;
///
/// let request = HttpRequest {
///     method: "POST",
///     target: b"/v3/organizations/org-a/sessions?dry_run=1",
///     authorization: &[b"Bearer cog_1s01...".as_slice()],
///     context: Some(br#"{"ci": true}"#),
/// };
/// assert_eq!(request.authorization.len(), 1);
/// ```
#[derive(Clone, Copy)]
pub struct HttpRequest<'r> {
    /// The method, as it was sent. It is compared with case.
    pub method: &'r str,
    /// The request target in origin form, as it was sent: the path and the query, in any bytes.
    /// Do not pass a target that was decoded or normalized on the way. The query is not looked at.
    pub target: &'r [u8],
    /// The value of each `Authorization` field, without its name. Pass all of them: a request with
    /// none or with several is refused.
    pub authorization: &'r [&'r [u8]],
    /// Further members of the policy request's `context`, as a JSON object of at most
    /// [`MAX_REQUEST_BYTES`](crate::policy::MAX_REQUEST_BYTES) without `credential` and `time`. Put
    /// into it what the service itself knows, never what a client says.
    pub context: Option<&'r [u8]>,
}

impl<'r> HttpRequest<'r> {
    /// The path of the target: all before the query.
    pub(super) fn path(&self) -> &'r [u8] {
        let end = self.target.iter().position(|byte| *byte == b'?').unwrap_or(self.target.len());
        self.target.get(..end).unwrap_or_default()
    }
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "HttpRequest", self.method, self.path())
    }
}

/// Shows what is safe to keep: a client can put a credential anywhere.
pub(super) fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    method: &str,
    path: &[u8],
) -> fmt::Result {
    f.debug_struct(name)
        .field("method", &shown(method.as_bytes()))
        .field("target", &shown(path))
        .finish_non_exhaustive()
}
