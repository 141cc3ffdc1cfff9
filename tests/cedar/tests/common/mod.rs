//! Asking Cedar and the library, and comparing.
#![allow(dead_code, unreachable_pub, reason = "each test file needs a part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a part of tests"
)]

#[path = "../../../it/common/cases.rs"]
pub mod cases;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, RestrictedExpression,
};
use cog_auth::Code;
use cog_auth::policy::{Policy, Source};
use cog_auth_cedar as cedar;
use cog_auth_oracle::{Oracle, Reason};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The JSON files in a folder, with their names.
pub fn json_files(folder: &Path) -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no documents in {}", folder.display());
    let read = |path: &PathBuf| (path.display().to_string(), fs::read_to_string(path).unwrap());
    paths.iter().map(read).collect()
}

/// The JSON documents in a folder.
pub fn documents(folder: &Path) -> Vec<Value> {
    json_files(folder).iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect()
}

/// The library's policy from documents.
pub fn compile(documents: &[Value]) -> Policy {
    let mut source = Source::new();
    for (index, document) in documents.iter().enumerate() {
        source.add(format!("{index}.json"), document.to_string());
    }
    source.check().unwrap_or_else(|errors| panic!("{errors}")).into_policy()
}

/// What both have to say of a request: the `decision`, and of the `context` the class, rules, the
/// codes of reasons, what is possible, and the codes of advice. Null for a malformed request.
pub type Answer = Value;

/// The library's answer.
pub fn ask_library(policy: &Policy, request: &Value) -> Answer {
    let text = request.to_string();
    let request = match policy.request(text.as_bytes()) {
        Ok(request) => request,
        Err(error) => {
            assert_eq!(error.code(), Code::MalformedRequest, "{error}");
            return Value::Null;
        }
    };
    let answer: Value = serde_json::from_str(&request.decide().explain().to_json()).unwrap();
    let context = &answer["context"];
    let codes = |list: &Value| -> Vec<Value> {
        list.as_array().into_iter().flatten().map(|reason| reason["code"].clone()).collect()
    };
    let rules = context["rules"].as_array().cloned().unwrap_or_default();
    json!({
        "decision": answer["decision"],
        "class": context["class"],
        "rules": rules,
        "reasons": codes(&context["reasons"]),
        "possible": context["possible"].as_array().cloned().unwrap_or_default(),
        "advice": codes(&context["advice"]),
    })
}

/// The oracle's answer, which is written in Rust as the translation is in Cedar.
pub fn ask_oracle(oracle: &Oracle, request: &Value) -> Answer {
    let Ok(answer) = oracle.answer(request) else { return Value::Null };
    let codes = |reasons: &[Reason]| reasons.iter().map(|it| json!(it.code)).collect::<Vec<_>>();
    json!({
        "decision": answer.decision,
        "class": answer.class,
        "rules": answer.rules,
        "reasons": codes(&answer.reasons),
        "possible": answer.possible,
        "advice": codes(&answer.advice),
    })
}

/// A translated policy, ready to be asked.
pub struct Guarded {
    policy: cedar::Policy,
    decision: PolicySet,
    questions: PolicySet,
}

impl Guarded {
    pub fn new(documents: &[Value]) -> Result<Self, cedar::TooLong> {
        let policy = cedar::Policy::new(documents);
        let translation = policy.translate()?;
        Ok(Self {
            policy,
            decision: policies(&translation.decision),
            questions: policies(&translation.questions),
        })
    }

    /// Cedar's answer, put together as section 8 says.
    pub fn ask(&self, request: &Value) -> Answer {
        let Some(prepared) = self.policy.prepare(request) else {
            return Value::Null;
        };
        let known = Known::new(&prepared);
        let allowed = known.ask(&self.decision);
        let questions = known.ask(&self.questions);
        for answer in [&allowed, &questions] {
            assert_eq!(answer.errors, 0, "a guarded policy errs: {request}");
        }
        let rules = |question: &str| questions.rules(&self.questions, Some(question));
        let [granted, grantable, forbidden, required, advised] =
            ["granted", "grantable", "forbidden", "required", "advised"].map(rules);
        let (class, rules) = if allowed.decision {
            (None, granted)
        } else if !forbidden.is_empty() {
            (Some("forbidden"), forbidden)
        } else if !required.is_empty() {
            (Some("requirement"), required)
        } else if grantable.is_empty() {
            (Some("no_grant"), Vec::new())
        } else {
            // What Cedar denies by are here the forbids that are unknown and the requires that are
            // violated.
            let mut rules = allowed.rules(&self.decision, None);
            if granted.is_empty() {
                rules.extend(grantable);
            }
            rules.sort();
            (Some("indeterminate"), rules)
        };
        let codes = self.policy.codes(&rules);
        let (reasons, possible) = match class {
            Some("no_grant") if !prepared.action_is_declared => {
                (vec![json!("unknown_action")], Vec::new())
            }
            Some("no_grant") if prepared.resource_is_of_another_type => {
                (vec![json!("wrong_resource_type")], Vec::new())
            }
            Some("no_grant") => (vec![json!("no_grant")], Vec::new()),
            Some("indeterminate") => (vec![json!("incomplete_request")], codes),
            None | Some(_) => (codes, Vec::new()),
        };
        json!({
            "decision": allowed.decision,
            "class": class,
            "rules": rules,
            "reasons": reasons,
            "possible": possible,
            "advice": self.policy.codes(&advised),
        })
    }

