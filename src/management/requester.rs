//! Who wants to manage credentials.

use crate::gate::Allowed;
use crate::policy::vocabulary::subject_type;
use crate::time::Time;
use core::fmt;

/// Who wants to manage credentials.
///
/// ```
/// use cog_auth::{gate::Allowed, management::Requester};
///
/// /// With whose rights a handler behind the gate acts.
/// fn requester(allowed: &Allowed) -> Requester<'_> {
///     Requester::Presented(allowed)
/// }
///
/// assert_eq!(Requester::SignedIn("user_01").id(), "user_01");
/// ```
#[derive(Clone, Copy)]
pub enum Requester<'q> {
    /// The user with this id, who is signed in. The caller's session says so, and a request that
    /// came with a token is none of these.
    SignedIn(&'q str),
    /// Whoever presented a credential, with which the gate let the request through. The policy sees
    /// this credential, so that it can keep what is made with it within its scopes, organizations
    /// and lifetime.
    ///
    /// The gate should be one at the origin
    /// ([`Gate::at_origin`](crate::gate::Gate::at_origin)): at an edge, whoever can write the
    /// edge's records says whose the credential is.
    Presented(&'q Allowed),
}

impl<'q> Requester<'q> {
    /// The id of the user or service user who asks, about whom facts are needed.
    #[must_use]
    pub fn id(self) -> &'q str {
        match self {
            Self::SignedIn(user) => user,
            Self::Presented(allowed) => allowed.principal(),
        }
    }

    /// The type of who asks: `user` or `service_user`.
    #[must_use]
    pub const fn principal_type(self) -> &'static str {
        match self {
            Self::SignedIn(_) => subject_type::USER,
            Self::Presented(allowed) => allowed.principal_type(),
        }
    }

    /// The credential that was presented.
    pub(super) const fn presented(self) -> Option<&'q Allowed> {
        match self {
            Self::SignedIn(_) => None,
            Self::Presented(allowed) => Some(allowed),
        }
    }

    /// Whether the credential that was presented is no longer good.
    pub(super) fn has_ended(self, now: Time) -> bool {
        self.presented().and_then(Allowed::valid_until).is_some_and(|end| end <= now)
    }
}

impl fmt::Debug for Requester<'_> {
    /// Shows who asks, and nothing else of the request that was let through.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.principal_type(), self.id())
    }
}
