//! Rows of the tables.

use crate::facts::{AccountRow, FactsRow, principal_type};
use crate::records::Overlay;
use crate::{FactsQuery, MAX_PAGE, Page, Revision, StoredRecord, Unavailable};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use std::sync::Arc;

/// `id, record, revision, revoked_at, last_used_at`.
pub(super) type RecordColumns = (String, String, i64, Option<i64>, Option<i64>);

/// `p.facts, p.account, a.properties, o.id, o.account, oa.properties`.
pub(super) type FactsColumns =
    (String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

/// A record as it was read at a time, at the latest.
pub(super) fn stored(columns: &RecordColumns, read_at: Time) -> Result<StoredRecord, Unavailable> {
    let (_, text, revision, revoked_at, last_used_at) = columns;
    let overlay = Overlay { revoked_at: time(*revoked_at)?, last_used_at: time(*last_used_at)? };
    let text = overlay.over(text).map_err(Unavailable::because)?;
    let revision = u64::try_from(*revision).map_err(Unavailable::because)?;
    Ok(StoredRecord::new(&*text, read_at, Revision::new(revision)))
}

/// A page of rows, of which there may be one too many.
pub(super) fn page(rows: &[RecordColumns], read_at: Time) -> Result<Page, Unavailable> {
    let shown = rows.get(..MAX_PAGE).unwrap_or(rows);
    let mut records = Vec::with_capacity(shown.len());
    for row in shown {
        records.push(stored(row, read_at)?);
    }
    let last = if rows.len() > shown.len() { shown.last() } else { None };
    let next = last.map(|(id, ..)| CredentialId::parse(id)).transpose();
    Ok(Page { records, next: next.map_err(Unavailable::because)? })
}

/// The facts that answer a query.
pub(super) fn facts(
    columns: FactsColumns,
    query: &FactsQuery<'_>,
) -> Result<Arc<str>, Unavailable> {
    let (principal, account, properties, organization, owner, owner_properties) = columns;
    let row = |id: Option<String>, properties| id.map(|id| AccountRow { id, properties });
    let account = row(account, properties);
    let organization = organization.map(|_| row(owner, owner_properties));
    FactsRow { principal, account, organization }.facts(query)
}

/// A page and one row more, which tells that there is another page.
pub(super) fn page_limit() -> i64 {
    i64::try_from(MAX_PAGE).unwrap_or(i64::MAX).saturating_add(1)
}

/// `principal_type` of a record.
pub(super) fn type_of(record: &Record) -> &'static str {
    principal_type(record.kind())
}

/// A time as a column has it.
pub(super) fn seconds(time: Time) -> i64 {
    i64::try_from(time.seconds()).unwrap_or(i64::MAX)
}

/// A revision as a column has it.
pub(super) fn number(revision: Revision) -> i64 {
    i64::try_from(revision.number()).unwrap_or(i64::MAX)
}

fn time(column: Option<i64>) -> Result<Option<Time>, Unavailable> {
    let Some(seconds) = column else { return Ok(None) };
    let seconds = u64::try_from(seconds).map_err(Unavailable::because)?;
    Time::from_seconds(seconds).map(Some).map_err(Unavailable::because)
}
