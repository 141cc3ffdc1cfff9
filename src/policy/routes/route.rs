//! What a look-up finds, and why it finds nothing.

use alloc::vec::Vec;

/// What a request asks for, as far as its method and path say. [`Policy::route`] finds it.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, Route};
///
/// let policy = Policy::builtin();
/// let route = policy.route("GET", "/v3/organizations/org-a/sessions").unwrap();
/// assert_eq!((route.action, route.organization), ("ViewOrgSessions", Some("org-a")));
/// let parameters: Vec<_> = route.parameters.iter().map(|it| (it.name, it.value)).collect();
/// assert_eq!(parameters, [("org_id", "org-a")]);
/// # }
/// ```
///
/// [`Policy::route`]: crate::policy::Policy::route
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route<'r> {
    /// The action that the route needs, which the policy declares.
    pub action: &'r str,
    /// The id of the organization, as it stands in the path; none for a request about the account
    /// itself.
    pub organization: Option<&'r str>,
    /// What else the route names; none where it is about the organization or the account.
    pub resource: Option<RouteResource<'r>>,
    /// All parameters of the route's path template, in their order in it.
    pub parameters: Vec<RouteParameter<'r>>,
    /// Further actions that a request on this route may need, which only the origin can judge;
    /// sorted. There are none for most routes.
    pub undecided: Vec<&'r str>,
}

/// The resource that a route names (section 12 of `docs/policy-language.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteResource<'r> {
    /// Its type, as the policy says: `type` in requests and in facts.
    pub type_name: &'r str,
    /// Its id, as it stands in the path.
    pub id: &'r str,
}

/// A parameter of a route's path template, with what stands in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteParameter<'r> {
    /// Its name in the template.
    pub name: &'r str,
    /// The segment of the path, as it was sent. Only a parameter that the route lets be encoded can
    /// have percent-escapes, which are not decoded.
    pub value: &'r str,
}

/// Why a method and target have no route.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, RouteError};
///
/// let policy = Policy::builtin();
/// let error = |method, target| policy.route(method, target).unwrap_err();
/// assert_eq!(error("GET", "/v3/organizations//sessions"), RouteError::InvalidPath);
/// assert_eq!(error("GET", "/v3/organizations/org%2Da/sessions"), RouteError::InvalidPath);
/// assert_eq!(error("GET", "/v3/unheard-of"), RouteError::UnknownRoute);
///
/// let not_allowed = error("DELETE", "/v3/enterprise/self");
/// assert_eq!(not_allowed, RouteError::MethodNotAllowed(vec!["GET", "HEAD"]));
/// assert_eq!(not_allowed.name(), "method_not_allowed");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteError<'r> {
    /// The target could be read in two ways: it is not in origin form (RFC 9112, 3.2.1) or not in
    /// its normal form, its path is longer than [`MAX_PATH_BYTES`], it has an escape where none is
    /// allowed, or it has a literal in disguise, such as `Index` or `index.json` beside `index`.
    /// 400 in HTTP.
    ///
    /// [`MAX_PATH_BYTES`]: crate::policy::MAX_PATH_BYTES
    InvalidPath,
    /// No template has this path. 403 in HTTP, as for what is denied.
    UnknownRoute,
    /// The path exists with other methods: these, sorted, `HEAD` among them where `GET` is. 405 in
    /// HTTP.
    MethodNotAllowed(Vec<&'r str>),
}

impl RouteError<'_> {
    /// All names.
    pub const NAMES: [&'static str; 3] =
        [Self::UNKNOWN_ROUTE, Self::INVALID_PATH, Self::METHOD_NOT_ALLOWED];

    const UNKNOWN_ROUTE: &'static str = "unknown_route";
    const INVALID_PATH: &'static str = "invalid_path";
    pub(crate) const METHOD_NOT_ALLOWED: &'static str = "method_not_allowed";

    /// The name in test cases, and in the bindings' answers: `unknown_route`, `invalid_path` or
    /// `method_not_allowed`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::InvalidPath => Self::INVALID_PATH,
            Self::UnknownRoute => Self::UNKNOWN_ROUTE,
            Self::MethodNotAllowed(_) => Self::METHOD_NOT_ALLOWED,
        }
    }
}
