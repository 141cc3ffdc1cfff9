//! A gate in the state of a service: shared between threads, its steps held while a store is asked,
//! and swapped for another while requests run.

use crate::common::gate::{Base, now, word};
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Source;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, RwLock};
use std::task::{Context, Poll, Waker};
use std::thread;

/// The gate of a service: each request takes the one that is there when it begins.
type State = Arc<RwLock<Arc<Gate>>>;

/// What a service's store holds.
#[derive(Clone)]
struct Store {
    record: String,
    facts: String,
}

impl Store {
    /// Answers when it is asked again, as a store does that must be waited for.
    async fn fetch(text: &str) -> &str {
        let mut asked = false;
        poll_fn(
            |_| if std::mem::replace(&mut asked, true) { Poll::Ready(()) } else { Poll::Pending },
        )
        .await;
        text
    }
}

async fn handle(state: State, header: String, store: Store) -> Outcome {
    let gate = state.read().unwrap().clone();
    let authorization = [header.as_bytes()];
    let request = HttpRequest {
        method: "GET",
        target: b"/v3/organizations/org-a/sessions",
        authorization: &authorization,
        context: Some(br#"{"ci": false}"#),
        client_address: None,
    };
    let mut step = gate.begin(&request, now()).unwrap();
    loop {
        step = match step {
            Step::Record(needed) => {
                needed.found(Store::fetch(&store.record).await.as_bytes(), Some(now()))
            }
            Step::Facts(needed) => needed.found(Store::fetch(&store.facts).await.as_bytes()),
            Step::Done(outcome) => return outcome,
        };
    }
}

/// A request of its own, as a server has many of them: it can move to any thread between two polls.
type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

fn poll(running: &mut Running) -> Poll<Outcome> {
    running.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn finish(mut running: Running) -> String {
    thread::spawn(move || {
        loop {
            if let Poll::Ready(outcome) = poll(&mut running) {
                return word(&outcome);
            }
        }
    })
    .join()
    .unwrap()
}

fn lives_in_a_state<T: Clone + Send + Sync + 'static>() -> usize {
    size_of::<T>()
}

#[test]
fn gates_and_outcomes_are_shared() {
    assert!(lives_in_a_state::<Gate>() > 0 && lives_in_a_state::<Outcome>() > 0);
}

#[test]
fn a_gate_is_swapped_while_requests_run() {
    let base = Base::load();
    let store = Store { record: base.record("key"), facts: base.facts("service_user") };
    let header = base.fill("Bearer {key}");
    let state: State = Arc::new(RwLock::new(Arc::new(base.edge())));
    let begin = || -> Running { Box::pin(handle(state.clone(), header.clone(), store.clone())) };
    // One request waits for its record, and one for its facts.
    let (mut first, mut second) = (begin(), begin());
    assert!(poll(&mut first).is_pending());
    assert!(poll(&mut second).is_pending() && poll(&mut second).is_pending());

    let mut source = Source::new();
    source.add("p.json", r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#);
    let without_routes =
        Gate::at_edge(source.check().unwrap().into_policy(), base.edge_keys.clone());
    *state.write().unwrap() = Arc::new(without_routes);

    let third = begin();
    assert_eq!([first, second].map(finish), ["allowed ViewOrgSessions", "allowed ViewOrgSessions"]);
    assert_eq!(finish(third), "403 denied");
}
