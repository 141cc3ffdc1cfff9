//! What a decision lacks: places at which nothing stands, and places at which something stands that
//! cannot be used (section 8 of `docs/policy-language.md`).

use alloc::string::String;

/// A place of a request at which something stands that cannot be used.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy, Value};
///
/// let policy = Policy::builtin();
/// let request = policy
///     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
///     .set("/context/credential/kind", Value::Text("personal_access_token"))?
///     .set("/subject/properties/account/sso", Value::Text("false"))?
///     .build();
/// let explanation = request.decide().explain();
/// assert_eq!(explanation.denial(), Some(Denial::Indeterminate));
/// let unusable = &explanation.unusable()[0];
/// assert_eq!(unusable.pointer(), "/subject/properties/account/sso");
/// assert_eq!(unusable.needs(), "true or false");
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unusable<'r> {
    pub(super) pointer: String,
    pub(super) needs: &'r str,
}

impl<'r> Unusable<'r> {
    /// The JSON pointer (RFC 6901) of the place.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What could be used there, in words. They are specified, in the table of section 8 of
    /// `docs/policy-language.md`.
    #[must_use]
    pub const fn needs(&self) -> &'r str {
        self.needs
    }
}

/// What stands at a place that gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack<'r> {
    /// Nothing, or null.
    Missing,
    /// Something else than what is needed, which is this.
    Unusable(&'r str),
}
