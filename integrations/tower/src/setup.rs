//! What a layer was told, and what all of its services share.

use crate::client_address::ClientAddress;
use crate::granted::Undecided;
use crate::guard::Guard;
use http::request::Parts;
use std::sync::Arc;

/// What all services of a layer share.
pub(crate) struct Shared<R, F, A> {
    pub(crate) guard: Arc<Guard<R, F>>,
    pub(crate) setup: Setup<A>,
}

/// What a layer was told.
#[derive(Clone)]
pub(crate) struct Setup<A> {
    pub(crate) answer: A,
    pub(crate) client_address: ClientAddress,
    pub(crate) context: Option<Arc<ContextOf>>,
    pub(crate) older_credential: Forward,
    pub(crate) preflight: Forward,
}

/// Gives the context of a request.
pub(crate) type ContextOf = dyn Fn(&Parts) -> Option<String> + Send + Sync;

/// Whether the service is given what the gate leaves to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forward {
    No,
    Yes,
}

impl<R, F, A> Shared<R, F, A> {
    /// Whether the service is given this.
    pub(crate) const fn forwards(&self, what: Undecided) -> bool {
        let forward = match what {
            Undecided::OlderCredential => self.setup.older_credential,
            Undecided::Preflight => self.setup.preflight,
        };
        match forward {
            Forward::No => false,
            Forward::Yes => true,
        }
    }
}
