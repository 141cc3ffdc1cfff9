//! Policies: documents or a compiled image in, decisions with reasons out.
//!
//! `docs/policy-language.md` specifies the language. A policy decides [`Request`]s, which are
//! AuthZEN evaluation requests. It does so in three-valued logic: an attribute that is missing can
//! close a door, but never open one, unless the policy declares what its absence means.
//!
//! | I want … | with |
//! |---|---|
//! | to write a policy in JSON, and test it | `Source`, `Checked`, `Cases`, `Errors` (feature `documents`) |
//! | to load a compiled policy | [`Policy::from_image`], [`Policy::from_image_expecting`] |
//! | to answer AuthZEN texts with texts | [`Policy::evaluate`], [`Policy::search_actions`] |
//! | to read a request from JSON | [`Policy::request`], [`Policy::action_search`] |
//! | to build a request in Rust | [`Policy::build_request`], [`RequestBuilder`], [`Value`] |
//! | to know if a request is allowed | [`Request::decide`], [`Decision`], [`Denial`] |
//! | to know what else would be allowed | [`Request::decide_as`], [`Request::allowed_actions`] |
//! | to know why, and what is missing | [`Decision::explain`], [`Explanation`], [`Reason`], [`Unusable`] |
//! | to know what an HTTP request asks for | [`Policy::route`], [`Route`], [`RouteError`] |
//! | to pin a policy to a digest | [`PolicyDigest`], [`ImageDigest`] |
//! | to bound how much is read | [`Limits`] |
//!
//! To read the sources, begin with `policy.rs` and `vocabulary.rs`. Go on in the order in which a
//! request passes through: `request/` reads it, `engine/` evaluates the rules, and `answer/` says
//! what came out. All of them look things up in the compiled policy, which `image/` reads and
//! `documents/` makes. `routes/` stands apart: it finds the action of an HTTP request.

#![deny(clippy::wildcard_enum_match_arm)]

mod answer;
mod digest;
#[cfg(feature = "documents")]
mod documents;
mod engine;
mod image;
mod limits;
#[expect(clippy::module_inception, reason = "each public type has a file of its own name")]
mod policy;
mod request;
mod routes;
mod truth;
pub(crate) mod vocabulary;

pub use answer::decision::Decision;
pub use answer::denial::Denial;
pub use answer::explanation::Explanation;
pub use answer::reason::Reason;
pub use digest::{ImageDigest, PolicyDigest};
#[cfg(feature = "documents")]
pub use documents::{
    AbsentValue, Branch, BranchOwner, Case, CaseFailure, Cases, Checked, Errors, InvariantResult,
    RuleCoverage, Source, TestReport,
};
pub use engine::lack::Unusable;
pub use engine::missing::MAX_MISSING;
pub use limits::{Limits, MAX_ANSWER_BYTES, MAX_BATCH_BYTES, MAX_EVALUATIONS, MAX_REQUEST_BYTES};
pub use policy::Policy;
pub use request::{Attribute, Request, RequestBuilder, Value};
pub(crate) use routes::is_origin_form;
pub use routes::{MAX_PATH_BYTES, MAX_SEGMENTS, Route, RouteError, RouteParameter, RouteResource};

pub(crate) use answer::reason::write_reasons;
pub(crate) use request::{Attributes, ReadBuffers, RequestPart};
