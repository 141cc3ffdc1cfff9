//! What the layer promises, at real servers where that matters.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test stops where it fails"
)]

mod addresses;
mod audit;
mod axum;
mod base;
mod examples;
mod grpc;
mod hostile;
mod http;
mod server;
mod shadow;
mod stores;
mod swap;
mod telemetry;
