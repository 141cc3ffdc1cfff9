//! Text that may hold credentials: the `Authorization` header, and logs.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::guard;
use crate::memory::{self, SizedStruct, cogauth_slice};
use crate::tokens::terminated;
use cog_auth::token::{self, Authorization};
use core::ffi::c_char;

/// The request has no `Authorization` header.
pub const COGAUTH_SCHEME_NOTHING: i32 = 0;
/// The header has another scheme than `Bearer`.
pub const COGAUTH_SCHEME_OTHER: i32 = 1;
/// The header has a bearer credential.
pub const COGAUTH_SCHEME_BEARER: i32 = 2;

/// Reads the `Authorization` header of a request: all its lines, as an array, each a value without
/// the name (RFC 9110, section 11.6.2; RFC 6750, section 2.1).
///
/// `scheme` becomes a `COGAUTH_SCHEME_…`; `credential` the credential of a bearer, which lies in
/// the caller's own value, else NULL and 0.
///
/// Errors: 141 `several_credentials`, 142 `malformed_header`.
///
/// # Safety
///
/// `values` has `count` slices, each of which names bytes that are there; `scheme` points to room
/// for an `int32_t`, `credential` for a slice; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_authorization_read(
    values: *const cogauth_slice,
    count: usize,
    scheme: *mut i32,
    credential: *mut cogauth_slice,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        memory::write(scheme, COGAUTH_SCHEME_NOTHING)?;
        memory::write(credential, slice_of(None))?;
        let values = memory::lists(values, count)?;
        let (number, found) = match token::authorization(values.iter().copied())? {
            Authorization::Nothing => (COGAUTH_SCHEME_NOTHING, None),
            Authorization::OtherScheme => (COGAUTH_SCHEME_OTHER, None),
            Authorization::Bearer(found) => (COGAUTH_SCHEME_BEARER, Some(found)),
        };
        memory::write(scheme, number)?;
        memory::write(credential, slice_of(found))
    })
}

/// The caller's own bytes, or what is static or a handle's, as a slice.
pub(crate) fn slice_of(bytes: Option<&[u8]>) -> cogauth_slice {
    cogauth_slice {
        data: bytes.map_or(core::ptr::null(), |bytes| bytes.as_ptr().cast::<c_char>()),
        length: bytes.map_or(0, <[u8]>::len),
    }
}

/// A place in a text that looks like a credential.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_finding {
    /// In: the size of this struct in bytes, as the caller's header has it.
    pub struct_size: u32,
    /// 1 if it is a well-formed token, whose handle is given; 0 if it only looks like one.
    pub is_token: u32,
    /// Where it begins in the text, in bytes from 0.
    pub start: u64,
    /// Where it ends: the first byte after it.
    pub end: u64,
    /// The part of a token that may be shown, with a NUL at the end; else empty.
    pub handle: [c_char; 32],
}

// SAFETY: numbers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_finding {
    const FIRST: usize = size_of::<Self>();
}

/// Finds the next token in a text, or the next thing that looks like a credential, from a byte
/// offset on.
///
/// `found` becomes 1 and `finding` is written, or it becomes 0. To go through a text, begin at 0
/// and go on at the `end` of each finding. The byte before the offset is looked at too, since it
/// tells whether a word begins there. It allocates nothing.
///
/// # Safety
///
/// `text` has `text_length` bytes; `found` points to room for an `int32_t`; `finding` and `error`
/// are sized structs, of which `error` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_text_scan(
    text: *const c_char,
    text_length: usize,
    from: usize,
    found: *mut i32,
    finding: *mut cogauth_finding,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        memory::write(found, 0)?;
        memory::check_sized(finding)?;
        let text = memory::bytes(text, text_length)?;
        let next = token::scan_from(text, from).next();
        if let Some(next) = &next {
            let (range, handle) = (next.range(), next.handle());
            let told = cogauth_finding {
                struct_size: 0,
                is_token: u32::from(handle.is_some()),
                start: memory::number(range.start),
                end: memory::number(range.end),
                handle: handle.as_ref().map_or([0; 32], |handle| terminated(handle.as_ref())),
            };
            memory::write_sized(finding, told)?;
        }
        memory::write(found, i32::from(next.is_some()))
    })
}

/// Writes a text in which each credential is cut to what may be shown.
///
/// Errors: 202 `invalid_unicode`, 705 `buffer_too_small`.
///
/// # Safety
///
/// `text` has `text_length` bytes, `redacted` has `redacted_capacity` and does not overlap it;
/// `redacted_length` points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_text_redact(
    text: *const c_char,
    text_length: usize,
    redacted: *mut c_char,
    redacted_capacity: usize,
    redacted_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let made: Result<_, Failure> = memory::text(text, text_length).map(token::redact);
        memory::write_text(redacted, redacted_capacity, redacted_length, made?.as_bytes())
    })
}
