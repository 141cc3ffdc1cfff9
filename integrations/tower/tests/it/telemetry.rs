//! What is told to logs and metrics, and what is not.

use crate::base::{Base, now, policy_with};
use cog_auth::gate::Gate;
use cog_auth::policy::Policy;
use cog_auth::token::{KeyId, RootKey};
use cog_auth_stores::{FactsQuery, FactsStore, Unavailable};
use cog_auth_tower::audit::{AuditSink, ToTracing, ToWriter};
use cog_auth_tower::{Guard, GuardLayer, LiveGate};
use http::{Request, Response};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tower::{Layer, ServiceExt, service_fn};
use tracing_subscriber::fmt::MakeWriter;

const SESSIONS: &str = "/v3/organizations/org-a/sessions";
const FROZEN: &str = r#"{"id": "frozen", "effect": "forbid", "actions": ["ViewOrgSessions"],
    "reason": {"code": "frozen", "message": "Not now."}}"#;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    /// What this does is logged, every level of it, in this thread.
    fn of(&self, act: impl FnOnce()) -> String {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// The status of a request to a guarded service.
async fn ask<F: FactsStore + 'static>(
    guard: Guard<crate::base::Fixed, F>,
    method: &str,
    target: &str,
    authorization: &str,
) -> u16 {
    let service =
        GuardLayer::new(guard.with_clock(now)).layer(service_fn(async |_: Request<()>| {
            Ok::<_, Infallible>(Response::new(String::new()))
        }));
    let request = Request::builder().method(method).uri(target);
    let request = request.header("authorization", authorization).body(()).unwrap();
    service.oneshot(request).await.unwrap().status().as_u16()
}

#[test]
fn events_say_what_was_decided() {
    let base = Base::load();
    let log = Log::default();
    let bearer = base.bearer("key");
    let allowed = log.of(|| assert_eq!(run(ask(base.guard(), "GET", SESSIONS, &bearer)), 200));
    let line = allowed.lines().find(|line| line.contains("allowed")).unwrap();
    for field in [
        "cog_auth.decide{",
        "method=\"GET\"",
        "outcome=\"allowed\"",
        "action=\"ViewOrgSessions\"",
        "credential=cog_1s01000AAAABBBBCCCC",
    ] {
        assert!(line.contains(field), "{field} in {line}");
    }
    let refused = log.of(|| assert_eq!(run(ask(base.guard(), "BREW", "/", &bearer)), 403));
    let line = refused.lines().find(|line| line.contains("refused")).unwrap();
    for field in ["method=\"other\"", "outcome=\"refused\"", "code=\"denied\"", "status=403"] {
        assert!(line.contains(field), "{field} in {line}");
    }
}

#[test]
fn events_say_why_a_store_had_no_answer_and_what_cannot_be_read() {
    #[derive(Clone)]
    struct Says(Result<&'static str, &'static str>);
    impl FactsStore for Says {
        async fn facts(&self, _: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
            self.0.map(|text| Some(text.into())).map_err(Unavailable::because)
        }
    }
    let base = Base::load();
    for (says, words) in [
        (Says(Err("no route to 10.1.2.3")), ["store=\"facts\"", "no route to 10.1.2.3"]),
        (Says(Ok("{\"hidden\": 1}")), ["code=\"invalid_facts\"", "byte 1"]),
    ] {
        let (records, _) = base.stores("key", "service_user");
        let guard = Guard::new(base.edge(), records, says);
        let bearer = base.bearer("key");
        let log = Log::default();
        let text = log.of(|| assert_eq!(run(ask(guard, "GET", SESSIONS, &bearer)), 503));
        let line = text.lines().find(|line| line.contains("ERROR")).unwrap();
        for word in words {
            assert!(line.contains(word), "{word} in {line}");
        }
        assert!(!text.contains("hidden"), "{text}");
    }
}

/// Whatever is sent: no part of a token's secret is in any event, and none is long.
#[test]
fn no_event_has_a_secret_or_is_flooded() {
    let base = Base::load();
    let token = base.json["tokens"]["key"]["token"].as_str().unwrap();
    let secret = &base.json["tokens"]["key"]["secret"].as_str().unwrap()[..10];
    let long = "x".repeat(20_000);
    let log = Log::default();
    for (method, target, authorization) in [
        ("GET", SESSIONS.to_owned(), format!("Bearer {token}")),
        ("GET", format!("/{token}"), format!("Bearer {token}")),
        ("GET", format!("{SESSIONS}?token={token}"), format!("Bearer {token}x")),
        (token, SESSIONS.to_owned(), format!("Bearer {token}")),
        (&long[..250], format!("/{long}"), format!("Bearer {long}")),
        ("GET", SESSIONS.to_owned(), format!("Basic {token}")),
    ] {
        let guard = base.guard().with_audit(Arc::new(ToTracing));
        let text = log.of(|| {
            let _status = run(ask(guard, method, &target, &authorization));
        });
        assert!(!text.is_empty() && !text.contains(secret), "{text}");
        assert!(text.lines().all(|line| line.len() < 4_096), "{text}");
    }
}

