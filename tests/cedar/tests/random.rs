//! Random policies and requests: Cedar answers as the library does.
//!
//! `CEDAR_POLICIES` says how many policies, `CEDAR_SEED` the first seed.
#![cfg(test)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail, and tells its figures"
)]

mod common;

use cog_auth_oracle::{Oracle, Random, Vocabulary, generate};
use common::{Guarded, ask_library, ask_oracle, compile, documents, root, with_stack};
use serde_json::Value;
use std::collections::BTreeMap;

/// Enough for every class to come up often, and few enough for a debug build.
const POLICIES: u64 = 300;

/// The requests that are asked of each random policy, of the ten that it comes with.
const REQUESTS: usize = 5;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// How often each class was the answer.
#[derive(Default)]
struct Tally(BTreeMap<String, u64>);

impl Tally {
    fn count(&mut self, answer: &Value) {
        let class = match (answer.is_null(), answer["class"].as_str()) {
            (true, _) => "malformed",
            (false, None) => "allowed",
            (false, Some(class)) => class,
        };
        *self.0.entry(class.to_owned()).or_default() += 1;
    }

    /// Nobody was asked easy questions alone: each answer came up in at least one of a hundred
    /// requests.
    fn assert_varied(&self) {
        let all: u64 = self.0.values().sum();
        for class in ["allowed", "forbidden", "requirement", "no_grant", "indeterminate"] {
            let count = self.0.get(class).copied().unwrap_or_default();
            assert!(count * 100 >= all, "{class}: {count} of {all}");
        }
    }
}

#[test]
fn cedar_answers_random_requests_to_random_policies() {
    with_stack(|| {
        let first = number("CEDAR_SEED").unwrap_or(0);
        let count = number("CEDAR_POLICIES").unwrap_or(POLICIES);
        let mut tally = Tally::default();
        let mut too_long = 0;
        for seed in first..first + count {
            let case = generate(seed);
            let (library, oracle) = (compile(&case.documents), Oracle::new(&case.documents));
            let Ok(guarded) = Guarded::new(&case.documents) else {
                too_long += 1;
                continue;
            };
            for request in case.requests.iter().take(REQUESTS) {
                let answer = guarded.ask(request);
                assert_eq!(answer, ask_oracle(&oracle, request), "seed {seed}: {request}");
                assert_eq!(answer, ask_library(&library, request), "seed {seed}: {request}");
                tally.count(&answer);
            }
        }
        println!("{count} policies from seed {first}, {too_long} too long: {:?}", tally.0);
        assert!(too_long * 100 <= count, "{too_long} left out");
        tally.assert_varied();
    });
}

#[test]
fn cedar_answers_random_requests_to_the_built_in_policy() {
    with_stack(|| {
        let first = number("CEDAR_SEED").unwrap_or(0);
        let count = number("CEDAR_POLICIES").unwrap_or(POLICIES);
        let built_in = documents(&root().join("policies"));
        let (library, guarded) = (compile(&built_in), Guarded::new(&built_in).unwrap());
        let vocabulary = Vocabulary::of(&built_in);
        let random = &mut Random::new(first);
        let mut tally = Tally::default();
        for index in 0..count {
            let request = vocabulary.request(random);
            let answer = guarded.ask(&request);
            assert_eq!(answer, ask_library(&library, &request), "{index} of {first}: {request}");
            tally.count(&answer);
        }
        println!("{count} requests from seed {first}: {:?}", tally.0);
    });
}
