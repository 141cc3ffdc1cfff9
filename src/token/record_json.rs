//! Records as JSON.

use super::digest::{DIGEST, EDGE_DIGEST};
use super::id::CREDENTIAL_ID;
use super::record::{check_kind, check_name, check_organization};
use super::scopes::{ScopesReader, sorted};
use super::strict::{Document, text};
use super::{CredentialId, Digest, EdgeDigest, Kind, Record, Scopes, digest};
use crate::error::{Code, Error};
use crate::json::{Value, Writer};
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

/// The members as they are read, in any order.
#[derive(Default)]
struct Members {
    version: Option<()>,
    id: Option<CredentialId>,
    kind: Option<Kind>,
    principal: Option<String>,
    digest: Option<Digest>,
    edge_digest: Option<EdgeDigest>,
    scopes: Option<Scopes>,
    organizations: Option<Vec<String>>,
    name: Option<String>,
    created_at: Option<Time>,
    not_before: Option<Time>,
    expires_at: Option<Time>,
    revoked_at: Option<Time>,
    rotated_to: Option<CredentialId>,
    grace_until: Option<Time>,
    metadata: Option<String>,
}

fn read(json: &[u8]) -> Result<Record, Error> {
    let mut document = Document::open(json)?;
    let mut members = Members::default();
    while let Some(name) = document.member()? {
        members.read(&name, &mut document)?;
    }
    let record = members
        .record()
        .ok_or(document.wrong("a record needs v, id, kind, principal, scopes and created_at"))?;
    document.check(record.check_members())?;
    Ok(record)
}

impl Members {
    fn read(&mut self, name: &str, document: &mut Document<'_>) -> Result<(), Error> {
        match name {
            "v" => self.version = Some(document.version()?),
            "id" => self.id = Some(read_id(document)?),
            "kind" => self.kind = Some(read_kind(document)?),
            "principal" => self.principal = Some(read_principal(document)?),
            "digest" => self.digest = read_parsed(document, Digest::parse, DIGEST)?,
            "edge_digest" => {
                self.edge_digest = read_parsed(document, EdgeDigest::parse, EDGE_DIGEST)?
            }
            "scopes" => self.scopes = Some(read_scopes(document)?),
            "organizations" => self.organizations = read_organizations(document)?,
            "name" => self.name = read_name(document)?,
            "created_at" => self.created_at = Some(document.time()?),
            "not_before" => self.not_before = document.optional_time()?,
            "expires_at" => self.expires_at = document.optional_time()?,
            "revoked_at" => self.revoked_at = document.optional_time()?,
            "rotated_to" => {
                self.rotated_to = read_parsed(document, CredentialId::parse, CREDENTIAL_ID)?
            }
            "grace_until" => self.grace_until = document.optional_time()?,
            "metadata" => self.metadata = document.optional_object()?.map(String::from),
            _ => return Err(document.wrong("a record has no such member")),
        }
        Ok(())
    }

    fn record(self) -> Option<Record> {
        let () = self.version?;
        Some(Record {
            id: self.id?,
            kind: self.kind?,
            principal: self.principal?,
            digest: self.digest,
            edge_digest: self.edge_digest,
            scopes: self.scopes?,
            organizations: self.organizations,
            name: self.name,
            created_at: self.created_at?,
            not_before: self.not_before,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            rotated_to: self.rotated_to,
            grace_until: self.grace_until,
            metadata: self.metadata,
        })
    }
}

fn read_id(document: &mut Document<'_>) -> Result<CredentialId, Error> {
    let id = text(document.string()?);
    CredentialId::parse(&id).map_err(|_| document.wrong(CREDENTIAL_ID))
}

fn read_kind(document: &mut Document<'_>) -> Result<Kind, Error> {
    let name = text(document.string()?);
    document.check(check_kind(Kind::from_name(&name).unwrap_or(Kind::Sample)))
}

fn read_principal(document: &mut Document<'_>) -> Result<String, Error> {
    let principal = text(document.string()?);
    match digest::principal_length(&principal) {
        Ok(_) => Ok(principal.into_owned()),
        Err(error) => Err(document.wrong(error.code().sentence())),
    }
}

/// What a string parses to, or none for null.
fn read_parsed<T>(
    document: &mut Document<'_>,
    parse: fn(&str) -> Result<T, Error>,
    form: &'static str,
) -> Result<Option<T>, Error> {
    let Some(value) = document.optional_string()? else {
        return Ok(None);
    };
    parse(&text(value)).map(Some).map_err(|_| document.wrong(form))
}

fn read_name(document: &mut Document<'_>) -> Result<Option<String>, Error> {
    let Some(name) = document.optional_string()?.map(text) else {
        return Ok(None);
    };
    document.check(check_name(&name))?;
    Ok(Some(name.into_owned()))
}

fn read_scopes(document: &mut Document<'_>) -> Result<Scopes, Error> {
    let Value::Array = document.value()? else {
        return Err(document.wrong("`scopes` is a list of names"));
    };
    let mut scopes = ScopesReader::default();
    while document.element()? {
        let name = text(document.string()?);
        document.check(scopes.push(&name))?;
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
        let id = text(document.string()?);
        document.check(check_organization(&id))?;
        ids.push(id.into_owned());
    }
    Ok(Some(sorted(ids)))
}
