//! What the npm package `cog-auth` calls: one export for each operation, and no other way in.
//!
//! An export takes the slot of what it works on (a key set or a policy, 0 where it needs none) and
//! the length of its arguments, which JavaScript wrote to the address that [`input`] returned, in
//! the form that `arguments.rs` reads. What comes back is at least 0: the length in bytes of the
//! answer at [`output`], or the answer itself where that is a number. Less than 0 is a failure: the
//! answer is the error, as JSON, and its length is the number without its sign.
//!
//! The module imports nothing. Times are seconds since the epoch.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod answer;
mod arguments;
#[cfg(feature = "full")]
mod at_edge;
#[cfg(feature = "full")]
mod decisions;
#[cfg(feature = "full")]
mod decoding;
#[cfg(feature = "full")]
mod documents;
#[cfg(feature = "edge")]
mod exchange;
mod failure;
#[cfg(feature = "edge")]
mod gate;
#[cfg(feature = "full")]
mod issuer;
#[cfg(feature = "edge")]
mod policies;
#[cfg(any(feature = "full", feature = "text"))]
mod redaction;
#[cfg(target_arch = "wasm32")]
mod runtime;
mod state;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "keys")]
mod tokens;

use wasm_bindgen::prelude::wasm_bindgen;

/// The address of room for this many bytes of arguments; 0 if that is more than is ever taken.
#[wasm_bindgen]
pub fn input(length: u32) -> u32 {
    state::input(length)
}

/// The address of the last answer.
#[wasm_bindgen]
pub fn output() -> u32 {
    state::output()
}

/// Forgets what is in a slot; keys are wiped.
#[wasm_bindgen]
pub fn unload(slot: u32) {
    state::unload(slot);
}

/// Each line: the export, and the function that does it.
macro_rules! exports {
    ($($(#[$attribute:meta])* $name:ident => $operation:path;)*) => {$(
        $(#[$attribute])*
        #[wasm_bindgen]
        #[must_use]
        pub fn $name(slot: u32, length: u32) -> i32 {
            state::call(slot, length, $operation)
        }
    )*};
}

#[cfg(any(feature = "full", feature = "text"))]
exports! {
    /// Cuts what looks like a token to its handle.
    redact => redaction::redact;
    /// Cuts what looks like a token to its handle, in encodings too.
    redact_decoding => redaction::redact_decoding;
}

#[cfg(feature = "text")]
exports! {
    /// Begins a text of which tokens are cut out.
    load_redactor => text::load_redactor;
    /// Begins a text of which tokens are cut out, in encodings too.
    load_decoding_redactor => text::load_decoding_redactor;
    /// Cuts tokens out of the next piece.
    redactor_push => text::redactor_push;
    /// Cuts tokens out of the rest.
    redactor_finish => text::redactor_finish;
    /// Begins a text in which tokens are found.
    load_scanner => text::load_scanner;
    /// Begins a text in which tokens are found, in encodings too.
    load_decoding_scanner => text::load_decoding_scanner;
    /// Finds tokens in the next piece.
    scanner_push => text::scanner_push;
    /// Finds tokens in the rest.
    scanner_finish => text::scanner_finish;
}

#[cfg(feature = "keys")]
exports! {
    /// Loads a key set for edges.
    load_edge_keys => tokens::load_edge_keys;
    /// Parses a token. The hard expiry comes back, as a day.
    parse => tokens::parse;
    /// Verifies a token. The hard expiry comes back, as a day.
    verify => tokens::verify;
}

#[cfg(feature = "edge")]
exports! {
    /// Loads a compiled policy.
    load_image => policies::load_image;
    /// The digest of a loaded policy.
    policy_digest => policies::digest;
    /// Runs a request through the gate, as far as the answers reach.
    gate => gate::run;
    /// Goes on with a request that is kept.
    gate_facts => gate::go_on;
}

#[cfg(feature = "full")]
exports! {
    /// Reads `Authorization` headers.
    authorization => at_edge::authorization;
    /// Accepts a token at an edge.
    accept_at_edge => at_edge::accept_at_edge;
    /// Finds tokens, in encodings too, and says which are genuine.
    scan_decoding => decoding::scan_decoding;
    /// Decides a single evaluation.
    decide => decisions::decide;
    /// Answers an evaluation or a batch of them.
    evaluate => decisions::evaluate;
    /// Answers an action search.
    search_actions => decisions::search_actions;
    /// Finds the route of a method and target.
    route => decisions::route;
    /// The actions that a loaded policy declares.
    policy_actions => decisions::actions;
    /// Loads root keys.
    load_root_keys => issuer::load_root_keys;
    /// Loads peppers.
    load_peppers => issuer::load_peppers;
    /// Makes a key set of one root key from 32 random bytes.
    new_root_keys => issuer::new_root_keys;
    /// The edges' part of root keys.
    edge_keys_of => issuer::edge_keys_of;
    /// The peppers of root keys.
    peppers_of => issuer::peppers_of;
    /// Mints a token.
    mint => issuer::mint;
    /// The digest that an origin stores.
    digest => issuer::digest;
    /// The digest that an edge compares.
    edge_digest => issuer::edge_digest;
    /// Accepts a token at an origin.
    accept_at_origin => issuer::accept_at_origin;
    /// Makes a record.
    issue_record => issuer::issue_record;
    /// Reads a record.
    read_record => issuer::read_record;
    /// What edges may have of a record.
    edge_record => issuer::edge_record;
    /// Revokes a record.
    revoke_record => issuer::revoke_record;
    /// Says when a record's credential was used.
    use_record => issuer::use_record;
    /// Merges two records of one credential.
    merge_records => issuer::merge_records;
    /// Why a record's credential is not active.
    inactive_because => issuer::inactive_because;
    /// Rotates a record.
    rotate_record => issuer::rotate_record;
    /// Compiles a policy from its documents, to an image.
    compile_documents => documents::compile_documents;
    /// Finds all that is wrong with documents.
    check_documents => documents::check_documents;
    /// Finds what is not wrong with documents and probably not meant.
    warn_of_documents => documents::warn_of_documents;
    /// Bundles documents.
    bundle_documents => documents::bundle_documents;
}

/// Traps: `unreachable` for 0, memory that runs out for 1, a stack that does for 2.
#[cfg(all(feature = "faults", target_arch = "wasm32"))]
#[wasm_bindgen]
pub fn fault(kind: u32) {
    runtime::fault(kind);
}
