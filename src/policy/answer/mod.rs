//! Answers: a decision as a value, explained, and as the text of an AuthZEN response.

mod batch;
pub(crate) mod decision;
pub(crate) mod denial;
mod envelope;
pub(crate) mod evaluate;
pub(crate) mod explanation;
pub(crate) mod reason;
