//! Key sets of the three uses.

use crate::error::cogauth_error;
use crate::guard::{guard_secret, guarded};
use crate::handle::{self, Kind, Place};
use crate::memory;
use alloc::sync::Arc;
use cog_auth::token::{EdgeKeys, Peppers};
use core::ffi::c_char;

/// A key set for edges, which verifies tokens. Immutable; threads may share it.
pub struct cogauth_edge_keys {
    _opaque: [u8; 0],
}

/// A key set of peppers, which an origin compares stored digests with. Immutable; threads may share
/// it.
pub struct cogauth_peppers {
    _opaque: [u8; 0],
}

impl Kind for cogauth_edge_keys {
    type Value = Arc<EdgeKeys>;
    const MARK: u32 = 0x6567_6b31;
}

impl Kind for cogauth_peppers {
    type Value = Arc<Peppers>;
    const MARK: u32 = 0x7065_7031;
}

/// Reads a key set of the use `edge-tag` from its JSON text. The caller releases it.
///
/// Errors: 131 `invalid_key_set`, 132 `wrong_key_use`, 107 `reserved_key_id`.
///
/// # Safety
///
/// `json` has `json_length` bytes; `keys` points to room for a pointer; `error` is NULL or a sized
/// struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_edge_keys_read(
    json: *const c_char,
    json_length: usize,
    keys: *mut *mut cogauth_edge_keys,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let keys = Place::of(keys)?;
        let read = EdgeKeys::from_json(memory::bytes(json, json_length)?)?;
        keys.make(read.into())
    })
}

/// One more reference to a key set. Answers the same pointer, or NULL if it is no such handle.
///
/// # Safety
///
/// `keys` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_edge_keys_retain(
    keys: *mut cogauth_edge_keys,
) -> *mut cogauth_edge_keys {
    guarded(core::ptr::null_mut(), || handle::retain(keys))
}

/// One reference less. With the last one, and that of every gate on it, the keys are wiped and
/// freed. NULL does nothing.
///
/// # Safety
///
/// `keys` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_edge_keys_release(keys: *mut cogauth_edge_keys) {
    guarded((), || handle::release(keys));
}

/// Reads a key set of the use `digest-pepper` from its JSON text. The caller releases it. The
/// errors are those of `cogauth_edge_keys_read`.
///
/// # Safety
///
/// `json` has `json_length` bytes; `peppers` points to room for a pointer; `error` is NULL or a
/// sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_peppers_read(
    json: *const c_char,
    json_length: usize,
    peppers: *mut *mut cogauth_peppers,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let peppers = Place::of(peppers)?;
        let read = Peppers::from_json(memory::bytes(json, json_length)?)?;
        peppers.make(read.into())
    })
}

/// One more reference to peppers. Answers the same pointer, or NULL if it is no such handle.
///
/// # Safety
///
/// `peppers` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_peppers_retain(
    peppers: *mut cogauth_peppers,
) -> *mut cogauth_peppers {
    guarded(core::ptr::null_mut(), || handle::retain(peppers))
}

/// One reference less. With the last one, and that of every gate on it, the peppers are wiped and
/// freed. NULL does nothing.
///
/// # Safety
///
/// `peppers` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_peppers_release(peppers: *mut cogauth_peppers) {
    guarded((), || handle::release(peppers));
}
