//! A guarded service: `cargo run -p cog-auth-tower --features axum --example axum`.
#![allow(clippy::print_stdout, reason = "a program prints")]
use axum::{Router, routing::get};
use cog_auth::token::{KeyId, Kind, RecordDraft, RootKey, Scopes};
use cog_auth::{Time, gate::Gate, policy::Policy};
use cog_auth_stores::{FactsQuery, FactsStore, MemoryStore, RecordWriter, Unavailable};
use cog_auth_tower::{Guard, GuardLayer, Principal};
use std::{error::Error, sync::Arc, time::SystemTime};

/// What the service knows of principals: here, that all are admins of `org-a`.
struct Facts;

impl FactsStore for Facts {
    async fn facts(&self, about: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let id = about.principal;
        Ok(Some(Arc::from(format!(
            r#"{{"principal": {{"type": "service_user", "id": "{id}", "account": {{"sso": false}},
                "memberships": [{{"organization": "org-a", "roles": ["org_admin"]}}]}}}}"#
        ))))
    }
}

async fn sessions(principal: Principal) -> String {
    format!("the sessions that {} may see\n", principal.id())
}

pub(crate) async fn app() -> Result<(Router, String), Box<dyn Error>> {
    let (mut key, mut random) = ([0; 32], [0; 64]);
    getrandom::fill(&mut key)?;
    getrandom::fill(&mut random)?;
    let root = RootKey::new(KeyId::parse("01")?, &key);
    let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    let seconds = SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
    let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), Time::from_seconds(seconds)?);
    let store = MemoryStore::new();
    store.insert(&draft.for_edges().issue()?).await?;

    let guard = Guard::new(Gate::at_edge(Policy::builtin(), root.edge_keys()), store, Facts);
    let routes = Router::new().route("/v3/organizations/{organization}/sessions", get(sessions));
    Ok((routes.layer(GuardLayer::new(guard)), token.expose().to_owned()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (app, token) = app().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    println!("curl -i -H 'Authorization: Bearer {token}' \\");
    println!("  http://127.0.0.1:8080/v3/organizations/org-a/sessions");
    Ok(axum::serve(listener, app).await?)
}
