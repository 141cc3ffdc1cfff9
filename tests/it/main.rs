//! The tests of the library, in one binary: `cargo test --all-features --test it policy::` runs
//! those of policies alone. A test that needs a process of its own is a binary beside this one.
//!
//! What needs a policy made from documents is left out where the library has no features.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "a test may fail, and shows its figures"
)]

#[cfg(feature = "documents")]
mod builtin;
#[cfg(feature = "documents")]
mod common;
#[cfg(feature = "documents")]
mod gate;
#[cfg(feature = "documents")]
mod management;
#[cfg(feature = "documents")]
mod policy;
#[cfg(feature = "documents")]
mod repository;
#[cfg(all(feature = "documents", feature = "builtin", feature = "serde"))]
mod serde;
mod token;
