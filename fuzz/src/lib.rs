//! Properties of `cog-auth` that hold for any bytes: one module a subject, each with `check`, which
//! panics where they do not.
//!
//! What is expected comes from the specifications, read again here without the library: that is why
//! the modules have small readers of their own.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a property that does not hold panics, and nothing else depends on this crate"
)]

pub mod audit;
pub mod batch;
pub mod bundle;
pub mod documents;
pub mod facts;
pub mod generated;
pub mod header;
pub mod image;
pub mod key_set;
pub mod path;
pub mod record;
pub mod redact;
pub mod request;
pub mod route;
pub mod scan;
pub mod search;
pub mod seeds;
pub mod token;

mod base;
mod canonical;
mod decider;
mod json;
mod malformed;
mod matcher;
mod sample;
mod spelling;
mod weight;

#[cfg(test)]
mod made_up;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod time;

use std::path::PathBuf;

/// A property: panics where it does not hold for these bytes.
pub type Check = fn(&[u8]);

/// Every target with its property and the longest input that is worth trying. `cargo xtask fuzz`
/// reads these lines.
pub const TARGETS: [(&str, Check, usize); 17] = [
    ("audit", audit::check, 1_024),
    ("batch", batch::check, 8_192),
    ("bundle", bundle::check, 16_384),
    ("documents", documents::check, 16_384),
    ("facts", facts::check, 4_096),
    ("generated", generated::check, 64),
    ("header", header::check, 512),
    ("image", image::check, 4_096),
    ("key_set", key_set::check, 1_024),
    ("path", path::check, 1_024),
    ("record", record::check, 4_096),
    ("redact", redact::check, 1_024),
    ("request", request::check, 4_096),
    ("route", route::check, 1_024),
    ("scan", scan::check, 1_024),
    ("search", search::check, 4_096),
    ("token", token::check, 128),
];

/// The program of a target, in `fuzz_targets`: with cargo-fuzz, libFuzzer's.
#[cfg(fuzzing)]
#[macro_export]
macro_rules! target {
    ($property:ident) => {
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $crate::$property::check(bytes));
    };
}

/// The program of a target, in `fuzz_targets`: without cargo-fuzz, it checks the files that its
/// arguments name.
#[cfg(not(fuzzing))]
#[macro_export]
macro_rules! target {
    ($property:ident) => {
        fn main() -> std::io::Result<()> {
            for path in std::env::args_os().skip(1) {
                $crate::$property::check(&std::fs::read(path)?);
            }
            Ok(())
        }
    };
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
