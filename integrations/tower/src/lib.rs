// The examples of the README are tested with all features.
#![cfg_attr(any(not(doctest), feature = "axum"), doc = include_str!("../README.md"))]
#![forbid(unsafe_code)]

// A request goes through these files from the top to the bottom. Each file knows only files further
// down in this list:
//   extract                       axum's extractors
//   layer, service                tower's part: which request is judged, where it goes then
//   setup                         what a layer was told
//   guard                         the gate's loop over its steps
//   live_gate, shadow             which gate decides, and which one decides beside it
//   stores                        asking a store: in time, and whatever it does
//   grpc, answer                  a refusal as a response
//   refusal                       why a request ends here
//   target, client_address, forwarded, trusted_proxies
//                                 what is judged of a request
//   audit                         where audit records go
//   granted                       what handlers are told
//   telemetry                     names in spans, events and metrics
pub mod audit;

mod answer;
mod client_address;
#[cfg(feature = "axum")]
mod extract;
mod forwarded;
mod granted;
mod grpc;
mod guard;
mod layer;
mod live_gate;
mod refusal;
mod service;
mod setup;
mod shadow;
mod stores;
mod target;
mod telemetry;
mod trusted_proxies;

pub use answer::{Answer, ProblemJson};
pub use client_address::{ClientAddress, Peer};
#[cfg(feature = "axum")]
pub use extract::Missing;
pub use forwarded::ForwardedField;
pub use granted::{Allowed, Credential, Principal, Undecided};
pub use grpc::GrpcStatus;
pub use guard::Guard;
pub use layer::GuardLayer;
pub use live_gate::LiveGate;
pub use refusal::Refusal;
pub use service::Guarded;
pub use shadow::Differences;
pub use trusted_proxies::{NotANetwork, TrustedProxies};
