//! What the repository's sources, tools and documents say of themselves, and of each other.
//!
//! No test here tells what the library does: a run of mutants leaves them out.

mod docs;
mod guide;
mod json_schema;
mod layers;
mod lints;
mod token_layout;
mod width;
