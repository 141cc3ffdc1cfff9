//! What several tests need.

pub mod cases;
mod files;
pub mod gate;
pub mod places;
pub mod rich;
pub mod rich_facts;
pub mod simple;
pub mod truth;

pub use files::{documents, errors_of, json_files, root, source};
