//! The issuer's desk: credentials are made, listed, replaced and ended here, for who is signed in.
//! What is allowed, `cog_auth::management` says; here it is stored.

use crate::audit;
use crate::clock::now;
use crate::database::Database;
use crate::keys;
use crate::people::service_user;
use cog_auth::management::{
    Issued, Management, Owner, Refusal, Replacement, Requester, Rotated, Wanted,
};
use cog_auth::policy::Policy;
use cog_auth::token::{CredentialId, Kind, MINT_RANDOM_BYTES, Record, RootKey, RootKeys, Scopes};
use cog_auth_stores::{
    FactsQuery, FactsStore, Owner as Listed, RecordList, RecordStore, RecordWriter, Revision,
    Unavailable, WriteError,
};
use std::net::IpAddr;
use std::sync::Arc;

/// Why something is not done.
pub(crate) enum NotDone {
    /// It is refused.
    Refused(Refusal),
    /// There is no such credential.
    Unknown,
    /// The form says what no credential can be: sentences that say why.
    Unfit(Vec<String>),
    /// Somebody else changed the credential at the same time.
    Changed,
    /// The database or the source of random bytes is out of order.
    Unavailable,
}

/// Who is at the desk.
#[derive(Clone, Copy)]
pub(crate) struct Visitor {
    pub(crate) user: &'static str,
    pub(crate) address: Option<IpAddr>,
}

/// A credential that was read, and whose it is.
pub(crate) struct Held {
    pub(crate) record: Record,
    pub(crate) owner: Owner<'static>,
    revision: Revision,
}

/// So many credentials of one owner are shown.
const MOST: usize = 1_000;

/// What issues credentials, and where their records are.
pub(crate) struct Desk {
    pub(crate) policy: Policy,
    pub(crate) roots: RootKeys,
    pub(crate) database: Database,
}

