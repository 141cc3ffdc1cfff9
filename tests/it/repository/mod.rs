//! The repository itself: its sources, tools, documents and policies are as they say.

mod docs;
mod json_schema;
mod layers;
mod lints;
mod policies;
