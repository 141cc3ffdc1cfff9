//! Tokens: making, reading, verifying and accepting them, and what is stored of them.
//!
//! A token rises through levels of certainty, each a type made from the one before:
//!
//! | type | made by | needs | says |
//! |---|---|---|---|
//! | [`Token`] | [`Token::parse`] | nothing | it has the shape of a token: no typing error, no random text |
//! | [`Genuine`] | [`EdgeKeys::verify`] | the edge key | it was made here and not changed |
//! | [`AcceptedAtEdge`] | [`Genuine::accept_at_edge`] | the record | it is active, on the word of the record store |
//! | [`AcceptedAtOrigin`] | [`Genuine::accept_at_origin`] | the record, the pepper | it is active, on the issuer's own word |
//!
//! Nothing here reads a clock, a file or random bytes: the caller supplies them.

mod accept;
mod alphabet;
mod checksum;
mod day;
mod digest;
mod header;
mod id;
mod key_set;
mod key_set_json;
mod keys;
mod kind;
mod layout;
mod mint;
mod parse;
mod record;
mod record_json;
mod rotate;
mod scan;
mod scopes;
mod strict;
mod verify;

pub use accept::{AcceptedAtEdge, AcceptedAtOrigin};
pub use day::Day;
pub use digest::{Digest, EdgeDigest, MAX_PRINCIPAL_BYTES};
pub use header::{Authorization, authorization};
pub use id::{CredentialId, Handle, KeyId};
pub use key_set::{EdgeKeys, KeySet, Peppers, RootKeys};
pub use key_set_json::KeySetJson;
pub use keys::{EdgeKey, Key, Pepper, RootKey};
pub use kind::Kind;
pub use mint::MINT_RANDOM_BYTES;
pub use parse::Token;
pub use record::{MAX_NAME_BYTES, Record, RecordDraft};
pub use scan::{Found, redact, scan};
pub use scopes::{MAX_SCOPE_BYTES, Scopes};
pub use strict::{MAX_RECORD_BYTES, MAX_RECORD_DEPTH};
pub use verify::Genuine;

pub(crate) use accept::{Accepted, EdgeStore, Voucher};
pub(crate) use scan::{find_prefix, redacted};
