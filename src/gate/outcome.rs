//! What comes out of the gate.

use super::facts::subject_type;
use super::steps::{Accepted, OwnedRoute};
use crate::policy::Decision;
use crate::time::Time;
use crate::token::{CredentialId, Handle, Kind};
use alloc::string::String;
use alloc::vec::Vec;

/// What to do with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Let it through.
    Allowed(Allowed),
    /// Answer it with this.
    Refused(Refused),
    /// It has an older opaque credential, of which nothing is known here: whoever issued that must judge it. Never an allow.
    PassOn,
    /// It is a CORS preflight, which carries no credential: answer it as CORS asks, and never with data.
    Preflight,
}

/// A request that may pass: who it is, and what is known of the credential.
#[derive(Clone, PartialEq, Eq)]
pub struct Allowed {
    kind: Kind,
    id: CredentialId,
    handle: Handle,
    principal: String,
    action: String,
    organization: Option<String>,
    undecided: Vec<String>,
    advice: Vec<String>,
    valid_until: Option<Time>,
    audit: String,
}

impl Allowed {
    pub(super) fn new(
        accepted: &Accepted,
        route: &OwnedRoute,
        decision: &Decision<'_>,
        audit: String,
    ) -> Self {
        let record = accepted.record();
        Self {
            kind: record.kind(),
            id: record.id(),
            handle: accepted.handle(),
            principal: String::from(record.principal()),
            action: route.action.clone(),
            organization: route.organization.clone(),
            undecided: route.undecided.clone(),
            advice: decision.advice().iter().map(|reason| String::from(reason.code)).collect(),
            valid_until: accepted.valid_until(),
            audit,
        }
    }

    /// Who acts: `user` or `service_user`.
    #[must_use]
    pub const fn principal_type(&self) -> &'static str {
        subject_type(self.kind)
    }

    /// The id of who acts.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// The kind of the credential.
    #[must_use]
    pub const fn credential_kind(&self) -> Kind {
        self.kind
    }

    /// The public id of the credential.
    #[must_use]
    pub const fn credential_id(&self) -> CredentialId {
        self.id
    }

    /// The credential's display handle, which logs may show.
    #[must_use]
    pub const fn handle(&self) -> Handle {
        self.handle
    }

    /// The action that was allowed.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The organization that it was allowed in; none for the account itself.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// Further actions that this request may need, by what is in its body: the origin must decide them.
    #[must_use]
    pub fn undecided(&self) -> &[String] {
        &self.undecided
    }

    /// The codes of the policy's advice.
    #[must_use]
    pub fn advice(&self) -> &[String] {
        &self.advice
    }

    /// When the credential ends at the latest: the first second at which it is no longer good, as far as is known.
    #[must_use]
    pub const fn valid_until(&self) -> Option<Time> {
        self.valid_until
    }

    /// The audit record, as JSON.
    #[must_use]
    pub fn audit(&self) -> &str {
        &self.audit
    }
}

impl core::fmt::Debug for Allowed {
    /// The audit record, which holds no secret, whatever a store holds.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Allowed({})", self.audit)
    }
}

/// A request that may not pass: the whole HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
    pub(super) code: String,
    pub(super) audit: String,
}

impl Refused {
    /// The HTTP status: 400, 401, 403, 405 or 503.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The header fields, names in lower case, in the order in which they are specified.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The body: RFC 9457 problem details, as JSON.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The true code, also where the body hides it: for logs, never for the client.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The audit record, as JSON.
    #[must_use]
    pub fn audit(&self) -> &str {
        &self.audit
    }
}
