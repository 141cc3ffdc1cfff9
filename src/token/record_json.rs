//! Records as JSON.

use super::digest::{DIGEST, EDGE_DIGEST};
use super::id::CREDENTIAL_ID;
use super::record::{check_kind, check_name, check_organization};
use super::scopes::{ScopesReader, sorted};
use super::strict::{
    self, A_STRING, A_STRING_OR_NULL, A_TIME, AN_OBJECT_OR_NULL, Document, MemberRule,
    ObjectMember, Presence, VERSION, members,
};
use super::{CredentialId, Digest, EdgeDigest, Kind, Record, Scopes, digest};
use crate::error::{Code, Error};
use crate::json::{Type, Writer};
use crate::time::Time;
use alloc::string::String;
use alloc::vec::Vec;

impl Record {
    /// Reads a record.
    ///
    /// Everything is checked: an unknown member is refused, since a mistyped `expire_at` must not mean forever.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] for whatever is wrong, with the offset and a sentence that says what.
    ///
    /// ```
    /// use cog_auth::{Code, token::Record};
    ///
    /// let record = Record::from_json(br#"{
    ///     "v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "su_ci",
    ///     "edge_digest": "$cog1e$5CLCmFck1Joi82xfLsVg8XeddjET66LR5XgMTrOBYu8",
    ///     "scopes": ["*"], "created_at": 1798756600, "expires_at": null
    /// }"#)?;
    /// assert_eq!(record.principal(), "su_ci");
    /// assert_eq!(record.expires_at(), None);
    ///
    /// let error = Record::from_json(br#"{"v": 1, "expire_at": 1798756600}"#).unwrap_err();
    /// assert_eq!((error.code(), error.offset()), (Code::InvalidRecord, Some(9)));
    /// assert_eq!(error.message(), "a record has no such member");
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let mut record = Self::blank();
        match record.read(text) {
            Ok(()) => Ok(record),
            Err(error) => Err(error.with_code(Code::InvalidRecord)),
        }
    }

    /// Writes the record, for the issuer's own store.
    ///
    /// Always in the same bytes: no white space, what is absent left out, and the members in the order `v`, `id`, `kind`,
    /// `principal`, `digest`, `edge_digest`, `scopes`, `organizations`, `name`, `created_at`, `not_before`,
    /// `expires_at`, `revoked_at`, `rotated_to`, `grace_until`, `metadata`; scopes and organizations in byte order.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.write(&[])
    }

    /// Writes the record as edges get it: as [`Record::to_json`] does, without `digest`.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] if there is no edge digest, so that no edge could use it.
    pub fn to_edge_json(&self) -> Result<String, Error> {
        match self.edge_digest {
            Some(_) => Ok(self.write(&[Member::Digest])),
            None => Err(Error::new(Code::InvalidRecord)
                .because("the record has no edge_digest, so it is of no use to an edge")),
        }
    }

    /// Writes all members that are there, but these.
    fn write(&self, left_out: &[Member]) -> String {
        let mut json = Writer::new();
        json.object(|w| {
            for member in Member::ALL.iter().filter(|member| !left_out.contains(member)) {
                self.write_member(*member, w);
            }
        });
        json.finish()
    }

    fn write_member(&self, member: Member, w: &mut Writer) {
        let mut string = |value: Option<&str>| {
            if let Some(value) = value {
                w.name(member.name()).string(value);
            }
        };
        match member {
            Member::Version => {
                w.name(member.name()).integer(1);
            }
            Member::Id => string(Some(self.id.as_str())),
            Member::Kind => string(Some(self.kind.name())),
            Member::Principal => string(Some(&self.principal)),
            Member::Digest => string(self.digest.as_ref().map(Digest::text).as_deref()),
            Member::EdgeDigest => {
                string(self.edge_digest.as_ref().map(EdgeDigest::text).as_deref());
            }
            Member::Scopes => {
                w.name(member.name()).strings(self.scopes.names());
            }
            Member::Organizations => {
                if let Some(ids) = &self.organizations {
                    w.name(member.name()).strings(ids);
                }
            }
            Member::Name => string(self.name.as_deref()),
            Member::RotatedTo => string(self.rotated_to.as_ref().map(CredentialId::as_str)),
            Member::CreatedAt => write_time(member, Some(self.created_at), w),
            Member::NotBefore => write_time(member, self.not_before, w),
            Member::ExpiresAt => write_time(member, self.expires_at, w),
            Member::RevokedAt => write_time(member, self.revoked_at, w),
            Member::GraceUntil => write_time(member, self.grace_until, w),
            Member::Metadata => {
                if let Some(metadata) = &self.metadata {
                    w.name(member.name()).raw(metadata);
                }
            }
        }
    }
}

