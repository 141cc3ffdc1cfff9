//! What the tests of the gate share.

use crate::common::{root, source};
use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Policy;
use cog_auth::token::{EdgeKeys, Peppers};
use serde_json::Value;
use std::fs;
use std::sync::Arc;

/// `tests/cases/gate/base.json`: keys, tokens, records and facts by name.
pub struct Base {
    pub json: Value,
    pub policy: Policy,
    pub edge_keys: Arc<EdgeKeys>,
    pub peppers: Arc<Peppers>,
}

impl Base {
    pub fn load() -> Self {
        let text = fs::read_to_string(root().join("tests/cases/gate/base.json")).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let set = |name: &str| json[name].to_string().into_bytes();
        Self {
            policy: source(&root().join("policies")).check().unwrap().into_policy(),
            edge_keys: EdgeKeys::from_json(&set("edge_keys")).unwrap().into(),
            peppers: Peppers::from_json(&set("peppers")).unwrap().into(),
            json,
        }
    }

    pub fn edge(&self) -> Gate {
        Gate::at_edge(self.policy.clone(), self.edge_keys.clone())
    }

    pub fn origin(&self) -> Gate {
        Gate::at_origin(self.policy.clone(), self.edge_keys.clone(), self.peppers.clone())
    }

    /// The token of this name.
    pub fn token(&self, name: &str) -> &str {
        self.json["tokens"][name]["token"].as_str().unwrap()
    }

    /// The text of a record, as the store has it.
    pub fn record(&self, name: &str) -> String {
        self.json["records"][name].to_string()
    }

    pub fn facts(&self, name: &str) -> String {
        self.json["facts"][name].to_string()
    }

    /// The text with `{name}` replaced by the token of that name, and `{policy}` by the policy's
    /// digest.
    pub fn fill(&self, text: &str) -> String {
        let mut text = text.replace("{policy}", &self.policy.digest().to_hex());
        for (name, token) in self.json["tokens"].as_object().unwrap() {
            text = text.replace(&format!("{{{name}}}"), token["token"].as_str().unwrap());
        }
        text
    }
}

/// The time at which most cases play.
pub fn now() -> Time {
    time(1_795_000_000)
}

pub fn time(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

/// What a store answers.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    Found(&'a [u8]),
    Absent,
    Unavailable,
}

/// Drives one request to its outcome, both questions answered so. `see` is shown every step.
pub fn drive(
    gate: &Gate,
    request: &HttpRequest<'_>,
    now: Time,
    (record, facts): (Answer<'_>, Answer<'_>),
    mut see: impl FnMut(&Step<'_>),
) -> Outcome {
    let mut step = gate.begin(request, now).unwrap();
    loop {
        see(&step);
        step = match (step, record, facts) {
            (Step::Record(needed), Answer::Found(text), _) => needed.found(text, Some(now)),
            (Step::Record(needed), Answer::Absent, _) => needed.absent(),
            (Step::Record(needed), Answer::Unavailable, _) => needed.unavailable(),
            (Step::Facts(needed), _, Answer::Found(text)) => needed.found(text),
            (Step::Facts(needed), _, Answer::Absent) => needed.absent(),
            (Step::Facts(needed), _, Answer::Unavailable) => needed.unavailable(),
            (Step::Done(outcome), _, _) => return outcome,
        };
    }
}

/// The outcome in a word: what it is, and the code of a refusal.
pub fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Allowed(allowed) => format!("allowed {}", allowed.action()),
        Outcome::Refused(refused) => format!("{} {}", refused.status(), refused.code().name()),
        Outcome::PassOn => String::from("pass on"),
        Outcome::Preflight => String::from("preflight"),
    }
}
