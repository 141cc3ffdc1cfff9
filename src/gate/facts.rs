//! From facts, record and route to the policy's request.

use crate::error::{Code, Error};
use crate::json::{Item, Names, Reader, Text};
use crate::policy::vocabulary::place;
use crate::policy::{Policy, ReadBuffers, Request, RequestPart};
use crate::time::Time;
use crate::token::{Kind, Record};
use alloc::string::String;
use alloc::vec::Vec;

/// A credential and what it is asked about: what is known before the facts come.
///
/// The gate makes one for each HTTP request. Without one it answers what a credential may do at all, and why not the rest:
/// [`Inquiry::request`] gives a request without an action, for [`Request::allowed_actions`] and [`Request::decide_as`].
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
/// assert_eq!(request.allowed_actions().collect::<Vec<_>>(), ["ViewOrgSessions"]);
/// assert_eq!(request.decide_as("ManageOrgSecrets").explain().reasons()[0].code, "scope_missing");
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
        let mut request = Request::empty(self.policy);
        self.fill(&mut request, facts, None, |reason| invalid().because(reason))?;
        Ok(request.seal())
    }

    /// Fills the empty request, also with its action, once the context is known to be good. The gate does not explain what is
    /// wrong with facts, so an edge carries no reasons.
    pub(super) fn fill(
        &self,
        request: &mut Request<'q>,
        facts: &'q [u8],
        action: Option<&'q str>,
        explain: Explain,
    ) -> Result<(), Error> {
        self.read(request, facts, action, explain).map_err(|error| match error.code() {
            Code::DisabledPrincipal => error,
            _ => error.with_code(Code::InvalidFacts),
        })
    }

    fn read(
        &self,
        request: &mut Request<'q>,
        text: &'q [u8],
        action: Option<&'q str>,
        explain: Explain,
    ) -> Result<(), Error> {
        let mut facts = Facts { parts: [const { None }; 12] };
        let mut reader = self.policy.reader(text)?;
        facts.find(&mut reader, PRINCIPAL, &["principal", "organization"], true)?;
        reader.end()?;
        facts.find_in(PRINCIPAL, TYPE, &PRINCIPAL_NAMES, true)?;
        let (Item::String(kind), Item::String(id)) = (facts.value(TYPE), facts.value(ID)) else {
            return Err(invalid());
        };
        let fits = id == *self.record.principal() && kind == *subject_type(self.record.kind());
        if !fits {
            return Err(explain("the facts are about another principal than the record's"));
        }
        request.set_text(place::SUBJECT_TYPE.names, kind);
        request.set_text(place::SUBJECT_ID.names, id);
        if let Some(action) = action {
            request.set_text(place::ACTION_NAME.names, Text::plain(action));
        }
        let buffers = &mut ReadBuffers::default();
        for (part, place) in &PROPERTIES {
            facts.put(*part, request, buffers, place)?;
        }
        self.put_resource(request, buffers, &mut facts, explain)?;
        self.put_context(request, buffers)?;
        match facts.value(DISABLED) {
            Item::Null | Item::Bool(false) => Ok(()),
            Item::Bool(true) => Err(Error::new(Code::DisabledPrincipal)),
            _ => Err(invalid()),
        }
    }

    /// Writes what the request is about.
    fn put_resource(
        &self,
        request: &mut Request<'q>,
        buffers: &mut ReadBuffers<'q>,
        facts: &mut Facts<'q>,
        explain: Explain,
    ) -> Result<(), Error> {
        let told = !matches!(facts.value(ORGANIZATION), Item::Null);
        let (kind, account) = match self.organization {
            None if told => {
                return Err(explain(
                    "the facts are about an organization, and the request is about the account",
                ));
            }
            None => {
                request.set_null(place::RESOURCE_ORGANIZATION.names);
                // What is wrong with an account is the policy's to say.
                if facts.find_in(ACCOUNT, ACCOUNT_ID, &["id"], false).is_ok()
                    && let Item::String(id) = facts.value(ACCOUNT_ID)
                {
                    request.set_text(place::RESOURCE_ID.names, id);
                }
                ("account", ACCOUNT)
            }
            Some(wanted) => {
                if told {
                    let names = ["id", "account"];
                    facts.find_in(ORGANIZATION, ORGANIZATION_ID, &names, true)?;
                    match facts.value(ORGANIZATION_ID) {
                        Item::String(id) if id == *wanted => {}
                        Item::Null if facts.part(ORGANIZATION_ID).is_some() => {
                            return Err(invalid());
                        }
                        Item::String(_) | Item::Null => {
                            return Err(explain("the facts are about another organization"));
                        }
                        _ => return Err(invalid()),
                    }
                }
                let wanted = Text::plain(wanted);
                request.set_text(place::RESOURCE_ORGANIZATION.names, wanted);
                request.set_text(place::RESOURCE_ID.names, wanted);
                ("organization", ORGANIZATION_ACCOUNT)
            }
        };
        request.set_text(place::RESOURCE_TYPE.names, Text::plain(kind));
        facts.put(account, request, buffers, place::RESOURCE_ACCOUNT.names)
    }

    /// Writes what the record and the caller say.
    fn put_context(
        &self,
        request: &mut Request<'q>,
        buffers: &mut ReadBuffers<'q>,
    ) -> Result<(), Error> {
        if let Some(context) = self.context {
            read_callers(request, buffers, self.policy, context)?;
        }
        let record = self.record;
        request.set_text(place::CREDENTIAL_KIND.names, Text::plain(record.kind().name()));
        request.set_text(place::CREDENTIAL_ID.names, Text::plain(record.id_text()));
        put_names(request, place::CREDENTIAL_SCOPES.names, record.scopes().list());
        put_names(request, place::CREDENTIAL_ORGANIZATIONS.names, record.organizations());
        if let Some(until) = self.valid_until {
            let left = until.seconds().saturating_sub(self.now.seconds());
            request.set_number(place::CREDENTIAL_EXPIRES_IN.names, left);
        }
        request.set_number(place::CONTEXT_TIME.names, self.now.seconds());
        Ok(())
    }
}

