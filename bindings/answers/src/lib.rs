//! What the bindings answer as JSON, each shape once: the same members in every language.
//!
//! | function | what it writes |
//! |---|---|
//! | [`error`] | an error: code, name, sentence, place |
//! | [`step`] | where a run of the gate stands: a question, or the outcome |
//! | [`step_without_texts`], [`texts`] | the same in two parts: what is JSON itself is not escaped |
//! | [`route`] | the route of a method and a target, or why there is none |
//! | [`accepted`] | what an accepted token vouches for |
//! | [`finding`] | a token in a text: where, and in which encodings; [`genuine`] or not |
//! | [`place`], [`handle`] | two parts of that, where it is the whole |
//!
//! Each writes the members of an object that the caller has begun. A member without a value is left
//! out. Times are seconds since the epoch.
#![no_std]
#![forbid(unsafe_code)]

mod accepted;
mod error;
mod finding;
mod route;
mod step;

pub use accepted::accepted;
pub use error::{error, failure};
pub use finding::{finding, genuine, handle, place};
pub use route::route;
pub use step::{step, step_without_texts, texts};

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
