//! Records as JSON.

use super::digest::{EdgeDigest, OriginDigest, principal_length};
use super::id::CREDENTIAL_ID;
use super::record_fields::{
    RecordFields, check_address, check_count, check_kind, check_name, check_organization,
};
use super::scopes::ScopesReader;
use super::strict::{
    self, A_STRING, A_STRING_OR_NULL, A_TIME, AN_OBJECT_OR_NULL, Document, MemberRule,
    ObjectMember, Presence, VERSION, members,
};
use super::text_lists::sorted;
use super::{CredentialId, Kind, Scopes};
use crate::error::{Code, Error};
use crate::json::{Type, Writer};
use crate::time::Time;
use alloc::string::String;
use alloc::vec::Vec;

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
        Addresses = "addresses", Optional Array, "`addresses` is a list of addresses or null";
        Name = "name", Optional String, A_STRING_OR_NULL;
        CreatedAt = "created_at", Needed Number, A_TIME;
        LastUsedAt = "last_used_at", Optional Number, A_TIME;
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

/// For whom a record is written, which decides what is left out.
#[derive(Clone, Copy)]
pub(super) enum Audience {
    /// The issuer's store: nothing is left out.
    Issuer,
    /// An edge: no digest for origins.
    Edge,
    /// People: no digest at all, and no metadata.
    People,
}

impl Audience {
    const fn left_out(self) -> &'static [Member] {
        match self {
            Self::Issuer => &[],
            Self::Edge => &[Member::Digest],
            Self::People => &[Member::Digest, Member::EdgeDigest, Member::Metadata],
        }
    }
}

/// Writes the members that are there, in the order of their declaration.
pub(super) fn write(fields: &RecordFields, audience: Audience) -> String {
    let left_out = audience.left_out();
    let mut json = Writer::new();
    json.object(|w| {
        for member in Member::ALL.iter().filter(|member| !left_out.contains(member)) {
            write_member(*member, fields, w);
        }
    });
    json.finish()
}

fn write_member(member: Member, fields: &RecordFields, w: &mut Writer) {
    match member {
        Member::Version => {
            w.name(member.name()).integer(1);
        }
        Member::Id => write_string(member, Some(fields.id.as_str()), w),
        Member::Kind => write_string(member, Some(fields.kind.name()), w),
        Member::Principal => write_string(member, Some(&fields.principal), w),
        Member::Digest => {
            write_string(member, fields.digest.as_ref().map(OriginDigest::as_str), w);
        }
        Member::EdgeDigest => {
            write_string(member, fields.edge_digest.as_ref().map(EdgeDigest::as_str), w);
        }
        Member::Scopes => {
            w.name(member.name()).strings(fields.scopes.names());
        }
        Member::Organizations => {
            if let Some(ids) = &fields.organizations {
                w.name(member.name()).strings(ids);
            }
        }
        Member::Addresses => {
            if let Some(addresses) = &fields.addresses {
                w.name(member.name()).strings(addresses);
            }
        }
        Member::Name => write_string(member, fields.name.as_deref(), w),
        Member::CreatedAt => write_time(member, Some(fields.created_at), w),
        Member::LastUsedAt => write_time(member, fields.last_used_at, w),
        Member::NotBefore => write_time(member, fields.not_before, w),
        Member::ExpiresAt => write_time(member, fields.expires_at, w),
        Member::RevokedAt => write_time(member, fields.revoked_at, w),
        Member::RotatedTo => {
            write_string(member, fields.rotated_to.as_ref().map(CredentialId::as_str), w);
        }
        Member::GraceUntil => write_time(member, fields.grace_until, w),
        Member::Metadata => {
            if let Some(metadata) = &fields.metadata {
                w.name(member.name()).raw(metadata);
            }
        }
    }
}

fn write_string(member: Member, value: Option<&str>, w: &mut Writer) {
    if let Some(value) = value {
        w.name(member.name()).string(value);
    }
}

fn write_time(member: Member, time: Option<Time>, w: &mut Writer) {
    if let Some(time) = time {
        w.name(member.name()).integer(i64::try_from(time.seconds()).unwrap_or(i64::MAX));
    }
}

/// Reads and checks a record into blank fields.
pub(super) fn read(fields: &mut RecordFields, json: &[u8]) -> Result<(), Error> {
    let mut document = Document::new(strict::text(json)?);
    document.open()?;
    while let Some(member) = document.member()? {
        read_member(member, fields, &mut document)?;
    }
    fields.check_together().map_err(|reason| document.wrong(reason))
}

/// Takes over a member whose value the document has read or, for a container, opened.
fn read_member(
    member: Member,
    fields: &mut RecordFields,
    document: &mut Document<'_>,
) -> Result<(), Error> {
    let text = document.read();
    match member {
        Member::Version => document.version()?,
        Member::Id => fields.id = document.check(CredentialId::read(text), CREDENTIAL_ID)?,
        Member::Kind => {
            let kind = Kind::ALL.iter().find(|kind| text == *kind.name());
            fields.kind = *kind.unwrap_or(&Kind::Sample);
            check_kind(fields.kind).map_err(|reason| document.wrong(reason))?;
        }
        Member::Principal => {
            fields.principal = text.decoded();
            if principal_length(&fields.principal).is_err() {
                return Err(document.wrong(const { Code::InvalidPrincipal.sentence() }));
            }
        }
        Member::Digest => {
            let digest = document.check(OriginDigest::read(text), OriginDigest::FORM)?;
            fields.digest = Some(digest);
        }
        Member::EdgeDigest => {
            let digest = document.check(EdgeDigest::read(text), EdgeDigest::FORM)?;
            fields.edge_digest = Some(digest);
        }
        Member::Scopes => fields.scopes = read_scopes(document)?,
        Member::Organizations => {
            fields.organizations = Some(read_texts(document, check_organization)?);
        }
        Member::Addresses => {
            let addresses = read_texts(document, check_address)?;
            check_count(addresses.len()).map_err(|reason| document.wrong(reason))?;
            fields.addresses = Some(addresses);
        }
        Member::Name => {
            let name = fields.name.insert(text.decoded());
            check_name(name).map_err(|reason| document.wrong(reason))?;
        }
        Member::CreatedAt => fields.created_at = document.time()?,
        Member::LastUsedAt => fields.last_used_at = Some(document.time()?),
        Member::NotBefore => fields.not_before = Some(document.time()?),
        Member::ExpiresAt => fields.expires_at = Some(document.time()?),
        Member::RevokedAt => fields.revoked_at = Some(document.time()?),
        Member::RotatedTo => {
            let id = document.check(CredentialId::read(text), CREDENTIAL_ID)?;
            fields.rotated_to = Some(id);
        }
        Member::GraceUntil => fields.grace_until = Some(document.time()?),
        Member::Metadata => fields.metadata = Some(String::from(document.object()?)),
    }
    Ok(())
}

fn read_scopes(document: &mut Document<'_>) -> Result<Scopes, Error> {
    let mut scopes = ScopesReader::default();
    while document.element()? {
        document.string()?;
        scopes.push(document.read().decoded()).map_err(|reason| document.wrong(reason))?;
    }
    Ok(scopes.finish())
}

/// Reads a list of texts, each of which is checked.
fn read_texts(
    document: &mut Document<'_>,
    check: fn(&str) -> Result<(), &'static str>,
) -> Result<Vec<String>, Error> {
    let mut texts = Vec::new();
    while document.element()? {
        document.string()?;
        let text = document.read().decoded();
        check(&text).map_err(|reason| document.wrong(reason))?;
        texts.push(text);
    }
    Ok(sorted(texts))
}
