//! Facts in Redis.

use super::keys::{self, Place};
use super::store::RedisStore;
use crate::facts::{AccountRow, FactsRow, principal_type};
use crate::{AccountFacts, FactsQuery, FactsStore, FactsWriter, PrincipalFacts, Unavailable};
use cog_auth::token::Kind;
use futures_util::future::try_join;
use redis::aio::ConnectionLike;
use std::sync::Arc;

impl<C: ConnectionLike + Clone + Send + Sync> FactsStore for RedisStore<C> {
    async fn facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let principal = self.principal(principal_type(query.kind), query.principal);
        let (principal, organization) =
            try_join(principal, self.organization(query.organization)).await?;
        let Some((facts, account)) = principal else { return Ok(None) };
        let owner = organization.as_ref().and_then(Option::as_deref);
        let (account, owner) =
            try_join(self.account(account.as_deref()), self.account(owner)).await?;
        let organization = organization.map(|_| owner);
        FactsRow { principal: facts, account, organization }.facts(query).map(Some)
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> FactsWriter for RedisStore<C> {
    async fn put_account(&self, account: &AccountFacts) -> Result<(), Unavailable> {
        let AccountFacts { id, properties } = account;
        // An account is part of the facts of many principals and organizations.
        self.put(&keys::account(id), "all", &[("properties", Some(properties))]).await
    }

    async fn put_principal(&self, principal: &PrincipalFacts) -> Result<(), Unavailable> {
        let PrincipalFacts { kind, id, account, facts } = principal;
        let principal_type = principal_type(*kind);
        if let Some(account) = account {
            self.index(&keys::principals(account), &format!("{principal_type}:{id}")).await?;
        }
        let place = keys::principal(principal_type, id);
        let fields = [("facts", Some(facts.as_str())), ("account", account.as_deref())];
        self.put(&place, &format!("principal {id}"), &fields).await
    }

    async fn put_organization(
        &self,
        organization: &str,
        account: Option<&str>,
    ) -> Result<(), Unavailable> {
        let place = keys::organization(organization);
        let fields = [("id", Some(organization)), ("account", account)];
        self.put(&place, &format!("organization {organization}"), &fields).await
    }

    async fn remove_principal(&self, kind: Kind, id: &str) -> Result<(), Unavailable> {
        let place = keys::principal(principal_type(kind), id);
        self.put(&place, &format!("principal {id}"), &[]).await
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// What is known of a principal, and its account. None: the principal is not there.
    pub(super) async fn principal(
        &self,
        principal_type: &str,
        id: &str,
    ) -> Result<Option<(String, Option<String>)>, Unavailable> {
        let place = keys::principal(principal_type, id);
        let (facts, account): (Option<String>, Option<String>) =
            self.look(&place, "HMGET", &["facts", "account"]).await?;
        Ok(facts.map(|facts| (facts, account)))
    }

    /// Whose an organization is, if that is known. None: it is not there, or was not asked for.
    async fn organization(&self, id: Option<&str>) -> Result<Option<Option<String>>, Unavailable> {
        let Some(id) = id else { return Ok(None) };
        let (known, account): (Option<String>, Option<String>) =
            self.look(&keys::organization(id), "HMGET", &["id", "account"]).await?;
        Ok(known.map(|_| account))
    }

    /// What is known of an account.
    async fn account(&self, id: Option<&str>) -> Result<Option<AccountRow>, Unavailable> {
        let Some(id) = id else { return Ok(None) };
        let properties = self.look(&keys::account(id), "HGET", &["properties"]).await?;
        Ok(Some(AccountRow { id: id.to_owned(), properties }))
    }

    /// Puts the fields that have a value in the place of what was there, and gives a notice.
    async fn put(
        &self,
        place: &Place,
        notice: &str,
        fields: &[(&str, Option<&str>)],
    ) -> Result<(), Unavailable> {
        let mut script = redis::cmd("EVAL");
        script.arg(include_str!("scripts/put.lua")).arg(2).arg(&place.key).arg(&place.current);
        script.arg(notice);
        for (name, value) in fields {
            if let Some(value) = value {
                script.arg(name).arg(value);
            }
        }
        self.write(&script).await
    }
}
