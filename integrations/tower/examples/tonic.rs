//! A gRPC service with a guard before it, and a client that is refused and let through.
//!
//! ```console
//! $ cargo run -p cog-auth-tower --example tonic
//! ```
#![allow(clippy::print_stdout, reason = "a program prints")]

use cog_auth::Time;
use cog_auth::gate::Gate;
use cog_auth::policy::{Policy, Source};
use cog_auth::token::{KeyId, Kind, RecordDraft, RootKey, Scopes};
use cog_auth_stores::{FactsQuery, FactsStore, MemoryStore, RecordWriter, Unavailable};
use cog_auth_tower::{GrpcStatus, Guard, GuardLayer};
use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;
use tonic::transport::{Channel, Server, server::TcpIncoming};
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

/// A method of gRPC is a path that is posted to.
const POLICY: &str = r#"{ "v": 1,
  "schema": { "actions": { "CheckHealth": { "level": "account" } } },
  "routes": [
    { "method": "POST", "path": "/grpc.health.v1.Health/Check", "action": "CheckHealth" } ],
  "rules": [
    { "id": "anybody", "effect": "permit", "actions": ["CheckHealth"] } ] }"#;

/// What the service knows of principals: that they are there.
struct Facts;

impl FactsStore for Facts {
    async fn facts(&self, about: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        let id = about.principal;
        let facts = format!(r#"{{"principal": {{"type": "service_user", "id": "{id}"}}}}"#);
        Ok(Some(facts.into()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    for (called, code) in run().await? {
        println!("{called}: {code:?}");
    }
    Ok(())
}

/// Serves, calls with and without a token, and says what came out.
pub(crate) async fn run() -> Result<Vec<(&'static str, Code)>, Box<dyn Error>> {
    let root = root_key()?;
    let mut random = [0; 64];
    getrandom::fill(&mut random)?;
    let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    let now = Time::from_seconds(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())?;
    let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), now);
    let store = MemoryStore::new();
    store.insert(&draft.for_edges().issue()?).await?;

    // This guards the server.
    let guard = Guard::new(Gate::at_edge(policy()?, root.edge_keys()), store, Facts);
    let layer = GuardLayer::new(guard).with_answer(GrpcStatus);
    let (_, health) = tonic_health::server::health_reporter();
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?;
    let address = incoming.local_addr()?;
    let server = Server::builder().layer(layer).add_service(health).serve_with_incoming(incoming);
    tokio::spawn(server);

    let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
    let mut client = HealthClient::new(channel);
    let mut found = Vec::new();
    for (called, token) in [("with the token", Some(token.expose())), ("without it", None)] {
        let mut request = Request::new(HealthCheckRequest { service: String::new() });
        if let Some(token) = token {
            request.metadata_mut().insert("authorization", format!("Bearer {token}").parse()?);
        }
        let answer = client.check(request).await;
        found.push((called, answer.map_or_else(|status| status.code(), |_| Code::Ok)));
    }
    Ok(found)
}

fn root_key() -> Result<RootKey, Box<dyn Error>> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(RootKey::new(KeyId::parse("01")?, &bytes))
}

fn policy() -> Result<Policy, Box<dyn Error>> {
    let mut source = Source::new();
    source.add("policy.json", POLICY);
    Ok(source.check()?.into_policy())
}
