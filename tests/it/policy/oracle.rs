//! The library against an evaluator written from the specification alone, on random policies and
//! requests.
//!
//! `ORACLE_CASES` says how many requests are compared, `ORACLE_SEED` the first seed;
//! `cargo xtask oracle` runs many.

use crate::common::{documents, json_files, root};
use cog_auth::policy::Policy;
use cog_auth::{Code, Error};
use cog_auth_oracle::{Atoms, Malformed, Oracle, Outcome, Random, Vocabulary, generate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

const CASES: u64 = 10_000;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

fn cases() -> u64 {
    number("ORACLE_CASES").unwrap_or(CASES)
}

fn first_seed() -> u64 {
    number("ORACLE_SEED").unwrap_or(0)
}

fn compile(policy: &[Value]) -> Result<Policy, Error> {
    let texts: Vec<String> = policy.iter().map(Value::to_string).collect();
    Ok(documents(texts.iter().map(String::as_str)).check()?.into_policy())
}

fn told<T>(answer: Result<T, Error>, text: impl FnOnce(T) -> String) -> String {
    match answer {
        Ok(answer) => text(answer),
        Err(error) => {
            assert_eq!(error.code(), Code::MalformedRequest, "{error}");
            "malformed".to_owned()
        }
    }
}

fn expected<T>(answer: Result<T, Malformed>, text: impl FnOnce(T) -> String) -> String {
    answer.map_or("malformed".to_owned(), text)
}

/// A way to ask both about a request and its text: what the library says, and what the oracle says.
type View = fn(&Policy, &Oracle, &Value, &str) -> [String; 2];

fn decided(policy: &Policy, oracle: &Oracle, request: &Value, text: &str) -> [String; 2] {
    let digest = policy.digest().to_string();
    let scope = |helps: bool| if helps { " a scope would help" } else { "" };
    [
        told(policy.request(text.as_bytes()), |request| {
            let explanation = request.decide().explain();
            explanation.to_json() + scope(explanation.insufficient_scope().is_some())
        }),
        expected(oracle.answer(request), |answer| {
            answer.to_json(&digest) + scope(answer.curable_by_scope)
        }),
    ]
}

fn evaluated(policy: &Policy, oracle: &Oracle, request: &Value, text: &str) -> [String; 2] {
    let digest = policy.digest().to_string();
    [
        told(policy.evaluate(text.as_bytes()), |text| text),
        expected(oracle.batch(request), |outcome: Outcome| outcome.to_json(&digest)),
    ]
}

fn searched(policy: &Policy, oracle: &Oracle, request: &Value, text: &str) -> [String; 2] {
    [
        told(policy.search_actions(text.as_bytes()), |text| text),
        expected(oracle.search(request), |found| {
            let found: Vec<Value> = found.into_iter().map(|it| json!({ "name": it })).collect();
            json!({ "results": found }).to_string()
        }),
    ]
}

/// What remains of a policy and a request when all is dropped without which they still differ.
fn shrunk(policy: &[Value], request: &Value, view: View) -> Value {
    let differs = |case: &Value| {
        let policy = case["policy"].as_array().unwrap();
        let (oracle, request) = (Oracle::new(policy), &case["request"]);
        compile(policy).is_ok_and(|compiled| {
            let [library, oracle] = view(&compiled, &oracle, request, &request.to_string());
            library != oracle
        })
    };
    let mut case = json!({ "policy": policy, "request": request });
    if !differs(&case) {
        return "nothing differs with the members of the request in sorted order".into();
    }
    loop {
        let mut places = Vec::new();
        droppable(&case, &mut vec![], &mut places);
        let smaller = places.iter().filter(|place| place.len() > 1).find_map(|place| {
            let mut smaller = case.clone();
            remove(&mut smaller, place);
            differs(&smaller).then_some(smaller)
        });
        match smaller {
            Some(smaller) => case = smaller,
            None => return case,
        }
    }
}

fn droppable(value: &Value, here: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(i, it)| (i.to_string(), it)).collect()
        }
        _ => return,
    };
    for (name, value) in below {
        here.push(name);
        places.push(here.clone());
        droppable(value, here, places);
        here.pop();
    }
}

