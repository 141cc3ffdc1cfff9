//! Who is behind an `Authorization: Bearer cog_…` header, may they do this, and why (not)?
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod crc32;
mod error;
pub mod gate;
mod json;
mod order;
pub mod policy;
mod time;
pub mod token;

pub use error::{Code, Error};
pub use time::Time;

/// The examples of the README run.
#[cfg(all(doctest, feature = "documents"))]
#[doc = include_str!("../README.md")]
struct Readme;
