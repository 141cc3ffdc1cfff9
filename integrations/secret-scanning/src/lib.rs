//! Answers the alerts of GitHub's secret scanning about tokens that leaked.
//!
//! GitHub sends a request for tokens that it found in public places: a JSON array, signed with
//! ECDSA over P-256 and SHA-256. This crate checks the signature and says of each token whether it
//! is one of ours. It does no I/O:
//!
//! 1. The service that gets the request makes an [`Alert`] of its body and two headers.
//! 2. It looks up GitHub's public key with [`Alert::key_id`], at
//!    `https://api.github.com/meta/public_keys/secret_scanning`, and keeps it for the next time.
//! 3. [`Alert::verify`] checks the signature, and gives the [`Leak`]s.
//! 4. [`Leak::judge`] asks the edge keys. What is ours is revoked, by the id in its handle, and its
//!    owner is told.
//! 5. [`feedback`] makes the body of the response, which tells GitHub what was found for nothing.
//!
//! ```
//! use cog_auth::{Time, token::EdgeKeys};
//! use cog_auth_secret_scanning::{Alert, Refusal, Verdict, feedback};
//!
//! fn answer(
//!     body: &[u8],
//!     [key_id, signature]: [&str; 2],
//!     public_key: impl Fn(&str) -> Option<String>,
//!     keys: &EdgeKeys,
//!     now: Time,
//! ) -> Result<String, Refusal> {
//!     let alert = Alert::new(body, key_id, signature)?;
//!     let key = public_key(alert.key_id()).ok_or(Refusal::UnknownKey)?;
//!     let judged: Vec<_> = alert.verify(&key)?.into_iter().map(|leak| {
//!         let verdict = leak.judge(keys, now);
//!         if let Verdict::Ours(handle) = verdict {
//!             println!("revoke {}, which leaked at {}", handle.id(), leak.url());
//!         }
//!         (leak, verdict)
//!     }).collect();
//!     Ok(feedback(&judged))
//! }
//! ```
#![forbid(unsafe_code)]

mod alert;
mod leak;

pub use alert::{Alert, MAX_BODY_BYTES, Refusal};
pub use leak::{Leak, Verdict, feedback};
