//! Gates: what stays the same from request to request.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::{guard, guarded};
use crate::handle::{self, Kind, Place};
use crate::keys::{cogauth_edge_keys, cogauth_peppers};
use crate::memory::{self, SizedStruct, cogauth_slice};
use crate::policies::cogauth_policy;
use alloc::sync::Arc;
use cog_auth::gate::Gate;

/// Policy, keys and options, which guard requests. Immutable; threads may share it. It keeps what
/// it is made of: the caller can release policy and keys at once.
pub struct cogauth_gate {
    _opaque: [u8; 0],
}

impl Kind for cogauth_gate {
    type Value = Arc<Gate>;
    const MARK: u32 = 0x6761_7431;
}

/// In `cogauth_gate_options.flags`: `retry_after` is set.
pub const COGAUTH_GATE_RETRY_AFTER: u32 = 1;
/// In `cogauth_gate_options.flags`: `max_record_age` is set.
pub const COGAUTH_GATE_MAX_RECORD_AGE: u32 = 2;
/// In `cogauth_gate_options.flags`: older opaque `cog_` credentials are passed on
/// (`COGAUTH_STEP_PASS_ON`) and not refused.
pub const COGAUTH_GATE_PASS_ON: u32 = 4;
/// In `cogauth_gate_options.flags`: `OPTIONS` requests are answered with `COGAUTH_STEP_PREFLIGHT`
/// before anything else is looked at.
pub const COGAUTH_GATE_PREFLIGHT: u32 = 8;

/// The options of a gate. Zero it, then set `struct_size` and what is wanted.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_gate_options {
    /// In: the size of this struct in bytes, as the caller's header has it.
    pub struct_size: u32,
    /// `COGAUTH_GATE_…` bits. What is set without its bit is an error, so that no limit is lost.
    pub flags: u32,
    /// The realm in `WWW-Authenticate`; NULL for `cog`. Only printable ASCII is kept, and of it
    /// neither `"` nor `\\`.
    pub realm: cogauth_slice,
    /// Seconds in `Retry-After` of a 503: 5 unless `COGAUTH_GATE_RETRY_AFTER` is set.
    pub retry_after: u64,
    /// A record that was fetched longer than so many seconds ago is refused: any age is taken
    /// unless `COGAUTH_GATE_MAX_RECORD_AGE` is set.
    pub max_record_age: u64,
}

// SAFETY: numbers and pointers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_gate_options {
    const FIRST: usize = size_of::<Self>();
}

/// Makes a gate. The caller releases it.
///
/// With `peppers` it is a gate at an origin, which goes by the issuer's record; with NULL one at an
/// edge, which goes by the word of its record store: look at the code of `cogauth_peppers_read`
/// before. `options` may be NULL for the defaults.
///
/// Errors: 202 `invalid_unicode` for the realm, 701 for a flag that is not known or was forgotten.
///
/// # Safety
///
/// `policy` and `edge_keys` are handles that were not freed, `peppers` is one or NULL; `options` is
/// NULL or a sized struct; `gate` points to room for a pointer; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_gate_new(
    policy: *const cogauth_policy,
    edge_keys: *const cogauth_edge_keys,
    peppers: *const cogauth_peppers,
    options: *const cogauth_gate_options,
    gate: *mut *mut cogauth_gate,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let gate = Place::of(gate)?;
        let policy = handle::borrow(policy)?.clone();
        let keys = handle::borrow(edge_keys)?.clone();
        let made = match handle::borrow_optional(peppers)? {
            None => Gate::at_edge(policy, keys),
            Some(peppers) => Gate::at_origin(policy, keys, peppers.clone()),
        };
        let made = match memory::read_optional(options)? {
            None => made,
            Some(options) => with_options(made, &options)?,
        };
        gate.make(made.into())
    })
}

fn with_options(mut gate: Gate, options: &cogauth_gate_options) -> Result<Gate, Failure> {
    const FLAGS: Failure = Failure::Argument("a flag of the gate's options is not known");
    const FORGOTTEN: Failure = Failure::Argument(
        "a number of the gate's options is set without its flag; set the flag too",
    );
    const ALL: u32 = COGAUTH_GATE_RETRY_AFTER
        | COGAUTH_GATE_MAX_RECORD_AGE
        | COGAUTH_GATE_PASS_ON
        | COGAUTH_GATE_PREFLIGHT;
    let has = |flag: u32| options.flags & flag != 0;
    if options.flags & !ALL != 0 {
        return Err(FLAGS);
    }
    let forgotten = [
        (COGAUTH_GATE_RETRY_AFTER, options.retry_after),
        (COGAUTH_GATE_MAX_RECORD_AGE, options.max_record_age),
    ];
    if forgotten.iter().any(|(flag, seconds)| *seconds != 0 && !has(*flag)) {
        return Err(FORGOTTEN);
    }
    if let Some(realm) = memory::optional_text(options.realm.data, options.realm.length)? {
        gate = gate.with_realm(realm);
    }
    if has(COGAUTH_GATE_RETRY_AFTER) {
        gate = gate.with_retry_after(options.retry_after);
    }
    if has(COGAUTH_GATE_MAX_RECORD_AGE) {
        gate = gate.with_max_record_age(options.max_record_age);
    }
    if has(COGAUTH_GATE_PASS_ON) {
        gate = gate.with_pass_on();
    }
    if has(COGAUTH_GATE_PREFLIGHT) {
        gate = gate.with_preflight();
    }
    Ok(gate)
}

/// One more reference to a gate. Answers the same pointer, or NULL if it is no such handle.
///
/// # Safety
///
/// `gate` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_gate_retain(gate: *mut cogauth_gate) -> *mut cogauth_gate {
    guarded(core::ptr::null_mut(), || handle::retain(gate))
}

/// One reference less. With the last one the gate is freed. NULL does nothing. Exchanges that have
/// begun go on with it.
///
/// # Safety
///
/// `gate` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_gate_release(gate: *mut cogauth_gate) {
    guarded((), || handle::release(gate));
}
