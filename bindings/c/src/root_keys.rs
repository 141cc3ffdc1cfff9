//! Root keys: what only an issuer has, and what it makes of them.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::{guard_secret, guarded};
use crate::handle::{self, Kind, Place};
use crate::keys::{cogauth_edge_keys, cogauth_peppers};
use crate::memory;
use crate::tokens::kind_of;
use cog_auth::Code;
use cog_auth::token::{ExpiryDay, KeyId, RootKey, RootKeys};
use core::ffi::c_char;

/// A key set of root keys, which mints tokens and derives the other two. Full build only.
/// Immutable; threads may share it.
pub struct cogauth_root_keys {
    _opaque: [u8; 0],
}

impl Kind for cogauth_root_keys {
    type Value = RootKeys;
    const MARK: u32 = 0x726f_6f31;
}

/// Reads a key set of the use `root` from its JSON text. The caller releases it. The errors are
/// those of `cogauth_edge_keys_read`. Full build only.
///
/// # Safety
///
/// `json` has `json_length` bytes; `keys` points to room for a pointer; `error` is NULL or a sized
/// struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_root_keys_read(
    json: *const c_char,
    json_length: usize,
    keys: *mut *mut cogauth_root_keys,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let keys = Place::of(keys)?;
        keys.make(RootKeys::from_json(memory::bytes(json, json_length)?)?)
    })
}

/// Makes a key set of one root key. `random` are 32 bytes from the operating system's random
/// source. The caller releases it. Full build only.
///
/// Errors: 107 `reserved_key_id`, 133 `invalid_key_id`, 202 `invalid_unicode`, 701 for another
/// number of random bytes.
///
/// # Safety
///
/// `key_id` has `key_id_length` bytes, `random` has `random_length`; `keys` points to room for a
/// pointer; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_root_keys_new(
    key_id: *const c_char,
    key_id_length: usize,
    random: *const u8,
    random_length: usize,
    keys: *mut *mut cogauth_root_keys,
    error: *mut cogauth_error,
) -> i32 {
    const NOT_RANDOM: Failure = Failure::Argument("a root key is made of 32 random bytes");
    guard_secret(error, || {
        let keys = Place::of(keys)?;
        let key_id = KeyId::parse(memory::text(key_id, key_id_length)?)?;
        let random = memory::bytes(random.cast::<c_char>(), random_length)?;
        let random = <&[u8; 32]>::try_from(random).map_err(|_| NOT_RANDOM)?;
        keys.make(RootKeys::of(RootKey::new(key_id, random)))
    })
}

/// The edges' part of root keys, as a handle of its own that the caller releases. Full build only.
///
/// # Safety
///
/// `keys` is a handle that was not freed; `edge_keys` points to room for a pointer; `error` is NULL
/// or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_root_keys_edge_keys(
    keys: *const cogauth_root_keys,
    edge_keys: *mut *mut cogauth_edge_keys,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let edge_keys = Place::of(edge_keys)?;
        edge_keys.make(handle::borrow(keys)?.edge_keys().into())
    })
}

/// The peppers of root keys, as a handle of its own that the caller releases. Full build only.
///
/// # Safety
///
/// `keys` is a handle that was not freed; `peppers` points to room for a pointer; `error` is NULL
/// or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_root_keys_peppers(
    keys: *const cogauth_root_keys,
    peppers: *mut *mut cogauth_peppers,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let peppers = Place::of(peppers)?;
        peppers.make(handle::borrow(keys)?.peppers().into())
    })
}

/// Writes root keys as JSON text, which is a secret: wipe it with `cogauth_wipe`. Full build only.
///
/// # Safety
///
/// `keys` is a handle that was not freed; `json` has `json_capacity` bytes; `json_length` points to
/// room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_root_keys_expose(
    keys: *const cogauth_root_keys,
    json: *mut c_char,
    json_capacity: usize,
    json_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        handle::borrow(keys)?.expose_json(|text| {
            memory::write_text(json, json_capacity, json_length, text.as_bytes())
        })
    })
}

