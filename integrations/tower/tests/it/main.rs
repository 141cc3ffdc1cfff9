//! What the layer promises, at real servers where that matters.

mod addresses;
mod audit;
mod axum;
mod base;
mod grpc;
mod hostile;
mod http;
mod server;
mod shadow;
mod stores;
mod swap;
mod telemetry;
