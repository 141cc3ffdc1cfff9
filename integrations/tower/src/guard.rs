//! The guard: takes a request through the gate, with the stores that it asks.

use crate::audit::AuditSink;
use crate::live_gate::LiveGate;
use crate::shadow::Seen;
use crate::stores::{Found, StoreName, ask};
use crate::telemetry;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::{Error, Time};
use cog_auth_stores::{FactsQuery, FactsStore, RecordStore};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tracing::Instrument;

/// A gate, the stores that it asks, and where audit records go.
///
/// [`GuardLayer`](crate::GuardLayer) puts it before a tower service. Other servers ask
/// [`Guard::decide`] themselves: `examples/actix.rs` shows how.
///
/// ```
/// use cog_auth::gate::{Gate, HttpRequest, Outcome};
/// use cog_auth::policy::Policy;
/// use cog_auth::token::{KeyId, RootKey};
/// use cog_auth_stores::{FactsQuery, FactsStore, MemoryStore, Unavailable};
/// use cog_auth_tower::Guard;
/// use std::sync::Arc;
///
/// struct NoFacts;
///
/// impl FactsStore for NoFacts {
///     async fn facts(&self, _: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
///         Ok(None)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = RootKey::new(KeyId::parse("01")?, &[7; 32]).edge_keys();
/// let guard = Guard::new(Gate::at_edge(Policy::builtin(), keys), MemoryStore::new(), NoFacts);
/// let request = HttpRequest {
///     method: "GET",
///     target: b"/v3/organizations/org-a/sessions",
///     authorization: &[],
///     context: None,
///     client_address: None,
/// };
/// let Outcome::Refused(refused) = guard.decide(&request).await? else { panic!("allowed") };
/// assert_eq!(refused.status(), 401);
/// # Ok(())
/// # }
/// ```
pub struct Guard<R, F> {
    gates: LiveGate,
    records: R,
    facts: F,
    timeout: Duration,
    audit: Option<Arc<dyn AuditSink>>,
    clock: Arc<dyn Fn() -> Time + Send + Sync>,
}

impl<R, F> Guard<R, F> {
    /// How long a store may take by default: 5 seconds.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

    /// A guard that asks these stores. Keep a clone of the [`LiveGate`] to change policy and keys
    /// later.
    pub fn new(gate: impl Into<LiveGate>, records: R, facts: F) -> Self {
        Self {
            gates: gate.into(),
            records,
            facts,
            timeout: Self::DEFAULT_TIMEOUT,
            audit: None,
            clock: Arc::new(system_time),
        }
    }

    /// Sets how long each question to a store may take. After that the request is refused with 503.
    ///
    /// This needs a Tokio runtime with its timer. Without one, every request with a genuine token
    /// is refused with 503.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets where the audit records of allowed and refused requests go. By default they go nowhere.
    #[must_use]
    pub fn with_audit(mut self, sink: Arc<dyn AuditSink>) -> Self {
        self.audit = Some(sink);
        self
    }

    /// Sets what says the present time, which is the system's clock by default.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }
}

impl<R: RecordStore, F: FactsStore> Guard<R, F> {
    /// Decides a request, with one gate from the beginning to the end. Stores that fail, panic or
    /// take too long lead to a refusal with 503, and the log says why.
    ///
    /// # Errors
    ///
    /// [`Code::ReservedContext`](cog_auth::Code::ReservedContext) or
    /// [`Code::InvalidContext`](cog_auth::Code::InvalidContext) for the context of the request,
    /// which is the caller's. Let nothing through then.
    pub async fn decide(&self, request: &HttpRequest<'_>) -> Result<Outcome, Error> {
        let started = telemetry::Started::now();
        let span = telemetry::decision_span(request.method);
        let outcome = self.decide_beside(request).instrument(span.clone()).await;
        span.in_scope(|| match &outcome {
            Ok(outcome) => {
                telemetry::decided(&span, outcome, &started);
                self.audit(outcome);
            }
            Err(error) => telemetry::not_decided(error),
        });
        outcome
    }

    /// Decides, and lets the shadow decide the same beside it.
    async fn decide_beside(&self, request: &HttpRequest<'_>) -> Result<Outcome, Error> {
        let now = (self.clock)();
        let gates = self.gates.current();
        let Some(shadow) = gates.shadow() else {
            return self.drive(gates.gate(), request, now, None).await;
        };
        let mut seen = Seen::default();
        let outcome = self.drive(gates.gate(), request, now, Some(&mut seen)).await?;
        shadow.compare(request, now, &seen, &outcome);
        Ok(outcome)
    }

    /// The gate asks, the stores answer, until there is an outcome. What they say is noted for a
    /// shadow.
    async fn drive(
        &self,
        gate: &Gate,
        request: &HttpRequest<'_>,
        now: Time,
        mut seen: Option<&mut Seen>,
    ) -> Result<Outcome, Error> {
        let mut step = gate.begin(request, now)?;
        loop {
            step = match step {
                Step::Record(needed) => {
                    let id = needed.id();
                    let asked = async { self.records.record(id).await };
                    let found = ask(StoreName::Records, self.timeout, asked).await;
                    let step = match &found {
                        Found::Text(record) => {
                            needed.found(record.text().as_bytes(), Some(record.read_at()))
                        }
                        Found::Absent => needed.absent(),
                        Found::Unavailable => needed.unavailable(),
                    };
                    if let Some(seen) = &mut seen {
                        seen.record = Some(found);
                    }
                    step
                }
                Step::Facts(needed) => {
                    let query = FactsQuery::from(&needed);
                    let asked = async { self.facts.facts(&query).await };
                    let found = ask(StoreName::Facts, self.timeout, asked).await;
                    if let Some(seen) = &mut seen {
                        seen.note_facts(&query, &found);
                    }
                    match &found {
                        Found::Text(facts) => needed.found(facts.as_bytes()),
                        Found::Absent => needed.absent(),
                        Found::Unavailable => needed.unavailable(),
                    }
                }
                Step::Done(outcome) => return Ok(outcome),
            };
        }
    }

    fn audit(&self, outcome: &Outcome) {
        let Some(sink) = &self.audit else { return };
        match outcome {
            Outcome::Allowed(allowed) => sink.record(allowed.audit()),
            Outcome::Refused(refused) => sink.record(refused.audit()),
            // They say nothing of the credential, and have no record.
            Outcome::PassOn | Outcome::Preflight => {}
        }
    }
}

impl<R, F> fmt::Debug for Guard<R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// The present second. A clock from before 1970 says 0, at which no credential is good.
fn system_time() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_seconds(since.as_secs()).unwrap_or(Time::MAX)
}
