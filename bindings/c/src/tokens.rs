//! Tokens: parsing and verifying, without an allocation.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::{guard, guard_secret};
use crate::handle;
use crate::keys::{cogauth_edge_keys, cogauth_peppers};
use crate::memory::{self, SizedStruct};
use cog_auth::Time;
use cog_auth::token::{ExpiryDay, Genuine, Handle, Kind, Token};
use core::ffi::c_char;

/// No token: what zeroed memory says.
pub const COGAUTH_KIND_NONE: u32 = 0;
/// A service user's API key.
pub const COGAUTH_KIND_SERVICE_USER_KEY: u32 = 1;
/// A personal access token.
pub const COGAUTH_KIND_PERSONAL_ACCESS_TOKEN: u32 = 2;
/// A sample for documentation and tests, which nothing accepts.
pub const COGAUTH_KIND_SAMPLE: u32 = 3;

/// How many characters a token has.
pub const COGAUTH_TOKEN_LENGTH: usize = 81;

/// How many random bytes `cogauth_token_mint` needs at least.
pub const COGAUTH_MINT_RANDOM_LENGTH: usize = 64;

/// What a token says of itself. The caller owns it: set `struct_size` to `sizeof(cogauth_token)`.
///
/// The texts have a NUL at the end. None of them is a secret.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_token {
    /// In: the size of this struct in bytes, as the caller's header has it.
    pub struct_size: u32,
    /// A `COGAUTH_KIND_…`. It is `COGAUTH_KIND_NONE` unless the call succeeded.
    pub kind: u32,
    /// The last day on which the token is good, counted from 1970-01-01; 0 if it has no end.
    pub hard_expiry: u32,
    /// The id of the key that the token was minted with.
    pub key_id: [c_char; 4],
    /// The id of the credential, under which its record is stored.
    pub id: [c_char; 16],
    /// The part of the token that may be shown.
    pub handle: [c_char; 32],
}

// SAFETY: numbers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_token {
    const FIRST: usize = size_of::<Self>();
}

/// Parses a token: its form and its checksum. Whether it is genuine only `cogauth_token_verify`
/// tells. `result` may be NULL if only that it parses matters. It allocates nothing unless it
/// fails.
///
/// Errors: 101 to 108; 105 `invalid_character` has the offset.
///
/// # Safety
///
/// `token` has `token_length` bytes; `result` and `error` are NULL or sized structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_token_parse(
    token: *const c_char,
    token_length: usize,
    result: *mut cogauth_token,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        begin(result)?;
        let token = Token::parse(memory::bytes(token, token_length)?)?;
        finish(result, token.handle(), token.hard_expiry())
    })
}

/// Verifies that a token was minted with a root key of these edge keys, and is not past its hard
/// expiry at `now`, in seconds since the epoch. It allocates nothing unless it fails.
///
/// Whether the credential is still active, its record tells: see the gate.
///
/// Errors: those of `cogauth_token_parse`, 111 `sample_token`, 112 `unknown_key_id`,
/// 113 `tag_mismatch`, 114 `expired`, 135 `time_out_of_range`.
///
/// # Safety
///
/// `keys` is a handle that was not freed; `token` has `token_length` bytes; `result` and `error`
/// are NULL or sized structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_token_verify(
    keys: *const cogauth_edge_keys,
    token: *const c_char,
    token_length: usize,
    now: u64,
    result: *mut cogauth_token,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        begin(result)?;
        let genuine = genuine(keys, token, token_length, now)?;
        finish(result, genuine.handle(), genuine.hard_expiry())
    })
}

/// Writes the digest that an origin stores of a token, for the principal that it is made for.
///
/// Errors: those of `cogauth_token_parse`, 112 `unknown_key_id`, 134 `invalid_principal`,
/// 202 `invalid_unicode`, 705 `buffer_too_small`. A digest has at most 64 bytes.
///
/// # Safety
///
/// `peppers` is a handle that was not freed; `token` has `token_length` bytes, `principal` has
/// `principal_length`, `digest` has `digest_capacity`; `digest_length` points to room for a
/// `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_token_digest(
    peppers: *const cogauth_peppers,
    token: *const c_char,
    token_length: usize,
    principal: *const c_char,
    principal_length: usize,
    digest: *mut c_char,
    digest_capacity: usize,
    digest_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let token = Token::parse(memory::bytes(token, token_length)?)?;
        let principal = memory::text(principal, principal_length)?;
        let made = token.digest(principal, handle::borrow(peppers)?)?;
        memory::write_text(digest, digest_capacity, digest_length, made.as_bytes())
    })
}

