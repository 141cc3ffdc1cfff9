//! Policies from JSON documents: read, check, compile.
//!
//! ```text
//! source ── load ─┬─ tree              a document as a tree, in which every value knows its place
//!                 ├─ sections          checks all documents together, and fills a `model`:
//!                 │    schema, roles, conditions, rules, routes, cases (with patch)
//!                 ├─ bundle            writes the canonical bundle
//!                 └─ compile           writes the model as an image
//! checked ── run                       runs the test cases that `cases` read
//!
//! errors, report                       what comes out of the two
//! diagnostics, fields, names, text     what the checks stand on
//! ```
//!
//! Each step uses only what stands below it. What this code weighs in a WebAssembly module decides
//! where it can run, so there is one map for all names (`names`), one way to put a message together
//! (`text`), and what was read is borrowed from the documents.

mod bundle;
mod cases;
mod checked;
mod compile;
mod conditions;
mod diagnostics;
mod errors;
mod fields;
mod load;
mod model;
mod names;
mod patch;
mod report;
mod roles;
mod routes;
mod rules;
mod run;
mod schema;
mod sections;
mod source;
mod text;
mod tree;

pub use checked::Checked;
pub use errors::Errors;
pub use report::{CaseFailure, InvariantResult, RuleCoverage, TestReport};
pub use source::Source;
