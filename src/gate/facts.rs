//! From facts, record and route to the policy's request.

use crate::error::{Code, Error};
use crate::json::{Names, Reader, Text, Value};
use crate::policy::{Entity, Policy, Request, Scratch};
use crate::time::Time;
use crate::token::{Kind, Record};
use alloc::string::String;

/// A credential and what it is asked about: what is known before the facts come.
///
/// The gate makes one for each HTTP request. Without one it answers what a credential may do at all, and why not the rest:
/// [`Inquiry::request`] gives a request without an action, for [`Request::allowed`] and [`Request::decide_as`].
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::gate::Inquiry;
/// use cog_auth::policy::Policy;
/// use cog_auth::token::{Kind, KeyId, RecordDraft, RootKey, Scopes};
/// use cog_auth::{Code, Time};
///
/// let now = Time::from_seconds(1_795_000_000)?;
/// let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
/// let token = root.mint(Kind::ServiceUserKey, None, &[42; 64])?;
/// let scopes = Scopes::of(["ViewOrgSessions"])?;
/// let record = RecordDraft::new(&token, "su_ci", scopes, now).for_edges().issue()?;
///
/// let policy = Policy::builtin();
/// let inquiry =
///     Inquiry { policy: &policy, record: &record, valid_until: None, organization: Some("org-a"), context: None, now };
/// let facts = br#"{"principal": {"type": "service_user", "id": "su_ci", "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]}}"#;
/// let request = inquiry.request(facts)?;
/// assert_eq!(request.allowed().collect::<Vec<_>>(), ["ViewOrgSessions"]);
/// assert_eq!(request.decide_as("ManageOrgSecrets").reasons()[0].code, "scope_missing");
///
/// let others = br#"{"principal": {"type": "service_user", "id": "su_other"}}"#;
/// assert_eq!(inquiry.request(others).unwrap_err().code(), Code::InvalidFacts);
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'q> {
    /// The policy that answers.
    pub policy: &'q Policy,
    /// The record of an accepted token.
    pub record: &'q Record,
    /// When the credential ends at the latest, as [`AcceptedAtEdge::valid_until`](crate::token::AcceptedAtEdge::valid_until) says.
    pub valid_until: Option<Time>,
    /// The organization that is asked about; none for the account itself.
    pub organization: Option<&'q str>,
    /// Further members of the request's `context`, as for [`HttpRequest`](super::HttpRequest).
    pub context: Option<&'q [u8]>,
    /// The present time.
    pub now: Time,
}

impl<'q> Inquiry<'q> {
    /// The policy's request, made of the facts: an object of the form in section 15 of `docs/policy-language.md`.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidFacts`] for facts that do not read, or are about another principal or organization;
    /// [`Code::DisabledPrincipal`] if the principal is disabled; [`Code::ReservedContext`] and [`Code::InvalidContext`]
    /// as [`Gate::begin`](super::Gate::begin).
    pub fn request(&self, facts: &'q [u8]) -> Result<Request<'q>, Error> {
        if let Some(context) = self.context {
            check_context(self.policy, context)?;
        }
        self.read(facts, None)
    }

    /// The request with its action, once the context is known to be good.
    pub(super) fn read(
        &self,
        facts: &'q [u8],
        action: Option<&'q str>,
    ) -> Result<Request<'q>, Error> {
        self.read_facts(facts, action).map_err(|error| match error.code() {
            Code::DisabledPrincipal => error,
            _ => error.with_code(Code::InvalidFacts),
        })
    }