#[test]
fn a_reload_that_does_not_read_keeps_the_old_gate_and_says_so() {
    let base = Base::load();
    let gates = LiveGate::from(base.edge());
    let log = Log::default();
    let text = log.of(|| {
        let cause = io::Error::other("the disk is gone");
        let error = Unavailable::because(cause);
        gates.reload(|| Err(error)).unwrap_err();
    });
    let line = text.lines().find(|line| line.contains("ERROR")).unwrap();
    for words in ["the old gate goes on deciding", "the disk is gone"] {
        assert!(line.contains(words), "{words} in {line}");
    }
    let ask_again = |expected| {
        let (records, facts) = base.stores("key", "service_user");
        let guard = Guard::new(gates.clone(), records, facts);
        assert_eq!(run(ask(guard, "GET", SESSIONS, &base.bearer("key"))), expected);
    };
    ask_again(200);
    // One that reads takes its place: it has no such key.
    let keys = RootKey::new(KeyId::parse("02").unwrap(), &[2; 32]).edge_keys();
    gates.reload(|| Ok::<_, io::Error>(Gate::at_edge(Policy::builtin(), keys))).unwrap();
    ask_again(401);
}

#[test]
fn what_a_shadow_would_have_decided_is_logged() {
    let base = Base::load();
    let (records, facts) = base.stores("key", "service_user");
    let gates = LiveGate::from(base.edge());
    gates.set_shadow(Gate::at_edge(policy_with(FROZEN), base.edge_keys()));
    let guard = Guard::new(gates, records, facts);
    let log = Log::default();
    let text = log.of(|| assert_eq!(run(ask(guard, "GET", SESSIONS, &base.bearer("key"))), 200));
    let line = text.lines().find(|line| line.contains("the shadow")).unwrap();
    for field in [
        "rule=\"frozen\"",
        "outcome=\"allowed\" code=\"\"",
        "shadow_outcome=\"refused\" shadow_code=\"denied\"",
    ] {
        assert!(line.contains(field), "{field} in {line}");
    }
}

#[test]
fn audit_records_can_go_to_tracing() {
    let text = Log::default().of(|| ToTracing.record(r#"{"v":1}"#));
    assert!(text.contains("INFO cog_auth::audit: record=\"{\\\"v\\\":1}\""), "{text}");
}

/// Counters with their labels, and how often each histogram was told something.
fn snapshot(snapshotter: &Snapshotter) -> BTreeMap<String, u64> {
    let values = snapshotter.snapshot().into_vec().into_iter();
    values
        .map(|(key, _, _, value)| {
            let mut labels: Vec<_> = key
                .key()
                .labels()
                .map(|label| format!("{}={}", label.key(), label.value()))
                .collect();
            labels.sort();
            let count = match value {
                DebugValue::Counter(count) => count,
                DebugValue::Histogram(values) => u64::try_from(values.len()).unwrap(),
                DebugValue::Gauge(_) => panic!("a gauge"),
            };
            (format!("{} {}", key.key().name(), labels.join(" ")), count)
        })
        .collect()
}

#[test]
fn metrics_are_those_of_the_readme() {
    let base = Base::load();
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        let bearer = base.bearer("key");
        let (records, facts) = base.stores("key", "service_user");
        let gates = LiveGate::from(base.edge());
        gates.set_shadow(Gate::at_edge(policy_with(FROZEN), base.edge_keys()));
        let guard = Guard::new(gates.clone(), records, facts);
        assert_eq!(run(ask(guard, "GET", SESSIONS, &bearer)), 200);
        assert_eq!(run(ask(base.guard(), "GET", SESSIONS, "")), 401);
        gates.replace(base.edge());
        gates.reload(|| Err(io::Error::other("no file"))).unwrap_err();
        let sink = ToWriter::spawn(io::sink(), 0).unwrap();
        while sink.lost() == 0 {
            sink.record("{}");
        }
    });
    let mut found = snapshot(&snapshotter);
    assert!(found.remove("cog_auth_audit_lost_total ").is_some());
    let expected = [
        "cog_auth_decision_seconds outcome=allowed",
        "cog_auth_decision_seconds outcome=refused",
        "cog_auth_decisions_total code= outcome=allowed",
        "cog_auth_decisions_total code=missing_credential outcome=refused",
        "cog_auth_reloads_total result=kept",
        "cog_auth_reloads_total result=replaced",
        "cog_auth_shadow_differences_total outcome=allowed rule=frozen shadow_outcome=refused",
        "cog_auth_store_seconds answer=found store=facts",
        "cog_auth_store_seconds answer=found store=records",
    ];
    assert_eq!(found, expected.map(|name| (name.to_owned(), 1)).into());
}