fn remove(value: &mut Value, place: &[String]) {
    match (value, place) {
        (Value::Object(members), [name]) => drop(members.remove(name)),
        (Value::Array(items), [index]) => drop(items.remove(index.parse().unwrap())),
        (Value::Object(members), [name, rest @ ..]) => remove(&mut members[name], rest),
        (Value::Array(items), [index, rest @ ..]) => {
            remove(&mut items[index.parse::<usize>().unwrap()], rest);
        }
        _ => panic!("no place {place:?}"),
    }
}

/// A policy, as the two read it.
struct Subject {
    documents: Vec<Value>,
    policy: Policy,
    oracle: Oracle,
}

impl Subject {
    fn new(documents: Vec<Value>) -> Self {
        let policy = compile(&documents).unwrap_or_else(|it| panic!("{it}\n{}", json!(documents)));
        let oracle = Oracle::new(&documents);
        Self { documents, policy, oracle }
    }
}

/// How the answers are spread.
#[derive(Default)]
struct Spread {
    classes: BTreeMap<&'static str, u64>,
    /// How many answers have these members, or this reason.
    members: BTreeMap<&'static str, u64>,
    atoms: Atoms,
    requests: u64,
    policies: u64,
}

impl Spread {
    fn compare(&mut self, seed: u64, subject: &Subject, request: &Value, text: &str) {
        let Subject { documents, policy, oracle } = subject;
        let mut views: Vec<View> = vec![decided];
        // One in four of the others, told by the text: a search costs as much as all actions do.
        if self.requests.is_multiple_of(4)
            || request.get("evaluations").or(request.get("options")).is_some()
        {
            views.push(evaluated);
        }
        if text.len() % 4 == 1 {
            views.push(searched);
        }
        for view in views {
            let [library, expected] = view(policy, oracle, request, text);
            assert!(
                library == expected,
                "seed {seed}\nlibrary: {library}\noracle:  {expected}\nrequest: {text}\npolicy:  {}\nshrunk:  {}",
                json!(documents),
                shrunk(documents, request, view),
            );
        }
        let class = match oracle.answer_counting(request, &mut self.atoms) {
            Ok(answer) => {
                let has = |code: &str| answer.reasons.iter().any(|reason| reason.code == code);
                for (member, is_there) in [
                    ("possible", !answer.possible.is_empty()),
                    ("missing", !answer.missing.is_empty()),
                    ("unusable", !answer.unusable.is_empty()),
                    ("link", answer.reasons.iter().any(|reason| reason.link.is_some())),
                    ("wrong_resource_type", has("wrong_resource_type")),
                ] {
                    *self.members.entry(member).or_default() += u64::from(is_there);
                }
                answer.class.unwrap_or("allow")
            }
            Err(Malformed) => "malformed",
        };
        *self.classes.entry(class).or_default() += 1;
        self.requests += 1;
    }

    fn per_mille(&self, class: &str) -> u64 {
        self.classes.get(class).copied().unwrap_or_default() * 1_000 / self.requests.max(1)
    }

    fn tell(&self, title: &str, started: Instant) {
        let share = |part: u64, whole: u64| {
            let tenths = part * 1_000 / whole.max(1);
            format!("{}.{} %", tenths / 10, tenths % 10)
        };
        println!(
            "{title}: {} requests, {} policies, 0 differences, {:?}",
            self.requests,
            self.policies,
            started.elapsed()
        );
        for (class, count) in self.classes.iter().chain(&self.members) {
            println!("  {class}: {count} ({})", share(*count, self.requests));
        }
        let Atoms { known_true, known_false, unknown } = self.atoms;
        let all = known_true + known_false + unknown;
        println!(
            "  atoms: {all}, true {}, false {}, unknown {}",
            share(known_true, all),
            share(known_false, all),
            share(unknown, all)
        );
    }
}

