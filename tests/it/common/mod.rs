//! What several tests need.

pub mod cases;
mod files;
pub mod gate;
pub mod places;
pub mod rich;
pub mod simple;

pub use files::{documents, errors_of, json_files, root, source};
