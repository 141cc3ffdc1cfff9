//! The record of a credential: what its issuer stores.

use super::digest::{EdgeDigest, OriginDigest};
use super::record_fields::{
    RecordFields, check_address, check_count, check_kind, check_name, check_organization,
};
use super::record_json::{self, Audience};
use super::{CredentialId, Kind, MAX_RECORD_BYTES, Scopes, strict};
use crate::error::{Code, Entry, Error};
use crate::time::Time;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What the issuer stores of a credential. With it a service recognizes the token, and learns whose
/// it is and what it may be used for.
///
/// It is made for a new token ([`RecordDraft`](super::RecordDraft)) or read from JSON
/// ([`Record::from_json`]), and its fields are always valid. It does not change: what ends a
/// credential gives a new record ([`Record::revoke`], [`Record::rotate`]), which replaces the old
/// one in the store. Such a record may be longer than [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES)
/// if the old one had almost that length; then it is refused when it is read again.
/// Nothing in it gives the token back. `Debug` shows kind and id alone, since somebody may have put
/// a secret into the name or the metadata.
///
/// The fields are those of section "Records" of `docs/token-format.md`.
///
/// ```
/// use cog_auth::token::Record;
///
/// let text = r#"{"v":1,"id":"AAAABBBBCCCC","kind":"service_user_key","principal":"su_ci","#
///     .to_owned()
///     + r#""edge_digest":"$cog1e$5CLCmFck1Joi82xfLsVg8XeddjET66LR5XgMTrOBYu8","#
///     + r#""scopes":["*"],"created_at":1798756600}"#;
/// let record = Record::from_json(text.as_bytes())?;
/// assert_eq!(record.principal(), "su_ci");
/// assert_eq!(record.expires_at(), None);
/// assert_eq!(record.to_json(), text);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    fields: RecordFields,
}

