//! The record of a credential: what its issuer stores.

use super::scopes::sorted;
use super::{
    CredentialId, Digest, EdgeDigest, Kind, MAX_RECORD_BYTES, Pepper, Scopes, Token, strict,
};
use crate::error::{Code, Error};
use crate::time::Time;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The longest name of a credential, in bytes.
pub const MAX_NAME_BYTES: usize = 256;

/// What the issuer stores of a credential, to know it again and to know what it may be used for.
///
/// Read from JSON ([`Record::from_json`]) or made for a fresh token ([`RecordDraft`]), and always valid. Nothing in it
/// gives the token back. The members are those of section "Records" of `docs/token-format.md`.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    pub(super) id: CredentialId,
    pub(super) kind: Kind,
    pub(super) principal: String,
    pub(super) digest: Option<Digest>,
    pub(super) edge_digest: Option<EdgeDigest>,
    pub(super) scopes: Scopes,
    /// Sorted, each once.
    pub(super) organizations: Option<Vec<String>>,
    pub(super) name: Option<String>,
    pub(super) created_at: Time,
    pub(super) not_before: Option<Time>,
    pub(super) expires_at: Option<Time>,
    pub(super) revoked_at: Option<Time>,
    pub(super) rotated_to: Option<CredentialId>,
    pub(super) grace_until: Option<Time>,
    /// A JSON object, as it was written.
    pub(super) metadata: Option<String>,
}

impl core::fmt::Debug for Record {
    /// Kind and id alone: somebody may have put a secret into the name or the metadata.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Record({} {})", self.kind.name(), self.id.as_str())
    }
}

impl Record {
    /// A record of nothing, to be filled in.
    pub(super) const fn blank() -> Self {
        Self {
            id: CredentialId::BLANK,
            kind: Kind::Sample,
            principal: String::new(),
            digest: None,
            edge_digest: None,
            scopes: Scopes::none(),
            organizations: None,
            name: None,
            created_at: Time::MAX,
            not_before: None,
            expires_at: None,
            revoked_at: None,
            rotated_to: None,
            grace_until: None,
            metadata: None,
        }
    }

    /// The credential's public id.
    #[must_use]
    pub const fn id(&self) -> CredentialId {
        self.id
    }

    pub(crate) fn id_text(&self) -> &str {
        self.id.as_str()
    }

    /// The kind of credential: never a sample.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The id of the service user or user that it authenticates as, compared byte for byte.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// The digest for origins.
    #[must_use]
    pub const fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The digest for edges.
    #[must_use]
    pub const fn edge_digest(&self) -> Option<&EdgeDigest> {
        self.edge_digest.as_ref()
    }

    /// What it may be used for, of what its principal may do.
    #[must_use]
    pub const fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The organizations that it is narrowed to, in byte order, each once. None: all of its owner's. Empty: none.
    #[must_use]
    pub fn organizations(&self) -> Option<&[String]> {
        self.organizations.as_deref()
    }

    /// The name that its owner gave it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// When it was made.
    #[must_use]
    pub const fn created_at(&self) -> Time {
        self.created_at
    }

    /// The first second at which it is good.
    #[must_use]
    pub const fn not_before(&self) -> Option<Time> {
        self.not_before
    }

    /// The first second at which it is no longer good.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Time> {
        self.expires_at
    }

    /// When it was revoked. Whatever the time, a revoked credential is refused.
    #[must_use]
    pub const fn revoked_at(&self) -> Option<Time> {
        self.revoked_at
    }

    /// The id of its successor.
    #[must_use]
    pub const fn rotated_to(&self) -> Option<CredentialId> {
        self.rotated_to
    }

    /// The first second at which it is no longer good beside its successor.
    #[must_use]
    pub const fn grace_until(&self) -> Option<Time> {
        self.grace_until
    }

    /// The issuer's own: a JSON object, as it was written.
    #[must_use]
    pub fn metadata(&self) -> Option<&str> {
        self.metadata.as_deref()
    }
}

/// The record of a fresh token, being filled in.
///
/// ```
/// use cog_auth::{Code, Time, token::{Kind, KeyId, Record, RecordDraft, RootKey, Scopes}};
///
/// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
/// let token = root.mint(Kind::ServiceUserKey, None, &[1; 64])?; // random bytes in earnest
/// let now = Time::from_seconds(1_795_000_000)?;
/// let record = RecordDraft::new(&token, "su_ci", Scopes::all(), now)
///     .for_origins(&root.pepper())
///     .for_edges()
///     .name("deploy")
///     .expires_at(Time::from_seconds(1_796_000_000)?)
///     .issue()?;
/// assert_eq!(record.id(), token.id());
/// assert_eq!(Record::from_json(record.to_json().as_bytes())?, record);
///
/// let nowhere = RecordDraft::new(&token, "su_ci", Scopes::all(), now).issue();
/// assert_eq!(nowhere.unwrap_err().code(), Code::InvalidRecord);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "only `issue` makes the record"]
pub struct RecordDraft<'a> {
    token: &'a Token,
    pepper: Option<&'a Pepper>,
    edges: Option<()>,
    record: Record,
}

