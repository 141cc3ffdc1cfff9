//! Answers: a decision as a value, explained, and as the text of an AuthZEN response.

pub(crate) mod batch;
pub(crate) mod decision;
pub(crate) mod denial;
pub(crate) mod explanation;
pub(crate) mod reason;
