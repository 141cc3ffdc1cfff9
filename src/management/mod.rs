//! Management of credentials: what somebody wants to create, list, rotate or revoke becomes a
//! decision of the policy, and where it is allowed, a token and its record.
//!
//! This is the issuer's side, as [`gate`](crate::gate) is that of an API. It does no I/O, and has
//! no clock and no random source: facts, records, the time and random bytes come from the caller,
//! and what is to be stored goes back to it. Requests, refusals and audit records are specified in
//! section 18 of `docs/policy-language.md`.
//!
//! | [`Management`] | where it is allowed | then |
//! |---|---|---|
//! | [`create`](Management::create) | [`Creation`] | [`Creation::issue`] gives token and record |
//! | [`list`](Management::list) | [`Listing`] | [`Listing::shows`] says which records |
//! | [`rotate`](Management::rotate) | [`Rotation`] | [`Rotation::issue`] gives token and both records |
//! | [`revoke`](Management::revoke) | [`Revocation`] | [`Revocation::record`] is to be stored |
//!
//! What is not allowed is a [`Refusal`], which is a whole HTTP response.

// A request goes through these files from the top to the bottom. Each file knows only files further
// down in this list:
//   management                    what is asked
//   permitted                     what a request gives that is allowed
//   decided                       the policy's answer, and the audit record
//   request, facts                the policy's request
//   refusal, requester, owner, wanted
#![deny(clippy::wildcard_enum_match_arm)]

mod decided;
mod facts;
#[expect(clippy::module_inception, reason = "the module is named for what it does, as its type is")]
mod management;
mod owner;
mod permitted;
mod refusal;
mod request;
mod requester;
mod wanted;

pub use management::Management;
pub use owner::Owner;
pub use permitted::{Creation, Issued, Listing, Revocation, Rotated, Rotation};
pub use refusal::Refusal;
pub use requester::Requester;
pub use wanted::{Replacement, Wanted};