#[test]
fn random_policies_are_decided_as_the_text_says() {
    let started = Instant::now();
    let mut spread = Spread::default();
    for seed in first_seed().. {
        let case = generate(seed);
        let subject = Subject::new(case.documents);
        spread.policies += 1;
        let mut random = Random::new(seed);
        for request in &case.requests {
            let text = random.text(request);
            spread.compare(seed, &subject, request, &text);
        }
        if spread.requests >= cases() {
            break;
        }
    }
    spread.tell("random policies", started);
    if spread.requests >= CASES {
        for class in ["allow", "forbidden", "requirement", "no_grant", "indeterminate"] {
            assert!(spread.per_mille(class) >= 50, "too few of the class {class}");
        }
        assert!(spread.per_mille("malformed") >= 10, "too few malformed requests");
        for (member, count) in &spread.members {
            assert!(count * 100 >= spread.requests, "too few answers with {member}");
        }
        let Atoms { known_true, known_false, unknown } = spread.atoms;
        let tenth = (known_true + known_false + unknown) / 10;
        assert!(known_true.min(known_false).min(unknown) >= tenth, "{:?}", spread.atoms);
    }
}

#[test]
fn the_built_in_policy_is_decided_as_the_text_says() {
    let started = Instant::now();
    let files = json_files(&root().join("policies"));
    let documents: Vec<Value> =
        files.iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect();
    let vocabulary = Vocabulary::of(&documents);
    let subject = Subject::new(documents);
    let mut spread = Spread { policies: 1, ..Spread::default() };
    for seed in (first_seed()..).take(usize::try_from(cases() / 20).unwrap()) {
        let mut random = Random::new(seed);
        let request = vocabulary.request(&mut random);
        let text = random.text(&request);
        spread.compare(seed, &subject, &request, &text);
    }
    spread.tell("built-in policy", started);
}

/// Adds actions to a policy until it has more than 256: then the words of the derived sets are
/// worked out as they are asked for, unless some action implies others.
fn widen(documents: &mut [Value], implications: bool) {
    let schemas = documents.iter_mut().filter_map(|it| it.pointer_mut("/schema/actions"));
    for (document, actions) in schemas.filter_map(Value::as_object_mut).enumerate() {
        if !implications {
            actions.values_mut().filter_map(Value::as_object_mut).for_each(|action| {
                action.remove("implies");
            });
        }
        for number in 0..300 {
            // Before and behind the actions that are there, and between them.
            let letter = ["0", "D", "R", "z"][number % 4];
            let level = [json!({}), json!({"level": "account"}), json!({"level": "organization"})];
            actions.insert(format!("{letter}{document}_{number}"), level[number % 3].clone());
        }
    }
}

#[test]
fn policies_of_many_actions_are_decided_as_the_text_says() {
    let mut spread = Spread::default();
    // The oracle looks at each of the many actions, which takes it long.
    let policies = (cases() / 1_000).min(500);
    for seed in 0..policies {
        let mut case = generate(first_seed() + seed);
        widen(&mut case.documents, seed % 4 == 0);
        // Where an attribute had the actions' values, it is of another type now.
        let Ok(policy) = compile(&case.documents) else { continue };
        let oracle = Oracle::new(&case.documents);
        let subject = Subject { documents: case.documents, policy, oracle };
        assert!(subject.policy.actions().count() > 256);
        for request in &case.requests {
            spread.compare(seed, &subject, request, &request.to_string());
        }
        spread.policies += 1;
    }
    assert!(spread.policies >= policies / 5, "only {}", spread.policies);
    for class in ["allow", "no_grant", "indeterminate"] {
        assert!(spread.per_mille(class) >= 20, "{class}: {}", spread.per_mille(class));
    }
}
