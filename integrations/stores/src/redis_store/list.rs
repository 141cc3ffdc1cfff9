//! Lists in Redis. The sets in which ids are sorted may have ids of records that were never
//! written, or have another owner by now: the records themselves say whose they are.

use super::keys::{self, Place};
use super::store::RedisStore;
use crate::facts::principal_type;
use crate::{MAX_PAGE, Owner, Page, RecordList, RecordStore, StoredRecord, Unavailable};
use cog_auth::token::{CredentialId, Record};
use futures_util::future::try_join_all;
use redis::aio::ConnectionLike;

impl<C: ConnectionLike + Clone + Send + Sync> RecordList for RedisStore<C> {
    async fn list(
        &self,
        owner: Owner<'_>,
        after: Option<CredentialId>,
    ) -> Result<Page, Unavailable> {
        let mut listed = Listed { records: Vec::new(), after };
        match owner {
            Owner::User(id) => self.add_of_principal("user", id, &mut listed).await?,
            Owner::ServiceUser(id) => {
                self.add_of_principal("service_user", id, &mut listed).await?
            }
            Owner::Account(id) => self.add_of_account(id, &mut listed).await?,
            Owner::All => {
                let first = after.map_or('0', keys::tag);
                for tag in keys::all_tags().skip_while(|tag| *tag != first) {
                    self.add(&keys::credentials(tag), &mut listed, |_| true).await?;
                    if listed.is_full() {
                        break;
                    }
                    listed.after = None;
                }
            }
        }
        Ok(listed.page())
    }
}

/// Records of a page, and one more if there is another page.
struct Listed {
    records: Vec<(CredentialId, StoredRecord)>,
    /// After which id those come that are added next; none for the first of a set.
    after: Option<CredentialId>,
}

impl Listed {
    fn is_full(&self) -> bool {
        self.records.len() > MAX_PAGE
    }

    fn page(mut self) -> Page {
        let has_more = self.is_full();
        self.records.truncate(MAX_PAGE);
        let next = self.records.last().map(|(id, _)| *id).filter(|_| has_more);
        Page { records: self.records.into_iter().map(|(_, stored)| stored).collect(), next }
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    async fn add_of_principal(
        &self,
        owner_type: &str,
        owner: &str,
        listed: &mut Listed,
    ) -> Result<(), Unavailable> {
        let is_owned = |record: &Record| {
            principal_type(record.kind()) == owner_type && record.principal() == owner
        };
        self.add(&keys::credentials_of(owner_type, owner), listed, is_owned).await
    }

    /// Principal by principal. The credential after which a page begins says with which of them.
    async fn add_of_account(&self, account: &str, listed: &mut Listed) -> Result<(), Unavailable> {
        let mut principal = match listed.after {
            None => None,
            Some(id) => {
                let stored = self.record(id).await?.ok_or_else(|| Unavailable::because(GONE))?;
                let record = stored.record().map_err(Unavailable::because)?;
                let name = format!("{}:{}", principal_type(record.kind()), record.principal());
                self.add_of_member(account, &name, listed).await?;
                Some(name)
            }
        };
        while !listed.is_full() {
            let names = self.sorted(&keys::principals(account), principal.as_deref()).await?;
            for name in &names {
                listed.after = None;
                self.add_of_member(account, name, listed).await?;
                if listed.is_full() {
                    break;
                }
            }
            match names.into_iter().last() {
                Some(last) => principal = Some(last),
                None => break,
            }
        }
        Ok(())
    }

    /// Adds the credentials of a principal, if it belongs to an account.
    async fn add_of_member(
        &self,
        account: &str,
        name: &str,
        listed: &mut Listed,
    ) -> Result<(), Unavailable> {
        let Some((owner_type, owner)) = name.split_once(':') else { return Ok(()) };
        match self.principal(owner_type, owner).await? {
            Some((_, Some(of))) if of == account => {
                self.add_of_principal(owner_type, owner, listed).await
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Adds the records of a set that belong there, until the page is full.
    async fn add(
        &self,
        place: &Place,
        listed: &mut Listed,
        belongs: impl Fn(&Record) -> bool + Send + Sync,
    ) -> Result<(), Unavailable> {
        while !listed.is_full() {
            let names = self.sorted(place, listed.after.as_ref().map(CredentialId::as_str)).await?;
            let ids = names.iter().map(|name| CredentialId::parse(name));
            let ids: Vec<_> = ids.collect::<Result<_, _>>().map_err(Unavailable::because)?;
            let Some(last) = ids.last() else { break };
            listed.after = Some(*last);
            let stored = try_join_all(ids.iter().map(|id| self.record(*id))).await?;
            for (id, stored) in ids.into_iter().zip(stored) {
                let Some(stored) = stored else { continue };
                let record = stored.record().map_err(Unavailable::because)?;
                if belongs(&record) && !listed.is_full() {
                    listed.records.push((id, stored));
                }
            }
        }
        Ok(())
    }

    /// The next of a sorted set after one of them, or the first ones: as many as a page needs.
    async fn sorted(&self, place: &Place, after: Option<&str>) -> Result<Vec<String>, Unavailable> {
        let after = after.map_or_else(|| "-".to_owned(), |after| format!("({after}"));
        let count = MAX_PAGE.saturating_add(1).to_string();
        self.look(place, "ZRANGEBYLEX", &[&after, "+", "LIMIT", "0", &count]).await
    }
}

/// What is said of a page that begins nowhere.
const GONE: &str = "the credential after which the page begins is not there any more";
