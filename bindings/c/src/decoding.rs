//! Finding and cutting tokens in text and in what is encoded in it.

use crate::error::cogauth_error;
use crate::guard::{guard, guard_secret};
use crate::handle;
use crate::keys::cogauth_edge_keys;
use crate::memory;
use cog_auth::json_writer::Writer;
use cog_auth::token;
use core::ffi::c_char;

/// Writes all tokens of a text as a JSON array, in the order in which they begin: what
/// `cogauth_text_scan` finds, and tokens in base64, hexadecimal digits, UTF-16, lists of numbers,
/// the escapes of URLs, JSON, programs, HTML and mails, with a prefix in another case, and with
/// breaks in them; also in one of these within another. Full build only. Since the minor version 2.
///
/// Each has `start` and `end` in bytes; `certainty`: `parsed` or `looks_like`; `handle` if it is a
/// token; `encodings`: the names of those around it from the outside to the inside, which are none
/// where it stands there as it is. With `keys`, which may be NULL, a token has `genuine`: whether
/// it was minted with a root key of these edge keys, also if it has expired since.
///
/// The time is linear in the length of the text, and asking for the length of the answer takes as
/// long as the answer. A finding takes at most 256 bytes.
///
/// Errors: 705 `buffer_too_small`.
///
/// # Safety
///
/// `text` has `text_length` bytes; `keys` is NULL or a handle that was not freed; `findings` has
/// `findings_capacity` bytes and does not overlap the text; `findings_length` points to room for a
/// `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_text_scan_decoding(
    text: *const c_char,
    text_length: usize,
    keys: *const cogauth_edge_keys,
    findings: *mut c_char,
    findings_capacity: usize,
    findings_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let text = memory::bytes(text, text_length)?;
        let keys = handle::borrow_optional(keys)?;
        let mut writer = Writer::new();
        writer.array(|w| {
            for found in token::scan_decoding(text) {
                w.object(|w| {
                    cog_auth_answers::finding(&found, w);
                    cog_auth_answers::genuine(&found, text, keys.map(|it| &**it), w);
                });
            }
        });
        memory::write_text(findings, findings_capacity, findings_length, &writer.into_bytes())
    })
}

/// Writes a text in which each credential is cut to what may be shown, as `cogauth_text_redact`
/// does, and each token in an encoding, as `cogauth_text_scan_decoding` finds it: its handle and an
/// ellipsis stand in place of every byte that holds a part of it. The half of an encoded token
/// stays. Full build only. Since the minor version 3.
///
/// The time is linear in the length of the text, and asking for the length of the answer takes as
/// long as the answer.
///
/// Errors: 202 `invalid_unicode`, 705 `buffer_too_small`.
///
/// # Safety
///
/// `text` has `text_length` bytes, `redacted` has `redacted_capacity` and does not overlap it;
/// `redacted_length` points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_text_redact_decoding(
    text: *const c_char,
    text_length: usize,
    redacted: *mut c_char,
    redacted_capacity: usize,
    redacted_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let redacted_text = token::redact_decoding(memory::text(text, text_length)?);
        memory::write_text(redacted, redacted_capacity, redacted_length, redacted_text.as_bytes())
    })
}
