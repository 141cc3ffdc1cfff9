//! Whose credentials are managed.

use crate::token::Kind;

/// Whose credentials are managed, which also says of which kind they are.
///
/// The issuer's directory says where a service user lives: a client that could say so could manage
/// other accounts' keys. [`Management`](super::Management) has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'q> {
    /// The personal access tokens of the user with this id.
    User(&'q str),
    /// The keys of a service user that lives in an organization.
    ServiceUserInOrganization {
        /// The id of the service user.
        id: &'q str,
        /// The id of the organization.
        organization: &'q str,
    },
    /// The keys of a service user that lives in the account itself.
    ServiceUserInAccount {
        /// The id of the service user.
        id: &'q str,
        /// The id of the account.
        account: &'q str,
    },
}

impl<'q> Owner<'q> {
    /// The id of the principal that the credentials authenticate as.
    #[must_use]
    pub const fn id(self) -> &'q str {
        match self {
            Self::User(id)
            | Self::ServiceUserInOrganization { id, .. }
            | Self::ServiceUserInAccount { id, .. } => id,
        }
    }

    /// The kind of the credentials.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::User(_) => Kind::PersonalAccessToken,
            Self::ServiceUserInOrganization { .. } | Self::ServiceUserInAccount { .. } => {
                Kind::ServiceUserKey
            }
        }
    }

    /// The id of the organization that the owner lives in, about which facts are needed; none for
    /// users and for the account itself.
    #[must_use]
    pub const fn organization(self) -> Option<&'q str> {
        match self {
            Self::ServiceUserInOrganization { organization, .. } => Some(organization),
            Self::User(_) | Self::ServiceUserInAccount { .. } => None,
        }
    }
}
