//! Which target is judged, and whether that is what is served.

use http::request::Parts;
use http::{Uri, Version};
use std::borrow::Cow;

/// The URI as the client sent it, as far as this process knows.
///
/// In axum a nested router takes its prefix off the request's URI, and the original is beside it.
pub(crate) fn original(parts: &Parts) -> &Uri {
    #[cfg(feature = "axum")]
    if let Some(original) = parts.extensions.get::<axum::extract::OriginalUri>() {
        return &original.0;
    }
    &parts.uri
}

/// The request target, as it was sent.
///
/// HTTP/2 has scheme and authority beside the path. In HTTP/1 they were part of the target if they
/// are there; that is no origin form, and the gate refuses it.
pub(crate) fn sent(uri: &Uri, version: Version) -> Cow<'_, str> {
    let is_whole = version < Version::HTTP_2 && uri.authority().is_some();
    match uri.path_and_query() {
        Some(path) if !is_whole => Cow::Borrowed(path.as_str()),
        Some(_) | None => Cow::Owned(uri.to_string()),
    }
}

/// Whether a service that is given one URI serves what was judged of another: the same, or what a
/// nested router left of it.
pub(crate) fn is_served(judged: &Uri, served: &Uri) -> bool {
    let (path, rest) = (judged.path(), served.path());
    let is_nested = rest == "/" || path.ends_with(rest) && rest.starts_with('/');
    (path == rest || is_nested) && judged.query() == served.query()
}