    fn read_facts(&self, text: &'q [u8], action: Option<&'q str>) -> Result<Request<'q>, Error> {
        let mut reader = self.policy.reader(text)?;
        let mut whole = [const { None }; 2];
        members(&mut reader, &["principal", "organization"], &mut whole)?;
        reader.end()?;
        let [principal, organization] = whole;
        let mut parts = [const { None }; 7];
        members(&mut principal.ok_or_else(invalid)?, &PRINCIPAL, &mut parts)?;
        let [kind, id, disabled, account, roles, permissions, memberships] = parts;
        let kind = string(kind)?.ok_or_else(invalid)?;
        let id = string(id)?.ok_or_else(invalid)?;
        let fits = id == *self.record.principal() && kind == *subject_type(self.record.kind());
        if !fits {
            return Err(
                invalid().because("the facts are about another principal than the record's")
            );
        }
        let mut request = Request::empty(self.policy);
        request.set_text(&["subject", "type"], kind);
        request.set_text(&["subject", "id"], id);
        if let Some(action) = action {
            request.set_text(&["action", "name"], Text::plain(action));
        }
        let properties = [account, roles, permissions, memberships];
        self.put(&mut request, &properties, organization)?;
        if boolean(disabled)? {
            return Err(Error::new(Code::DisabledPrincipal));
        }
        Ok(request.seal())
    }

    /// Writes the principal's properties, the resource, and the context.
    fn put(
        &self,
        request: &mut Request<'q>,
        properties: &[Option<Reader<'q>>; 4],
        organization: Option<Reader<'q>>,
    ) -> Result<(), Error> {
        let mut scratch = Scratch::default();
        let [_, _, _, names @ ..] = PRINCIPAL;
        for (name, part) in names.iter().zip(properties) {
            read_at(request, &mut scratch, &["subject", "properties", name], part)?;
        }
        let [account, ..] = properties;
        let resource = Resource::read(self.organization, organization, account)?;
        resource.put(request, &mut scratch)?;
        self.put_context(request, &mut scratch)
    }

    /// Writes what the record and the caller say.
    fn put_context(
        &self,
        request: &mut Request<'q>,
        scratch: &mut Scratch<'q>,
    ) -> Result<(), Error> {
        if let Some(context) = self.context {
            let mut reader = self.policy.reader(context)?;
            request.read_entity(&mut reader, scratch, Entity::Context)?;
        }
        let record = self.record;
        request.set_text(&["context", "credential", "kind"], Text::plain(record.kind().name()));
        request.set_text(&["context", "credential", "id"], Text::plain(record.id_text()));
        put_names(request, "scopes", record.scopes().list());
        put_names(request, "organizations", record.organizations());
        if let Some(until) = self.valid_until {
            let left = until.seconds().saturating_sub(self.now.seconds());
            request.set_number(&["context", "credential", "expires_in"], left);
        }
        request.set_number(&["context", "time"], self.now.seconds());
        Ok(())
    }
}

/// Reads a part of the facts, if it is there, at a place of the request.
fn read_at<'f>(
    request: &mut Request<'f>,
    scratch: &mut Scratch<'f>,
    names: &[&str],
    part: &Option<Reader<'f>>,
) -> Result<(), Error> {
    match part.clone() {
        Some(mut part) => request.read_at(&mut part, scratch, names),
        None => Ok(()),
    }
}

/// Puts a list of the credential's, or that it has all.
fn put_names<'q>(request: &mut Request<'q>, member: &str, names: Option<&'q [String]>) {
    let all = if names.is_none() { Some("*") } else { None };
    let names = names.unwrap_or_default().iter().map(String::as_str);
    request.set_texts(&["context", "credential", member], all.into_iter().chain(names));
}

/// What kind of subject a credential of this kind acts as.
pub(super) const fn subject_type(kind: Kind) -> &'static str {
    match kind {
        Kind::PersonalAccessToken => "user",
        _ => "service_user",
    }
}

const PRINCIPAL: [&str; 7] =
    ["type", "id", "disabled", "account", "roles", "permissions", "memberships"];
const ORGANIZATION: [&str; 2] = ["id", "account"];

/// What the request is about.
struct Resource<'f> {
    kind: &'static str,
    id: Option<Text<'f>>,
    organization: Option<&'f str>,
    account: Option<Reader<'f>>,
}

