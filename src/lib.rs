//! Who is behind an `Authorization: Bearer cog_…` header, is the credential real, may they do this, and why (not)?
//!
//! The library answers without any I/O: it has no clock, no random bytes, no threads and no network. The caller fetches what
//! it asks for. It has three parts, and the first two know nothing of each other:
//!
//! | module | takes | gives | specified in |
//! |---|---|---|---|
//! | [`token`] | 81 bytes, keys, a stored record | who acts, and that the credential is genuine and active | `docs/token-format.md` |
//! | [`policy`] | a policy, an AuthZEN request | allow or deny, with rules, reasons and what is missing | `docs/policy-language.md` |
//! | [`gate`] | an HTTP request, both of the above | what to do with it: status, headers, body, audit record | `docs/policy-language.md`, section 15 |
//!
//! # Tokens
//!
//! A token says what it is, finds typing errors, and proves its origin. Verifying one needs the edge key alone; whether it
//! is still active, and whose it is, says its record ([`token::Genuine::accept_at_edge`]).
//!
//! ```
//! use cog_auth::{Code, Time, token::{Kind, KeyId, RootKey, Token}};
//!
//! let root = RootKey::new(KeyId::parse("01")?, &[7; 32]); // from a random source
//! let token = root.mint(Kind::ServiceUserKey, None, &[42; 64])?; // fresh random bytes each time
//! let keys = root.edge_keys();
//! let genuine = keys.verify(token, Time::from_seconds(1_795_000_000)?)?;
//! assert_eq!(genuine.handle().as_str(), "cog_1s01000gggggggggggg");
//! assert_eq!(Token::parse(b"cog_1s01").unwrap_err().code(), Code::WrongLength);
//! # Ok::<(), cog_auth::Error>(())
//! ```
//!
//! # Policy
//!
//! Rules permit, forbid, require or advise; conditions are true, false or unknown. A missing attribute can close a door,
//! never open one, and [`policy::Explanation::missing`] says what to supply.
//!
//! ```
//! # #[cfg(feature = "builtin")] {
//! use cog_auth::policy::{Denial, Policy};
//!
//! let policy = Policy::builtin();
//! let request = policy.build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a")).build();
//! let decision = request.decide();
//! assert_eq!(decision.denial(), Some(Denial::Indeterminate));
//! assert!(decision.explain().missing().contains(&"/context/credential/kind".to_string()));
//! # }
//! ```
//!
//! # Gate
//!
//! Ask, fetch, answer, until it is done: [`gate::Gate`] has the whole example.
//!
//! ```
//! use cog_auth::{Error, Time, gate::{Gate, HttpRequest, Outcome, Step}};
//!
//! fn decide(gate: &Gate, request: &HttpRequest<'_>, now: Time) -> Result<Outcome, Error> {
//!     let mut step = gate.begin(request, now)?;
//!     loop {
//!         step = match step {
//!             Step::Record(needed) => needed.unavailable(), // or `found` with what your store has for `needed.id()`
//!             Step::Facts(needed) => needed.unavailable(),  // or `found` with what you know of `needed.principal()`
//!             Step::Done(outcome) => return Ok(outcome),
//!         };
//!     }
//! }
//! ```
//!
//! # Features
//!
//! | feature | default | gives |
//! |---|---|---|
//! | `documents` | yes | policies from JSON documents, with diagnostics and test runs: [`policy::Source`] |
//! | `builtin` | no | the policy in `policies/`, as a compiled image: `Policy::builtin` |
//!
//! The library is `no_std` (it needs `alloc`), has no `unsafe`, and without features still has tokens, gate and compiled
//! images: all that an edge needs.
//!
//! # Errors and denials
//!
//! There is one error type, [`Error`], with a numbered [`Code`], a place where there is one, and a sentence that says what
//! to do. It holds no byte of a secret. A denial is no error but a value: [`policy::Denial`], [`gate::Refused`]. Nothing
//! here panics.
//!
//! # Limits
//!
//! Every input is bounded, by constants ([`token::Token::LEN`], [`token::MAX_RECORD_BYTES`], [`policy::MAX_REQUEST_BYTES`],
//! [`policy::MAX_EVALUATIONS`], [`policy::MAX_BATCH_BYTES`], [`policy::MAX_PATH_BYTES`], [`policy::MAX_SEGMENTS`]) and, for
//! policies, by [`policy::Limits`]. All are listed in section 16 of `docs/policy-language.md` and in `docs/token-format.md`.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod crypto;
mod error;
pub mod gate;
mod json;
/// How this project's bindings write JSON. It is no part of the public interface.
#[doc(hidden)]
pub mod json_writer {
    pub use crate::json::Writer;
}
mod order;
pub mod policy;
#[cfg(feature = "serde")]
mod serde;
mod time;
pub mod token;

pub use error::{Code, Error};
pub use time::Time;

/// The examples of the README run.
#[cfg(all(doctest, feature = "documents"))]
#[doc = include_str!("../README.md")]
struct Readme;
