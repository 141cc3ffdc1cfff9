//! The record of a new credential.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::guard_secret;
use crate::handle;
use crate::keys::cogauth_peppers;
use crate::memory::{self, SizedStruct, cogauth_slice};
use cog_auth::Time;
use cog_auth::token::{Record, RecordDraft, Scopes, Token};
use core::ffi::c_char;

/// In `cogauth_record_draft.flags`: edges are to accept the token.
pub const COGAUTH_DRAFT_FOR_EDGES: u32 = 1;
/// In `cogauth_record_draft.flags`: the credential is limited to the organizations that are given,
/// which may be none. Without it, it has all that its principal has.
pub const COGAUTH_DRAFT_ORGANIZATIONS: u32 = 2;
/// In `cogauth_record_draft.flags`: `not_before` is set.
pub const COGAUTH_DRAFT_NOT_BEFORE: u32 = 4;
/// In `cogauth_record_draft.flags`: `expires_at` is set.
pub const COGAUTH_DRAFT_EXPIRES_AT: u32 = 8;
/// In `cogauth_record_draft.flags`: the credential is limited to the addresses that are given,
/// which may be none. Without it, it is good from everywhere. Since the minor version 1.
pub const COGAUTH_DRAFT_ADDRESSES: u32 = 16;

/// What an issuer says of a new credential. Zero it, then set `struct_size` and what is wanted.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_record_draft {
    /// In: the size of this struct in bytes, as the caller's header has it.
    pub struct_size: u32,
    /// `COGAUTH_DRAFT_…` bits. What is set without its bit is an error, so that no limit is lost.
    pub flags: u32,
    /// The token.
    pub token: cogauth_slice,
    /// The id of the principal that it acts as.
    pub principal: cogauth_slice,
    /// The names of actions that it may ask for, or `*` alone for all.
    pub scopes: *const cogauth_slice,
    /// How many scopes there are.
    pub scopes_count: usize,
    /// The ids of organizations, with `COGAUTH_DRAFT_ORGANIZATIONS`.
    pub organizations: *const cogauth_slice,
    /// How many organizations there are.
    pub organizations_count: usize,
    /// The peppers, if origins are to accept the token; NULL if not.
    pub peppers: *const cogauth_peppers,
    /// What its owner calls it; NULL for none.
    pub name: cogauth_slice,
    /// A JSON object of the issuer's own; NULL for none.
    pub metadata: cogauth_slice,
    /// Now, in seconds since the epoch.
    pub created_at: u64,
    /// From when on it is good, with `COGAUTH_DRAFT_NOT_BEFORE`; at once without.
    pub not_before: u64,
    /// Until when it is good, with `COGAUTH_DRAFT_EXPIRES_AT`; without end otherwise.
    pub expires_at: u64,
    /// IP addresses and CIDR prefixes, with `COGAUTH_DRAFT_ADDRESSES`. Since the minor version 1.
    pub addresses: *const cogauth_slice,
    /// How many addresses there are.
    pub addresses_count: usize,
}

// SAFETY: numbers and pointers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_record_draft {
    const FIRST: usize = core::mem::offset_of!(Self, addresses);
}

/// Makes the record of a new credential, and writes it as JSON text. Full build only.
///
/// Errors: those of `cogauth_token_parse`; 112 `unknown_key_id`, 122 `invalid_record`,
/// 134 `invalid_principal`, 135 `time_out_of_range`, 202 `invalid_unicode`, 705 `buffer_too_small`.
///
/// # Safety
///
/// `draft` is a sized struct whose slices and arrays are there; `record` has `record_capacity`
/// bytes; `record_length` points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_issue(
    draft: *const cogauth_record_draft,
    record: *mut c_char,
    record_capacity: usize,
    record_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let issued = issue(&memory::read_sized(draft)?)?;
        memory::write_text(record, record_capacity, record_length, issued.to_json().as_bytes())
    })
}

fn issue(told: &cogauth_record_draft) -> Result<Record, Failure> {
    const FLAGS: Failure = Failure::Argument("a flag of the draft is not known");
    const FORGOTTEN: Failure = Failure::Argument(
        "organizations, addresses or a time of the draft is set without its flag; set the flag too",
    );
    const ALL: u32 = COGAUTH_DRAFT_FOR_EDGES
        | COGAUTH_DRAFT_ORGANIZATIONS
        | COGAUTH_DRAFT_NOT_BEFORE
        | COGAUTH_DRAFT_EXPIRES_AT
        | COGAUTH_DRAFT_ADDRESSES;
    let has = |flag: u32| told.flags & flag != 0;
    if told.flags & !ALL != 0 {
        return Err(FLAGS);
    }
    let forgotten = [
        (COGAUTH_DRAFT_ORGANIZATIONS, !told.organizations.is_null()),
        (COGAUTH_DRAFT_ADDRESSES, !told.addresses.is_null()),
        (COGAUTH_DRAFT_NOT_BEFORE, told.not_before != 0),
        (COGAUTH_DRAFT_EXPIRES_AT, told.expires_at != 0),
    ];
    if forgotten.iter().any(|(flag, set)| *set && !has(*flag)) {
        return Err(FORGOTTEN);
    }
    let token = Token::parse(memory::bytes(told.token.data, told.token.length)?)?;
    let principal = memory::text(told.principal.data, told.principal.length)?;
    let scopes = Scopes::of(memory::texts(told.scopes, told.scopes_count)?)?;
    let mut draft =
        RecordDraft::new(&token, principal, scopes, Time::from_seconds(told.created_at)?);
    if let Some(peppers) = handle::borrow_optional(told.peppers)? {
        draft = draft.for_origins(peppers);
    }
    if has(COGAUTH_DRAFT_FOR_EDGES) {
        draft = draft.for_edges();
    }
    if has(COGAUTH_DRAFT_ORGANIZATIONS) {
        draft = draft.organizations(memory::texts(told.organizations, told.organizations_count)?);
    }
    if has(COGAUTH_DRAFT_ADDRESSES) {
        draft = draft.addresses(memory::texts(told.addresses, told.addresses_count)?);
    }
    if let Some(name) = memory::optional_text(told.name.data, told.name.length)? {
        draft = draft.name(name);
    }
    if let Some(metadata) = memory::optional_text(told.metadata.data, told.metadata.length)? {
        draft = draft.metadata(metadata);
    }
    if has(COGAUTH_DRAFT_NOT_BEFORE) {
        draft = draft.not_before(Time::from_seconds(told.not_before)?);
    }
    if has(COGAUTH_DRAFT_EXPIRES_AT) {
        draft = draft.expires_at(Time::from_seconds(told.expires_at)?);
    }
    Ok(draft.issue()?)
}
