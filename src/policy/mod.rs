//! Policies: documents or a compiled image in, decisions with reasons out.
//!
//! The language is specified in `docs/policy-language.md`. A policy decides [`Request`]s, which are AuthZEN evaluation
//! requests, in three-valued logic: a missing attribute can close a door, never open one.
//!
//! | from | by | comes |
//! |---|---|---|
//! | JSON documents | [`Source::compile`] | a [`Policy`], or errors with their places |
//! | a compiled image | [`Policy::from_image`], [`Policy::from_image_expecting`] | a [`Policy`] |
//! | an AuthZEN request, as JSON or value by value | [`Policy::request`], [`Policy::build_request`] | a [`Request`] |
//! | a request | [`Request::decide`], [`Request::allowed`] | a [`Decision`], the allowed actions |
//! | a decision | [`Decision::explain`] | an [`Explanation`]: rules, reasons, what is missing, advice |
//! | an AuthZEN request, a batch, a search | [`Policy::evaluate`], [`Policy::search_actions`] | the text of the answer |
//! | an HTTP method and path | [`Policy::route`] | a [`Route`]: action and organization |

#![deny(clippy::wildcard_enum_match_arm)]

mod answer;
mod digest;
#[cfg(feature = "documents")]
mod documents;
mod engine;
mod image;
mod request;
mod routes;
mod truth;
pub(crate) mod vocabulary;

pub use answer::batch::{MAX_BATCH_BYTES, MAX_EVALUATIONS};
pub use answer::decision::Decision;
pub use answer::denial::Denial;
pub use answer::explanation::Explanation;
pub use answer::reason::Reason;
pub use digest::{ImageDigest, PolicyDigest};
#[cfg(feature = "documents")]
pub use documents::{CaseFailure, InvariantResult, Limits, RuleCoverage, Source, TestReport};
pub use engine::missing::MAX_MISSING;
pub use request::{MAX_REQUEST_BYTES, Request, RequestBuilder, RequestLimits, Value};
pub use routes::{MAX_PATH_BYTES, MAX_SEGMENTS, Route, RouteError};

pub(crate) use answer::reason::write_reasons;
pub(crate) use request::{ReadBuffers, RequestPart};

use crate::error::{Code, Error};
use alloc::borrow::Cow;
use alloc::string::String;
use image::Image;

/// A policy: checked as a whole when it was loaded, immutable since, and free to share between threads.
///
/// It comes from a compiled image ([`Policy::from_image`]), from documents ([`Source`], with the feature
/// `documents`), or with the library (`Policy::builtin`, with the feature `builtin`).
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy};
///
/// let policy = Policy::builtin();
/// let request = policy.request(br#"{
///     "subject": {"type": "user", "id": "user_01", "properties": {
///         "memberships": [{"organization": "org-a", "roles": ["org_member"]}]}},
///     "action": {"name": "ManageOrgSecrets"},
///     "resource": {"type": "organization", "id": "org-a", "properties": {"organization": "org-a"}},
///     "context": {"credential": {"kind": "session"}}}"#)?;
/// // The role leaves the action out, and nothing that is missing could give it.
/// assert_eq!(request.decide().denial(), Some(Denial::NoGrant));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct Policy {
    image: Image,
    limits: RequestLimits,
}

