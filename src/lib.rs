//! Who is behind an `Authorization: Bearer cog_…` header, is the credential real, may they do this,
//! and if not, why not?
//!
//! The library does no I/O. It has no clock, no random bytes, no threads and no network: the caller
//! passes in the time, and fetches what the library asks for. It has four parts. The first two
//! know nothing of each other.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | [`token`] | 81 bytes, keys, a stored record | who acts, and that the credential is active |
//! | [`policy`] | a policy, an AuthZEN request | allow or deny, with reasons and what is missing |
//! | [`gate`] | an HTTP request, and both of the above | what to do: status, headers, body, audit |
//! | [`management`] | what a signed-in user wants to create, list, rotate or revoke | token and record, or a refusal |
//!
//! New here? [The guide](guide) leads from nothing to a guarded service, and has a table
//! "I want … → type". The meaning of everything is specified: see [the token
//! format](specification::token_format) and [the policy language](specification::policy_language).
//!
//! # Tokens
//!
//! A token says what it is, reveals typing errors, and proves its origin. An edge key is enough to
//! verify one. Whether it is still active, and whose it is, its record tells.
//!
//! ```
//! use cog_auth::{Code, Time, token::{Kind, KeyId, MINT_RANDOM_BYTES, RootKey, Token}};
//!
//! let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
//! getrandom::fill(&mut key)?;
//! getrandom::fill(&mut random)?;
//! let root = RootKey::new(KeyId::parse("01")?, &key);
//! let token = root.mint(Kind::ServiceUserKey, None, &random)?;
//!
//! let genuine = root.edge_keys().verify(token, Time::from_seconds(1_795_000_000)?)?;
//! assert!(genuine.handle().as_str().starts_with("cog_1s01000"));
//! assert_eq!(Token::parse(b"cog_1s01").unwrap_err().code(), Code::WrongLength);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Policy
//!
//! Rules permit, forbid, require or advise. Conditions are true, false or unknown. A missing
//! attribute can close a door, never open one, unless the policy declares what its absence means;
//! the explanation says what to supply.
//!
//! ```
//! # #[cfg(feature = "builtin")] {
//! use cog_auth::policy::{Denial, Policy};
//!
//! let policy = Policy::builtin();
//! let request = policy
//!     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
//!     .build();
//! let decision = request.decide();
//! assert_eq!(decision.denial(), Some(Denial::Indeterminate));
//! assert!(decision.explain().missing().iter().any(|it| it == "/context/credential/kind"));
//! # }
//! ```
//!
//! # Gate
//!
//! Ask, fetch, answer, until it is done. [`gate::Gate`] has the whole example.
//!
//! ```
//! use cog_auth::{Error, Time, gate::{Gate, HttpRequest, Outcome, Step}};
//!
//! fn decide(gate: &Gate, request: &HttpRequest<'_>, now: Time) -> Result<Outcome, Error> {
//!     let mut step = gate.begin(request, now)?;
//!     loop {
//!         step = match step {
//!             // Ask your store for the record of `needed.id()`, then call `found` or `absent`.
//!             Step::Record(needed) => needed.unavailable(),
//!             // Ask for what you know of `needed.principal()`, then call `found` or `absent`.
//!             Step::Facts(needed) => needed.unavailable(),
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
//! | `documents` | yes | policies from JSON documents, with diagnostics and test runs |
//! | `builtin` | no | the policy in `policies/` as a compiled image, `Policy::builtin` |
//! | `serde` | no | `Serialize` and `Deserialize` for what services keep and log |
//!
//! The library is `no_std` (it needs `alloc`) and has no `unsafe`. Without features it still has
//! tokens, gate and compiled images: all that an edge needs.
//!
//! # Errors and denials
//!
//! There is one error type, [`Error`]. It has a numbered [`Code`], a place where there is one, and
//! a sentence that says what to do. It holds no byte of a secret. A denial is no error but a value:
//! [`policy::Denial`], [`gate::Refused`]. No function of this library panics.
//!
//! # Limits
//!
//! Every input is bounded. Constants bound tokens, records, paths and batches
//! ([`token::Token::LEN`], [`token::MAX_RECORD_BYTES`], [`policy::MAX_PATH_BYTES`],
//! [`gate::MAX_TARGET_BYTES`] and others), and [`policy::Limits`] bounds policies and requests.
//! Section 16 of [the policy language](specification::policy_language) lists those of policies,
//! requests and the gate, and [the token format](specification::token_format) those of tokens and
//! records.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod address;
mod crypto;
mod date_time;
mod error;
pub mod gate;
mod json;
/// How this project's bindings write JSON. It is no part of the public interface.
#[doc(hidden)]
pub mod json_writer {
    pub use crate::json::Writer;
}
pub mod management;
mod order;
pub mod policy;
#[cfg(feature = "serde")]
mod serde;
mod time;
pub mod token;

pub use error::{Code, Error};
pub use time::Time;

// What follows is documentation alone: it is there for rustdoc, and no build has it. The links
// between the files are defined here first, so that they lead to these pages and not to files.

/// From nothing to a guarded service, in one story.
///
/// [token-format.md]: crate::specification::token_format
/// [policy-language.md]: crate::specification::policy_language
///
#[cfg(all(doc, not(doctest)))]
#[doc = include_str!("../docs/guide.md")]
pub mod guide {}

/// The specifications, complete enough to write a second implementation from.
#[cfg(all(doc, not(doctest)))]
pub mod specification {
    /// The token, key sets, digests, records, acceptance, rotation, the header, tokens in text.
    ///
    /// [policy-language.md]: crate::specification::policy_language
    ///
    #[doc = include_str!("../docs/token-format.md")]
    pub mod token_format {}

    /// Policy documents, requests, answers, routes, the gate.
    ///
    /// [token-format.md]: crate::specification::token_format
    ///
    #[doc = include_str!("../docs/policy-language.md")]
    pub mod policy_language {}
}

/// The examples of the README run.
#[cfg(all(doctest, feature = "documents"))]
#[doc = include_str!("../README.md")]
struct Readme;