/// Writes edge keys as JSON text, which is a secret: wipe it with `cogauth_wipe`. Full build only.
///
/// # Safety
///
/// As for `cogauth_root_keys_expose`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_edge_keys_expose(
    keys: *const cogauth_edge_keys,
    json: *mut c_char,
    json_capacity: usize,
    json_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        handle::borrow(keys)?.expose_json(|text| {
            memory::write_text(json, json_capacity, json_length, text.as_bytes())
        })
    })
}

/// Writes peppers as JSON text, which is a secret: wipe it with `cogauth_wipe`. Full build only.
///
/// # Safety
///
/// As for `cogauth_root_keys_expose`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_peppers_expose(
    peppers: *const cogauth_peppers,
    json: *mut c_char,
    json_capacity: usize,
    json_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        handle::borrow(peppers)?.expose_json(|text| {
            memory::write_text(json, json_capacity, json_length, text.as_bytes())
        })
    })
}

/// One more reference to root keys. Answers the same pointer, or NULL if it is no such handle. Full
/// build only.
///
/// # Safety
///
/// `keys` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_root_keys_retain(
    keys: *mut cogauth_root_keys,
) -> *mut cogauth_root_keys {
    guarded(core::ptr::null_mut(), || handle::retain(keys))
}

/// One reference less. With the last one the keys are wiped and freed. NULL does nothing. Full
/// build only.
///
/// # Safety
///
/// `keys` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_root_keys_release(keys: *mut cogauth_root_keys) {
    guarded((), || handle::release(keys));
}

/// In `cogauth_token_mint`: the token has no hard expiry. It is a number that no mistake gives: not
/// 0, not -1, and no day.
pub const COGAUTH_NO_HARD_EXPIRY: u32 = 0x6e6f_6e65;

/// Mints a token, and writes its `COGAUTH_TOKEN_LENGTH` characters. It is a secret: show it once,
/// store a record with its digest, and wipe it with `cogauth_wipe`. Full build only.
///
/// `kind` is a `COGAUTH_KIND_…`. `hard_expiry` is the last day on which the token is good, counted
/// from 1970-01-01, or `COGAUTH_NO_HARD_EXPIRY` for none. `random` are at least
/// `COGAUTH_MINT_RANDOM_LENGTH` bytes from the operating system's random source.
///
/// Errors: 112 `unknown_key_id`, 104 `unknown_kind`, 107 `reserved_key_id`, 133 `invalid_key_id`,
/// 135 `time_out_of_range`, 136 `not_enough_random_bytes`, 202 `invalid_unicode`,
/// 705 `buffer_too_small`.
///
/// # Safety
///
/// `keys` is a handle that was not freed; `key_id` has `key_id_length` bytes, `random` has
/// `random_length`, `token` has `token_capacity`; `token_length` points to room for a `size_t`;
/// `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_token_mint(
    keys: *const cogauth_root_keys,
    key_id: *const c_char,
    key_id_length: usize,
    kind: u32,
    hard_expiry: u32,
    random: *const u8,
    random_length: usize,
    token: *mut c_char,
    token_capacity: usize,
    token_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let key_id = KeyId::parse(memory::text(key_id, key_id_length)?)?;
        let root = handle::borrow(keys)?.key(key_id).ok_or(Failure::Call(Code::UnknownKeyId))?;
        let kind = kind_of(kind).ok_or(Failure::Call(Code::UnknownKind))?;
        let day = match hard_expiry {
            COGAUTH_NO_HARD_EXPIRY => None,
            number => Some(ExpiryDay::from_number(number)?),
        };
        let random = memory::bytes(random.cast::<c_char>(), random_length)?;
        let minted = root.mint(kind, day, random)?;
        memory::write_text(token, token_capacity, token_length, minted.expose().as_bytes())
    })
}
