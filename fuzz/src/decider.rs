//! What a policy must answer: docs/policy-language.md, sections 6, 8 to 11, by an evaluator that is
//! not the library's.

use crate::base::BASE;
use crate::json::{Json, Reading, read};
use crate::malformed::{is_malformed, pointers};
use cog_auth::policy::{MAX_BATCH_BYTES, MAX_EVALUATIONS, MAX_REQUEST_BYTES, Policy};
use cog_auth_oracle::Oracle;
use serde_json::{Value, json};
use std::sync::LazyLock;

pub(crate) static BUILTIN: LazyLock<Decider> =
    LazyLock::new(|| Decider::new(BASE.policy.clone(), &BASE.documents));

/// Of how many actions one is looked at in a search.
const ASKED_EVERY: usize = 6;

/// A policy, with its documents as they are.
pub(crate) struct Decider {
    policy: Policy,
    oracle: Oracle,
    pointers: Vec<Vec<String>>,
}

/// What must come of a request to `evaluate`.
enum Expected {
    Malformed,
    /// Near a limit that the value does not show.
    Unsure,
    Answer(Value),
}

impl Decider {
    pub(crate) fn new(policy: Policy, documents: &[Value]) -> Self {
        Self { pointers: pointers(documents), oracle: Oracle::new(documents), policy }
    }

    pub(crate) fn pointers(&self) -> &[Vec<String>] {
        &self.pointers
    }

    /// The library answers this text as it must, in every way to ask.
    pub(crate) fn agrees(&self, text: &[u8]) {
        self.single(text);
        self.batch(text);
        self.search(text);
    }

    /// One request.
    pub(crate) fn single(&self, text: &[u8]) {
        let request = self.policy.request(text);
        if let Err(error) = &request {
            assert_eq!(error.code().name(), "malformed_request");
            assert!(error.offset().is_none_or(|at| at <= text.len()));
        }
        let Some(json) = reading(text) else {
            assert!(request.is_err());
            return;
        };
        let Some(json) = json else { return };
        assert_eq!(request.is_err(), is_malformed(&json, &self.pointers, false), "{request:?}");
        let Ok(request) = request else { return };
        let decision = request.decide();
        let explanation = decision.explain();
        let answer: Value = serde_json::from_str(&explanation.to_json()).unwrap();
        assert_eq!(decision.is_allowed(), answer["decision"] == true);
        assert_eq!(decision.denial(), explanation.denial());
        let expected = self.oracle.answer(&json.value()).expect("a request");
        assert_eq!(explanation.to_json(), expected.to_json(&self.policy.digest().to_hex()));
        assert_eq!(explanation.insufficient_scope().is_some(), expected.curable_by_scope);
    }

    /// One request, or many in a batch.
    pub(crate) fn batch(&self, text: &[u8]) {
        let found = self.policy.evaluate(text);
        let Some(json) = reading(text) else {
            assert!(found.is_err());
            return;
        };
        let Some(json) = json else { return };
        match (self.expected(&json, text.len()), found) {
            (Expected::Malformed, Err(error)) => {
                assert_eq!(error.code().name(), "malformed_request")
            }
            (Expected::Answer(expected), Ok(found)) => {
                assert_eq!(serde_json::from_str::<Value>(&found).unwrap(), expected);
            }
            (Expected::Unsure, _) => {}
            (Expected::Malformed, Ok(found)) => panic!("malformed, and answered with {found}"),
            (Expected::Answer(expected), Err(error)) => panic!("{error}, and not {expected}"),
        }
    }

    /// A search for actions.
    pub(crate) fn search(&self, text: &[u8]) {
        let found = self.policy.search_actions(text);
        let Some(json) = reading(text) else {
            assert!(found.is_err());
            return;
        };
        let Some(json) = json else { return };
        assert_eq!(found.is_err(), is_malformed(&json, &self.pointers, true), "{found:?}");
        let Ok(found) = found else { return };
        let results: Value = serde_json::from_str(&found).unwrap();
        let names: Vec<&str> = results["results"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|r| r["name"].as_str())
            .collect();
        assert_eq!(results, json!({ "results": json_names(&names) }));
        assert!(names.is_sorted());
        let mut request = json.value();
        let own = self.policy.action_search(text).unwrap();
        // The other evaluator is slow: the text says which few actions it is asked for.
        let first = crc32fast::hash(text) as usize % ASKED_EVERY;
        for (index, action) in self.policy.actions().enumerate() {
            assert_eq!(own.decide_as(action).is_allowed(), names.contains(&action), "{action}");
            if index % ASKED_EVERY == first {
                request["action"] = json!({ "name": action });
                let answer = self.answer(&request).unwrap();
                assert_eq!(answer["decision"] == true, names.contains(&action), "{action}");
            }
        }
    }

    /// The other evaluator's answer; none where it takes the request for malformed.
    pub(crate) fn answer(&self, request: &Value) -> Option<Value> {
        let answer = self.oracle.answer(request).ok()?;
        serde_json::from_str(&answer.to_json(&self.policy.digest().to_hex())).ok()
    }

    /// Section 11, *Batch*.
    fn expected(&self, json: &Json, bytes: usize) -> Expected {
        if !json.is_object() || json.has_twins() {
            return Expected::Malformed;
        }
        let options = json.member("options");
        let semantic = options.and_then(|options| options.member("evaluations_semantic"));
        let semantic = semantic.map_or(Some("execute_all"), Json::text);
        let known = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"];
        let Some(semantic) = semantic.filter(|semantic| known.contains(semantic)) else {
            return Expected::Malformed;
        };
        if options.is_some_and(|options| !options.is_object() || options.has_twins()) {
            return Expected::Malformed;
        }
        let items = match json.member("evaluations") {
            None => &[][..],
            Some(Json::Array(items)) => items,
            Some(_) => return Expected::Malformed,
        };
        if items.is_empty() {
            let malformed = is_malformed(json, &self.pointers, false);
            let answer = self.answer(&json.value());
            return if malformed { Expected::Malformed } else { Expected::Answer(answer.unwrap()) };
        }
        if items.len() > MAX_EVALUATIONS {
            return Expected::Malformed;
        }
        if items.len() * bytes > MAX_BATCH_BYTES {
            return Expected::Unsure;
        }
        let mut answers = Vec::new();
        for item in items {
            let answer = self.item(json, item);
            let allowed = answer["decision"] == true;
            answers.push(answer);
            if semantic == if allowed { "permit_on_first_permit" } else { "deny_on_first_deny" } {
                break;
            }
        }
        Expected::Answer(json!({ "evaluations": answers }))
    }

    fn item(&self, batch: &Json, item: &Json) -> Value {
        let parts = ["subject", "action", "resource", "context"].into_iter().filter_map(|name| {
            let part = item.member(name).or_else(|| batch.member(name))?;
            Some((name.to_owned(), part.clone()))
        });
        let request = Json::Object(parts.collect());
        if !item.is_object() || item.has_twins() || is_malformed(&request, &self.pointers, false) {
            let policy = self.policy.digest().to_hex();
            return json!({ "decision": false, "context": { "class": "malformed", "policy": policy } });
        }
        self.answer(&request.value()).unwrap()
    }
}

fn json_names(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({ "name": name })).collect()
}

/// What a text says, within the limits of requests; none for no JSON, and none within where
/// `serde_json` cannot say.
fn reading(text: &[u8]) -> Option<Option<Json>> {
    match read(text, MAX_REQUEST_BYTES, 32) {
        Reading::Json(json) => Some(Some(json)),
        Reading::Unsure => Some(None),
        Reading::Refused => None,
    }
}
