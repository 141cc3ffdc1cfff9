//! What one writer sees.

use super::Broken;
use super::samples::{at, fresh, key, read, renamed};
use crate::{RecordWriter, Revoked, WriteError};
use cog_auth::token::CredentialId;

/// Records are stored, replaced, revoked and used as [`RecordWriter`] promises to one writer.
///
/// # Errors
///
/// [`Broken`], with the first promise that the store does not keep.
pub async fn records<S: RecordWriter>(store: &S) -> Result<(), Broken> {
    inserts(store).await?;
    replaces(store).await?;
    revokes(store).await?;
    uses(store).await
}

async fn inserts<S: RecordWriter>(store: &S) -> Result<(), Broken> {
    let record = key()?;
    let id = record.id();
    promise!("what was never stored is absent", store.record(id).await?, None);
    let before = crate::system_time::now();
    let revision = store.insert(&record).await?;
    let Some(stored) = store.record(id).await? else {
        return Err(Broken::new("what was stored is there", &id));
    };
    promise!("what was stored is read again", stored.record()?, read if read == record);
    promise!("a read has the revision of the write", stored.revision(), it if it == revision);
    let after = crate::system_time::now();
    promise!(
        "the time of reading is the time of reading",
        stored.read_at(),
        it if before <= it && it <= after
    );

    let other = renamed(&record, "other")?;
    promise!(
        "a second record of an id is refused",
        store.insert(&other).await,
        Err(WriteError::AlreadyThere)
    );
    promise!("a refused record changes nothing", read(store, id).await?, it if it == record);
    Ok(())
}

async fn replaces<S: RecordWriter>(store: &S) -> Result<(), Broken> {
    let record = key()?;
    let id = record.id();
    promise!(
        "nothing is replaced where nothing is",
        store.replace(&record, crate::Revision::new(1)).await,
        Err(WriteError::Absent)
    );
    let first = store.insert(&record).await?;
    let named = renamed(&record, "named")?;
    let second = store.replace(&named, first).await?;
    promise!("a revision grows", second, it if it > first);
    promise!("what replaces is read", read(store, id).await?, it if it == named);

    promise!(
        "a write that is based on an older read is refused",
        store.replace(&record, first).await,
        Err(WriteError::Changed)
    );
    promise!(
        "a revision that was never given is refused",
        store.replace(&record, second.next()).await,
        Err(WriteError::Changed)
    );
    promise!("a refused write changes nothing", read(store, id).await?, it if it == named);

    // A record can be revoked by replacing it, too.
    store.replace(&named.revoke(at(5)), second).await?;
    promise!(
        "a record that was replaced by a revoked one is revoked",
        store.revoke(id, at(9)).await,
        Ok(Revoked::Before)
    );
    promise!("its time stays", read(store, id).await?.revoked_at(), it if it == Some(at(5)));
    Ok(())
}

async fn revokes<S: RecordWriter>(store: &S) -> Result<(), Broken> {
    let record = key()?;
    let id = record.id();
    promise!(
        "nothing is revoked where nothing is",
        store.revoke(id, at(0)).await,
        Err(WriteError::Absent)
    );
    let read_before = store.insert(&record).await?;
    promise!("a credential is revoked", store.revoke(id, at(7)).await, Ok(Revoked::Now));
    promise!("a read shows it", read(store, id).await?, it if it == record.revoke(at(7)));
    promise!("a second revocation is none", store.revoke(id, at(3)).await, Ok(Revoked::Before));
    promise!("the first time stays", read(store, id).await?.revoked_at(), it if it == Some(at(7)));

    promise!(
        "no write that is based on an older read brings it back",
        store.replace(&record, read_before).await,
        Err(WriteError::Revoked)
    );
    let Some(stored) = store.record(id).await? else {
        return Err(Broken::new("a revoked record is there", &id));
    };
    promise!("a revocation is a new revision", stored.revision(), it if it > read_before);
    promise!(
        "no write brings it back",
        store.replace(&record, stored.revision()).await,
        Err(WriteError::Revoked)
    );
    promise!("it is not made anew", store.insert(&record).await, Err(WriteError::AlreadyThere));
    promise!("it stays revoked", read(store, id).await?, it if it == record.revoke(at(7)));
    Ok(())
}

async fn uses<S: RecordWriter>(store: &S) -> Result<(), Broken> {
    let (one, two) = (key()?, key()?);
    let first = store.insert(&one).await?;
    store.insert(&two).await?;
    let stranger = CredentialId::parse(&fresh())?;
    store.used(&[]).await?;
    store
        .used(&[(one.id(), at(5)), (stranger, at(6)), (two.id(), at(3)), (one.id(), at(4))])
        .await?;
    promise!(
        "the latest use of a batch is noted, whatever its order",
        read(store, one.id()).await?,
        it if it == one.used(at(5))
    );
    promise!("each use is noted", read(store, two.id()).await?, it if it == two.used(at(3)));
    promise!("a use makes no record", store.record(stranger).await?, None);

    store.used(&[(one.id(), at(2)), (two.id(), at(8))]).await?;
    promise!(
        "an earlier use changes nothing",
        read(store, one.id()).await?.last_used_at(),
        it if it == Some(at(5))
    );
    promise!(
        "a later use is noted",
        read(store, two.id()).await?.last_used_at(),
        it if it == Some(at(8))
    );

    // The writer read the record before it was used.
    let named = renamed(&one, "named")?;
    promise!("a use is no new revision", store.replace(&named, first).await, Ok(_));
    promise!(
        "a use stays when a record is replaced",
        read(store, one.id()).await?,
        it if it == named.used(at(5))
    );
    store.revoke(one.id(), at(9)).await?;
    store.used(&[(one.id(), at(11))]).await?;
    promise!(
        "a use brings nothing back",
        read(store, one.id()).await?,
        it if it == named.revoke(at(9)).used(at(11))
    );
    Ok(())
}
