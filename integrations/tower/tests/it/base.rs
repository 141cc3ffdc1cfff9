//! What the tests share: keys, tokens, records and facts of `tests/cases/gate/base.json`.

use cog_auth::Time;
use cog_auth::gate::Gate;
use cog_auth::policy::{Policy, Source};
use cog_auth::token::{CredentialId, EdgeKeys, Peppers};
use cog_auth_stores::{FactsQuery, FactsStore, RecordStore, Revision, StoredRecord, Unavailable};
use cog_auth_tower::Guard;
use cog_auth_tower::audit::AuditSink;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn now() -> Time {
    Time::from_seconds(1_795_000_000).unwrap()
}

pub(crate) struct Base {
    pub(crate) json: Value,
}

impl Base {
    pub(crate) fn load() -> Self {
        let text = fs::read_to_string(root().join("tests/cases/gate/base.json")).unwrap();
        Self { json: serde_json::from_str(&text).unwrap() }
    }

    pub(crate) fn edge_keys(&self) -> EdgeKeys {
        EdgeKeys::from_json(self.json["edge_keys"].to_string().as_bytes()).unwrap()
    }

    pub(crate) fn edge(&self) -> Gate {
        Gate::at_edge(Policy::builtin(), self.edge_keys())
    }

    pub(crate) fn origin(&self) -> Gate {
        let peppers = Peppers::from_json(self.json["peppers"].to_string().as_bytes()).unwrap();
        Gate::at_origin(Policy::builtin(), self.edge_keys(), peppers)
    }

    pub(crate) fn bearer(&self, token: &str) -> String {
        format!("Bearer {}", self.json["tokens"][token]["token"].as_str().unwrap())
    }

    /// Stores that have this record and these facts, whatever they are asked for.
    pub(crate) fn stores(&self, record: &str, facts: &str) -> (Fixed, Fixed) {
        let text = |kind: &str, name: &str| Fixed(self.json[kind][name].to_string().into());
        (text("records", record), text("facts", facts))
    }

    /// A guard of the key `key`, whose principal may see the sessions of `org-a`.
    pub(crate) fn guard(&self) -> Guard<Fixed, Fixed> {
        let (records, facts) = self.stores("key", "service_user");
        Guard::new(self.edge(), records, facts).with_clock(now)
    }
}

/// A store that has one text.
#[derive(Clone)]
pub(crate) struct Fixed(Arc<str>);

impl RecordStore for Fixed {
    async fn record(&self, _: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
        Ok(Some(StoredRecord::new(self.0.clone(), now(), Revision::new(1))))
    }
}

impl FactsStore for Fixed {
    async fn facts(&self, _: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
        Ok(Some(self.0.clone()))
    }
}

/// A sink that keeps the records, to be looked at.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Vec<Value>>);

impl Kept {
    /// Takes out what was kept since the last time.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl AuditSink for Kept {
    fn record(&self, record: &str) {
        assert!(!record.contains('\n'), "{record:?}");
        self.0.lock().unwrap().push(serde_json::from_str(record).unwrap());
    }
}

/// The built-in policy with one rule more.
pub(crate) fn policy_with(rule: &str) -> Policy {
    let mut source = Source::new();
    for entry in fs::read_dir(root().join("policies")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            source.add(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    source.add("one-more.json", format!(r#"{{"v": 1, "rules": [{rule}]}}"#));
    source.check().unwrap().into_policy()
}
