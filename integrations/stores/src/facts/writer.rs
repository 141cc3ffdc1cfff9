//! Writing facts.

use super::text::{checked_account, checked_principal};
use super::{FactsStore, InvalidFacts};
use crate::Unavailable;
use cog_auth::token::Kind;
use std::sync::Arc;

/// Keeps facts about accounts, principals and organizations, for services that do not have them in
/// tables of their own. Each write replaces what was there.
pub trait FactsWriter: FactsStore {
    /// Stores what is known of an account.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: perhaps it was written. To write it again does no harm.
    fn put_account(
        &self,
        account: &AccountFacts,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Stores what is known of a principal.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: perhaps it was written. To write it again does no harm.
    fn put_principal(
        &self,
        principal: &PrincipalFacts,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Stores that an organization belongs to an account, or that its account is not known.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: perhaps it was written. To write it again does no harm.
    fn put_organization(
        &self,
        organization: &str,
        account: Option<&str>,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Removes a principal, if it is there: its credentials are refused with 401 from then on.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: perhaps it was removed. To remove it again does no harm.
    fn remove_principal(
        &self,
        kind: Kind,
        id: &str,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

impl<S: FactsWriter> FactsWriter for Arc<S> {
    fn put_account(
        &self,
        account: &AccountFacts,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send {
        S::put_account(self, account)
    }

    fn put_principal(
        &self,
        principal: &PrincipalFacts,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send {
        S::put_principal(self, principal)
    }

    fn put_organization(
        &self,
        organization: &str,
        account: Option<&str>,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send {
        S::put_organization(self, organization, account)
    }

    fn remove_principal(
        &self,
        kind: Kind,
        id: &str,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send {
        S::remove_principal(self, kind, id)
    }
}

/// What is known of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    pub(crate) id: String,
    /// A JSON object without `id`.
    pub(crate) properties: String,
}

impl AccountFacts {
    /// An account's id, and the other members of `account` in facts as a JSON object.
    ///
    /// # Errors
    ///
    /// [`InvalidFacts`] if the text is no JSON object, or has an `id` or a member twice.
    ///
    /// ```
    /// use cog_auth_stores::AccountFacts;
    ///
    /// AccountFacts::new("acct_7", r#"{"sso": false, "plan": "team"}"#)?;
    /// assert!(AccountFacts::new("acct_7", r#"{"id": "acct_8"}"#).is_err());
    /// # Ok::<(), cog_auth_stores::InvalidFacts>(())
    /// ```
    pub fn new(id: &str, properties: &str) -> Result<Self, InvalidFacts> {
        Ok(Self { id: id.to_owned(), properties: checked_account(properties)? })
    }
}

/// What is known of a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalFacts {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) account: Option<String>,
    /// A JSON object, with what is not said elsewhere.
    pub(crate) facts: String,
}

impl PrincipalFacts {
    /// The principal of credentials of this kind and of this id, and a JSON object with what is
    /// known of `disabled`, `roles`, `permissions` and `memberships`, as `principal` in facts has
    /// them (section 15 of `docs/policy-language.md`).
    ///
    /// # Errors
    ///
    /// [`InvalidFacts`] if the text is no JSON object, or has other members or one of these twice.
    ///
    /// ```
    /// use cog_auth::token::Kind;
    /// use cog_auth_stores::PrincipalFacts;
    ///
    /// let facts = r#"{"memberships": [{"organization": "org-a", "roles": ["org_admin"]}]}"#;
    /// PrincipalFacts::new(Kind::ServiceUserKey, "su_ci", facts)?.of_account("acct_7");
    /// assert!(PrincipalFacts::new(Kind::ServiceUserKey, "su_ci", r#"{"role": []}"#).is_err());
    /// # Ok::<(), cog_auth_stores::InvalidFacts>(())
    /// ```
    pub fn new(kind: Kind, id: &str, facts: &str) -> Result<Self, InvalidFacts> {
        let facts = checked_principal(facts)?;
        Ok(Self { kind, id: id.to_owned(), account: None, facts })
    }

    /// Says to which account it belongs. Without that, its account is not known.
    #[must_use]
    pub fn of_account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }
}
