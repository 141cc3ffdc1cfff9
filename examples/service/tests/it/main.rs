//! The stories that the service tells, over a socket, as a browser and as programs live them.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may fail"
)]

mod account_settings;
mod administrators;
mod narrowed;
mod sessions;
mod start;
mod visitor;
