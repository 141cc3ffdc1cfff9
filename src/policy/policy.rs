//! The policy: how it is loaded, and everything that it can be asked.

use super::answer::evaluate;
use super::digest::{ImageDigest, PolicyDigest};
use super::image::{self, Image, Integrity};
use super::limits::Limits;
use super::request::{Attribute, Attributes, Request, RequestBuilder, RequestKind};
use super::routes::{self, Route, RouteError};
use crate::error::{Code, Error};
use crate::json::{Reader, TextLimits};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;

/// A policy. It was checked as a whole when it was loaded, never changes, and threads can share it.
///
/// It comes from a compiled image ([`Policy::from_image`]), from documents (`Source`, with the
/// feature `documents`), or with the library (`Policy::builtin`, with the feature `builtin`).
///
/// A clone is cheap: it shares the image with the original, and copies no part of it.
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
///     "resource": {
///         "type": "organization", "id": "org-a", "properties": {"organization": "org-a"}},
///     "context": {"credential": {"kind": "session"}}}"#)?;
/// // The role does not give this action, and nothing that is missing could give it.
/// assert_eq!(request.decide().denial(), Some(Denial::NoGrant));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct Policy {
    pub(super) image: Arc<Image>,
    pub(super) limits: Limits,
}

impl Policy {
    /// Loads a compiled image, as [`Policy::image`] gives it.
    ///
    /// The image is checked once, and then evaluated where it lies: its bytes are never copied, and
    /// `'static` ones need no memory (section 14 of `docs/policy-language.md`).
    ///
    /// A checksum finds damage, but no forgery. For an image from a place that others can write,
    /// use [`Policy::from_image_expecting`].
    ///
    /// # Errors
    ///
    /// [`Code::UnknownImageVersion`] for an image of another version of this library;
    /// [`Code::InvalidImage`] for a damaged one.
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
        image::check(image.into(), Integrity::Checksum).map(Self::of)
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
            let error = Error::new(Code::UnexpectedDigest);
            let stated = Self::from_image(image).map(|policy| policy.digest().to_hex());
            return Err(if stated.is_ok_and(|stated| stated == expected.to_hex()) {
                error.because("this is the policy's digest; an image has one of its own")
            } else {
                error
            });
        }
        image::check(image, Integrity::Digest).map(Self::of)
    }

    /// The built-in policy, as a compiled image: the access rules in `policies/`, which are 46
    /// actions and 133 routes of a real API.
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
        // A test loads this image, so the empty policy, which denies everything, is never seen.
        Self::from_image(IMAGE).unwrap_or_else(|_| Self::of(Image::new(Cow::Borrowed(&[]))))
    }

    /// The same policy with other limits for requests, batches, facts and contexts.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn of(image: Image) -> Self {
        Self { image: Arc::new(image), limits: Limits::DEFAULT }
    }

    /// The compiled image, to be stored, and loaded elsewhere with this version of the library. The
    /// same policy always has the same bytes.
    #[must_use]
    pub fn image(&self) -> &[u8] {
        self.image.bytes()
    }

    /// The digest of the policy's canonical bundle, which answers and audit records carry
    /// (section 14 of `docs/policy-language.md`).
    #[must_use]
    pub fn digest(&self) -> PolicyDigest {
        self.image.digest()
    }

    /// The digest of the compiled image's bytes, for [`Policy::from_image_expecting`]. It is
    /// computed at each call.
    #[must_use]
    pub fn image_digest(&self) -> ImageDigest {
        ImageDigest::of(self.image())
    }

    /// The declared actions, sorted by the bytes of their names.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        (0..self.image.actions()).map(|action| self.image.action_name(action))
    }

    /// Answers an AuthZEN evaluation, or evaluations (a batch), with the text of the response
    /// (sections 10 and 11 of `docs/policy-language.md`): one line of JSON without white space.
    ///
    /// The standard's endpoint for a single evaluation ignores what it does not know, `evaluations`
    /// and `options` among that. For it, read with [`Policy::request`] and write with
    /// [`Explanation::to_json`](super::Explanation::to_json).
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`] for what is no such request as a whole, and for what is over the
    /// [`Limits`]. A malformed item of a batch is answered in its place, with a denial.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::Policy};
    ///
    /// let policy = Policy::builtin();
    /// let answer = policy.evaluate(br#"{
    ///     "subject": {"type": "user", "id": "user_01"},
    ///     "resource": {"type": "organization", "id": "org-a"},
    ///     "evaluations": [{"action": {"name": "Fly"}}, {}],
    ///     "options": {"evaluations_semantic": "execute_all"}}"#)?;
    /// let first = r#"{"evaluations":[{"decision":false,"context":{"class":"no_grant","#;
    /// assert!(answer.starts_with(first));
    /// assert!(answer.contains(r#"{"class":"malformed","#)); // the second has no action
    ///
    /// assert_eq!(policy.evaluate(b"{}").unwrap_err().code(), Code::MalformedRequest);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn evaluate(&self, json: &[u8]) -> Result<String, Error> {
        self.reader(json)
            .and_then(|text| evaluate::evaluate(&self.image, text, self.limits))
            .map_err(|error| error.with_code(Code::MalformedRequest))
    }

    /// Answers an AuthZEN action search with the text of the response: the declared actions that
    /// the request would be allowed, sorted (section 11 of `docs/policy-language.md`). `action`,
    /// `evaluations` and `options` in the request are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`], as [`Policy::action_search`].
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::Policy;
    ///
    /// let policy = Policy::builtin();
    /// let found = policy.search_actions(br#"{
    ///     "subject": {"type": "user", "id": "user_01", "properties": {"memberships": [
    ///         {"organization": "org-a", "permissions": ["ViewOrgTags", "ManageOrgTags"]}]}},
    ///     "resource": {
    ///         "type": "organization", "id": "org-a", "properties": {"organization": "org-a"}},
    ///     "context": {"credential": {"kind": "session"}}}"#)?;
    /// assert_eq!(found, r#"{"results":[{"name":"ManageOrgTags"},{"name":"ViewOrgTags"}]}"#);
    ///
    /// let without_resource = br#"{"subject": {"type": "user", "id": "user_01"}}"#;
    /// assert!(policy.search_actions(without_resource).is_err());
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn search_actions(&self, json: &[u8]) -> Result<String, Error> {
        self.action_search(json).map(|request| evaluate::search(&request))
    }

    /// Reads a single AuthZEN evaluation (section 6 of `docs/policy-language.md`), for
    /// [`Request::decide`]. `evaluations` and `options` in it are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`] for what is no evaluation, is nested more than 32 levels deep or
    /// is over [`Limits::request_bytes`]. The error has the zero-based offset in bytes, except
    /// where a whole part is absent. An attribute of the wrong type is no error, but unusable.
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
    /// // A time that is text is as good as none: the request reads, and can be decided.
    /// let request = policy.request(br#"{
    ///     "subject": {"type": "user", "id": "user_01"},
    ///     "action": {"name": "ViewOrgSessions"},
    ///     "resource": {"type": "organization", "id": "org-a"},
    ///     "context": {"time": "noon"}}"#)?;
    /// assert!(!request.decide().is_allowed());
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn request<'a>(&'a self, json: &'a [u8]) -> Result<Request<'a>, Error> {
        self.read(json, RequestKind::Evaluation)
    }

    /// Reads an AuthZEN action search: a request whose action is left open, for
    /// [`Request::allowed_actions`] and [`Request::decide_as`]. `action`, `evaluations` and
    /// `options` in it are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedRequest`], as [`Policy::request`].
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::Policy;
    ///
    /// let policy = Policy::builtin();
    /// let search = policy.action_search(br#"{
    ///     "subject": {"type": "user", "id": "user_01", "properties": {
    ///         "memberships": [{"organization": "org-a", "permissions": ["ViewOrgTags"]}]}},
    ///     "resource": {
    ///         "type": "organization", "id": "org-a", "properties": {"organization": "org-a"}},
    ///     "context": {"credential": {"kind": "session"}}}"#)?;
    /// assert_eq!(search.allowed_actions().collect::<Vec<_>>(), ["ViewOrgTags"]);
    /// let explanation = search.decide_as("ManageOrgTags").explain();
    /// assert_eq!(explanation.reasons()[0].code, "no_grant");
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn action_search<'a>(&'a self, json: &'a [u8]) -> Result<Request<'a>, Error> {
        self.read(json, RequestKind::ActionSearch)
    }

    /// Begins a request that is built in Rust, without JSON. Subject and resource are given as type
    /// and id, and the action by its name. The [`RequestBuilder`] adds everything else.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Denial, Policy};
    ///
    /// let policy = Policy::builtin();
    /// let request = policy
    ///     .build_request(("user", "user_01"), "ViewOrgTags", ("organization", "org-a"))
    ///     .no_other_memberships()
    ///     .build();
    /// assert_eq!(request.decide().denial(), Some(Denial::NoGrant));
    /// # }
    /// ```
    pub fn build_request<'a>(
        &'a self,
        subject: (&'a str, &'a str),
        action: &'a str,
        resource: (&'a str, &'a str),
    ) -> RequestBuilder<'a> {
        RequestBuilder::new(&self.image, subject, action, resource)
    }

    /// Finds an attribute by the JSON pointer (RFC 6901) of its place in the AuthZEN request, such
    /// as `/subject/properties/account/sso`, once for all requests in which
    /// [`RequestBuilder::put`] sets it.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidAttribute`] where the policy reads nothing, at the five places that
    /// [`Policy::build_request`] sets, and at `/subject/properties/memberships`, which
    /// [`RequestBuilder::roles_in`] and its neighbours fill, unless the schema declares an
    /// attribute there.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::Policy};
    ///
    /// let policy = Policy::builtin();
    /// assert!(policy.attribute("/subject/properties/account/sso").is_ok());
    /// let error = policy.attribute("/subject/properties/acount/sso").unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidAttribute);
    /// # }
    /// ```
    pub fn attribute(&self, pointer: &str) -> Result<Attribute, Error> {
        let found = Attribute::find(&self.image, pointer);
        found.ok_or_else(|| Error::new(Code::InvalidAttribute))
    }

    /// Finds the route of an HTTP method and a request target in origin form, which is a path and
    /// perhaps a query (section 12 of `docs/policy-language.md`). Of the query, only its bytes are
    /// checked: a request target cannot have a space, a control character or `#`. `HEAD` finds the
    /// route of `GET`.
    ///
    /// # Errors
    ///
    /// A [`RouteError`], which is an answer rather than a failure: 400, 403 or 405 in HTTP.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Policy, RouteError};
    ///
    /// let policy = Policy::builtin();
    /// let target = "/v3/organizations/org-a/sessions?dry_run=1";
    /// let route = policy.route("POST", target).unwrap();
    /// assert_eq!((route.action, route.organization), ("UseDevinSessions", Some("org-a")));
    /// assert_eq!(route.undecided, ["ImpersonateOrgSessions"]);
    ///
    /// let two_readings = "/v3/organizations/../enterprise/self";
    /// assert_eq!(policy.route("GET", two_readings), Err(RouteError::InvalidPath));
    /// assert_eq!(policy.route("GET", "/v4/anything"), Err(RouteError::UnknownRoute));
    /// # }
    /// ```
    pub fn route<'r>(&'r self, method: &str, target: &'r str) -> Result<Route<'r>, RouteError<'r>> {
        routes::find(&self.image, method, target)
    }

    fn read<'a>(&'a self, json: &'a [u8], kind: RequestKind) -> Result<Request<'a>, Error> {
        self.read_attributes(json, kind).map(Request::of)
    }

    fn read_attributes<'a>(
        &'a self,
        json: &'a [u8],
        kind: RequestKind,
    ) -> Result<Attributes<'a>, Error> {
        let mut attributes = self.attributes();
        self.reader(json)
            .and_then(|text| attributes.read(text, kind))
            .map_err(|error| error.with_code(Code::MalformedRequest))?;
        Ok(attributes)
    }

    /// What [`Policy::request`] reads, before it becomes a request: more can be put into it.
    pub(crate) fn request_attributes<'a>(
        &'a self,
        json: &'a [u8],
    ) -> Result<Attributes<'a>, Error> {
        self.read_attributes(json, RequestKind::Evaluation)
    }

    /// The attributes of a request of which nothing is known yet.
    pub(crate) fn attributes(&self) -> Attributes<'_> {
        Attributes::new(&self.image)
    }

    /// A reader of a text within the limits of requests.
    pub(crate) fn reader<'t>(&self, text: &'t [u8]) -> Result<Reader<'t>, Error> {
        let bytes = self.limits.request_bytes.min(MOST_BYTES);
        Reader::new(text, TextLimits { bytes, depth: MAX_DEPTH })
    }
}

/// How deep a request, facts or a context may nest.
const MAX_DEPTH: usize = 32;

/// No limit of a caller lets a text have more bytes: what a request holds is numbered in 31 bits.
const MOST_BYTES: usize = 1 << 30;

impl core::fmt::Debug for Policy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Policy({})", self.digest())
    }
}
