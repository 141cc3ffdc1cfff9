//! Facts in memory, and what is listed by them.

use super::MemoryStore;
use crate::facts::{AccountRow, FactsRow, principal_type};
use crate::{
    AccountFacts, FactsQuery, FactsStore, FactsWriter, MAX_PAGE, Owner, Page, PrincipalFacts,
    RecordList, Unavailable,
};
use cog_auth::token::{CredentialId, Kind, Record};
use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Tables {
    accounts: HashMap<String, String>,
    principals: HashMap<(&'static str, String), PrincipalFacts>,
    organizations: HashMap<String, Option<String>>,
}

impl Tables {
    fn account(&self, id: &str) -> AccountRow {
        AccountRow { id: id.to_owned(), properties: self.accounts.get(id).cloned() }
    }

    fn owns(&self, owner: Owner<'_>, record: &Record) -> bool {
        let owner_type = principal_type(record.kind());
        match owner {
            Owner::User(id) => owner_type == "user" && record.principal() == id,
            Owner::ServiceUser(id) => owner_type == "service_user" && record.principal() == id,
            Owner::Account(id) => {
                let principal = self.principals.get(&(owner_type, record.principal().to_owned()));
                principal.is_some_and(|principal| principal.account.as_deref() == Some(id))
            }
            Owner::All => true,
        }
    }
}

impl FactsStore for MemoryStore {
    async fn facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let tables = &self.tables().facts;
        let key = (principal_type(query.kind), query.principal.to_owned());
        let Some(principal) = tables.principals.get(&key) else { return Ok(None) };
        let organization = query.organization.and_then(|id| tables.organizations.get(id));
        let row = FactsRow {
            principal: principal.facts.clone(),
            account: principal.account.as_deref().map(|id| tables.account(id)),
            organization: organization.map(|owner| owner.as_deref().map(|id| tables.account(id))),
        };
        row.facts(query).map(Some)
    }
}

impl FactsWriter for MemoryStore {
    async fn put_account(&self, account: &AccountFacts) -> Result<(), Unavailable> {
        let AccountFacts { id, properties } = account.clone();
        self.tables().facts.accounts.insert(id, properties);
        Ok(())
    }

    async fn put_principal(&self, principal: &PrincipalFacts) -> Result<(), Unavailable> {
        let key = (principal_type(principal.kind), principal.id.clone());
        self.tables().facts.principals.insert(key, principal.clone());
        Ok(())
    }

    async fn put_organization(
        &self,
        organization: &str,
        account: Option<&str>,
    ) -> Result<(), Unavailable> {
        let account = account.map(str::to_owned);
        self.tables().facts.organizations.insert(organization.to_owned(), account);
        Ok(())
    }

    async fn remove_principal(&self, kind: Kind, id: &str) -> Result<(), Unavailable> {
        self.tables().facts.principals.remove(&(principal_type(kind), id.to_owned()));
        Ok(())
    }
}

impl RecordList for MemoryStore {
    async fn list(
        &self,
        owner: Owner<'_>,
        after: Option<CredentialId>,
    ) -> Result<Page, Unavailable> {
        let tables = self.tables();
        let begin = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut rows = tables
            .records
            .range((begin, Bound::Unbounded))
            .filter(|(_, row)| tables.facts.owns(owner, &row.record));
        let shown: Vec<_> = rows.by_ref().take(MAX_PAGE).collect();
        let next = rows.next().and_then(|_| shown.last()).map(|(id, _)| **id);
        Ok(Page { records: shown.into_iter().map(|(_, row)| row.stored()).collect(), next })
    }
}
