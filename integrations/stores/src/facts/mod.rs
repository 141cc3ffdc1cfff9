//! Facts about principals and organizations: reading them, and where a store keeps them, writing.

#[cfg(feature = "facts")]
mod invalid;
mod store;
#[cfg(feature = "facts")]
mod text;
#[cfg(feature = "facts")]
mod writer;

#[cfg(feature = "facts")]
pub use invalid::InvalidFacts;
pub use store::{FactsQuery, FactsStore};
#[cfg(feature = "facts")]
pub(crate) use text::{AccountRow, FactsRow};
#[cfg(feature = "facts")]
pub use writer::{AccountFacts, FactsWriter, PrincipalFacts};

#[cfg(any(feature = "facts", feature = "cache"))]
use cog_auth::token::Kind;

/// What kind of subject a credential of this kind acts as: `type` in facts and tables.
#[cfg(any(feature = "facts", feature = "cache"))]
pub(crate) const fn principal_type(kind: Kind) -> &'static str {
    match kind {
        Kind::PersonalAccessToken => "user",
        // No record is of a sample.
        Kind::ServiceUserKey | Kind::Sample => "service_user",
    }
}