impl Record {
    /// Reads a record from JSON, UTF-8 of at most [`MAX_RECORD_BYTES`] bytes.
    ///
    /// Everything is checked. An unknown member is refused, for otherwise a mistyped `expire_at`
    /// would mean that the credential never expires.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] for whatever is wrong, with its offset in the text and a sentence
    /// that says what is.
    ///
    /// ```
    /// use cog_auth::{Code, token::Record};
    ///
    /// let error = Record::from_json(br#"{"v": 1, "expire_at": 1798756600}"#).unwrap_err();
    /// assert_eq!((error.code(), error.offset()), (Code::InvalidRecord, Some(9)));
    /// assert_eq!(error.message(), "a record has no such member");
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let mut record = Self { fields: RecordFields::blank() };
        match record_json::read(&mut record.fields, text) {
            Ok(()) => Ok(record),
            Err(error) => Err(error.with_code(Code::InvalidRecord)),
        }
    }

    /// The record as JSON, for the issuer's own store.
    ///
    /// It is always the same text for the same record: no white space, absent members left out, and
    /// the others in the order `v`, `id`, `kind`, `principal`, `digest`, `edge_digest`, `scopes`,
    /// `organizations`, `addresses`, `name`, `created_at`, `last_used_at`, `not_before`,
    /// `expires_at`, `revoked_at`, `rotated_to`, `grace_until`, `metadata`. Scopes, organizations
    /// and addresses are in byte order.
    #[must_use]
    pub fn to_json(&self) -> String {
        record_json::write(&self.fields, Audience::Issuer)
    }

    /// The record as JSON, for the record store of an edge: as [`Record::to_json`], but without
    /// `digest`, which an edge cannot use.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] if the record has no edge digest. No edge could use it then.
    ///
    /// ```
    /// use cog_auth::token::Record;
    ///
    /// let record = Record::from_json(br#"{
    ///     "v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "a",
    ///     "digest": "$cog1$01$aV7_MStgHbaH3zc7w3BX_C3Si-9x_XfUi5mdqTGA_F4",
    ///     "edge_digest": "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
    ///     "scopes": ["*"], "created_at": 1798756600
    /// }"#)?;
    /// let at_the_edge = Record::from_json(record.to_edge_json()?.as_bytes())?;
    /// assert_eq!(at_the_edge.digest(), None);
    /// assert_eq!(at_the_edge.edge_digest(), record.edge_digest());
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn to_edge_json(&self) -> Result<String, Error> {
        match self.fields.edge_digest {
            Some(_) => Ok(record_json::write(&self.fields, Audience::Edge)),
            None => Err(Error::new(Code::InvalidRecord)
                .because("the record has no edge_digest, so it is of no use to an edge")),
        }
    }

    /// The record as JSON, to be shown to people: as [`Record::to_json`], but without `digest`,
    /// `edge_digest` and `metadata`.
    ///
    /// A page that lists somebody's credentials needs no digests. Metadata is the issuer's own, and
    /// may be for the issuer alone: add what may be shown of [`Record::metadata`]. Without a digest
    /// the text is no record, and [`Record::from_json`] refuses it.
    #[must_use]
    pub fn to_display_json(&self) -> String {
        record_json::write(&self.fields, Audience::People)
    }

    /// The credential's id.
    #[must_use]
    pub const fn id(&self) -> CredentialId {
        self.fields.id
    }

    /// The credential's id as text that lives as long as the record.
    pub(crate) fn id_text(&self) -> &str {
        self.fields.id.as_str()
    }

    /// The kind of credential: never a sample.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.fields.kind
    }

    /// The id of the service user or user that it authenticates as. It is compared byte for byte.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.fields.principal
    }

    /// The digest that origins compare: `$cog1$`, a key id, `$` and 43 characters of base64url.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.fields.digest.as_ref().map(OriginDigest::as_str)
    }

    /// The digest that edges compare: `$cog1e$` and 43 characters of base64url.
    #[must_use]
    pub fn edge_digest(&self) -> Option<&str> {
        self.fields.edge_digest.as_ref().map(EdgeDigest::as_str)
    }

    /// The record of fields that were put together of those of records, without regard to its
    /// length.
    pub(super) const fn of(fields: RecordFields) -> Self {
        Self { fields }
    }

    pub(super) const fn fields(&self) -> &RecordFields {
        &self.fields
    }

    /// What it may be used for, of what its principal may do.
    #[must_use]
    pub const fn scopes(&self) -> &Scopes {
        &self.fields.scopes
    }

    /// The ids of the organizations that it is narrowed to, in byte order, each once. None: all
    /// organizations of its principal. An empty list: no organization.
    #[must_use]
    pub fn organizations(&self) -> Option<&[String]> {
        self.fields.organizations.as_deref()
    }

    /// The name that its owner gave it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.fields.name.as_deref()
    }

    /// The IP addresses and CIDR prefixes from which it may be used, in byte order, each once.
    /// None: from everywhere. An empty list: from nowhere.
    #[must_use]
    pub fn addresses(&self) -> Option<&[String]> {
        self.fields.addresses.as_deref()
    }

    /// When it was made.
    #[must_use]
    pub const fn created_at(&self) -> Time {
        self.fields.created_at
    }

    /// When it was last used, as far as its issuer keeps that.
    #[must_use]
    pub const fn last_used_at(&self) -> Option<Time> {
        self.fields.last_used_at
    }

    /// The first second at which it is good. None: from the beginning.
    #[must_use]
    pub const fn not_before(&self) -> Option<Time> {
        self.fields.not_before
    }

    /// The first second at which it is no longer good. None: it does not expire.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Time> {
        self.fields.expires_at
    }

    /// When it was revoked. A revoked credential is refused at any time, also before this one.
    #[must_use]
    pub const fn revoked_at(&self) -> Option<Time> {
        self.fields.revoked_at
    }

    /// The id of its successor, once it is rotated.
    #[must_use]
    pub const fn rotated_to(&self) -> Option<CredentialId> {
        self.fields.rotated_to
    }

    /// The first second at which a rotated credential is no longer good beside its successor.
    #[must_use]
    pub const fn grace_until(&self) -> Option<Time> {
        self.fields.grace_until
    }

    /// The issuer's own data: a JSON object, as it was written.
    #[must_use]
    pub fn metadata(&self) -> Option<&str> {
        self.fields.metadata.as_deref()
    }

    /// The record of the same credential, revoked at a time. The caller stores it in place of this
    /// one.
    ///
    /// From the next look at the record on the credential is refused, whatever the time is. A
    /// record that was revoked before keeps the first time. The record's length is not checked.
    #[must_use = "the credential is revoked once this record is stored"]
    pub fn revoke(&self, at: Time) -> Self {
        let mut revoked = self.clone();
        revoked.fields.revoked_at.get_or_insert(at);
        revoked
    }

    /// The record of the same credential with `last_used_at` set to this time, unless it has a
    /// later one. An issuer can store it, in order to end credentials that nobody uses. The
    /// record's length is not checked.
    #[must_use = "the use is known once this record is stored"]
    pub fn used(&self, at: Time) -> Self {
        let mut used = self.clone();
        used.fields.last_used_at = used.fields.last_used_at.max(Some(at));
        used
    }

    /// For what reason the credential is not active at a time: [`Code::Revoked`],
    /// [`Code::Rotated`], [`Code::RecordExpired`] or [`Code::NotYetValid`], the first of them that
    /// accepting would refuse it with. None: it is active.
    ///
    /// It is for those who show or search records. To let somebody in, accept a token: that asks
    /// this too, and whether the token is the one that the record was made for.
    ///
    /// ```
    /// use cog_auth::{Code, Time, token::Record};
    ///
    /// let record = Record::from_json(br#"{
    ///     "v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "a",
    ///     "edge_digest": "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
    ///     "scopes": ["*"], "created_at": 1798756600, "expires_at": 1798843000
    /// }"#)?;
    /// let at = |seconds| Time::from_seconds(seconds).map(|time| record.inactive_because(time));
    /// assert_eq!(at(1798842999)?, None);
    /// assert_eq!(at(1798843000)?, Some(Code::RecordExpired));
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn inactive_because(&self, now: Time) -> Option<Code> {
        self.check_active(now).err().map(|entry| entry.code)
    }

    /// Checks that the credential is active at a time.
    pub(super) fn check_active(&self, now: Time) -> Result<(), &'static Entry> {
        let fields = &self.fields;
        let code = if fields.revoked_at.is_some() {
            Code::Revoked
        } else if fields.rotated_to.is_some() && fields.grace_until.is_none_or(|time| now >= time) {
            Code::Rotated
        } else if fields.expires_at.is_some_and(|time| now >= time) {
            Code::RecordExpired
        } else if fields.not_before.is_some_and(|time| now < time) {
            Code::NotYetValid
        } else {
            return Ok(());
        };
        Err(code.entry())
    }

    /// The record of fields that were put together and not read from JSON, if they are one.
    pub(super) fn checked(fields: RecordFields) -> Result<Self, Error> {
        let invalid = |reason| Error::new(Code::InvalidRecord).because(reason);
        check_kind(fields.kind).map_err(invalid)?;
        fields.check_together().map_err(invalid)?;
        if let Some(name) = &fields.name {
            check_name(name).map_err(invalid)?;
        }
        for id in fields.organizations.iter().flatten() {
            check_organization(id).map_err(invalid)?;
        }
        for address in fields.addresses.iter().flatten() {
            check_address(address).map_err(invalid)?;
        }
        check_count(fields.addresses.as_ref().map_or(0, Vec::len)).map_err(invalid)?;
        if let Some(metadata) = &fields.metadata {
            strict::check_object(metadata).map_err(|error| error.with_code(Code::InvalidRecord))?;
        }
        let record = Self { fields };
        // Each field is within its limits, but all together may be too long.
        if record.to_json().len() > MAX_RECORD_BYTES {
            return Err(invalid("a record has at most 16384 bytes as JSON"));
        }
        Ok(record)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} {})", self.kind().name(), self.id_text())
    }
}
