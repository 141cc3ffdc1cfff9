//! `libcogauth`: cog-auth for C, and through C for every other language.
//!
//! The contract stands at the head of `include/cogauth.h`, which is made of this crate's own
//! comments. Each file holds a part of the header, from the memory of the caller up to the gate:
//!
//! | file | holds |
//! |---|---|
//! | `guard`, `failure`, `error` | the way in, what goes wrong, what a caller learns of it |
//! | `memory`, `handle` | the caller's memory, and the library's |
//! | `abi` | versions, texts of codes, wiping |
//! | `tokens`, `keys`, `text`, `acceptance` | tokens, key sets, headers and logs, records |
//! | `policies` | compiled policies |
//! | `gates`, `exchanges`, `outcomes` | the gate, one request on its way through it, what comes of it |
//! | `request`, `exchange_state` | what an exchange holds meanwhile |
//! | `root_keys`, `drafts`, `records` | the full build: keys, tokens and records of issuers |
//! | `documents` | the full build: policies from documents |
//! | `decoding` | the full build: tokens in what is encoded |
//! | `runtime`, `module` | what a build without a standard library brings itself |
#![cfg_attr(not(feature = "std"), no_std)]
#![allow(unsafe_code, reason = "pointers of callers can be used in no other way")]
#![deny(
    unsafe_op_in_unsafe_fn,
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block
)]
#![allow(non_camel_case_types, reason = "types have the names of the header")]

extern crate alloc;

// What stands behind all functions.
mod error;
mod exchange_state;
mod failure;
mod guard;
mod handle;
mod memory;
mod request;

// The functions, in the order of the header.
mod abi;

mod keys;

mod tokens;

mod text;

mod acceptance;

mod policies;

mod gates;

mod exchanges;

mod outcomes;

#[cfg(feature = "full")]
mod root_keys;

#[cfg(feature = "full")]
mod drafts;

#[cfg(feature = "full")]
mod records;

#[cfg(feature = "full")]
mod documents;

#[cfg(feature = "full")]
mod decoding;

// What a build without a standard library brings itself, and what the WebAssembly twin needs.
#[cfg(target_arch = "wasm32")]
mod module;
#[cfg(not(feature = "std"))]
mod runtime;

/// A number that is not known, a time that is none.
pub const COGAUTH_NONE: u64 = u64::MAX;

pub use abi::*;
pub use acceptance::*;
#[cfg(feature = "full")]
pub use decoding::*;
#[cfg(feature = "full")]
pub use documents::*;
#[cfg(feature = "full")]
pub use drafts::*;
pub use error::cogauth_error;
pub use exchanges::*;
pub use gates::*;
pub use keys::*;
pub use memory::cogauth_slice;
#[cfg(target_arch = "wasm32")]
pub use module::*;
pub use outcomes::*;
pub use policies::*;
#[cfg(feature = "full")]
pub use records::*;
#[cfg(feature = "full")]
pub use root_keys::*;
pub use text::*;
pub use tokens::*;
