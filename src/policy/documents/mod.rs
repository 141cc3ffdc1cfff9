//! Policies from JSON documents: read, check, compile; and test.
//!
//! A user meets four types here: `Source` takes the texts, `Source::check` gives `Checked` or
//! `Errors`, and `Checked` gives the policy and its test `Cases`. What is between goes one way, and
//! `load` takes the steps:
//!
//! | step | by | gives |
//! |---|---|---|
//! | read | `tree` | trees of nodes, in which every value knows its place |
//! | check | `checks`, and `cases` for what tests documents | a `model` |
//! | warn | `lints` | warnings about documents without errors |
//! | write | `bundle` | the canonical bundle, from the trees |
//! | compile | `compile`, with `places`, `operands` and `indexes` | an image, from the model |
//! | test | `cases` | a report, from the test cases and the policy |
//!
//! The steps stand on `diagnostics`, which collects errors and warnings (with `suggest`), and on
//! `fields`, `names` and `text`.
//!
//! All of this is in the WebAssembly package, where size decides what can run. So there is one map
//! for all names (`names`) and one way to put a message together (`text`), and the steps borrow
//! what they can from the documents.

mod bundle;
mod cases;
mod checked;
mod checks;
mod compile;
mod diagnostics;
mod errors;
mod fields;
mod indexes;
mod lints;
mod load;
mod model;
mod names;
mod operands;
mod places;
mod source;
mod suggest;
mod text;
mod tree;

pub use cases::{
    Branch, BranchOwner, Case, CaseFailure, Cases, InvariantResult, RuleCoverage, TestReport,
};
pub use checked::{AbsentValue, Checked};
pub use errors::Errors;
pub use source::Source;
