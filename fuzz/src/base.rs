//! What the properties stand on: the built-in policy, and the keys, tokens, records and facts of
//! `tests/cases/gate/base.json`.

use crate::root;
use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::{Policy, Source};
use cog_auth::token::{EdgeKeys, Peppers};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// The time at which everything plays.
pub(crate) const NOW: u64 = 1_795_000_000;

pub(crate) static BASE: LazyLock<Base> = LazyLock::new(Base::load);

pub(crate) struct Base {
    pub(crate) json: Value,
    /// The documents of the built-in policy, `tests` too.
    pub(crate) documents: Vec<Value>,
    pub(crate) policy: Policy,
    pub(crate) edge_keys: Arc<EdgeKeys>,
    pub(crate) peppers: Arc<Peppers>,
}

impl Base {
    fn load() -> Self {
        let json = parsed(&root().join("tests/cases/gate/base.json"));
        let set = |name: &str| json[name].to_string().into_bytes();
        let documents: Vec<Value> =
            json_files(&root().join("policies")).into_iter().map(|(_, value)| value).collect();
        Self {
            policy: source(documents.iter().map(Value::to_string)).check().unwrap().into_policy(),
            edge_keys: EdgeKeys::from_json(&set("edge_keys")).unwrap().into(),
            peppers: Peppers::from_json(&set("peppers")).unwrap().into(),
            documents,
            json,
        }
    }

    pub(crate) fn places(&self) -> [Gate; 2] {
        [
            Gate::at_edge(self.policy.clone(), self.edge_keys.clone()),
            Gate::at_origin(self.policy.clone(), self.edge_keys.clone(), self.peppers.clone()),
        ]
    }

    /// The token of this name.
    pub(crate) fn token(&self, name: &str) -> &str {
        self.json["tokens"][name]["token"].as_str().unwrap()
    }

    /// A text with `{name}` replaced by the token of that name.
    pub(crate) fn filled(&self, text: &str) -> String {
        let tokens = self.json["tokens"].as_object().unwrap();
        tokens.keys().fold(text.to_owned(), |text, name| {
            text.replace(&format!("{{{name}}}"), self.token(name))
        })
    }
}

pub(crate) fn time(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

/// What a store answers.
pub(crate) type Answer<'a> = Option<&'a [u8]>;

/// Drives a request to its outcome, each question answered so; none is absent.
pub(crate) fn drive(
    gate: &Gate,
    request: &HttpRequest<'_>,
    record: Answer<'_>,
    facts: Answer<'_>,
) -> Outcome {
    let mut step = gate.begin(request, time(NOW)).unwrap();
    loop {
        step = match (step, record, facts) {
            (Step::Record(needed), Some(text), _) => needed.found(text, Some(time(NOW))),
            (Step::Record(needed), None, _) => needed.absent(),
            (Step::Facts(needed), _, Some(text)) => needed.found(text),
            (Step::Facts(needed), _, None) => needed.absent(),
            (Step::Done(outcome), ..) => return outcome,
        };
    }
}

/// Texts as a policy source, named by their place.
pub(crate) fn source<T: AsRef<[u8]>>(texts: impl IntoIterator<Item = T>) -> Source {
    let mut source = Source::new();
    for (index, text) in texts.into_iter().enumerate() {
        source.add(format!("{index}.json"), text);
    }
    source
}

/// All JSON files below a folder, sorted by their paths.
pub(crate) fn json_files(folder: &Path) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                found.push((path.clone(), name));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no JSON files in {}", folder.display());
    found.into_iter().map(|(path, name)| (name, parsed(&path))).collect()
}

pub(crate) fn parsed(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap()
}
