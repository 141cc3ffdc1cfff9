//! Tokens: minting, parsing, verifying and accepting them, and the records that issuers store.
//!
//! A token that comes with a request passes three checks. Each has a result type of its own, which
//! only that check can make from the result of the one before. So no check can be skipped:
//!
//! 1. [`Token::parse`] makes a [`Token`]. It has the form of a token and its checksum fits: it is
//!    no typing error and no random text.
//! 2. [`EdgeKeys::verify`] makes a [`Genuine`]. The issuer minted it, and no byte was changed
//!    since.
//! 3. [`Genuine::accept_at_edge`] makes an [`AcceptedAtEdge`] with the token's record, and
//!    [`Genuine::accept_at_origin`] an [`AcceptedAtOrigin`] with the record and the peppers. The
//!    token is active, and it is known to whom it belongs: at an edge on the word of the record
//!    store, at an origin proven by a digest that only the issuer can make.
//!
//! An issuer has a [`RootKey`], mints tokens with it ([`RootKey::mint`]), and stores a [`Record`]
//! of each ([`RecordDraft`]). From the root key come the [`EdgeKeys`] and the [`Peppers`].
//!
//! Nothing here reads a clock, a file or random bytes: the caller supplies them. The format is
//! specified in `docs/token-format.md`.

// In reading order, by what a file is about. Files use those of groups above theirs.
//
// Integers are added and multiplied with methods, since `+` panics on overflow in a debug build and
// the lint table of Cargo.toml forbids what may panic. `saturating_…` stands for an ordinary sum,
// which never comes near the limit. `wrapping_…` is arithmetic modulo a power of two, and is meant.

// The bytes of a token: where its fields are, base 62, and the checksum.
mod alphabet;
mod checksum;
mod layout;

// What the fields say.
mod expiry_day;
mod handle;
mod id;
mod kind;

// Keys and sets of keys, and how a strict JSON object is read.
mod key;
mod key_set;
mod peppers;
mod strict;

// A token that was parsed, and its digests.
mod digest;
mod parsed;

// What is stored of a token: the record, and the lists in it.
mod record;
mod record_draft;
mod record_fields;
mod record_json;
mod record_merge;
mod rotation;
mod scopes;
mod text_lists;

// Verifying and accepting a token.
mod accepted;
mod digest_check;
mod edge_keys;
mod genuine;

// Minting.
mod mint;
mod root_key;
mod root_keys;

// Where tokens are found: in a header, in any text.
mod header;
mod text;

pub use accepted::{AcceptedAtEdge, AcceptedAtOrigin};
pub use digest::MAX_PRINCIPAL_BYTES;
pub use edge_keys::EdgeKeys;
pub use expiry_day::ExpiryDay;
pub use genuine::Genuine;
pub use handle::Handle;
pub use header::{Authorization, authorization};
pub use id::{CredentialId, KeyId};
pub use kind::Kind;
pub use mint::MINT_RANDOM_BYTES;
pub use parsed::Token;
pub use peppers::Peppers;
pub use record::Record;
pub use record_draft::RecordDraft;
pub use record_fields::{MAX_ADDRESSES, MAX_NAME_BYTES};
pub use root_key::RootKey;
pub use root_keys::RootKeys;
pub use rotation::{MAX_GRACE_SECONDS, RotationLimits};
pub use scopes::{MAX_SCOPE_BYTES, Scopes};
pub use strict::{MAX_RECORD_BYTES, MAX_RECORD_DEPTH};
pub use text::{
    Certainty, DecodingRedactor, DecodingScanner, Encoding, Finding, RedactingWriter, Redactor,
    Scanner, redact, redact_decoding, scan, scan_decoding, scan_from,
};

pub(crate) use accepted::Accepted;
pub(crate) use digest_check::{DigestCheck, EdgeDigestCheck};
pub(crate) use text::{Joins, redacted, redacted_text};
