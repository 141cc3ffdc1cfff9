//! Drafts of records.

use super::digest::{EdgeDigest, OriginDigest};
use super::record_fields::RecordFields;
use super::text_lists::sorted;
use super::{Peppers, Record, Scopes, Token};
use crate::error::Error;
use crate::time::Time;
use alloc::borrow::ToOwned;
use core::fmt;

/// The record of a new token, being filled in.
///
/// ```
/// use cog_auth::Time;
/// use cog_auth::token::{Kind, KeyId, MINT_RANDOM_BYTES, Record, RecordDraft, RootKey, Scopes};
///
/// let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
/// getrandom::fill(&mut key)?;
/// getrandom::fill(&mut random)?;
/// let root = RootKey::new(KeyId::parse("01")?, &key);
/// let token = root.mint(Kind::ServiceUserKey, None, &random)?;
/// let now = Time::from_seconds(1_795_000_000)?;
/// let record = RecordDraft::new(&token, "su_ci", Scopes::all(), now)
///     .for_origins(&root.peppers())
///     .for_edges()
///     .name("deploy")
///     .expires_at(Time::from_seconds(1_796_000_000)?)
///     .issue()?;
/// assert_eq!(record.id(), token.id());
/// assert_eq!(Record::from_json(record.to_json().as_bytes())?, record);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "only `issue` makes the record"]
pub struct RecordDraft<'a> {
    token: &'a Token,
    peppers: Option<&'a Peppers>,
    edges: bool,
    fields: RecordFields,
}

impl<'a> RecordDraft<'a> {
    /// A draft for this token, which belongs to `principal` and was made at `created_at`.
    ///
    /// The principal's id has 1 to [`MAX_PRINCIPAL_BYTES`](super::MAX_PRINCIPAL_BYTES) bytes.
    /// [`RecordDraft::for_origins`], [`RecordDraft::for_edges`] or both must follow.
    pub fn new(token: &'a Token, principal: &str, scopes: Scopes, created_at: Time) -> Self {
        let fields = RecordFields {
            id: token.id(),
            kind: token.kind(),
            principal: principal.to_owned(),
            scopes,
            created_at,
            ..RecordFields::blank()
        };
        Self { token, peppers: None, edges: false, fields }
    }

