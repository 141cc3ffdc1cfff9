//! A service with a guard before it.

use crate::answer::Answer;
use crate::granted::{Allowed, Undecided};
use crate::refusal::Refusal;
use crate::setup::Shared;
use crate::{target, telemetry};
use cog_auth::gate::{HttpRequest, Outcome};
use cog_auth_stores::{FactsStore, RecordStore};
use http::request::Parts;
use http::{Request, Response, header};
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// A service with a guard before it, which a [`GuardLayer`](crate::GuardLayer) makes.
pub struct Guarded<S, R, F, A> {
    inner: S,
    shared: Arc<Shared<R, F, A>>,
}

impl<S, R, F, A> Guarded<S, R, F, A> {
    pub(crate) const fn new(inner: S, shared: Arc<Shared<R, F, A>>) -> Self {
        Self { inner, shared }
    }
}

impl<S, R, F, A, Q, B> Service<Request<Q>> for Guarded<S, R, F, A>
where
    S: Service<Request<Q>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    R: RecordStore + 'static,
    F: FactsStore + 'static,
    A: Answer<B> + 'static,
    Q: Send + 'static,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<B>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        // The service that was polled is ready, its clone perhaps not.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let shared = self.shared.clone();
        // Here and not in the future, which would have room for both.
        let (mut parts, body) = request.into_parts();
        Box::pin(async move {
            match shared.judge(&mut parts).await {
                Ok(()) => inner.call(Request::from_parts(parts, body)).await,
                Err(refusal) => Ok(shared.setup.answer.answer(&refusal)),
            }
        })
    }
}

impl<R: RecordStore, F: FactsStore, A> Shared<R, F, A> {
    /// Asks the guard, and puts what it says into the request's extensions; or says why the request
    /// ends here.
    async fn judge(&self, parts: &mut Parts) -> Result<(), Refusal> {
        // What another guard has said further out is not what this one says.
        parts.extensions.remove::<Allowed>();
        parts.extensions.remove::<Undecided>();
        let undecided = match self.decide(parts).await {
            Ok(Outcome::Allowed(allowed)) => {
                parts.extensions.insert(Allowed::new(allowed));
                return Ok(());
            }
            Ok(Outcome::Refused(refused)) => {
                return Err(Refusal::refused(refused, parts.method.clone()));
            }
            Ok(Outcome::PassOn) => Undecided::OlderCredential,
            Ok(Outcome::Preflight) => Undecided::Preflight,
            Err(NotJudged) => return Err(Refusal::not_judged(parts.method.clone())),
        };
        if !self.forwards(undecided) {
            telemetry::failed(match undecided {
                Undecided::OlderCredential => "the gate passes on, and the layer does not forward",
                Undecided::Preflight => "the gate has preflights, and the layer does not forward",
            });
            return Err(Refusal::not_judged(parts.method.clone()));
        }
        parts.extensions.insert(undecided);
        Ok(())
    }

    async fn decide(&self, parts: &Parts) -> Result<Outcome, NotJudged> {
        let uri = target::original(parts);
        if !target::is_served(uri, &parts.uri) {
            telemetry::failed(
                "the request's URI was changed before the guard: put the guard before what changes it",
            );
            return Err(NotJudged);
        }
        let target = target::sent(uri, parts.version);
        let authorization: Vec<&[u8]> =
            parts.headers.get_all(header::AUTHORIZATION).iter().map(AsRef::as_ref).collect();
        let context = self.setup.context.as_ref().and_then(|context| context(parts));
        let client_address = self.setup.client_address.of(parts).map(|it| it.to_string());
        let request = HttpRequest {
            method: parts.method.as_str(),
            target: target.as_bytes(),
            authorization: &authorization,
            context: context.as_deref().map(str::as_bytes),
            client_address: client_address.as_deref(),
        };
        self.guard.decide(&request).await.map_err(|_error| NotJudged)
    }
}

/// The request could not be judged. The log has said why.
struct NotJudged;

impl<S: Clone, R, F, A> Clone for Guarded<S, R, F, A> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: self.shared.clone() }
    }
}

impl<S: fmt::Debug, R, F, A> fmt::Debug for Guarded<S, R, F, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").field("inner", &self.inner).finish_non_exhaustive()
    }
}
