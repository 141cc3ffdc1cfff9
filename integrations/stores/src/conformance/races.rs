//! What many writers at the same time see.

use super::Broken;
use super::samples::{at, key, read, renamed};
use crate::{RecordWriter, Revoked, WriteError};
use cog_auth::token::{CredentialId, Record};
use std::sync::Arc;
use tokio::task::JoinSet;

/// So many tasks write the same credentials at the same time: one of them inserts, each edit is
/// based on the one before, no edit is lost, one of them revokes, and no edit or use brings a
/// revoked credential back.
///
/// # Errors
///
/// [`Broken`], with the first promise that the store does not keep.
pub async fn races<S: RecordWriter + 'static>(store: &Arc<S>, tasks: usize) -> Result<(), Broken> {
    one_inserts(store, tasks).await?;
    no_edit_is_lost(store, tasks).await?;
    the_latest_use_stays(store, tasks).await?;
    for _ in 0..10 {
        a_revocation_stays(store, tasks).await?;
    }
    Ok(())
}

/// What the tasks said.
async fn all<T: Send + 'static>(tasks: JoinSet<Result<T, Broken>>) -> Result<Vec<T>, Broken> {
    tasks.join_all().await.into_iter().collect()
}

async fn one_inserts<S: RecordWriter + 'static>(
    store: &Arc<S>,
    count: usize,
) -> Result<(), Broken> {
    let record = key()?;
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let (store, record) = (store.clone(), renamed(&record, &number.to_string())?);
        tasks.spawn(async move {
            match store.insert(&record).await {
                Ok(_) => Ok(Some(record)),
                Err(WriteError::AlreadyThere) => Ok(None),
                Err(error) => Err(error.into()),
            }
        });
    }
    let inserted: Vec<Record> = all(tasks).await?.into_iter().flatten().collect();
    promise!("one of many inserts", inserted.len(), 1);
    let stored = read(&**store, record.id()).await?;
    promise!("what it wrote is there", stored, it if inserted.contains(&it));
    Ok(())
}

async fn no_edit_is_lost<S: RecordWriter + 'static>(
    store: &Arc<S>,
    count: usize,
) -> Result<(), Broken> {
    const EDITS: usize = 5;
    let record = renamed(&key()?, "0")?;
    let id = record.id();
    store.insert(&record).await?;
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let store = store.clone();
        tasks.spawn(async move {
            for _ in 0..EDITS {
                count_up(&*store, id).await?;
            }
            Ok(())
        });
    }
    all(tasks).await?;
    let edits = count.saturating_mul(EDITS).to_string();
    let stored = read(&**store, id).await?;
    promise!("no edit is lost", stored.name(), name if name == Some(&edits));
    Ok(())
}

/// Adds one to the number that is a record's name.
async fn count_up<S: RecordWriter>(store: &S, id: CredentialId) -> Result<(), Broken> {
    loop {
        let Some(stored) = store.record(id).await? else {
            return Err(Broken::new("a record stays there", &id));
        };
        let record = stored.record()?;
        let number: usize = record.name().unwrap_or_default().parse().unwrap_or_default();
        let next = renamed(&record, &number.saturating_add(1).to_string())?;
        match store.replace(&next, stored.revision()).await {
            Ok(_) => return Ok(()),
            Err(WriteError::Changed) => tokio::task::yield_now().await,
            Err(error) => return Err(error.into()),
        }
    }
}

async fn the_latest_use_stays<S: RecordWriter + 'static>(
    store: &Arc<S>,
    count: usize,
) -> Result<(), Broken> {
    let mut ids = Vec::new();
    for _ in 0..10 {
        let record = key()?;
        store.insert(&record).await?;
        ids.push(record.id());
    }
    let last = u64::try_from(count).unwrap_or(u64::MAX);
    let mut tasks = JoinSet::new();
    for number in 1..=last {
        let (store, mut ids) = (store.clone(), ids.clone());
        // Two batches name the same records in different orders.
        if number % 2 == 0 {
            ids.reverse();
        }
        tasks.spawn(async move {
            for _ in 0..5 {
                let uses: Vec<_> = ids.iter().map(|id| (*id, at(number))).collect();
                store.used(&uses).await?;
            }
            Ok(())
        });
    }
    all(tasks).await?;
    for id in ids {
        let used = read(&**store, id).await?.last_used_at();
        promise!("the latest use stays", used, it if it == Some(at(last)));
    }
    Ok(())
}

/// Everybody edits and notes uses, until somebody has revoked.
async fn a_revocation_stays<S: RecordWriter + 'static>(
    store: &Arc<S>,
    count: usize,
) -> Result<(), Broken> {
    let record = renamed(&key()?, "0")?;
    let id = record.id();
    store.insert(&record).await?;
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let editor = store.clone();
        tasks.spawn(async move { edit_until_revoked(&*editor, id).await.map(|()| None) });
        let revoker = store.clone();
        tasks.spawn(async move {
            // Others edit in the meantime.
            for _ in 0..3 {
                read(&*revoker, id).await?;
            }
            Ok(Some(revoker.revoke(id, at(7)).await?))
        });
    }
    let first = all(tasks).await?.into_iter().filter(|said| *said == Some(Revoked::Now)).count();
    promise!("one of many revokes", first, 1);
    promise!("it stays revoked", read(&**store, id).await?.revoked_at(), it if it == Some(at(7)));
    Ok(())
}

async fn edit_until_revoked<S: RecordWriter>(store: &S, id: CredentialId) -> Result<(), Broken> {
    loop {
        let Some(stored) = store.record(id).await? else {
            return Err(Broken::new("a record stays there", &id));
        };
        store.used(&[(id, at(1))]).await?;
        // It says that it is not revoked, whatever was read.
        let edited = renamed(&stored.record()?, "edited")?;
        match store.replace(&edited, stored.revision()).await {
            // A store that never waits would keep the thread from those who revoke.
            Ok(_) | Err(WriteError::Changed) => tokio::task::yield_now().await,
            Err(WriteError::Revoked) => break,
            Err(error) => return Err(error.into()),
        }
    }
    let revoked_at = read(store, id).await?.revoked_at();
    promise!("a revocation stays", revoked_at, it if it == Some(at(7)));
    Ok(())
}
