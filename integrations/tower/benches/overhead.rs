//! What the layer costs on top of the gate alone, without I/O.
//!
//! ```console
//! $ cargo bench -p cog-auth-tower
//! ```
//!
//! Both do the same work in turns, in one run: an allowed request, and one without a credential.
//! The figures are medians and minima of many turns, and what is told is their difference and
//! ratio.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and ends where something is wrong"
)]

use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Policy;
use cog_auth::token::{CredentialId, KeyId, Kind, RecordDraft, RootKey, Scopes};
use cog_auth_stores::{FactsQuery, FactsStore, RecordStore, Revision, StoredRecord, Unavailable};
use cog_auth_tower::{Guard, GuardLayer};
use http::{HeaderValue, Request, Response};
use std::convert::Infallible;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use tower::{Layer, Service, service_fn};

const TURNS: usize = 5_001;
/// So few that most turns end before another program gets the processor.
const REQUESTS_A_TURN: u32 = 40;
const TARGET: &str = "/v3/organizations/org-a/sessions";
const FACTS: &str = r#"{"principal": {"type": "service_user", "id": "su_ci",
    "account": {"id": "acct_7", "sso": false, "plan": "team"},
    "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]},
    "organization": {"id": "org-a", "account": {"id": "acct_7", "sso": false, "plan": "team"}}}"#;

#[derive(Clone)]
struct Store {
    record: StoredRecord,
    facts: Arc<str>,
}

impl RecordStore for Store {
    async fn record(&self, _: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        Ok(Some(self.record.clone()))
    }
}

impl FactsStore for Store {
    async fn facts(&self, _: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        Ok(Some(self.facts.clone()))
    }
}

fn main() {
    let now = Time::from_seconds(1_795_000_000).unwrap();
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    let token = root.mint(Kind::ServiceUserKey, None, &[42; 64]).unwrap();
    let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), now);
    let record = draft.for_edges().issue().unwrap().to_json();
    let store =
        Store { record: StoredRecord::new(record, now, Revision::new(1)), facts: FACTS.into() };
    let gate = Gate::at_edge(Policy::builtin(), root.edge_keys());
    let guard = Guard::new(gate.clone(), store.clone(), store.clone()).with_clock(move || now);
    let mut service = GuardLayer::new(guard).layer(service_fn(served));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();

    let bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose())).unwrap();
    for (name, authorization, status) in
        [("allowed", Some(bearer), 200), ("no credential", None, 401)]
    {
        let mut alone = Vec::new();
        let mut layered = Vec::new();
        for _ in 0..TURNS {
            let request = request(authorization.as_ref());
            alone.push(nanoseconds(|| {
                assert_eq!(drive(&gate, black_box(&request), now, &store), status);
            }));
            layered.push(runtime.block_on(async {
                let begun = Instant::now();
                for _ in 0..REQUESTS_A_TURN {
                    let response = service.call(black_box(request.clone())).await.unwrap();
                    assert_eq!(response.status(), status);
                }
                per_request(begun)
            }));
        }
        // A request has to be made for each call of a service.
        let request = request(authorization.as_ref());
        let made = (0..TURNS).map(|_| nanoseconds(|| drop(black_box(request.clone())))).collect();
        report(name, alone, layered, made);
    }
}

fn request(authorization: Option<&HeaderValue>) -> Request<()> {
    let mut request = Request::get(TARGET).header("host", "localhost").body(()).unwrap();
    if let Some(value) = authorization {
        request.headers_mut().insert("authorization", value.clone());
    }
    request
}

async fn served(_: Request<()>) -> Result<Response<String>, Infallible> {
    Ok(Response::new(String::new()))
}

/// The gate's loop, as a service without I/O has it, and the status that comes out.
fn drive(gate: &Gate, request: &Request<()>, now: Time, store: &Store) -> u16 {
    let authorization: Vec<&[u8]> =
        request.headers().get_all("authorization").iter().map(HeaderValue::as_bytes).collect();
    let judged = HttpRequest {
        method: request.method().as_str(),
        target: request.uri().path_and_query().unwrap().as_str().as_bytes(),
        authorization: &authorization,
        context: None,
        client_address: None,
    };
    let mut step = gate.begin(&judged, now).unwrap();
    loop {
        step = match step {
            Step::Record(needed) => needed.found(store.record.text().as_bytes(), Some(now)),
            Step::Facts(needed) => needed.found(store.facts.as_bytes()),
            Step::Done(Outcome::Allowed(allowed)) => {
                black_box(allowed);
                return 200;
            }
            Step::Done(Outcome::Refused(refused)) => return refused.status(),
            Step::Done(other) => panic!("{other:?}"),
        };
    }
}

fn nanoseconds(mut act: impl FnMut()) -> u64 {
    let begun = Instant::now();
    for _ in 0..REQUESTS_A_TURN {
        act();
    }
    per_request(begun)
}

fn per_request(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_nanos()).unwrap() / u64::from(REQUESTS_A_TURN)
}

fn report(name: &str, alone: Vec<u64>, layered: Vec<u64>, made: Vec<u64>) {
    for (kind, of) in [("median", median as fn(Vec<u64>) -> u64), ("minimum", minimum)] {
        let (alone, layered, made) = (of(alone.clone()), of(layered.clone()), of(made.clone()));
        let without = layered.saturating_sub(made);
        println!(
            "{name}, {kind}: gate alone {alone} ns, with the layer {without} ns: {} ns more, {:.2} \
             times",
            without.saturating_sub(alone),
            without as f64 / alone as f64
        );
    }
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times[times.len() / 2]
}

fn minimum(times: Vec<u64>) -> u64 {
    times.into_iter().min().unwrap()
}