    /// What Cedar, with another policy set, makes of a request as this translation prepares it.
    pub fn ask_other(&self, policies: &PolicySet, request: &Value) -> Outcome {
        Known::new(&self.policy.prepare(request).unwrap()).ask(policies)
    }

    /// A request as it is prepared for Cedar.
    pub fn known(&self, request: &Value) -> Known {
        Known::new(&self.policy.prepare(request).unwrap())
    }
}

/// A policy set from its text.
pub fn policies(text: &str) -> PolicySet {
    PolicySet::from_str(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

/// What Cedar knows of a request.
pub struct Known {
    pub entities: Vec<Entity>,
    pub variables: [EntityUid; 3],
    pub context: HashMap<String, RestrictedExpression>,
}

/// What Cedar says of it.
pub struct Outcome {
    pub decision: bool,
    /// How many policies were skipped because they erred.
    pub errors: usize,
    satisfied: Vec<cedar_policy::PolicyId>,
}

impl Known {
    fn new(request: &cedar::Request) -> Self {
        let principal = uid("Subject", &request.subject);
        let action = uid("Action", &request.action);
        let resource = uid("Resource", &request.resource);
        let group = uid("Action", "any declared");
        let groups = HashSet::from_iter(request.action_is_declared.then_some(group));
        let entity = |uid: &EntityUid, attributes: &Map<String, Value>| {
            Entity::new(uid.clone(), expressions(attributes), HashSet::new()).unwrap()
        };
        Self {
            entities: vec![
                entity(&principal, &request.principal),
                Entity::new_no_attrs(action.clone(), groups),
                entity(&resource, &request.resource_attributes),
            ],
            variables: [principal, action, resource],
            context: expressions(&request.context),
        }
    }

    fn ask(&self, policies: &PolicySet) -> Outcome {
        let [principal, action, resource] = self.variables.clone();
        let context = Context::from_pairs(self.context.clone()).unwrap();
        let entities = Entities::from_entities(self.entities.clone(), None).unwrap();
        let request =
            cedar_policy::Request::new(principal, action, resource, context, None).unwrap();
        let response = Authorizer::new().is_authorized(&request, policies, &entities);
        Outcome {
            decision: response.decision() == Decision::Allow,
            errors: response.diagnostics().errors().count(),
            satisfied: response.diagnostics().reason().cloned().collect(),
        }
    }
}

impl Outcome {
    /// The rules behind the policies that decided, sorted.
    fn rules(&self, policies: &PolicySet, question: Option<&str>) -> Vec<String> {
        let mut rules: Vec<String> = self
            .satisfied
            .iter()
            .filter(|id| policies.annotation(id, "asks") == question)
            .map(|id| policies.annotation(id, "id").unwrap().to_owned())
            .collect();
        rules.sort();
        rules
    }
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).unwrap(), EntityId::new(id))
}

fn expressions(members: &Map<String, Value>) -> HashMap<String, RestrictedExpression> {
    members.iter().map(|(name, value)| (name.clone(), expression(value))).collect()
}

fn expression(value: &Value) -> RestrictedExpression {
    match value {
        Value::Bool(value) => RestrictedExpression::new_bool(*value),
        Value::Number(number) => RestrictedExpression::new_long(number.as_i64().unwrap()),
        Value::String(text) => RestrictedExpression::new_string(text.clone()),
        Value::Array(items) => RestrictedExpression::new_set(items.iter().map(expression)),
        Value::Object(members) if members.contains_key("__extn") => {
            RestrictedExpression::new_ip(value["__extn"]["arg"].as_str().unwrap())
        }
        Value::Object(members) => RestrictedExpression::new_record(expressions(members)).unwrap(),
        Value::Null => panic!("Cedar has no null"),
    }
}

/// Runs a test where there is stack for deep conditions: Cedar's parser and evaluator are
/// recursive.
pub fn with_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(test).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}