/// Writes the digest that an edge compares, for the principal that the token is made for.
///
/// Errors: those of `cogauth_token_parse`, 134 `invalid_principal`, 202 `invalid_unicode`,
/// 705 `buffer_too_small`. A digest has at most 64 bytes.
///
/// # Safety
///
/// `token` has `token_length` bytes, `principal` has `principal_length`, `digest` has
/// `digest_capacity`; `digest_length` points to room for a `size_t`; `error` is NULL or a sized
/// struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_token_edge_digest(
    token: *const c_char,
    token_length: usize,
    principal: *const c_char,
    principal_length: usize,
    digest: *mut c_char,
    digest_capacity: usize,
    digest_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let token = Token::parse(memory::bytes(token, token_length)?)?;
        let made = token.edge_digest(memory::text(principal, principal_length)?)?;
        memory::write_text(digest, digest_capacity, digest_length, made.as_bytes())
    })
}

pub(crate) fn genuine(
    keys: *const cogauth_edge_keys,
    token: *const c_char,
    token_length: usize,
    now: u64,
) -> Result<Genuine, Failure> {
    let keys = handle::borrow(keys)?;
    let token = Token::parse(memory::bytes(token, token_length)?)?;
    Ok(keys.verify(token, Time::from_seconds(now)?)?)
}

/// The kind of a `COGAUTH_KIND_…`.
#[cfg(feature = "full")]
pub(crate) fn kind_of(number: u32) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| number_of(*kind) == number)
}

const fn number_of(kind: Kind) -> u32 {
    match kind {
        Kind::ServiceUserKey => COGAUTH_KIND_SERVICE_USER_KEY,
        Kind::PersonalAccessToken => COGAUTH_KIND_PERSONAL_ACCESS_TOKEN,
        Kind::Sample => COGAUTH_KIND_SAMPLE,
    }
}

/// Says that there is no token yet, so that a struct which is used again never shows an older one.
fn begin(result: *mut cogauth_token) -> Result<(), Failure> {
    if result.is_null() {
        return Ok(());
    }
    let nothing = cogauth_token {
        struct_size: 0,
        kind: COGAUTH_KIND_NONE,
        hard_expiry: 0,
        key_id: [0; 4],
        id: [0; 16],
        handle: [0; 32],
    };
    memory::write_sized(result, nothing)
}

fn finish(
    result: *mut cogauth_token,
    handle: Handle,
    hard_expiry: Option<ExpiryDay>,
) -> Result<(), Failure> {
    if result.is_null() {
        return Ok(());
    }
    let told = cogauth_token {
        struct_size: 0,
        kind: number_of(handle.kind()),
        hard_expiry: hard_expiry.map_or(0, ExpiryDay::number),
        key_id: terminated(handle.key_id().as_ref()),
        id: terminated(handle.id().as_ref()),
        handle: terminated(handle.as_ref()),
    };
    memory::write_sized(result, told)
}

/// A text with a NUL at the end; none if there is no room for it.
pub(crate) fn terminated<const N: usize>(text: &[u8]) -> [c_char; N] {
    let mut array = [0; N];
    if let (true, Some(place)) = (text.len() < N, array.get_mut(..text.len())) {
        place.copy_from_slice(text);
    }
    array.map(|byte: u8| c_char::from_ne_bytes([byte]))
}

const _: () = {
    assert!(COGAUTH_TOKEN_LENGTH == Token::LEN);
    assert!(COGAUTH_MINT_RANDOM_LENGTH == cog_auth::token::MINT_RANDOM_BYTES);
    assert!(Handle::LEN < 32);
};
