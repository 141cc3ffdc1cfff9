//! Policies from JSON documents: read, check, compile; and test.
//!
//! Five files have the public types: `source` → `checked` or `errors`, `checked` → `suite`, and
//! `suite` → `report`.
//! What is between them goes one way:
//!
//! | step | by | gives |
//! |---|---|---|
//! | read | `tree` | trees of nodes, in which every value knows its place |
//! | check | `sections`, and for each section its file | a `model`, and test `cases` |
//! | warn | `lints` | warnings about documents without errors |
//! | write | `bundle` | the canonical bundle, from the trees |
//! | compile | `compile`, with `operands` and `places` | an image, from the model |
//! | test | `suite` by `run`, with `compare` | a report, from the cases and the policy |
//!
//! `load` takes all steps but the last. The files of sections are `schema`, `roles`, `conditions`,
//! `rules`, `routes` and `cases` (with `matrix`, `patch` and `remaining`); `literals` are in two of
//! them. They stand on `diagnostics`, which collects errors and warnings (with `suggest`), and on
//! `circles`, `fields`, `names`, `needs` and `text`. A run of the cases counts what they reach in
//! `coverage`, which has the places of `branches`.
//!
//! All of this is in the WebAssembly package, where size decides what can run. So there is one map
//! for all names (`names`) and one way to put a message together (`text`), and the steps borrow
//! what they can from the documents.

mod branches;
mod bundle;
mod cases;
mod checked;
mod circles;
mod compare;
mod compile;
mod conditions;
mod coverage;
mod diagnostics;
mod errors;
mod fields;
mod indexes;
mod lints;
mod literals;
mod load;
mod matrix;
mod model;
mod names;
mod needs;
mod operands;
mod patch;
mod places;
mod remaining;
mod report;
mod roles;
mod routes;
mod rules;
mod run;
mod schema;
mod sections;
mod source;
mod suggest;
mod suite;
mod text;
mod tree;

pub use checked::{AbsentValue, Checked};
pub use errors::Errors;
pub use report::{Branch, BranchOwner, CaseFailure, InvariantResult, RuleCoverage, TestReport};
pub use source::Source;
pub use suite::{Case, Cases};
