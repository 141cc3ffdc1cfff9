//! Records, as an issuer changes and shows them.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::guard;
use crate::memory;
use alloc::string::String;
use cog_auth::Time;
use cog_auth::token::{Record, RotationLimits};
use core::ffi::c_char;

/// In the flags of `cogauth_record_rotate_within`: the successor may expire later than its
/// predecessor. That is for those who may make credentials of this principal, and never for a
/// credential that replaces itself.
pub const COGAUTH_ROTATE_LATER_EXPIRY: u32 = 1;

/// Reads a record, and writes it in its one form. Full build only.
///
/// Errors: 122 `invalid_record`, 705 `buffer_too_small`.
///
/// # Safety
///
/// `record` has `record_length` bytes, `text` has `text_capacity`; `text_length` points to room for
/// a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_read(
    record: *const c_char,
    record_length: usize,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| Ok(it.to_json()))
    })
}

/// Writes what edges may have of a record: no digest that an origin compares, no metadata. Full
/// build only. The errors are those of `cogauth_record_read`.
///
/// # Safety
///
/// As for `cogauth_record_read`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_for_edges(
    record: *const c_char,
    record_length: usize,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| {
            Ok(it.to_edge_json()?)
        })
    })
}

/// Writes what people may see of a record: no digests, no metadata. Full build only. The errors are
/// those of `cogauth_record_read`.
///
/// # Safety
///
/// As for `cogauth_record_read`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_for_display(
    record: *const c_char,
    record_length: usize,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| {
            Ok(it.to_display_json())
        })
    })
}

/// Writes a record revoked at a time, in seconds since the epoch. One that was revoked before stays
/// as it is. Full build only. Errors: those of `cogauth_record_read`, 135 `time_out_of_range`.
///
/// # Safety
///
/// As for `cogauth_record_read`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_revoke(
    record: *const c_char,
    record_length: usize,
    at: u64,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| {
            Ok(it.revoke(Time::from_seconds(at)?).to_json())
        })
    })
}

/// Writes a record rotated to its successor: it is good until `until`, at most. Full build only.
///
/// Errors: those of `cogauth_record_read`; 135 `time_out_of_range`, 137 `already_rotated`,
/// 138 `not_rotatable`, 139 `wider_than_predecessor`.
///
/// # Safety
///
/// As for `cogauth_record_read`; `successor` has `successor_length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_rotate(
    record: *const c_char,
    record_length: usize,
    successor: *const c_char,
    successor_length: usize,
    until: u64,
    now: u64,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| {
            let successor = read(successor, successor_length)?;
            let (until, now) = (Time::from_seconds(until)?, Time::from_seconds(now)?);
            Ok(it.rotate(&successor, until, now)?.to_json())
        })
    })
}

/// As `cogauth_record_rotate`, with other limits: `flags` are `COGAUTH_ROTATE_…` bits, and the
/// grace from `now` to `until` is at most `max_grace` seconds, or 30 days for `COGAUTH_NONE`. Full
/// build only. Since the minor version 1.
///
/// # Safety
///
/// As for `cogauth_record_rotate`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_rotate_within(
    record: *const c_char,
    record_length: usize,
    successor: *const c_char,
    successor_length: usize,
    until: u64,
    now: u64,
    flags: u32,
    max_grace: u64,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| {
            let successor = read(successor, successor_length)?;
            let (until, now) = (Time::from_seconds(until)?, Time::from_seconds(now)?);
            Ok(it.rotate_within(&successor, until, now, limits(flags, max_grace)?)?.to_json())
        })
    })
}

fn limits(flags: u32, max_grace: u64) -> Result<RotationLimits, Failure> {
    const FLAGS: Failure = Failure::Argument("a flag of the rotation is not known");
    let mut limits = RotationLimits::new();
    match flags {
        0 => {}
        COGAUTH_ROTATE_LATER_EXPIRY => limits = limits.with_later_expiry(),
        _ => return Err(FLAGS),
    }
    if max_grace != crate::COGAUTH_NONE {
        limits = limits.with_max_grace(max_grace);
    }
    Ok(limits)
}

/// Writes a record used at a time, in seconds since the epoch; a later use that it has stays. Full
/// build only. Since the minor version 1. Errors: those of `cogauth_record_read`, 135
/// `time_out_of_range`.
///
/// # Safety
///
/// As for `cogauth_record_read`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_used(
    record: *const c_char,
    record_length: usize,
    at: u64,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| {
            Ok(it.used(Time::from_seconds(at)?).to_json())
        })
    })
}

/// Writes the record to store where a writer may not know what the store holds: good only where and
/// when both the record and the stored one are. Name and metadata are those of the first. Full
/// build only. Since the minor version 1.
///
/// Errors: those of `cogauth_record_read`; 123 `record_mismatch` for records of two credentials.
///
/// # Safety
///
/// As for `cogauth_record_read`; `stored` has `stored_length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_merge(
    record: *const c_char,
    record_length: usize,
    stored: *const c_char,
    stored_length: usize,
    text: *mut c_char,
    text_capacity: usize,
    text_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        answer((record, record_length), (text, text_capacity, text_length), |it| {
            Ok(it.merge(&read(stored, stored_length)?)?.to_json())
        })
    })
}

/// Says why the credential of a record is not active at a time, in seconds since the epoch: `code`
/// becomes 124 `revoked` or another code that accepting would refuse it with, and 0 if it is
/// active. It is for lists, not to let somebody in. Full build only. Since the minor version 1.
///
/// Errors: 122 `invalid_record`, 135 `time_out_of_range`.
///
/// # Safety
///
/// `record` has `record_length` bytes; `code` points to room for an `int32_t`; `error` is NULL or a
/// sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_record_inactive(
    record: *const c_char,
    record_length: usize,
    now: u64,
    code: *mut i32,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let found = read(record, record_length)?.inactive_because(Time::from_seconds(now)?);
        memory::write(code, found.map_or(0, |code| i32::from(code.number())))
    })
}

/// Reads a record, and writes what a function makes of it.
fn answer(
    (record, record_length): (*const c_char, usize),
    (text, text_capacity, text_length): (*mut c_char, usize, *mut usize),
    make: impl FnOnce(Record) -> Result<String, Failure>,
) -> Result<(), Failure> {
    let made = make(read(record, record_length)?)?;
    memory::write_text(text, text_capacity, text_length, made.as_bytes())
}

fn read(record: *const c_char, length: usize) -> Result<Record, Failure> {
    Ok(Record::from_json(memory::bytes(record, length)?)?)
}
