//! A gate that decides beside the real one, and is never obeyed.

use crate::stores::Found;
use crate::telemetry;
use cog_auth::Time;
use cog_auth::gate::{FactsNeeded, Gate, HttpRequest, Outcome, Step};
use cog_auth_stores::{FactsQuery, StoredRecord};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A gate that is asked what it would have decided.
pub(crate) struct Shadow {
    gate: Gate,
    compared: AtomicU64,
    by_rule: Mutex<BTreeMap<String, u64>>,
}

/// How often a shadow came to something else than the gate that decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// How many requests both have decided.
    pub compared: u64,
    /// How often each rule was among those that made the difference: the rules of the shadow's
    /// decision, or those of the real one where the shadow's has none. Where neither has a rule, it
    /// is counted under the code of the shadow's refusal.
    pub by_rule: BTreeMap<String, u64>,
}

/// What the stores said while a request was decided.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) record: Option<Found<StoredRecord>>,
    facts: Option<(About, Found<Arc<str>>)>,
}

/// What facts were asked about. The principal follows from the record.
#[derive(Clone, Debug, PartialEq, Eq)]
struct About {
    organization: Option<String>,
    /// Type and id.
    resource: Option<(String, String)>,
}

impl Seen {
    pub(crate) fn note_facts(&mut self, query: &FactsQuery<'_>, found: &Found<Arc<str>>) {
        let about = About {
            organization: query.organization.map(str::to_owned),
            resource: query.resource.map(|it| (it.type_name.to_owned(), it.id.to_owned())),
        };
        self.facts = Some((about, found.clone()));
    }

    /// What is known of what the shadow asks; none if that was never asked.
    fn facts(&self, needed: &FactsNeeded<'_>) -> Option<&Found<Arc<str>>> {
        let (about, found) = self.facts.as_ref()?;
        let resource = about.resource.as_ref().map(|(kind, id)| (kind.as_str(), id.as_str()));
        let is_about = about.organization.as_deref() == needed.organization()
            && resource == needed.resource().map(|it| (it.type_name, it.id));
        is_about.then_some(found)
    }
}

/// What a decision comes to: the outcome, the code of a refusal, and the rules.
struct Verdict {
    outcome: &'static str,
    code: &'static str,
    rules: Vec<String>,
}

/// The code of a shadow's verdict where it would have had to ask for other facts.
const OTHER_FACTS: &str = "other_facts";

impl Shadow {
    pub(crate) const fn new(gate: Gate) -> Self {
        Self { gate, compared: AtomicU64::new(0), by_rule: Mutex::new(BTreeMap::new()) }
    }

    pub(crate) fn differences(&self) -> Differences {
        Differences {
            compared: self.compared.load(Ordering::Relaxed),
            by_rule: self.by_rule.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Decides the same request, and counts and logs whether something else comes out.
    pub(crate) fn compare(
        &self,
        request: &HttpRequest<'_>,
        now: Time,
        seen: &Seen,
        real: &Outcome,
    ) {
        // Nothing is learnt from a store that could not be asked.
        let unavailable = matches!(seen.record, Some(Found::Unavailable))
            || matches!(seen.facts, Some((_, Found::Unavailable)));
        if unavailable {
            return;
        }
        // The real gate has read the same context.
        let Ok(step) = self.gate.begin(request, now) else { return };
        self.compared.fetch_add(1, Ordering::Relaxed);
        let shadow = drive(step, seen);
        let is_same = match &shadow {
            Some(shadow) => kind(shadow) == kind(real),
            None => false,
        };
        if !is_same {
            self.differ(&Verdict::of(real), &shadow.as_ref().map_or_else(other, Verdict::of));
        }
    }

    fn differ(&self, real: &Verdict, shadow: &Verdict) {
        let code = [shadow.code.to_owned()];
        let rules = [&*shadow.rules, &*real.rules, &code];
        for rule in rules.into_iter().find(|rules| !rules.is_empty()).into_iter().flatten() {
            {
                let mut by_rule = self.by_rule.lock().unwrap_or_else(PoisonError::into_inner);
                let count = by_rule.entry(rule.clone()).or_default();
                *count = count.saturating_add(1);
            }
            telemetry::differed(rule, (real.outcome, real.code), (shadow.outcome, shadow.code));
        }
    }
}

/// The shadow asks, what was seen answers; none if it asks what was never asked.
fn drive(mut step: Step<'_>, seen: &Seen) -> Option<Outcome> {
    loop {
        step = match step {
            Step::Record(needed) => match seen.record.as_ref()? {
                Found::Text(it) => needed.found(it.text().as_bytes(), Some(it.read_at())),
                Found::Absent => needed.absent(),
                Found::Unavailable => needed.unavailable(),
            },
            Step::Facts(needed) => match seen.facts(&needed)? {
                Found::Text(facts) => needed.found(facts.as_bytes()),
                Found::Absent => needed.absent(),
                Found::Unavailable => needed.unavailable(),
            },
            Step::Done(outcome) => return Some(outcome),
        };
    }
}

/// What two outcomes are compared by.
fn kind(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Allowed(_) => (telemetry::outcome(outcome), ""),
        Outcome::Refused(refused) => (telemetry::outcome(outcome), refused.name()),
        Outcome::PassOn | Outcome::Preflight => (telemetry::outcome(outcome), ""),
    }
}

fn other() -> Verdict {
    Verdict { outcome: "unknown", code: OTHER_FACTS, rules: Vec::new() }
}

impl Verdict {
    fn of(outcome: &Outcome) -> Self {
        let (name, code) = kind(outcome);
        let rules = match outcome {
            Outcome::Allowed(allowed) => rules(allowed.audit()),
            Outcome::Refused(refused) => rules(refused.audit()),
            Outcome::PassOn | Outcome::Preflight => Vec::new(),
        };
        Self { outcome: name, code, rules }
    }
}

/// The rules that an audit record names.
fn rules(audit: &str) -> Vec<String> {
    let Ok(Value::Object(mut audit)) = serde_json::from_str(audit) else { return Vec::new() };
    let Some(Value::Array(rules)) = audit.remove("rules") else { return Vec::new() };
    rules.into_iter().filter_map(|rule| rule.as_str().map(str::to_owned)).collect()
}
