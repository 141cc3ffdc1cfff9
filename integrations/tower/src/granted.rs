//! What services behind the guard are told, as extensions of the request.

use cog_auth::gate;
use cog_auth::token::{CredentialId, Handle, Kind, Record};
use http::Extensions;
use std::ops::Deref;
use std::sync::Arc;

/// What the gate allowed: who acts, with which credential, on what.
///
/// The guard puts it into the extensions of every request that it lets through. In axum it is an
/// extractor. A clone is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed(Arc<gate::Allowed>);

impl Allowed {
    pub(crate) fn new(allowed: gate::Allowed) -> Self {
        Self(Arc::new(allowed))
    }

    /// What was allowed of the request with these extensions; none if no guard has let it through.
    ///
    /// ```
    /// let request = http::Request::new("a body");
    /// assert!(cog_auth_tower::Allowed::of(request.extensions()).is_none());
    /// ```
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }
}

impl Deref for Allowed {
    type Target = gate::Allowed;

    fn deref(&self) -> &gate::Allowed {
        &self.0
    }
}

/// Who acts. In axum it is an extractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal(Allowed);

impl Principal {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.principal()
    }

    /// The type: `user` or `service_user`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.0.principal_type()
    }
}

impl From<Allowed> for Principal {
    fn from(allowed: Allowed) -> Self {
        Self(allowed)
    }
}

/// The credential that is used. In axum it is an extractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential(Allowed);

impl Credential {
    /// The public id.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.0.id()
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// The display handle, which logs may show.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.0.handle()
    }

    /// The record: name, scopes, organizations and times.
    #[must_use]
    pub fn record(&self) -> &Record {
        self.0.record()
    }
}

impl From<Allowed> for Credential {
    fn from(allowed: Allowed) -> Self {
        Self(allowed)
    }
}

/// What the gate leaves to others, for gates that were told to.
///
/// The guard refuses such requests unless [`GuardLayer::forward`](crate::GuardLayer::forward) says
/// otherwise. What it forwards has this in its extensions in place of [`Allowed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// The credential may be an older one: whoever issued it must judge it, and nothing is allowed
    /// yet ([`Gate::with_pass_on`](cog_auth::gate::Gate::with_pass_on)).
    OlderCredential,
    /// A CORS preflight: answer it as CORS asks, and never with data
    /// ([`Gate::with_preflight`](cog_auth::gate::Gate::with_preflight)).
    Preflight,
}
