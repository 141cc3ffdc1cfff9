//! Records as JSON.

use super::digest::{DIGEST, EDGE_DIGEST};
use super::id::CREDENTIAL_ID;
use super::record::{check_kind, check_name, check_organization};
use super::scopes::{ScopesReader, sorted};
use super::strict::{self, Document, Form};
use super::{CredentialId, Digest, EdgeDigest, Kind, Record, Scopes, digest};
use crate::error::{Code, Error};
use crate::json::{Type, Value, Writer};
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
        read(text).map_err(|error| error.with_code(Code::InvalidRecord))
    }

    /// Writes the record, for the issuer's own store.
    ///
    /// Always in the same bytes: no white space, what is absent left out, and the members in the order `v`, `id`, `kind`,
    /// `principal`, `digest`, `edge_digest`, `scopes`, `organizations`, `name`, `created_at`, `not_before`,
    /// `expires_at`, `revoked_at`, `rotated_to`, `grace_until`, `metadata`; scopes and organizations in byte order.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.write(self.digest.as_ref())
    }

    /// Writes the record as edges get it: as [`Record::to_json`] does, without `digest`.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] if there is no edge digest, so that no edge could use it.
    pub fn to_edge_json(&self) -> Result<String, Error> {
        match self.edge_digest {
            Some(_) => Ok(self.write(None)),
            None => Err(Error::new(Code::InvalidRecord)
                .because("the record has no edge_digest, so it is of no use to an edge")),
        }
    }

    fn write(&self, digest: Option<&Digest>) -> String {
        let mut json = Writer::new();
        json.object(|w| {
            w.name("v").integer(1);
            w.name("id").string(self.id.as_str());
            w.name("kind").string(self.kind.name());
            w.name("principal").string(&self.principal);
            string(w, "digest", digest.map(Digest::text).as_deref());
            string(w, "edge_digest", self.edge_digest.as_ref().map(EdgeDigest::text).as_deref());
            w.name("scopes").strings(self.scopes.names());
            if let Some(ids) = &self.organizations {
                w.name("organizations").strings(ids);
            }
            string(w, "name", self.name.as_deref());
            time(w, "created_at", Some(self.created_at));
            time(w, "not_before", self.not_before);
            time(w, "expires_at", self.expires_at);
            time(w, "revoked_at", self.revoked_at);
            string(w, "rotated_to", self.rotated_to.as_ref().map(CredentialId::as_str));
            time(w, "grace_until", self.grace_until);
            if let Some(metadata) = &self.metadata {
                w.name("metadata").raw(metadata);
            }
        });
        json.finish()
    }
}

fn string(w: &mut Writer, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        w.name(name).string(value);
    }
}

fn time(w: &mut Writer, name: &str, time: Option<Time>) {
    if let Some(time) = time {
        w.name(name).integer(i64::try_from(time.seconds()).unwrap_or(i64::MAX));
    }
}

const FORM: Form = Form {
    members: &[
        "v",
        "id",
        "kind",
        "principal",
        "scopes",
        "created_at",
        "digest",
        "edge_digest",
        "organizations",
        "name",
        "not_before",
        "expires_at",
        "revoked_at",
        "rotated_to",
        "grace_until",
        "metadata",
    ],
    needed: 6,
    unknown: "a record has no such member",
    lacking: "a record needs v, id, kind, principal, scopes and created_at",
};

fn read(json: &[u8]) -> Result<Record, Error> {
    let mut document = Document::new(strict::text(json)?);
    document.open()?;
    let mut record = Record::blank();
    while let Some(member) = document.member(&FORM)? {
        read_member(&mut record, member, &mut document)?;
    }
    document.check(record.check_members())?;
    Ok(record)
}

/// Reads the member in this place of the form.
fn read_member(
    record: &mut Record,
    member: usize,
    document: &mut Document<'_>,
) -> Result<(), Error> {
    match member {
        0 => document.version()?,
        1 => record.id = document.parsed(CREDENTIAL_ID, CredentialId::of)?,
        2 => {
            let kind = Kind::from_name(&document.text()?).unwrap_or(Kind::Sample);
            record.kind = document.check(check_kind(kind))?;
        }
        3 => record.principal = read_principal(document)?,
        4 => record.scopes = read_scopes(document)?,
        5 => record.created_at = document.time()?,
        6 => record.digest = document.optional(DIGEST, Digest::of_text)?,
        7 => record.edge_digest = document.optional(EDGE_DIGEST, EdgeDigest::of_text)?,
        8 => record.organizations = read_organizations(document)?,
        9 => record.name = read_name(document)?,
        10 => record.not_before = document.optional_time()?,
        11 => record.expires_at = document.optional_time()?,
        12 => record.revoked_at = document.optional_time()?,
        13 => record.rotated_to = document.optional(CREDENTIAL_ID, CredentialId::of)?,
        14 => record.grace_until = document.optional_time()?,
        _ => record.metadata = document.optional_object()?.map(String::from),
    }
    Ok(())
}

fn read_principal(document: &mut Document<'_>) -> Result<String, Error> {
    let principal = document.text()?;
    match digest::principal_length(&principal) {
        Ok(_) => Ok(principal),
        Err(_) => Err(document.wrong(const { Code::InvalidPrincipal.sentence() })),
    }
}

fn read_name(document: &mut Document<'_>) -> Result<Option<String>, Error> {
    let name = document.optional_text()?;
    document.check(name.as_deref().map_or(Ok(()), check_name))?;
    Ok(name)
}

fn read_scopes(document: &mut Document<'_>) -> Result<Scopes, Error> {
    document.begin(Type::Array, "`scopes` is a list of names")?;
    let mut scopes = ScopesReader::default();
    while document.element()? {
        let name = document.text()?;
        document.check(scopes.push(name))?;
    }
    Ok(scopes.finish())
}

fn read_organizations(document: &mut Document<'_>) -> Result<Option<Vec<String>>, Error> {
    match document.value()? {
        Value::Null => return Ok(None),
        Value::Array => {}
        _ => return Err(document.wrong("`organizations` is a list of ids or null")),
    }
    let mut ids = Vec::new();
    while document.element()? {
        let id = document.text()?;
        document.check(check_organization(&id))?;
        ids.push(id);
    }
    Ok(Some(sorted(ids)))
}
