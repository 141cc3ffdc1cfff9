//! Policy and keys change while requests run: none is lost, and none is decided by a mixture.

use crate::base::{Kept, now, policy_with};
use cog_auth::Code;
use cog_auth::gate::Gate;
use cog_auth::policy::Policy;
use cog_auth::token::{CredentialId, KeyId, Kind, RecordDraft, RootKey, Scopes};
use cog_auth_stores::{FactsQuery, FactsStore, RecordStore, Revision, StoredRecord, Unavailable};
use cog_auth_tower::{Allowed, Guard, GuardLayer, LiveGate};
use http::{Request, Response};
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tower::{Layer, ServiceExt, service_fn};

const REQUESTS: usize = 10_000;

/// A policy, and the only key whose tokens are genuine with it.
struct World {
    policy: Policy,
    root: RootKey,
    bearer: String,
    record: StoredRecord,
    id: CredentialId,
}

impl World {
    fn new(number: u8, policy: Policy) -> Self {
        let root = RootKey::new(KeyId::parse(&format!("0{number}")).unwrap(), &[number; 32]);
        let token = root.mint(Kind::ServiceUserKey, None, &[number; 64]).unwrap();
        let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), now());
        let record = draft.for_edges().issue().unwrap();
        Self {
            policy,
            root,
            bearer: format!("Bearer {}", token.expose()),
            id: record.id(),
            record: StoredRecord::new(record.to_json(), now(), Revision::new(1)),
        }
    }

    fn gate(&self) -> Gate {
        Gate::at_edge(self.policy.clone(), self.root.edge_keys())
    }
}

/// A store that takes some milliseconds, so that swaps come between the steps of requests.
struct Slow {
    records: HashMap<CredentialId, StoredRecord>,
    asked: AtomicU64,
}

impl Slow {
    async fn wait(&self) {
        let millis = self.asked.fetch_add(7, Ordering::Relaxed) % 25;
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

struct Records(Arc<Slow>);
struct Facts(Arc<Slow>);

impl RecordStore for Records {
    async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        self.0.wait().await;
        Ok(self.0.records.get(&id).cloned())
    }
}

impl FactsStore for Facts {
    async fn facts(&self, _: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        self.0.wait().await;
        let facts = r#"{"principal": {"type": "service_user", "id": "su_ci",
            "account": {"id": "acct_7", "sso": false, "plan": "team"},
            "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]},
            "organization": {"id": "org-a",
                "account": {"id": "acct_7", "sso": false, "plan": "team"}}}"#;
        Ok(Some(facts.into()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_requests_while_policy_and_keys_change() {
    // The rule is about something else: it makes another policy, and decides nothing here.
    let other = r#"{"id": "frozen", "effect": "forbid", "actions": ["ManageOrgTags"],
        "reason": {"code": "frozen", "message": "Tags are frozen."}}"#;
    let worlds = [World::new(1, Policy::builtin()), World::new(2, policy_with(other))];
    let digests = [0, 1].map(|index: usize| worlds[index].policy.digest().to_hex());
    assert_ne!(digests[0], digests[1]);
    let records = worlds.iter().map(|world| (world.id, world.record.clone())).collect();
    let store = Arc::new(Slow { records, asked: AtomicU64::new(0) });
    let audit = Arc::new(Kept::default());
    let gates = LiveGate::from(worlds[0].gate());
    let guard = Guard::new(gates.clone(), Records(store.clone()), Facts(store))
        .with_clock(now)
        .with_audit(audit.clone());
    let service = GuardLayer::new(guard).layer(service_fn(served));

    let is_over = Arc::new(AtomicBool::new(false));
    let bearers = [0, 1].map(|index: usize| worlds[index].bearer.clone());
    let ids = [0, 1].map(|index: usize| worlds[index].id.to_string());
    let swapper = {
        let is_over = is_over.clone();
        std::thread::spawn(move || {
            let mut swaps = 0_usize;
            while !is_over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(10));
                swaps += 1;
                let gate = worlds[swaps % 2].gate();
                gates.reload(|| Ok::<_, cog_auth::Error>(gate)).unwrap();
                // A key set that does not read changes nothing.
                let broken = || Err(cog_auth::token::EdgeKeys::from_json(b"{}").unwrap_err());
                assert_eq!(gates.reload(broken).unwrap_err().code(), Code::InvalidKeySet);
            }
            swaps
        })
    };

    let mut running = JoinSet::new();
    for number in 0..REQUESTS {
        let service = service.clone();
        let token = number % 2;
        let request = Request::get("/v3/organizations/org-a/sessions")
            .header("authorization", &bearers[token])
            .body(())
            .unwrap();
        running.spawn(async move { (token, service.oneshot(request).await.unwrap()) });
        // All run at once, but do not all begin in one swap.
        if number % 200 == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    let mut answers: BTreeMap<(usize, u16), usize> = BTreeMap::new();
    while let Some(done) = running.join_next().await {
        let (token, response) = done.unwrap();
        *answers.entry((token, response.status().as_u16())).or_default() += 1;
    }
    is_over.store(true, Ordering::Relaxed);
    let swaps = swapper.join().unwrap();
    assert!(swaps >= 5, "only {swaps} swaps");

    // Every request has an answer, and all four that there can be are there.
    assert_eq!(answers.values().sum::<usize>(), REQUESTS);
    let kinds: Vec<_> = answers.keys().copied().collect();
    assert_eq!(kinds, [(0, 200), (0, 401), (1, 200), (1, 401)], "{answers:?}");

    // A key goes with its policy: a token of one key is genuine with one policy, and unknown with
    // the other one.
    let audit = audit.take();
    assert_eq!(audit.len(), REQUESTS);
    for record in &audit {
        let world = digests.iter().position(|digest| record["policy"] == *digest).unwrap();
        match record["outcome"].as_str().unwrap() {
            "allowed" => {
                let id = record["credential"]["id"].as_str().unwrap();
                assert_eq!(ids.iter().position(|it| it == id), Some(world), "{record}");
            }
            _ => assert_eq!(record["code"], "unknown_key_id", "{record}"),
        }
    }
}

async fn served(request: Request<()>) -> Result<Response<String>, Infallible> {
    let allowed = Allowed::of(request.extensions()).unwrap();
    assert_eq!(allowed.principal(), "su_ci");
    Ok(Response::new(String::new()))
}