impl Policy {
    /// Loads a compiled image, as [`Policy::image`] gives it. The image is checked once and then evaluated in place: bytes that
    /// are `'static` are not copied (section 14 of `docs/policy-language.md`).
    ///
    /// A checksum finds damage, not forgery: for an image from a place that others can write, use
    /// [`Policy::from_image_expecting`].
    ///
    /// # Errors
    ///
    /// [`Code::UnknownImageVersion`] for an image of another version of this library, [`Code::InvalidImage`] for a damaged one.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::Policy};
    ///
    /// let image = Policy::builtin().image().to_vec();
    /// assert_eq!(Policy::from_image(image.clone())?.digest(), Policy::builtin().digest());
    ///
    /// let half = image[..image.len() / 2].to_vec();
    /// assert_eq!(Policy::from_image(half).unwrap_err().code(), Code::InvalidImage);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn from_image(image: impl Into<Cow<'static, [u8]>>) -> Result<Self, Error> {
        image::check(image.into()).map(Self::of)
    }

    /// Loads a compiled image whose SHA-256 is the one that the caller expects.
    ///
    /// `expected` is the digest of the image's bytes, as `cog-auth policy bundle --compiled` and
    /// `sha256sum` print it. The policy's own digest would not do, since an image only states it.
    ///
    /// # Errors
    ///
    /// [`Code::UnexpectedDigest`] if the bytes have another digest; else as [`Policy::from_image`].
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::{ImageDigest, Policy}};
    ///
    /// let image = Policy::builtin().image().to_vec();
    /// let pinned = ImageDigest::of(&image); // usually a constant: `ImageDigest::from_hex("…")`
    /// assert!(Policy::from_image_expecting(image.clone(), pinned).is_ok());
    ///
    /// let error = Policy::from_image_expecting(image, ImageDigest::of(b"other")).unwrap_err();
    /// assert_eq!(error.code(), Code::UnexpectedDigest);
    /// # }
    /// ```
    pub fn from_image_expecting(
        image: impl Into<Cow<'static, [u8]>>,
        expected: ImageDigest,
    ) -> Result<Self, Error> {
        let image = image.into();
        if ImageDigest::of(&image) != expected {
            return Err(Error::new(Code::UnexpectedDigest));
        }
        Self::from_image(image)
    }

    /// The built-in policy: the access rules in `policies/`, 133 routes and 46 actions of a real API, as a compiled image.
    ///
    /// ```
    /// use cog_auth::policy::Policy;
    ///
    /// let policy = Policy::builtin();
    /// assert_eq!(policy.actions().count(), 46);
    /// assert!(policy.route("GET", "/v3/organizations/org-a/sessions").is_ok());
    /// assert!(policy.route("GET", "/v4/organizations/org-a/sessions").is_err());
    /// ```
    #[cfg(feature = "builtin")]
    #[must_use]
    pub fn builtin() -> Self {
        const IMAGE: &[u8] = include_bytes!("builtin.image");
        // The image is a part of the library, and a test loads it: an empty policy, which denies everything, is never seen.
        Self::from_image(IMAGE).unwrap_or_else(|_| Self::of(Image::new(Cow::Borrowed(&[]))))
    }

    /// The same policy, with other limits for what it reads at run time.
    ///
    /// See the example of [`RequestLimits`].
    #[must_use]
    pub fn with_request_limits(mut self, limits: RequestLimits) -> Self {
        self.limits = limits;
        self
    }

    fn of(image: Image) -> Self {
        Self { image, limits: RequestLimits::default() }
    }

    /// The compiled image, to be stored and loaded elsewhere with this version of the library. It is the same bytes for the
    /// same policy. See the example of [`Policy::from_image`].
    #[must_use]
    pub fn image(&self) -> &[u8] {
        self.image.bytes()
    }

    /// The digest of the policy's canonical bundle, which answers and audit records carry
    /// (section 14 of `docs/policy-language.md`).
    #[must_use]
    pub fn digest(&self) -> PolicyDigest {
        PolicyDigest::from_bytes(self.image.digest())
    }

    /// The digest of the compiled image's bytes, for [`Policy::from_image_expecting`]. It is
    /// computed at each call.
    #[must_use]
    pub fn image_digest(&self) -> ImageDigest {
        ImageDigest::of(self.image())
    }

    /// The declared actions, sorted by the bytes of their names.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::Policy;
    ///
    /// let policy = Policy::builtin();
    /// assert_eq!(policy.actions().next(), Some("CreatePersonalAccessToken"));
    /// assert!(!policy.actions().any(|action| action == "*"));
    /// # }
    /// ```
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        (0..self.image.actions()).map(|action| self.image.action_name(action))
    }

    /// Reads a single AuthZEN evaluation request (section 6 of `docs/policy-language.md`). `evaluations` and `options` in it are
    /// ignored: for batches there is [`Policy::evaluate`].
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`] for what is no evaluation request, is nested more than 32 levels deep or is over
    /// [`MAX_REQUEST_BYTES`]; with the zero-based offset in bytes, except where a whole part is absent. Ill-typed attributes
    /// are no error but missing.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::Policy};
    ///
    /// let policy = Policy::builtin();
    /// let error = policy.request(br#"{"subject": {"type": "user", "id": 7}}"#).unwrap_err();
    /// assert_eq!((error.code(), error.offset()), (Code::MalformedRequest, Some(35)));
    /// assert_eq!(error.message(), "a string is expected here");
    ///
    /// // A time that is text is as good as none: the request reads, and decides.
    /// let request = policy.request(br#"{"subject": {"type": "user", "id": "user_01"}, "action": {"name": "ViewOrgSessions"},
    ///     "resource": {"type": "organization", "id": "org-a"}, "context": {"time": "noon"}}"#)?;
    /// assert!(!request.decide().is_allowed());
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn request<'a>(&'a self, json: &'a [u8]) -> Result<Request<'a>, Error> {
        Request::read(self, json, request::RequestKind::Evaluation)
    }

    /// Reads an AuthZEN action search: a request whose action is left open, for [`Request::allowed`] and
    /// [`Request::decide_as`]. An `action`, `evaluations` and `options` in it are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`], as [`Policy::request`].
    pub fn search_request<'a>(&'a self, json: &'a [u8]) -> Result<Request<'a>, Error> {
        Request::read(self, json, request::RequestKind::ActionSearch)
    }

    /// Begins a request without JSON. Subject and resource are given as type and id, the action by its name; everything else is
    /// added to the [`RequestBuilder`], which has the examples.
    pub fn build_request<'a>(
        &'a self,
        subject: (&'a str, &'a str),
        action: &'a str,
        resource: (&'a str, &'a str),
    ) -> RequestBuilder<'a> {
        RequestBuilder::new(self, subject, action, resource)
    }

    /// Answers an AuthZEN evaluation or evaluations (batch) request with the text of its response (sections 10 and 11 of
    /// `docs/policy-language.md`): one line of JSON without white space.
    ///
    /// For the standard's endpoint for a single evaluation, where what is unknown is ignored, [`Policy::request`] is the one to
    /// use: it ignores `evaluations` and `options`.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`] for what is no such request as a whole, or over [`MAX_REQUEST_BYTES`], [`MAX_EVALUATIONS`] or
    /// [`MAX_BATCH_BYTES`]. A malformed item of a batch is answered in its place, with a denial.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::Policy};
    ///
    /// let policy = Policy::builtin();
    /// let answer = policy.evaluate(br#"{
    ///     "subject": {"type": "user", "id": "user_01"}, "resource": {"type": "organization", "id": "org-a"},
    ///     "evaluations": [{"action": {"name": "Fly"}}, {}],
    ///     "options": {"evaluations_semantic": "execute_all"}}"#)?;
    /// assert!(answer.starts_with(r#"{"evaluations":[{"decision":false,"context":{"class":"no_grant","#));
    /// assert!(answer.contains(r#"{"class":"malformed","#)); // the second has no action
    ///
    /// assert_eq!(policy.evaluate(b"{}").unwrap_err().code(), Code::MalformedRequest);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn evaluate(&self, json: &[u8]) -> Result<String, Error> {
        answer::batch::evaluate(self, json)
    }

    /// Answers an AuthZEN action search: the declared actions that the request would be allowed, sorted (section 11 of
    /// `docs/policy-language.md`). `action`, `evaluations` and `options` in it are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`] for what is no such request, or over [`MAX_REQUEST_BYTES`].
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::Policy;
    ///
    /// let policy = Policy::builtin();
    /// let found = policy.search_actions(br#"{
    ///     "subject": {"type": "user", "id": "user_01", "properties": {"memberships": [
    ///         {"organization": "org-a", "permissions": ["ViewOrgTags", "ManageOrgTags"]}]}},
    ///     "resource": {"type": "organization", "id": "org-a", "properties": {"organization": "org-a"}},
    ///     "context": {"credential": {"kind": "session"}}}"#)?;
    /// assert_eq!(found, r#"{"results":[{"name":"ManageOrgTags"},{"name":"ViewOrgTags"}]}"#);
    /// assert!(policy.search_actions(br#"{"subject": {"type": "user", "id": "user_01"}}"#).is_err());
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn search_actions(&self, json: &[u8]) -> Result<String, Error> {
        answer::batch::search(self, json)
    }

    /// Finds the route of an HTTP method and request target in origin form: the path, and the query, which is not looked at
    /// (section 12 of `docs/policy-language.md`). `HEAD` finds the route of `GET`.
    ///
    /// # Errors
    ///
    /// A [`RouteError`], which is an answer rather than a failure: 400, 405 or 403 in HTTP.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Policy, RouteError};
    ///
    /// let policy = Policy::builtin();
    /// let route = policy.route("POST", "/v3/organizations/org-a/sessions?dry_run=1").unwrap();
    /// assert_eq!((route.action, route.organization), ("UseDevinSessions", Some("org-a")));
    /// assert_eq!(route.undecided, ["ImpersonateOrgSessions"]);
    ///
    /// assert_eq!(policy.route("GET", "/v3/organizations/../enterprise/self"), Err(RouteError::InvalidPath));
    /// assert_eq!(policy.route("GET", "/v4/anything"), Err(RouteError::UnknownRoute));
    /// # }
    /// ```
    pub fn route<'r>(&'r self, method: &str, target: &'r str) -> Result<Route<'r>, RouteError<'r>> {
        routes::find(self, method, target)
    }
}

impl core::fmt::Debug for Policy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Policy({})", self.digest())
    }
}
