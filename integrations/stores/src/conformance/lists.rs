//! What a store lists.

use super::Broken;
use super::samples::{at, fresh, record};
use crate::{FactsWriter, MAX_PAGE, Owner, PrincipalFacts, RecordList, RecordWriter};
use cog_auth::token::{Kind, Record};
use std::collections::HashSet;

/// Credentials are listed as [`RecordList`] promises, by user, by service user, by account and all
/// of them.
///
/// # Errors
///
/// [`Broken`], with the first promise that the store does not keep.
pub async fn lists<S: RecordWriter + RecordList + FactsWriter>(store: &S) -> Result<(), Broken> {
    let (id, other, account) = (fresh(), fresh(), fresh());
    promise!("a stranger has none", list(store, Owner::User(&id)).await?, it if it.is_empty());

    // More than two pages, and neighbours that are not to be listed.
    let mut tokens = Vec::new();
    for _ in 0..MAX_PAGE.saturating_mul(2).saturating_add(1) {
        tokens.push(record(Kind::PersonalAccessToken, &id)?);
    }
    let keys = [record(Kind::ServiceUserKey, &id)?, record(Kind::ServiceUserKey, &id)?];
    let others = [record(Kind::PersonalAccessToken, &other)?];
    for record in tokens.iter().chain(&keys).chain(&others) {
        store.insert(record).await?;
    }
    let every: Vec<_> = tokens.iter().chain(&keys).chain(&others).cloned().collect();
    same("a user's are listed", list(store, Owner::User(&id)).await?, &tokens)?;
    same("a service user's are listed", list(store, Owner::ServiceUser(&id)).await?, &keys)?;

    let of_account = |kind, id: &str| PrincipalFacts::new(kind, id, "{}");
    for kind in [Kind::PersonalAccessToken, Kind::ServiceUserKey] {
        store.put_principal(&of_account(kind, &id)?.of_account(&account)).await?;
    }
    store.put_principal(&of_account(Kind::PersonalAccessToken, &other)?).await?;
    let both: Vec<_> = tokens.iter().chain(&keys).cloned().collect();
    same("an account's are listed", list(store, Owner::Account(&account)).await?, &both)?;
    let listed = list(store, Owner::All).await?;
    promise!("all are listed", every.iter().find(|record| !listed.contains(record)), None);

    let [first, second] = &keys;
    store.revoke(first.id(), at(7)).await?;
    store.used(&[(second.id(), at(8))]).await?;
    let expected = [first.revoke(at(7)), second.used(at(8))];
    let listed = list(store, Owner::ServiceUser(&id)).await?;
    same("revocations and uses are listed", listed, &expected)?;
    Ok(())
}

/// All pages.
async fn list<S: RecordList>(store: &S, owner: Owner<'_>) -> Result<Vec<Record>, Broken> {
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = store.list(owner, after).await?;
        promise!("a page is bounded", page.records.len(), it if it <= MAX_PAGE);
        for stored in &page.records {
            listed.push(stored.record()?);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(listed),
        }
        promise!(
            "the next page begins after the last of this one",
            page.records.last().map(|stored| stored.record().map(|record| record.id())),
            Some(Ok(id)) if Some(id) == after
        );
    }
}

/// Whether the same records are listed, each once, in any order.
fn same(promise: &'static str, listed: Vec<Record>, expected: &[Record]) -> Result<(), Broken> {
    let ids: HashSet<_> = listed.iter().map(Record::id).collect();
    let is_same = listed.len() == expected.len()
        && ids.len() == expected.len()
        && expected.iter().all(|record| listed.contains(record));
    if is_same { Ok(()) } else { Err(Broken::new(promise, &listed)) }
}