/// The error of facts that are about something else.
type Explain = fn(&'static str) -> Error;

/// Puts a list of the credential's, or that it has all.
fn put_names<'q>(request: &mut Request<'q>, place: &[&str], names: Option<&'q [String]>) {
    let mut texts = Vec::new();
    match names {
        None => texts.push(Text::plain("*")),
        Some(names) => names.iter().for_each(|name| texts.push(Text::plain(name))),
    }
    request.set_texts(place, &texts);
}

/// What kind of subject a credential of this kind acts as.
pub(super) const fn subject_type(kind: Kind) -> &'static str {
    match kind {
        Kind::PersonalAccessToken => "user",
        _ => "service_user",
    }
}

/// The parts of the facts, each at its value: all were read over before, so they can be read.
struct Facts<'f> {
    parts: [Option<Reader<'f>>; 12],
}

// The places of the parts: those of the whole, the principal, the organization and the account in this order.
const PRINCIPAL: usize = 0;
const ORGANIZATION: usize = 1;
const TYPE: usize = 2;
const ID: usize = 3;
const DISABLED: usize = 4;
const ACCOUNT: usize = 5;
const ROLES: usize = 6;
const PERMISSIONS: usize = 7;
const MEMBERSHIPS: usize = 8;
const ORGANIZATION_ID: usize = 9;
const ORGANIZATION_ACCOUNT: usize = 10;
const ACCOUNT_ID: usize = 11;

const PRINCIPAL_NAMES: [&str; 7] =
    ["type", "id", "disabled", "account", "roles", "permissions", "memberships"];

/// Where the principal's properties go.
const PROPERTIES: [(usize, &[&str]); 4] = [
    (ACCOUNT, place::SUBJECT_ACCOUNT.names),
    (ROLES, place::SUBJECT_ROLES.names),
    (PERMISSIONS, place::SUBJECT_PERMISSIONS.names),
    (MEMBERSHIPS, place::SUBJECT_MEMBERSHIPS.names),
];

impl<'f> Facts<'f> {
    /// Finds members of an object, and puts the first of each name at its place from `first` on. If it may have `only` these, each
    /// once, anything else is an error.
    fn find(
        &mut self,
        object: &mut Reader<'f>,
        first: usize,
        names: &[&str],
        only: bool,
    ) -> Result<(), Error> {
        if !matches!(object.value()?, Item::Object) {
            return Err(invalid());
        }
        let mut seen = Names::new();
        while let Some(name) = object.member()? {
            seen.push(name);
            let index = names.iter().position(|known| name == **known);
            match index.and_then(|index| self.parts.get_mut(first.saturating_add(index))) {
                Some(part @ None) => *part = Some(object.clone()),
                None if only => return Err(invalid()),
                _ => {}
            }
            object.skip()?;
        }
        if only && seen.close(0) { Err(invalid()) } else { Ok(()) }
    }

    fn find_in(
        &mut self,
        part: usize,
        first: usize,
        names: &[&str],
        only: bool,
    ) -> Result<(), Error> {
        match self.part(part).cloned() {
            Some(mut object) => self.find(&mut object, first, names, only),
            None => Err(invalid()),
        }
    }

    fn part(&self, part: usize) -> Option<&Reader<'f>> {
        self.parts.get(part)?.as_ref()
    }

    /// Null too if it is not there.
    fn value(&self, part: usize) -> Item<'f> {
        match self.part(part).cloned() {
            Some(mut reader) => reader.value().unwrap_or(Item::Object),
            None => Item::Null,
        }
    }

    /// Reads a part, if it is there, at a place of the request.
    fn put(
        &self,
        part: usize,
        request: &mut Request<'f>,
        buffers: &mut ReadBuffers<'f>,
        place: &[&str],
    ) -> Result<(), Error> {
        match self.part(part).cloned() {
            Some(mut reader) => request.read_at(&mut reader, buffers, place),
            None => Ok(()),
        }
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
    if !matches!(reader.value()?, Item::Object) {
        return Err(Error::at(Code::InvalidContext, 0));
    }
    while let Some(name) = reader.member()? {
        if name == *"credential" || name == *"time" {
            return Err(Error::at(Code::ReservedContext, reader.offset()));
        }
        reader.skip()?;
    }
    reader.end()?;
    read_callers(&mut Request::empty(policy), &mut ReadBuffers::default(), policy, context)
}

/// Reads what the caller says of the context.
#[inline(never)]
fn read_callers<'q>(
    request: &mut Request<'q>,
    buffers: &mut ReadBuffers<'q>,
    policy: &Policy,
    context: &'q [u8],
) -> Result<(), Error> {
    let mut reader = policy.reader(context)?;
    request.read_part(&mut reader, buffers, RequestPart::Context)
}

#[cold]
#[inline(never)]
pub(super) fn invalid() -> Error {
    Error::new(Code::InvalidFacts)
}
