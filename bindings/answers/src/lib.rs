//! What the bindings answer as JSON, each shape once: the same members in every language.
//!
//! | function | what it writes |
//! |---|---|
//! | [`error`] | an error: code, name, sentence, place |
//! | [`step`] | where a run of the gate stands: a question, or the outcome |
//! | [`step_without_texts`], [`texts`] | the same in two parts: what is JSON itself is not escaped |
//! | [`route`] | the route of a method and a target, or why there is none |
//! | [`accepted`] | what an accepted token vouches for |
//!
//! Each writes the members of an object that the caller has begun. A member without a value is left
//! out. Times are seconds since the epoch.
#![no_std]
#![forbid(unsafe_code)]

mod accepted;
mod error;
mod route;
mod step;

pub use accepted::accepted;
pub use error::{error, failure};
pub use route::route;
pub use step::{step, step_without_texts, texts};
