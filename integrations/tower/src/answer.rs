//! A refusal as a response.

use crate::refusal::Refusal;
use http::{HeaderName, HeaderValue, Response};

/// Makes the response to a refused request, with the service's own body type.
///
/// There are [`ProblemJson`] for HTTP and [`GrpcStatus`](crate::GrpcStatus) for gRPC. A function
/// will do as well, for bodies that none of them can make:
///
/// ```
/// use cog_auth_tower::{Answer, Refusal};
/// use http::Response;
///
/// fn answer(refusal: &Refusal) -> Response<Option<String>> {
///     let mut response = Response::new(Some(refusal.body().to_owned()));
///     *response.status_mut() = refusal.status();
///     for (name, value) in refusal.headers() {
///         if let Ok(value) = value.parse() {
///             response.headers_mut().insert(name, value);
///         }
///     }
///     response
/// }
///
/// fn is_answer(_: impl Answer<Option<String>>) {}
/// is_answer(answer);
/// ```
pub trait Answer<B>: Send + Sync {
    /// The whole response.
    fn answer(&self, refusal: &Refusal) -> Response<B>;
}

impl<B, A: Fn(&Refusal) -> Response<B> + Send + Sync> Answer<B> for A {
    fn answer(&self, refusal: &Refusal) -> Response<B> {
        self(refusal)
    }
}

/// Answers with what the gate says: status, headers, problem body (section 15 of
/// `docs/policy-language.md`). It makes any body that can be made of a `String`, as those of axum
/// and `http-body-util`'s `Full` can.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemJson;

impl<B: From<String>> Answer<B> for ProblemJson {
    fn answer(&self, refusal: &Refusal) -> Response<B> {
        let mut response = Response::new(B::from(refusal.body().to_owned()));
        *response.status_mut() = refusal.status();
        for (name, value) in refusal.headers() {
            put(&mut response, name, value);
        }
        response
    }
}

/// Puts a header field. The gate's values are printable ASCII, so that each of them fits.
pub(crate) fn put<B>(response: &mut Response<B>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
