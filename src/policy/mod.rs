//! Policies: documents or a compiled image in, decisions with reasons out.
//!
//! The language is specified in `docs/policy-language.md`. A policy decides [`Request`]s, which are AuthZEN evaluation
//! requests, in three-valued logic: a missing attribute can close a door, never open one.

mod answer;
mod batch;
mod decide;
mod digest;
#[cfg(feature = "documents")]
mod document;
mod evaluate;
mod explain;
mod image;
mod request;
mod route;
mod sets;
mod tri;

pub use answer::{Decision, Denial, Reason};
pub use batch::{MAX_BATCH_BYTES, MAX_EVALUATIONS};
pub use digest::Digest;
#[cfg(feature = "documents")]
pub use document::{CaseFailure, InvariantResult, Limits, RuleCoverage, Source, TestReport};
pub use explain::MAX_MISSING;
pub use request::{MAX_REQUEST_BYTES, Request, RequestBuilder, Value};
pub use route::{MAX_PATH_BYTES, MAX_SEGMENTS, Route, RouteError};

pub(crate) use answer::{UNKNOWN_ROUTE, write_reasons};
pub(crate) use request::{Entity, REQUEST_LIMITS, Scratch};

use crate::error::{Code, Error};
use alloc::borrow::Cow;
use alloc::string::String;
use image::Image;

/// A policy: checked as a whole when it was loaded, immutable since, and free to share between threads.
///
/// It comes from a compiled image ([`Policy::from_image`]), from documents ([`Source`], with the feature
/// `documents`), or with the library ([`Policy::builtin`], with the feature `builtin`).
#[derive(Clone)]
pub struct Policy {
    image: Image,
}

impl Policy {
    /// Loads a compiled image, which it checks once and then evaluates in place.
    ///
    /// A checksum finds damage, not forgery: for an image from a place that others can write, use
    /// [`Policy::from_image_expecting`].
    ///
    /// # Errors
    ///
    /// [`Code::UnknownImageVersion`] for an image of another version of this library, [`Code::InvalidImage`] for a damaged one.
    ///
    /// ```
    /// use cog_auth::{Code, policy::Policy};
    ///
    /// assert_eq!(Policy::from_image(b"not an image".as_slice()).unwrap_err().code(), Code::InvalidImage);
    /// ```
    pub fn from_image(image: impl Into<Cow<'static, [u8]>>) -> Result<Self, Error> {
        image::validate(image.into()).map(|image| Self { image })
    }

    /// Loads a compiled image whose SHA-256 is the one that the caller expects.
    ///
    /// `expected` is the digest of the image's bytes, as `cog-auth policy bundle --compiled` and `sha256sum` print it. The policy's own
    /// digest would not do: an image only states it.
    ///
    /// # Errors
    ///
    /// [`Code::UnexpectedDigest`] if the bytes have another digest; else as [`Policy::from_image`].
    pub fn from_image_expecting(
        image: impl Into<Cow<'static, [u8]>>,
        expected: Digest,
    ) -> Result<Self, Error> {
        let image = image.into();
        if Digest::of(&image) != expected {
            return Err(Error::new(Code::UnexpectedDigest));
        }
        Self::from_image(image)
    }

    /// The built-in policy: the access rules for the API in `policies/`.
    #[cfg(feature = "builtin")]
    #[must_use]
    pub fn builtin() -> Self {
        const IMAGE: &[u8] = include_bytes!("builtin.image");
        // The image is a part of the library, and a test loads it: an empty policy, which denies everything, is never seen.
        Self::from_image(IMAGE).unwrap_or_else(|_| Self { image: Image::nothing() })
    }

    /// The compiled image, to be stored and loaded elsewhere. It is the same bytes for the same policy.
    #[must_use]
    pub fn image(&self) -> &[u8] {
        self.image.bytes()
    }

    /// The digest of the policy's canonical bundle, which answers and audit records carry.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::from_bytes(self.image.digest())
    }

    /// The declared actions, sorted.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        (0..u32::try_from(self.image.actions()).unwrap_or(0))
            .map(|action| self.image.action_name(action))
    }

    /// Reads a single AuthZEN evaluation request. `evaluations` and `options` in it are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`], with the zero-based offset in bytes, for what is no evaluation request or over
    /// [`MAX_REQUEST_BYTES`]. Ill-typed attributes are no error but missing.
    pub fn request<'a>(&'a self, json: &'a [u8]) -> Result<Request<'a>, Error> {
        Request::read(self, json, request::Needs::Evaluation)
    }

    /// Reads an AuthZEN action search: a request whose action is left open, for [`Request::allowed`] and
    /// [`Request::decide_as`]. An `action`, `evaluations` and `options` in it are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`], as [`Policy::request`].
    pub fn search_request<'a>(&'a self, json: &'a [u8]) -> Result<Request<'a>, Error> {
        Request::read(self, json, request::Needs::Search)
    }

    /// Begins a request without JSON. Subject and resource are given as type and id.
    pub fn build_request<'a>(
        &'a self,
        subject: (&'a str, &'a str),
        action: &'a str,
        resource: (&'a str, &'a str),
    ) -> RequestBuilder<'a> {
        RequestBuilder::new(self, subject, action, resource)
    }

    /// Answers an AuthZEN evaluation or evaluations (batch) request with the text of its response.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`] for what is no such request as a whole. A malformed item of a batch is answered in its place, with a denial.
    pub fn evaluate(&self, json: &[u8]) -> Result<String, Error> {
        batch::evaluate(self, json)
    }

    /// Answers an AuthZEN action search: the declared actions that the request would be allowed. Its own action is ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`] for what is no such request.
    pub fn search_actions(&self, json: &[u8]) -> Result<String, Error> {
        batch::search(self, json)
    }

    /// Finds the route of an HTTP method and request target (path, and query, which is no part of it).
    ///
    /// # Errors
    ///
    /// A [`RouteError`], which is an answer rather than a failure: 400, 405 or 403 in HTTP.
    pub fn route<'r>(&'r self, method: &str, target: &'r str) -> Result<Route<'r>, RouteError<'r>> {
        route::find(self, method, target)
    }
}

impl core::fmt::Debug for Policy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Policy({})", self.digest())
    }
}