impl<'f> Resource<'f> {
    fn read(
        wanted: Option<&'f str>,
        organization: Option<Reader<'f>>,
        account: &Option<Reader<'f>>,
    ) -> Result<Self, Error> {
        let organization = organization.filter(|reader| !is_null(reader));
        let Some(wanted) = wanted else {
            if organization.is_some() {
                return Err(invalid().because(
                    "the facts are about an organization, and the request is about the account",
                ));
            }
            let account = account.clone();
            let id = account.clone().and_then(account_id);
            return Ok(Self { kind: "account", id, organization: None, account });
        };
        let account = match organization {
            None => None,
            Some(mut organization) => {
                let mut parts = [const { None }; 2];
                members(&mut organization, &ORGANIZATION, &mut parts)?;
                let [id, account] = parts;
                if string(id)?.is_none_or(|id| id != *wanted) {
                    return Err(invalid().because("the facts are about another organization"));
                }
                account
            }
        };
        Ok(Self {
            kind: "organization",
            id: Some(Text::plain(wanted)),
            organization: Some(wanted),
            account,
        })
    }

    fn put(self, request: &mut Request<'f>, scratch: &mut Scratch<'f>) -> Result<(), Error> {
        request.set_text(&["resource", "type"], Text::plain(self.kind));
        if let Some(id) = self.id {
            request.set_text(&["resource", "id"], id);
        }
        let place = ["resource", "properties", "organization"];
        match self.organization {
            Some(organization) => request.set_text(&place, Text::plain(organization)),
            None => request.set_null(&place),
        }
        read_at(request, scratch, &["resource", "properties", "account"], &self.account)
    }
}

/// Checks that the caller's context is an object, can be read, and leaves the gate's places alone.
pub(super) fn check_context(policy: &Policy, context: &[u8]) -> Result<(), Error> {
    read_context(policy, context).map_err(|error| match error.code() {
        Code::ReservedContext => error,
        _ => error.with_code(Code::InvalidContext),
    })
}

fn read_context(policy: &Policy, context: &[u8]) -> Result<(), Error> {
    let mut reader = policy.reader(context)?;
    if !matches!(reader.value()?, Value::Object) {
        return Err(Error::at(Code::InvalidContext, 0));
    }
    while let Some(name) = reader.member()? {
        if name == *"credential" || name == *"time" {
            return Err(Error::at(Code::ReservedContext, reader.offset()));
        }
        reader.skip()?;
    }
    reader.end()?;
    let mut reader = policy.reader(context)?;
    Request::empty(policy).read_entity(&mut reader, &mut Scratch::default(), Entity::Context)
}

/// Finds the members of an object that may have these and no others, each at its value.
fn members<'f>(
    reader: &mut Reader<'f>,
    known: &[&str],
    found: &mut [Option<Reader<'f>>],
) -> Result<(), Error> {
    if !matches!(reader.value()?, Value::Object) {
        return Err(invalid());
    }
    let mut names = Names::new();
    while let Some(name) = reader.member()? {
        names.push(name);
        let index = known.iter().position(|known| name == **known);
        let place = index.and_then(|index| found.get_mut(index));
        *place.ok_or_else(invalid)? = Some(reader.clone());
        reader.skip()?;
    }
    if names.close(0) { Err(invalid()) } else { Ok(()) }
}

fn string(reader: Option<Reader<'_>>) -> Result<Option<Text<'_>>, Error> {
    match reader.map(|mut reader| reader.value()).transpose()? {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(invalid()),
    }
}

fn boolean(reader: Option<Reader<'_>>) -> Result<bool, Error> {
    match reader.map(|mut reader| reader.value()).transpose()? {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(value),
        Some(_) => Err(invalid()),
    }
}

fn is_null(reader: &Reader<'_>) -> bool {
    matches!(reader.clone().value(), Ok(Value::Null))
}

/// The id in an account, where it is a string.
fn account_id(mut account: Reader<'_>) -> Option<Text<'_>> {
    if !matches!(account.value(), Ok(Value::Object)) {
        return None;
    }
    while let Some(name) = account.member().ok()? {
        if name == *"id" {
            return match account.value() {
                Ok(Value::String(text)) => Some(text),
                _ => None,
            };
        }
        account.skip().ok()?;
    }
    None
}

fn invalid() -> Error {
    Error::new(Code::InvalidFacts)
}
