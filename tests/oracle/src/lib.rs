//! A second opinion on the policy language, and random cases to ask both for theirs.
//!
//! [`Oracle`] is written from `docs/policy-language.md` alone, as naively as that reads: no index,
//! no interning, straight on JSON values. It knows nothing of the library, and assumes a policy
//! that the library accepts.
//!
//! [`generate`](fn@generate) makes a policy and requests from a seed.
//!
//! `serde_json` sees no duplicate member names and no length of a text, so neither does the oracle:
//! requests that are malformed for these must be tested elsewhere, and are not generated.
//!
//! ```
//! let case = cog_auth_oracle::generate(7);
//! let oracle = cog_auth_oracle::Oracle::new(&case.documents);
//! for request in &case.requests {
//!     if let Ok(answer) = oracle.answer(request) {
//!         println!("{}", answer.to_json("digest"));
//!     }
//! }
//! ```
#![allow(clippy::indexing_slicing, reason = "a JSON value without a member is null")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    reason = "a tool of the tests may fail"
)]

mod answer;
mod batch;
mod bounds;
mod decide;
mod derived;
mod evaluate;
mod generate;
mod policy;
mod truth;

pub use answer::{Answer, Malformed, Reason};
pub use batch::Outcome;
pub use evaluate::Atoms;
pub use generate::{Case, Random, Vocabulary, generate};
pub use policy::{Oracle, pointer};
