//! The classes of denials.

use crate::policy::engine::rules::Verdict;

/// Why a request is denied: the first class that fits, in the order below (section 8 of
/// `docs/policy-language.md`).
///
/// Supplying what was missing never turns one of the first three classes into an allow.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy, Value};
///
/// let policy = Policy::builtin();
/// let request = || {
///     policy.build_request(
///         ("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
/// };
/// assert_eq!(request().build().decide().denial(), Some(Denial::Indeterminate));
///
/// let with_sso = request()
///     .set("/context/credential/kind", Value::Text("personal_access_token"))?
///     .set("/subject/properties/account/sso", Value::Bool(true))?
///     .build();
/// assert_eq!(with_sso.decide().denial(), Some(Denial::Forbidden));
///
/// let of_service_users =
///     request().set("/context/credential/kind", Value::Text("service_user_key"))?.build();
/// assert_eq!(of_service_users.decide().denial(), Some(Denial::Requirement));
///
/// let of_nobody = request()
///     .set("/subject/properties/roles", Value::List(&[]))?
///     .no_other_memberships()
///     .build();
/// assert_eq!(of_nobody.decide().denial(), Some(Denial::NoGrant));
///
/// assert_eq!(Denial::from_name("no_grant"), Some(Denial::NoGrant));
/// assert_eq!(Denial::from_name("malformed"), None);
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Denial {
    /// A `forbid` surely applies: its `when` is true.
    Forbidden,
    /// A `require` is surely violated: its `when` is true and its `must` is false.
    Requirement,
    /// No `permit` applies, whatever the missing attributes are; or the action is not declared, or
    /// not for resources of this type.
    NoGrant,
    /// Only what is missing or unusable stands in the way: [`Explanation::missing`] and
    /// [`Explanation::unusable`] say which.
    ///
    /// [`Explanation::missing`]: crate::policy::Explanation::missing
    /// [`Explanation::unusable`]: crate::policy::Explanation::unusable
    Indeterminate,
}

impl Denial {
    /// All classes, in the order in which they are looked for.
    pub const ALL: [Self; 4] =
        [Self::Forbidden, Self::Requirement, Self::NoGrant, Self::Indeterminate];

    /// The name in answers: `forbidden`, `requirement`, `no_grant` or `indeterminate`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Requirement => "requirement",
            Self::NoGrant => "no_grant",
            Self::Indeterminate => "indeterminate",
        }
    }

    /// The class with this name in answers; none for any other text.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|denial| denial.name() == name)
    }

    /// The class of a denial, or none for an allow.
    pub(super) const fn of(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Allow => None,
            Verdict::Forbidden => Some(Self::Forbidden),
            Verdict::Requirement => Some(Self::Requirement),
            Verdict::NoGrant => Some(Self::NoGrant),
            Verdict::Indeterminate => Some(Self::Indeterminate),
        }
    }
}
