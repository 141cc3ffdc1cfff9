//! What a new credential shall be.

use crate::token::Scopes;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What a credential that is to be created shall be.
///
/// ```
/// use cog_auth::{management::Wanted, token::Scopes};
///
/// let wanted = Wanted {
///     name: Some("nightly build".to_owned()),
///     lifetime: Some(30 * 86_400),
///     ..Wanted::with_scopes(Scopes::of(["ViewOrgSessions"])?)
/// };
/// assert_eq!(wanted.organizations, None);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What its owner calls it: at most [`MAX_NAME_BYTES`](crate::token::MAX_NAME_BYTES) bytes, no
    /// control characters.
    pub name: Option<String>,
    /// What it may be used for, of what its owner may do.
    pub scopes: Scopes,
    /// The ids of the organizations that it is narrowed to. None: all of its owner's.
    pub organizations: Option<Vec<String>>,
    /// The IP addresses and CIDR prefixes from which it may be used. None: from everywhere.
    pub addresses: Option<Vec<String>>,
    /// How many seconds it lives. None: it does not expire, which the built-in policy never allows.
    pub lifetime: Option<u64>,
}

impl Wanted {
    /// A credential with these scopes, and no name, limit or expiry.
    #[must_use]
    pub const fn with_scopes(scopes: Scopes) -> Self {
        Self { name: None, scopes, organizations: None, addresses: None, lifetime: None }
    }
}

impl fmt::Debug for Wanted {
    /// Shows the scopes alone: somebody may have put a secret into the name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wanted").field(&self.scopes).finish()
    }
}

/// How a credential is to be replaced. Its successor has its name, scopes, organizations, addresses
/// and metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// How many seconds the successor lives, as for [`Wanted::lifetime`].
    pub lifetime: Option<u64>,
    /// How many seconds the predecessor stays good beside it: at most
    /// [`MAX_GRACE_SECONDS`](crate::token::MAX_GRACE_SECONDS).
    pub grace: u64,
}
