//! What comes out of the gate.

use super::facts::subject_type;
use crate::error::{Code, Entry, Error};
use crate::policy::{Explanation, Route, RouteParameter, RouteResource};
use crate::time::Time;
use crate::token::{Accepted, CredentialId, Handle, Kind, Record};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What to do with a request (section 15 of `docs/policy-language.md`).
///
/// The loop over steps that ends with one is shown at [`Gate`](super::Gate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Let the request through.
    Allowed(Allowed),
    /// Answer the request with this.
    Refused(Refused),
    /// The request has an older opaque credential, of which nothing is known here: whoever issued
    /// that must judge it. It is never an allow. Only with
    /// [`Gate::with_pass_on`](super::Gate::with_pass_on).
    PassOn,
    /// The request is a CORS preflight, which carries no credential: answer it as CORS asks, and
    /// never with data. Only with [`Gate::with_preflight`](super::Gate::with_preflight).
    Preflight,
}

/// A request that may pass: who acts, with which credential, and what was allowed.
/// [`Gate`](super::Gate) has an example.
///
/// `Debug` shows the audit record, which holds no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Allowed {
    accepted: Box<Accepted>,
    action: String,
    organization: Option<String>,
    /// Type and id, or nothing.
    resource: Vec<String>,
    /// Name and segment of each, by turns.
    parameters: Vec<String>,
    undecided: Vec<String>,
    advice: Vec<String>,
    audit: String,
}

impl Allowed {
    pub(super) fn new(
        accepted: Box<Accepted>,
        route: &Route<'_>,
        advice: Vec<String>,
        audit: String,
    ) -> Self {
        let (mut resource, mut parameters) = (Vec::new(), Vec::new());
        if let Some(named) = route.resource {
            resource.push(named.type_name.to_owned());
            resource.push(named.id.to_owned());
        }
        for parameter in &route.parameters {
            parameters.push(parameter.name.to_owned());
            parameters.push(parameter.value.to_owned());
        }
        Self {
            accepted,
            action: route.action.to_owned(),
            organization: route.organization.map(str::to_owned),
            resource,
            parameters,
            undecided: owned(route.undecided.iter().copied()),
            advice,
            audit,
        }
    }

    /// The type of who acts: `user` or `service_user`, after the kind of the credential.
    #[must_use]
    pub const fn principal_type(&self) -> &'static str {
        subject_type(self.kind())
    }

    /// The id of who acts.
    #[must_use]
    pub fn principal(&self) -> &str {
        self.record().principal()
    }

    /// The kind of the credential.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.handle().kind()
    }

    /// The public id of the credential.
    #[must_use]
    pub const fn id(&self) -> CredentialId {
        self.handle().id()
    }

    /// The credential's handle, which logs may show.
    #[must_use]
    pub const fn handle(&self) -> Handle {
        self.accepted.handle()
    }

    /// The credential's record: its name, scopes, organizations and times.
    #[must_use]
    pub const fn record(&self) -> &Record {
        self.accepted.record()
    }

    /// The action that was allowed: the route's.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The id of the organization that it was allowed in; none for the account itself.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// The resource that it was allowed on, where the route names one: else it was the organization
    /// or the account.
    #[must_use]
    pub fn resource(&self) -> Option<RouteResource<'_>> {
        let [type_name, id] = &*self.resource else { return None };
        Some(RouteResource { type_name, id })
    }

    /// All parameters of the route's path template, in their order in it, with what the client sent
    /// in their places.
    pub fn parameters(&self) -> impl Iterator<Item = RouteParameter<'_>> {
        let (pairs, _) = self.parameters.as_chunks();
        pairs.iter().map(|[name, value]| RouteParameter { name, value })
    }

    /// Further actions that this request may need, sorted by name. Its body says whether it needs
    /// them, which the gate does not read. The origin must decide them, for example with
    /// [`Policy::request`](crate::policy::Policy::request).
    #[must_use]
    pub fn undecided(&self) -> &[String] {
        &self.undecided
    }

    /// The codes of the policy's advice, in the order of [`Explanation::advice`].
    #[must_use]
    pub fn advice(&self) -> &[String] {
        &self.advice
    }

    /// The first second at which the credential is no longer good, as far as is known now; none if
    /// there is no end. No answer may be kept longer, and the credential can be revoked before.
    #[must_use]
    pub fn valid_until(&self) -> Option<Time> {
        self.accepted.valid_until()
    }

    /// The audit record, as one line of JSON (section 15 of `docs/policy-language.md`). It holds no
    /// secret.
    #[must_use]
    pub fn audit(&self) -> &str {
        &self.audit
    }
}