    /// A draft for this token, made at `created_at`, which may do what `predecessor` may.
    ///
    /// It has the predecessor's principal, scopes, organizations, addresses, name and metadata, and
    /// its beginning if that is yet to come. Its end is not set: [`Record::rotate`] takes none that
    /// is later than the predecessor's.
    ///
    /// ```
    /// use cog_auth::Time;
    /// use cog_auth::token::{KeyId, Kind, MINT_RANDOM_BYTES, RecordDraft, RootKey, Scopes};
    ///
    /// let (mut key, mut random) = ([0; 32], [0; 2 * MINT_RANDOM_BYTES]);
    /// getrandom::fill(&mut key)?;
    /// getrandom::fill(&mut random)?;
    /// let (first, second) = random.split_at(MINT_RANDOM_BYTES);
    /// let root = RootKey::new(KeyId::parse("01")?, &key);
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let token = root.mint(Kind::ServiceUserKey, None, first)?;
    /// let old = RecordDraft::new(&token, "su_ci", Scopes::all(), now).for_edges().issue()?;
    ///
    /// let token = root.mint(old.kind(), None, second)?;
    /// let new = RecordDraft::successor(&token, &old, now).for_edges().issue()?;
    /// assert_eq!(new.principal(), "su_ci");
    /// let in_an_hour = Time::from_seconds(1_795_003_600)?;
    /// let rotated = old.rotate(&new, in_an_hour, now)?;
    /// assert_eq!(rotated.rotated_to(), Some(new.id()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn successor(token: &'a Token, predecessor: &Record, created_at: Time) -> Self {
        let old = predecessor.fields();
        let draft = Self::new(token, &old.principal, old.scopes.clone(), created_at);
        let fields = RecordFields {
            organizations: old.organizations.clone(),
            addresses: old.addresses.clone(),
            name: old.name.clone(),
            metadata: old.metadata.clone(),
            not_before: old.not_before.filter(|time| *time > created_at),
            ..draft.fields
        };
        Self { fields, ..draft }
    }

    /// Adds the digest that origins compare, made with the pepper of the token's key id.
    pub const fn for_origins(mut self, peppers: &'a Peppers) -> Self {
        self.peppers = Some(peppers);
        self
    }

    /// Adds the digest that edges compare.
    pub const fn for_edges(mut self) -> Self {
        self.edges = true;
        self
    }

    /// Narrows the credential to the organizations with these ids, in any order. An empty list
    /// narrows it to none. No id may be empty or `*`.
    pub fn organizations<T: AsRef<str>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        let ids = ids.into_iter().map(|id| id.as_ref().to_owned()).collect();
        self.fields.organizations = Some(sorted(ids));
        self
    }

    /// Narrows the credential to these IP addresses and CIDR prefixes, in any order, at most
    /// [`MAX_ADDRESSES`](super::MAX_ADDRESSES). An empty list lets nobody use it. It is the policy
    /// that holds clients to the list, as the built-in one does.
    pub fn addresses<T: AsRef<str>>(mut self, addresses: impl IntoIterator<Item = T>) -> Self {
        let addresses = addresses.into_iter().map(|text| text.as_ref().to_owned()).collect();
        self.fields.addresses = Some(sorted(addresses));
        self
    }

    /// Names the credential: at most [`MAX_NAME_BYTES`](super::MAX_NAME_BYTES) bytes, no control
    /// characters.
    pub fn name(mut self, name: &str) -> Self {
        self.fields.name = Some(name.to_owned());
        self
    }

    /// Makes it good from this second on.
    pub const fn not_before(mut self, time: Time) -> Self {
        self.fields.not_before = Some(time);
        self
    }

    /// Makes it expire at this second, the first at which it is refused.
    pub const fn expires_at(mut self, time: Time) -> Self {
        self.fields.expires_at = Some(time);
        self
    }

    /// Adds the issuer's own data: a JSON object of at most 15 levels, in which no object has a
    /// member twice. With it the whole record has at most
    /// [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES).
    pub fn metadata(mut self, object: &str) -> Self {
        self.fields.metadata = Some(object.to_owned());
        self
    }

    /// Makes the digests and the record.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidPrincipal`](crate::Code::InvalidPrincipal) for a principal's id that is empty
    /// or too long; [`Code::UnknownKeyId`](crate::Code::UnknownKeyId) if the peppers have none of
    /// the token's key id; [`Code::InvalidRecord`](crate::Code::InvalidRecord) for a sample, if
    /// neither digest was asked for, for an organization, an address, a name or metadata that no
    /// record can have, and for a record of more than [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES)
    /// as JSON.
    ///
    /// ```
    /// use cog_auth::{Code, Time, token::{RecordDraft, Scopes, Token}};
    ///
    /// // The fixed token of docs/token-format.md.
    /// let token = Token::parse(
    ///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
    /// )?;
    /// let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), Time::MAX);
    /// let error = draft.issue().unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidRecord);
    /// assert_eq!(error.message(), "a record needs a digest, an edge_digest or both");
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn issue(self) -> Result<Record, Error> {
        let Self { token, peppers, edges, mut fields } = self;
        if let Some(peppers) = peppers {
            fields.digest = Some(OriginDigest::of(token.bytes(), &fields.principal, peppers)?);
        }
        if edges {
            fields.edge_digest = Some(EdgeDigest::of(token.bytes(), &fields.principal)?);
        }
        Record::checked(fields)
    }
}

impl fmt::Debug for RecordDraft<'_> {
    /// Kind and id alone, as for a record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordDraft({} {})", self.fields.kind.name(), self.fields.id.as_str())
    }
}
