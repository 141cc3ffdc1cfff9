//! What the gate looks at of an HTTP request.

use super::shown::shown;
use alloc::borrow::Cow;
use core::fmt;

/// How many bytes a request target may have, its query counted (section 15 of
/// `docs/policy-language.md`). A request with a longer one is refused with
/// [`Code::InvalidPath`](crate::Code::InvalidPath) before anything else is looked at.
pub const MAX_TARGET_BYTES: usize = 65_536;

/// How many bytes a method may have (section 15 of `docs/policy-language.md`). A request with a
/// longer one is refused with [`Code::InvalidPath`](crate::Code::InvalidPath) before anything else
/// is looked at.
pub const MAX_METHOD_BYTES: usize = 256;

/// How many bytes of a target and of a method are looked at to show them.
const MAX_SHOWN_BYTES: usize = 8_192;

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
///     client_address: Some("192.0.2.1"),
/// };
/// assert_eq!(request.authorization.len(), 1);
/// ```
#[derive(Clone, Copy)]
pub struct HttpRequest<'r> {
    /// The method, as it was sent, at most [`MAX_METHOD_BYTES`]. It is compared with case.
    pub method: &'r str,
    /// The request target in origin form (RFC 9112, 3.2.1), as it was sent: the path and the query,
    /// in any bytes, at most [`MAX_TARGET_BYTES`]. Of the query, the gate sees to it that no space,
    /// control character or `#` is in it, and looks at nothing else.
    ///
    /// Do not pass a target that was decoded, normalized or put together again on the way, and
    /// forward what was judged. In axum this is `OriginalUri`, as nested routers take their prefix
    /// off the request's URI; in hyper `uri().path_and_query()`. The
    /// [guide](crate::guide) has a table of servers.
    pub target: &'r [u8],
    /// The value of each `Authorization` field, without its name. Pass all of them: a request with
    /// none or with several is refused. Not every server shows all: take `get_all` of a
    /// `HeaderMap`, whose `get` gives the first alone; in Node, `req.headers.authorization` is the
    /// first alone too, and `req.headersDistinct.authorization` has all.
    pub authorization: &'r [&'r [u8]],
    /// Further members of the policy request's `context`, as a JSON object of at most
    /// [`MAX_REQUEST_BYTES`](crate::policy::MAX_REQUEST_BYTES) without `credential`, `time` and
    /// `client_address`. Put into it what the service itself knows, never what a client says.
    pub context: Option<&'r [u8]>,
    /// The IP address of the client, as text without a port; none where it is not known, which a
    /// policy with address lists denies. Take it from the connection, or from what a proxy of your
    /// own says; a header such as `X-Forwarded-For` is whatever its sender wrote.
    pub client_address: Option<&'r str>,
}

impl HttpRequest<'_> {
    /// Whether method and target are no longer than they may be.
    pub(super) const fn is_within_limits(&self) -> bool {
        self.method.len() <= MAX_METHOD_BYTES && self.target.len() <= MAX_TARGET_BYTES
    }
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "HttpRequest", self.method, self.target)
    }
}

/// The path of a target: all before the query.
pub(super) fn path_of(target: &[u8]) -> &[u8] {
    target.split(|byte| *byte == b'?').next().unwrap_or_default()
}

/// A method or the path of a target, as it is shown: the beginning of it, whatever its length.
pub(super) fn shown_start(text: &[u8]) -> Cow<'_, str> {
    shown(text.get(..MAX_SHOWN_BYTES).unwrap_or(text))
}

/// Shows what is safe to keep: a client can put a credential anywhere.
pub(super) fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    method: &str,
    target: &[u8],
) -> fmt::Result {
    f.debug_struct(name)
        .field("method", &shown_start(method.as_bytes()))
        .field("target", &shown_start(path_of(target)))
        .finish_non_exhaustive()
}