fn write_time(member: Member, time: Option<Time>, w: &mut Writer) {
    if let Some(time) = time {
        w.name(member.name()).integer(i64::try_from(time.seconds()).unwrap_or(i64::MAX));
    }
}

members! {
    /// The members of a record.
    enum Member {
        Version = "v", Needed Number, VERSION;
        Id = "id", Needed String, A_STRING;
        Kind = "kind", Needed String, A_STRING;
        Principal = "principal", Needed String, A_STRING;
        Digest = "digest", Optional String, A_STRING_OR_NULL;
        EdgeDigest = "edge_digest", Optional String, A_STRING_OR_NULL;
        Scopes = "scopes", Needed Array, "`scopes` is a list of names";
        Organizations = "organizations", Optional Array, "`organizations` is a list of ids or null";
        Name = "name", Optional String, A_STRING_OR_NULL;
        CreatedAt = "created_at", Needed Number, A_TIME;
        NotBefore = "not_before", Optional Number, A_TIME;
        ExpiresAt = "expires_at", Optional Number, A_TIME;
        RevokedAt = "revoked_at", Optional Number, A_TIME;
        RotatedTo = "rotated_to", Optional String, A_STRING_OR_NULL;
        GraceUntil = "grace_until", Optional Number, A_TIME;
        Metadata = "metadata", Optional Object, AN_OBJECT_OR_NULL;
    }
    unknown: "a record has no such member",
    missing: "a record needs v, id, kind, principal, scopes and created_at",
}

impl Record {
    fn read(&mut self, json: &[u8]) -> Result<(), Error> {
        let mut document = Document::new(strict::text(json)?);
        document.open()?;
        while let Some(member) = document.member()? {
            self.read_member(member, &mut document)?;
        }
        self.check_members().map_err(|reason| document.wrong(reason))
    }

    /// Takes over a member, which the document has read or opened.
    fn read_member(&mut self, member: Member, document: &mut Document<'_>) -> Result<(), Error> {
        let text = document.read();
        match member {
            Member::Version => document.version()?,
            Member::Id => self.id = document.check(CredentialId::read(text), CREDENTIAL_ID)?,
            Member::Kind => {
                let kind = Kind::ALL.iter().find(|kind| text == *kind.name());
                self.kind = *kind.unwrap_or(&Kind::Sample);
                check_kind(self.kind).map_err(|reason| document.wrong(reason))?;
            }
            Member::Principal => {
                self.principal = text.decoded();
                if digest::principal_length(&self.principal).is_err() {
                    return Err(document.wrong(const { Code::InvalidPrincipal.sentence() }));
                }
            }
            Member::Digest => self.digest = Some(document.check(Digest::read(text), DIGEST)?),
            Member::EdgeDigest => {
                self.edge_digest = Some(document.check(EdgeDigest::read(text), EDGE_DIGEST)?);
            }
            Member::Scopes => self.scopes = read_scopes(document)?,
            Member::Organizations => self.organizations = Some(read_organizations(document)?),
            Member::Name => {
                let name = self.name.insert(text.decoded());
                check_name(name).map_err(|reason| document.wrong(reason))?;
            }
            Member::CreatedAt => self.created_at = document.time()?,
            Member::NotBefore => self.not_before = Some(document.time()?),
            Member::ExpiresAt => self.expires_at = Some(document.time()?),
            Member::RevokedAt => self.revoked_at = Some(document.time()?),
            Member::RotatedTo => {
                let id = document.check(CredentialId::read(text), CREDENTIAL_ID)?;
                self.rotated_to = Some(id);
            }
            Member::GraceUntil => self.grace_until = Some(document.time()?),
            Member::Metadata => self.metadata = Some(String::from(document.object()?)),
        }
        Ok(())
    }
}

fn read_scopes(document: &mut Document<'_>) -> Result<Scopes, Error> {
    let mut scopes = ScopesReader::default();
    while document.element()? {
        document.string()?;
        scopes.push(document.read().decoded()).map_err(|reason| document.wrong(reason))?;
    }
    Ok(scopes.finish())
}

fn read_organizations(document: &mut Document<'_>) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    while document.element()? {
        document.string()?;
        let id = document.read().decoded();
        check_organization(&id).map_err(|reason| document.wrong(reason))?;
        ids.push(id);
    }
    Ok(sorted(ids))
}
