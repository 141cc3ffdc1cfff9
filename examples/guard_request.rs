//! A guarded service: an HTTP request goes in, what to do with it comes out.
//!
//! ```console
//! $ cargo run --features builtin --example guard_request
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program prints, and may end with an error"
)]

use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Policy;
use cog_auth::token::{KeyId, Kind, MINT_RANDOM_BYTES, RecordDraft, RootKey, Scopes};
use cog_auth::{Error, Time};
use std::collections::HashMap;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now = Time::from_seconds(1_795_000_000)?;
    let (service, token) = service(now)?;
    let bearer = format!("Bearer {token}");

    let with_token = [bearer.as_bytes()];
    for (method, path, authorization) in [
        ("GET", "/v3/organizations/org-a/sessions", with_token.as_slice()),
        ("DELETE", "/v3/organizations/org-a/sessions/s-1", &with_token),
        ("GET", "/v3/organizations/org-a/sessions", &[]),
    ] {
        let target = path.as_bytes();
        let request =
            HttpRequest { method, target, authorization, context: None, client_address: None };
        match service.decide(&request, now)? {
            Outcome::Allowed(allowed) => {
                println!("{method} {path}: let {} through", allowed.principal());
                println!("  audit {}", allowed.audit());
            }
            Outcome::Refused(refused) => {
                println!("{method} {path}: answer {}", refused.status());
                for (name, value) in refused.headers() {
                    println!("  {name}: {value}");
                }
                println!("  {}", refused.body());
                println!("  audit {}", refused.audit());
            }
            // Only for gates that ask for them: `Gate::with_pass_on`, `Gate::with_preflight`.
            Outcome::PassOn | Outcome::Preflight => println!("{method} {path}: forward as it is"),
        }
    }
    Ok(())
}

/// What a service keeps for its lifetime: the gate, and its own two stores.
struct Service {
    gate: Gate,
    /// Records of credentials, as JSON text, by credential id.
    records: HashMap<String, String>,
    /// What is known of principals and organizations, as JSON text, by principal id.
    facts: HashMap<String, String>,
}

impl Service {
    /// The gate asks, the service fetches and answers, until the gate is done.
    fn decide(&self, request: &HttpRequest<'_>, now: Time) -> Result<Outcome, Error> {
        let mut step = self.gate.begin(request, now)?;
        loop {
            step = match step {
                Step::Record(needed) => match self.records.get(needed.id().as_str()) {
                    Some(record) => needed.found(record.as_bytes(), None),
                    None => needed.absent(),
                },
                Step::Facts(needed) => match self.facts.get(needed.principal()) {
                    Some(facts) => needed.found(facts.as_bytes()),
                    None => needed.absent(),
                },
                Step::Done(outcome) => return Ok(outcome),
            };
        }
    }
}

/// A service with one credential, and the token of it.
fn service(now: Time) -> Result<(Service, String), Box<dyn std::error::Error>> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    let root = RootKey::new(KeyId::parse("01")?, &bytes);
    let mut random = [0; MINT_RANDOM_BYTES];
    getrandom::fill(&mut random)?;
    let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    let scopes = Scopes::of(["ViewOrgSessions"])?;
    let record = RecordDraft::new(&token, "su_ci", scopes, now).for_edges().issue()?;

    let facts = r#"{ "principal": { "type": "service_user", "id": "su_ci", "memberships": [
        { "organization": "org-a", "roles": ["org_admin"] } ] } }"#;
    let service = Service {
        gate: Gate::at_edge(Policy::builtin(), root.edge_keys()),
        records: HashMap::from([(record.id().to_string(), record.to_json())]),
        facts: HashMap::from([("su_ci".to_owned(), facts.to_owned())]),
    };
    Ok((service, token.expose().to_owned()))
}