impl Desk {
    /// The active and the ended credentials of an owner.
    pub(crate) async fn list(
        &self,
        visitor: Visitor,
        owner: Owner<'_>,
    ) -> Result<Vec<Record>, NotDone> {
        let known = self.known(visitor, owner).await?;
        let listing = known.management(self).list(owner).map_err(NotDone::Refused)?;
        let listed = match owner {
            Owner::User(id) => Listed::User(id),
            Owner::ServiceUserInOrganization { id, .. }
            | Owner::ServiceUserInAccount { id, .. } => Listed::ServiceUser(id),
        };
        let (mut records, mut after) = (Vec::new(), None);
        while records.len() < MOST {
            let page = self.database.list(listed, after).await?;
            for stored in page.records {
                let record = stored.record().map_err(|_| NotDone::Unavailable)?;
                if listing.shows(&record) {
                    records.push(record);
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(records)
    }

    /// Why an owner's credentials cannot be made, whatever is wanted; nothing if they can.
    pub(crate) async fn why_not_create(
        &self,
        visitor: Visitor,
        owner: Owner<'_>,
    ) -> Result<Option<Refusal>, NotDone> {
        let known = self.known(visitor, owner).await?;
        let least = Wanted { lifetime: Some(1), ..Wanted::with_scopes(Scopes::none()) };
        Ok(known.management(self).create(owner, &least).err())
    }

    /// Makes a credential, and stores its record.
    pub(crate) async fn create(
        &self,
        visitor: Visitor,
        owner: Owner<'_>,
        wanted: &Wanted,
    ) -> Result<Issued, NotDone> {
        let known = self.known(visitor, owner).await?;
        let creation = self.or_noted(known.management(self).create(owner, wanted)).await?;
        let issued = self.or_noted(creation.issue(self.root()?, &random()?)).await?;
        // What is done is on record. What is on record may not be done, if the database fails now.
        audit::note(&self.database, &issued.audit).await?;
        self.database.insert(&issued.record).await?;
        Ok(issued)
    }

    /// A credential that the visitor may see.
    pub(crate) async fn held(&self, visitor: Visitor, id: CredentialId) -> Result<Held, NotDone> {
        let stored = self.database.record(id).await?.ok_or(NotDone::Unknown)?;
        let record = stored.record().map_err(|_| NotDone::Unavailable)?;
        let owner = match record.kind() {
            Kind::PersonalAccessToken if record.principal() == visitor.user => {
                Owner::User(visitor.user)
            }
            Kind::ServiceUserKey => {
                service_user(record.principal()).ok_or(NotDone::Unknown)?.owner()
            }
            // That somebody else has a token of this id is not said.
            Kind::PersonalAccessToken | Kind::Sample => return Err(NotDone::Unknown),
        };
        let known = self.known(visitor, owner).await?;
        let listing = known.management(self).list(owner).map_err(NotDone::Refused)?;
        if !listing.shows(&record) {
            return Err(NotDone::Unknown);
        }
        Ok(Held { record, owner, revision: stored.revision() })
    }

    /// Replaces a credential, and stores both records.
    pub(crate) async fn rotate(
        &self,
        visitor: Visitor,
        held: &Held,
        replacement: Replacement,
    ) -> Result<Rotated, NotDone> {
        let known = self.known(visitor, held.owner).await?;
        let rotation = known.management(self).rotate(held.owner, &held.record, replacement);
        let rotation = self.or_noted(rotation).await?;
        let rotated = self.or_noted(rotation.issue(self.root()?, &random()?)).await?;
        audit::note(&self.database, &rotated.audit).await?;
        self.database.insert(&rotated.record).await?;
        if let Err(error) = self.database.replace(&rotated.predecessor, held.revision).await {
            // Nobody has seen the successor, and nobody shall use it.
            self.database.revoke(rotated.record.id(), now()).await?;
            return Err(error.into());
        }
        Ok(rotated)
    }

    /// Revokes a credential at once, whatever else is done with it at the same time.
    pub(crate) async fn revoke(&self, visitor: Visitor, held: &Held) -> Result<(), NotDone> {
        let known = self.known(visitor, held.owner).await?;
        let revocation = known.management(self).revoke(held.owner, &held.record);
        let revocation = self.or_noted(revocation).await?;
        audit::note(&self.database, &revocation.audit()).await?;
        self.database.revoke(held.record.id(), now()).await?;
        Ok(())
    }

    /// What came of a request that is meant: a refusal of it goes on record too.
    async fn or_noted<T>(&self, answer: Result<T, Refusal>) -> Result<T, NotDone> {
        match answer {
            Ok(allowed) => Ok(allowed),
            Err(refusal) => {
                audit::note(&self.database, refusal.audit()).await?;
                Err(NotDone::Refused(refusal))
            }
        }
    }

    async fn known(&self, visitor: Visitor, owner: Owner<'_>) -> Result<Known, NotDone> {
        let query = FactsQuery {
            kind: Kind::PersonalAccessToken,
            principal: visitor.user,
            organization: owner.organization(),
            resource: None,
        };
        let facts = self.database.facts(&query).await?.ok_or(NotDone::Unavailable)?;
        let address = visitor.address.map(|address| address.to_canonical().to_string());
        Ok(Known { user: visitor.user, facts, address })
    }

    fn root(&self) -> Result<&RootKey, NotDone> {
        keys::to_mint(&self.roots).map_err(|_| NotDone::Unavailable)
    }
}

/// What is known of a visitor.
struct Known {
    user: &'static str,
    facts: Arc<str>,
    address: Option<String>,
}

impl Known {
    fn management<'k>(&'k self, desk: &'k Desk) -> Management<'k> {
        Management {
            policy: &desk.policy,
            requester: Requester::SignedIn(self.user),
            facts: self.facts.as_bytes(),
            client_address: self.address.as_deref(),
            now: now(),
        }
    }
}

fn random() -> Result<[u8; MINT_RANDOM_BYTES], NotDone> {
    let mut bytes = [0; MINT_RANDOM_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| NotDone::Unavailable)?;
    Ok(bytes)
}

impl From<Unavailable> for NotDone {
    fn from(error: Unavailable) -> Self {
        tracing::error!("{error:?}");
        Self::Unavailable
    }
}

impl From<WriteError> for NotDone {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Absent => Self::Unknown,
            WriteError::Changed | WriteError::Revoked => Self::Changed,
            WriteError::AlreadyThere => Self::Unavailable,
            WriteError::Unavailable(error) => error.into(),
        }
    }
}
