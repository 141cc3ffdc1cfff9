//! Accepting a genuine token on the word of its record.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::guard_secret;
use crate::handle;
use crate::keys::{cogauth_edge_keys, cogauth_peppers};
use crate::memory;
use crate::tokens::genuine;
use alloc::vec::Vec;
use cog_auth::Time;
use cog_auth::json_writer::Writer;
use cog_auth::token::Record;
use core::ffi::c_char;

/// Accepts a token at an edge: verifies it at `verified_at`, and compares it at `now` with the
/// record that the caller's store has of it. 0 means that the credential is active.
///
/// `record` is NULL if the store has none. The answer is a JSON object: `principal`, `validUntil`
/// (left out where there is no end), `record`.
///
/// Errors: those of `cogauth_token_verify`; 121 to 128 where the record does not vouch for the
/// token, of which 122 `invalid_record` is for its text; 705 `buffer_too_small`, which tells that
/// the token was accepted and the answer did not fit.
///
/// # Safety
///
/// `keys` is a handle that was not freed; `token` has `token_length` bytes, `record` has
/// `record_length`, `answer` has `answer_capacity`; `answer_length` points to room for a `size_t`;
/// `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_accept_at_edge(
    keys: *const cogauth_edge_keys,
    token: *const c_char,
    token_length: usize,
    verified_at: u64,
    record: *const c_char,
    record_length: usize,
    now: u64,
    answer: *mut c_char,
    answer_capacity: usize,
    answer_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let genuine = genuine(keys, token, token_length, verified_at)?;
        let record = read(record, record_length)?;
        let accepted = genuine.accept_at_edge(record, Time::from_seconds(now)?)?;
        let text = written(accepted.record(), accepted.valid_until());
        memory::write_text(answer, answer_capacity, answer_length, &text)
    })
}

/// Accepts a token at an origin, which holds the peppers, in the way of `cogauth_accept_at_edge`.
///
/// # Safety
///
/// As for `cogauth_accept_at_edge`; `peppers` is a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_accept_at_origin(
    keys: *const cogauth_edge_keys,
    peppers: *const cogauth_peppers,
    token: *const c_char,
    token_length: usize,
    verified_at: u64,
    record: *const c_char,
    record_length: usize,
    now: u64,
    answer: *mut c_char,
    answer_capacity: usize,
    answer_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let genuine = genuine(keys, token, token_length, verified_at)?;
        let peppers = handle::borrow(peppers)?;
        let record = read(record, record_length)?;
        let accepted = genuine.accept_at_origin(record, peppers, Time::from_seconds(now)?)?;
        let text = written(accepted.record(), accepted.valid_until());
        memory::write_text(answer, answer_capacity, answer_length, &text)
    })
}

fn read(record: *const c_char, length: usize) -> Result<Option<Record>, Failure> {
    let text = memory::optional_bytes(record, length)?;
    Ok(text.map(Record::from_json).transpose()?)
}

fn written(record: &Record, valid_until: Option<Time>) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.object(|w| cog_auth_answers::accepted(record, valid_until, w));
    writer.into_bytes()
}
