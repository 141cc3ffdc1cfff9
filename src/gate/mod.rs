//! The gate: an HTTP request in, an outcome out, with the caller fetching what it asks for in
//! between.
//!
//! The gate joins the two halves of the library: `token` and `policy` know nothing of each other.
//! It does no I/O: [`Gate::begin`] and each answer give the next [`Step`], until it is
//! [`Step::Done`]. Steps, outcomes and every byte of a response are specified in
//! `docs/policy-language.md`, section 15.
//!
//! | step | the caller |
//! |---|---|
//! | [`Step::Record`] | fetches the stored record of a credential, and answers [`RecordNeeded`] |
//! | [`Step::Facts`] | fetches facts about principal and organization, and answers [`FactsNeeded`] |
//! | [`Step::Done`] | lets the request through, or sends what [`Refused`] holds |
//!
//! No step can be left out: there is no other way to an [`Allowed`]. The whole loop is shown at
//! [`Gate`].

// A request goes through these files from the top to the bottom: `gate` reads the header and
// verifies the token, `steps` takes the record, finds the route and takes the facts, `question`
// makes the policy's request of them, and `response` or `outcome` ends it. Each file knows only
// files further down in this list:
//   gate                          header, token
//   steps                         record, route, decision
//   response                      status, headers, body of a refusal
//   audit                         the audit record
//   outcome                       what the caller gets
//   action_search                 facts without an HTTP request
//   question                      the policy's request
//   facts                         what the caller's store says
//   pending, options, http_request, shown
#![deny(clippy::wildcard_enum_match_arm)]

mod action_search;
mod audit;
mod facts;
#[expect(clippy::module_inception, reason = "the gate is the type that the module is named for")]
mod gate;
mod http_request;
mod options;
mod outcome;
mod pending;
mod question;
mod response;
mod shown;
mod steps;

pub use action_search::ActionSearch;
pub use gate::Gate;
pub use http_request::{HttpRequest, MAX_METHOD_BYTES, MAX_TARGET_BYTES};
pub use outcome::{Allowed, Outcome, Refused};
#[doc(hidden)]
pub use steps::HeldCredential;
pub use steps::{FactsNeeded, RecordNeeded, Step};

// The issuer's side says the same in the same form.
pub(crate) use audit::{write_credential, write_decision, write_principal};
pub(crate) use question::{put_circumstances, put_credential};
pub(crate) use response::problem;