impl fmt::Debug for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Allowed({})", self.audit)
    }
}

/// The codes of a decision's advice.
pub(super) fn advice_codes(explanation: &Explanation<'_>) -> Vec<String> {
    owned(explanation.advice().iter().map(|reason| reason.code))
}

fn owned<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut owned = Vec::new();
    texts.for_each(|text| owned.push(text.to_owned()));
    owned
}

/// A request that may not pass: the whole HTTP response (RFC 6750, RFC 9110, RFC 9457), and what to
/// log. [`Gate::begin`](super::Gate::begin) has an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub(super) entry: &'static Entry,
    // A header that is empty is not sent.
    pub(super) authenticate: String,
    pub(super) allow: String,
    pub(super) retry_after: String,
    pub(super) body: String,
    pub(super) audit: String,
    pub(super) cause: Option<Error>,
}

impl Refused {
    /// The HTTP status: 400, 401, 403, 405 or 503.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.entry.reply.status().0
    }

    /// All header fields that the response needs, names in lower case, in the order in which they
    /// are specified.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("content-type", "application/problem+json"),
            ("cache-control", "no-store"),
            ("www-authenticate", &*self.authenticate),
            ("allow", &*self.allow),
            ("retry-after", &*self.retry_after),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    }

    /// The body: RFC 9457 problem details, as JSON without white space.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The true code, also where the body hides it: for logs, never for the client. Its name is
    /// the `code` of the audit record.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.entry.code
    }

    /// The true code's name, as [`Code::name`] gives it. A program that asks for the names of
    /// refusals alone does not link the names of all codes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.entry.name
    }

    /// The audit record, as one line of JSON (section 15 of `docs/policy-language.md`). It holds no
    /// secret.
    #[must_use]
    pub fn audit(&self) -> &str {
        &self.audit
    }

    /// What is wrong with the record or with the facts, and where: for logs, never for the client.
    /// Only with the codes [`Code::InvalidRecord`] and [`Code::InvalidFacts`].
    ///
    /// It has that code, a sentence, and the byte offset in the record or the facts where there is
    /// one. Nothing of what the store gave is in it. Neither the body nor the audit record has it.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::Time;
    /// use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
    /// use cog_auth::policy::Policy;
    /// use cog_auth::token::EdgeKeys;
    ///
    /// # let keys = EdgeKeys::from_json(br#"{"v": 1, "use": "edge-tag", "keys":
    /// #     {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#)?;
    /// # let gate = Gate::at_edge(Policy::builtin(), keys);
    /// # let header = "Bearer \
    /// #     cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    /// # let request = HttpRequest {
    /// #     method: "GET",
    /// #     target: b"/v3/organizations/org-a/sessions",
    /// #     authorization: &[header.as_bytes()],
    /// #     client_address: None,
    /// #     context: None,
    /// # };
    /// let now = Time::from_seconds(1_795_000_000)?;
    /// let Step::Record(needed) = gate.begin(&request, now)? else { panic!() };
    /// let Step::Done(Outcome::Refused(refused)) = needed.found(br#"{"v": "1"}"#, None) else {
    ///     panic!()
    /// };
    /// let cause = refused.cause().expect("the record is not one");
    /// assert_eq!((cause.code(), cause.offset()), (refused.code(), Some(6)));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub const fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }
}