impl<'a> RecordDraft<'a> {
    /// A record of this token, which belongs to `principal` (1 to 1,024 bytes) and was made at `created_at`.
    pub fn new(token: &'a Token, principal: &str, scopes: Scopes, created_at: Time) -> Self {
        let record = Record {
            id: token.id(),
            kind: token.kind(),
            principal: principal.to_owned(),
            scopes,
            created_at,
            ..Record::blank()
        };
        Self { token, pepper: None, edges: None, record }
    }

    /// Adds the digest that origins compare. The pepper has the token's key id.
    pub const fn for_origins(mut self, pepper: &'a Pepper) -> Self {
        self.pepper = Some(pepper);
        self
    }

    /// Adds the digest that edges compare.
    pub const fn for_edges(mut self) -> Self {
        self.edges = Some(());
        self
    }

    /// Narrows it to these organizations, in any order; to none if there are none. Ids are not empty and not `*`.
    pub fn organizations<T: AsRef<str>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        let ids = ids.into_iter().map(|id| id.as_ref().to_owned()).collect();
        self.record.organizations = Some(sorted(ids));
        self
    }

    /// Names it: at most [`MAX_NAME_BYTES`] bytes, no control characters.
    pub fn name(mut self, name: &str) -> Self {
        self.record.name = Some(name.to_owned());
        self
    }

    /// Makes it good from this second on.
    pub const fn not_before(mut self, time: Time) -> Self {
        self.record.not_before = Some(time);
        self
    }

    /// Makes it good until this second, which is the first at which it is refused.
    pub const fn expires_at(mut self, time: Time) -> Self {
        self.record.expires_at = Some(time);
        self
    }

    /// Adds the issuer's own data: a JSON object in which no name stands twice.
    pub fn metadata(mut self, object: &str) -> Self {
        self.record.metadata = Some(object.to_owned());
        self
    }

    /// The record, with its digests.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidPrincipal`]; [`Code::UnknownKeyId`] if the pepper has another key id than the token;
    /// [`Code::InvalidRecord`] for a sample, when neither digest was asked for, for an
    /// organization, name or metadata that no record can have, and for a record of more than [`MAX_RECORD_BYTES`] as JSON.
    pub fn issue(self) -> Result<Record, Error> {
        let Self { token, pepper, edges, mut record } = self;
        if let Some(pepper) = pepper {
            record.digest = Some(Digest::of(token, &record.principal, pepper)?);
        }
        if let Some(()) = edges {
            record.edge_digest = Some(EdgeDigest::of(token, &record.principal)?);
        }
        record.checked()
    }
}

impl Record {
    /// Checks a record that was put together and not read.
    pub(super) fn checked(self) -> Result<Self, Error> {
        let invalid = |reason| Error::new(Code::InvalidRecord).because(reason);
        check_kind(self.kind).map_err(invalid)?;
        self.check_members().map_err(invalid)?;
        if let Some(name) = &self.name {
            check_name(name).map_err(invalid)?;
        }
        for id in self.organizations.iter().flatten() {
            check_organization(id).map_err(invalid)?;
        }
        if let Some(metadata) = &self.metadata {
            strict::check_object(metadata).map_err(|error| error.with_code(Code::InvalidRecord))?;
        }
        // Metadata may nest to the limit, and all of it together may be too long.
        if self.to_json().len() > MAX_RECORD_BYTES {
            return Err(invalid("a record has at most 16384 bytes as JSON"));
        }
        Ok(self)
    }

    /// Checks the members against each other.
    pub(super) fn check_members(&self) -> Result<(), &'static str> {
        if self.digest.is_none() && self.edge_digest.is_none() {
            return Err("a record needs a digest, an edge_digest or both");
        }
        if self.grace_until.is_some() && self.rotated_to.is_none() {
            return Err("grace_until goes with rotated_to alone");
        }
        if self.rotated_to == Some(self.id) {
            return Err("a credential cannot be rotated to itself");
        }
        Ok(())
    }
}

pub(super) const fn check_kind(kind: Kind) -> Result<(), &'static str> {
    match kind {
        Kind::Sample => Err("the kind is service_user_key or personal_access_token"),
        _ => Ok(()),
    }
}

pub(super) fn check_name(name: &str) -> Result<(), &'static str> {
    if name.len() > MAX_NAME_BYTES || name.chars().any(char::is_control) {
        return Err("a name has at most 256 bytes and no control characters");
    }
    Ok(())
}

pub(super) fn check_organization(id: &str) -> Result<(), &'static str> {
    match id {
        "" => Err("an organization's id is not empty"),
        "*" => Err("leave `organizations` out for all of them"),
        _ => Ok(()),
    }
}
