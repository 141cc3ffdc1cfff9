//! Random policies, and random requests for a policy.

mod attributes;
mod conditions;
mod many;
mod policy;
mod random;
mod requests;
mod text;
mod texts;
mod vocabulary;

pub use random::Random;
pub use vocabulary::Vocabulary;

use serde_json::Value;

/// A policy and requests for it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The documents of the policy, which is valid.
    pub documents: Vec<Value>,
    /// Requests: of a single evaluation mostly, some with `evaluations`, some malformed.
    pub requests: Vec<Value>,
}

/// The case of a seed: a policy and fifteen requests.
#[must_use]
pub fn generate(seed: u64) -> Case {
    let random = &mut Random::new(seed);
    let documents = policy::documents(random);
    let vocabulary = Vocabulary::of(&documents);
    let requests = (0..15).map(|_| vocabulary.request(random)).collect();
    Case { documents, requests }
}
