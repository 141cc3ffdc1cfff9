//! Records as JSON.

use super::digest::{DIGEST, EDGE_DIGEST};
use super::id::CREDENTIAL_ID;
use super::record::{check_kind, check_name, check_organization};
use super::scopes::{ScopesReader, sorted};
use super::strict::{
    self, A_STRING, A_STRING_OR_NULL, A_TIME, AN_OBJECT_OR_NULL, Document, Form, Member, VERSION,
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
        Member("v", Type::Number, VERSION),
        Member("id", Type::String, A_STRING),
        Member("kind", Type::String, A_STRING),
        Member("principal", Type::String, A_STRING),
        Member("scopes", Type::Array, "`scopes` is a list of names"),
        Member("created_at", Type::Number, A_TIME),
        Member("digest", Type::String, A_STRING_OR_NULL),
        Member("edge_digest", Type::String, A_STRING_OR_NULL),
        Member("organizations", Type::Array, "`organizations` is a list of ids or null"),
        Member("name", Type::String, A_STRING_OR_NULL),
        Member("not_before", Type::Number, A_TIME),
        Member("expires_at", Type::Number, A_TIME),
        Member("revoked_at", Type::Number, A_TIME),
        Member("grace_until", Type::Number, A_TIME),
        Member("rotated_to", Type::String, A_STRING_OR_NULL),
        Member("metadata", Type::Object, AN_OBJECT_OR_NULL),
    ],
    needed: 6,
    unknown: "a record has no such member",
    lacking: "a record needs v, id, kind, principal, scopes and created_at",
};

impl Record {
    fn read(&mut self, json: &[u8]) -> Result<(), Error> {
        let mut document = Document::new(strict::text(json)?);
        document.open()?;
        while let Some(member) = document.member(&FORM)? {
            self.read_member(member, &mut document)?;
        }
        self.check_members().map_err(|reason| document.wrong(reason))
    }

    /// Takes over the member in this place of the form, which the document has read or opened.
    fn read_member(&mut self, member: usize, document: &mut Document<'_>) -> Result<(), Error> {
        let text = document.read();
        match member {
            0 => document.version()?,
            1 => self.id = document.check(CredentialId::read(text), CREDENTIAL_ID)?,
            2 => {
                let kind = Kind::ALL.iter().find(|kind| text == *kind.name());
                self.kind = *kind.unwrap_or(&Kind::Sample);
                check_kind(self.kind).map_err(|reason| document.wrong(reason))?;
            }
            3 => {
                self.principal = text.decoded();
                if digest::principal_length(&self.principal).is_err() {
                    return Err(document.wrong(const { Code::InvalidPrincipal.sentence() }));
                }
            }
            4 => self.scopes = read_scopes(document)?,
            6 => self.digest = Some(document.check(Digest::read(text), DIGEST)?),
            7 => self.edge_digest = Some(document.check(EdgeDigest::read(text), EDGE_DIGEST)?),
            8 => self.organizations = Some(read_organizations(document)?),
            9 => {
                let name = self.name.insert(text.decoded());
                check_name(name).map_err(|reason| document.wrong(reason))?;
            }
            14 => {
                let id = document.check(CredentialId::read(text), CREDENTIAL_ID)?;
                self.rotated_to = Some(id);
            }
            15 => self.metadata = Some(String::from(document.object()?)),
            _ => {
                let time = document.time()?;
                let place = match member {
                    10 => &mut self.not_before,
                    11 => &mut self.expires_at,
                    12 => &mut self.revoked_at,
                    13 => &mut self.grace_until,
                    _ => {
                        self.created_at = time;
                        return Ok(());
                    }
                };
                *place = Some(time);
            }
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
