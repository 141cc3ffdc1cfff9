//! A guard in actix-web, which has HTTP types of its own: a middleware of one function.
//!
//! ```console
//! $ cargo run -p cog-auth-tower --example actix
//! ```
#![allow(clippy::print_stdout, reason = "a program prints")]

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{Data, ReqData, ServiceConfig, get, scope};
use actix_web::{App, HttpMessage, HttpResponse, HttpServer};
use cog_auth::Time;
use cog_auth::gate::{Allowed, Gate, HttpRequest, Outcome, Refused};
use cog_auth::policy::Policy;
use cog_auth::token::{KeyId, Kind, RecordDraft, RootKey, Scopes};
use cog_auth_stores::{FactsQuery, FactsStore, MemoryStore, RecordWriter, Unavailable};
use cog_auth_tower::Guard;
use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;

type OwnGuard = Guard<MemoryStore, Facts>;

/// What the service knows of principals: here, that all are admins of `org-a`.
pub(crate) struct Facts;

impl FactsStore for Facts {
    async fn facts(&self, about: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let id = about.principal;
        Ok(Some(Arc::from(format!(
            r#"{{"principal": {{"type": "service_user", "id": "{id}", "account": {{"sso": false}},
                "memberships": [{{"organization": "org-a", "roles": ["org_admin"]}}]}}}}"#
        ))))
    }
}

/// Lets a request through with what was allowed, or answers it.
async fn guarded(
    guard: Data<OwnGuard>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let outcome = {
        let head = request.head();
        let authorization: Vec<&[u8]> =
            head.headers.get_all(AUTHORIZATION).map(|value| value.as_bytes()).collect();
        let address = request.peer_addr().map(|peer| peer.ip().to_string());
        let judged = HttpRequest {
            method: head.method.as_str(),
            target: head.uri.path_and_query().map_or("", |path| path.as_str()).as_bytes(),
            authorization: &authorization,
            context: None,
            client_address: address.as_deref(),
        };
        guard.decide(&judged).await
    };
    match outcome {
        Ok(Outcome::Allowed(allowed)) => {
            request.extensions_mut().insert(Arc::new(allowed));
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Ok(Outcome::Refused(refused)) => Ok(request.into_response(answer(&refused))),
        // Only for gates that ask for them, and for contexts, which this one has not.
        Ok(Outcome::PassOn | Outcome::Preflight) | Err(_) => {
            Ok(request.into_response(HttpResponse::ServiceUnavailable().finish()))
        }
    }
}

fn answer(refused: &Refused) -> HttpResponse {
    let status = StatusCode::from_u16(refused.status());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE));
    for header in refused.headers() {
        response.insert_header(header);
    }
    response.body(refused.body().to_owned())
}

async fn sessions(allowed: ReqData<Arc<Allowed>>) -> String {
    format!("the sessions that {} may see\n", allowed.principal())
}

/// What every worker of the server has.
pub(crate) fn configure(guard: Data<OwnGuard>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config.app_data(guard).service(
            scope("/v3")
                .wrap(from_fn(guarded))
                .route("/organizations/{organization}/sessions", get().to(sessions)),
        );
    }
}

/// A guard, and a token that it lets through.
pub(crate) async fn guard() -> Result<(Data<OwnGuard>, String), Box<dyn Error>> {
    let (mut key, mut random) = ([0; 32], [0; 64]);
    getrandom::fill(&mut key)?;
    getrandom::fill(&mut random)?;
    let root = RootKey::new(KeyId::parse("01")?, &key);
    let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    let now = Time::from_seconds(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())?;
    let store = MemoryStore::new();
    let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), now);
    store.insert(&draft.for_edges().issue()?).await?;
    let gate = Gate::at_edge(Policy::builtin(), root.edge_keys());
    Ok((Data::new(Guard::new(gate, store, Facts)), token.expose().to_owned()))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (guard, token) = guard().await?;
    println!("curl -i -H 'Authorization: Bearer {token}' \\");
    println!("  http://127.0.0.1:8081/v3/organizations/org-a/sessions");
    let server = HttpServer::new(move || App::new().configure(configure(guard.clone())));
    Ok(server.bind(("127.0.0.1", 8081))?.run().await?)
}
