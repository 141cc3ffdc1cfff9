//! The layer, and what it is told.

use crate::answer::ProblemJson;
use crate::client_address::ClientAddress;
use crate::granted::Undecided;
use crate::guard::Guard;
use crate::service::Guarded;
use crate::setup::{Forward, Setup, Shared};
use http::request::Parts;
use std::fmt;
use std::sync::Arc;
use tower_layer::Layer;

/// Puts a [`Guard`] before a service. Requests that the gate allows go on to it with
/// [`Allowed`](crate::Allowed) in their extensions; the others are answered here.
///
/// The body of a request is not touched, and nor are its upgrades. The target is judged as it was
/// sent: in an axum router that is nested, with the prefix that axum takes off. If something before
/// the guard has changed the request's URI in another way, the request is refused with 503, as what
/// is served would not be what was judged.
///
/// Put a CORS layer around this one: browsers send preflights without credentials.
///
/// The [crate's page](crate) shows it with axum. `examples/tonic.rs` shows it with gRPC.
///
/// ```
/// use cog_auth_tower::{ClientAddress, Guard, GuardLayer};
///
/// /// No proxy is before this service, whose policy has an attribute for the region.
/// fn layer<R, F>(guard: Guard<R, F>) -> GuardLayer<R, F> {
///     GuardLayer::new(guard)
///         .with_client_address(ClientAddress::Connection)
///         .with_context(|_| Some(r#"{"region": "eu"}"#.to_owned()))
/// }
/// ```
pub struct GuardLayer<R, F, A = ProblemJson> {
    shared: Arc<Shared<R, F, A>>,
}

impl<R, F> GuardLayer<R, F> {
    /// A layer that answers refusals as problem JSON, and does not know clients' addresses.
    pub fn new(guard: impl Into<Arc<Guard<R, F>>>) -> Self {
        let setup = Setup {
            answer: ProblemJson,
            client_address: ClientAddress::Unknown,
            context: None,
            older_credential: Forward::No,
            preflight: Forward::No,
        };
        Self { shared: Arc::new(Shared { guard: guard.into(), setup }) }
    }
}

impl<R, F, A: Clone> GuardLayer<R, F, A> {
    /// Sets where clients' addresses come from. By default they are not known, and policies with
    /// address lists deny.
    #[must_use]
    pub fn with_client_address(self, source: ClientAddress) -> Self {
        self.change(|setup| setup.client_address = source)
    }

    /// Sets what else is known of a request: a JSON object, as
    /// [`HttpRequest::context`](cog_auth::gate::HttpRequest::context) says. A context that the gate
    /// does not take refuses the request with 503.
    #[must_use]
    pub fn with_context(
        self,
        context: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.change(|setup| setup.context = Some(Arc::new(context)))
    }

    /// Gives the service what the gate leaves to others, with [`Undecided`] in its extensions. By
    /// default it is refused with 503.
    #[must_use]
    pub fn forward(self, what: Undecided) -> Self {
        self.change(|setup| match what {
            Undecided::OlderCredential => setup.older_credential = Forward::Yes,
            Undecided::Preflight => setup.preflight = Forward::Yes,
        })
    }

    /// Sets how refusals are answered: [`GrpcStatus`](crate::GrpcStatus), or an
    /// [`Answer`](crate::Answer) of one's own.
    #[must_use]
    pub fn with_answer<N>(self, answer: N) -> GuardLayer<R, F, N> {
        let Setup { answer: _, client_address, context, older_credential, preflight } =
            self.shared.setup.clone();
        let setup = Setup { answer, client_address, context, older_credential, preflight };
        GuardLayer { shared: Arc::new(Shared { guard: self.shared.guard.clone(), setup }) }
    }

    fn change(self, change: impl FnOnce(&mut Setup<A>)) -> Self {
        let mut setup = self.shared.setup.clone();
        change(&mut setup);
        Self { shared: Arc::new(Shared { guard: self.shared.guard.clone(), setup }) }
    }
}

impl<S, R, F, A> Layer<S> for GuardLayer<R, F, A> {
    type Service = Guarded<S, R, F, A>;

    fn layer(&self, inner: S) -> Self::Service {
        Guarded::new(inner, self.shared.clone())
    }
}

impl<R, F, A> Clone for GuardLayer<R, F, A> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<R, F, A> fmt::Debug for GuardLayer<R, F, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardLayer").field("guard", &self.shared.guard).finish_non_exhaustive()
    }
}
