//! Answers: a decision as a value, and as the text of an AuthZEN response.

pub(crate) mod batch;
pub(crate) mod decision;
