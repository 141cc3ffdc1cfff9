//! Reading the facts about a principal.

use crate::Unavailable;
use cog_auth::gate::FactsNeeded;
use cog_auth::policy::RouteResource;
use cog_auth::token::Kind;
use std::sync::Arc;

/// Reads what a service knows of a principal, an organization and a resource.
pub trait FactsStore: Send + Sync {
    /// The facts as JSON (section 15 of `docs/policy-language.md`), for
    /// [`FactsNeeded::found`](cog_auth::gate::FactsNeeded::found). None: there surely is no such
    /// principal, which becomes a 401.
    ///
    /// An organization or a resource that is not known is left out of the facts; then the policy
    /// says what that means.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if it is not known, which becomes a 503.
    fn facts(
        &self,
        query: &FactsQuery<'_>,
    ) -> impl Future<Output = Result<Option<Arc<str>>, Unavailable>> + Send;
}

/// What facts are needed about: what [`FactsNeeded`] says, from which it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactsQuery<'q> {
    /// The kind of the credential: a personal access token is a user's, a key a service user's.
    pub kind: Kind,
    /// The id of the principal.
    pub principal: &'q str,
    /// The id of the organization; none for a request about the account itself.
    pub organization: Option<&'q str>,
    /// The resource; none for a request about the organization or the account.
    pub resource: Option<RouteResource<'q>>,
}

impl<'q> From<&'q FactsNeeded<'_>> for FactsQuery<'q> {
    /// What the gate asks for.
    ///
    /// ```no_run
    /// use cog_auth::gate::{FactsNeeded, Step};
    /// use cog_auth_stores::{FactsQuery, FactsStore};
    ///
    /// async fn answer<'g>(needed: FactsNeeded<'g>, store: &impl FactsStore) -> Step<'g> {
    ///     match store.facts(&FactsQuery::from(&needed)).await {
    ///         Ok(Some(facts)) => needed.found(facts.as_bytes()),
    ///         Ok(None) => needed.absent(),
    ///         Err(_) => needed.unavailable(),
    ///     }
    /// }
    /// ```
    fn from(needed: &'q FactsNeeded<'_>) -> Self {
        Self {
            kind: needed.kind(),
            principal: needed.principal(),
            organization: needed.organization(),
            resource: needed.resource(),
        }
    }
}

impl<S: FactsStore> FactsStore for Arc<S> {
    fn facts(
        &self,
        query: &FactsQuery<'_>,
    ) -> impl Future<Output = Result<Option<Arc<str>>, Unavailable>> + Send {
        S::facts(self, query)
    }
}
