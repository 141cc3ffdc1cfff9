//! What the library is, and the texts of its codes.

use crate::guard::guarded;
use cog_auth::Code;
use core::ffi::{c_char, c_void};
use zeroize::Zeroize;

/// The major number of this ABI, which is that of the shared library's name. It grows when a
/// program that was compiled with an older header could break.
pub const COGAUTH_ABI_MAJOR: u32 = 1;
/// The minor number of this ABI. It grows when functions, fields or codes are added.
pub const COGAUTH_ABI_MINOR: u32 = 3;

/// In `cogauth_features`: minting, records for issuers, documents, the built-in policy.
pub const COGAUTH_FEATURE_FULL: u32 = 1;
/// In `cogauth_features`: a panic in the library is caught and answered with 703. Without it, the
/// process is aborted.
pub const COGAUTH_FEATURE_CATCHES: u32 = 2;

/// The ABI of the library that is loaded: the major number in the upper 16 bits, the minor one in
/// the lower 16. A program can go on if the major number is `COGAUTH_ABI_MAJOR` and the minor one
/// at least `COGAUTH_ABI_MINOR`.
#[unsafe(no_mangle)]
pub extern "C" fn cogauth_abi_version() -> u32 {
    guarded(0, || (COGAUTH_ABI_MAJOR << 16) | COGAUTH_ABI_MINOR)
}

/// The version of the library that is loaded, `0.1.0`, with a NUL at the end. It is static.
#[unsafe(no_mangle)]
pub extern "C" fn cogauth_version() -> *const c_char {
    guarded(core::ptr::null(), || {
        concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast::<c_char>()
    })
}

/// What this build has: bits of `COGAUTH_FEATURE_…`.
#[unsafe(no_mangle)]
pub extern "C" fn cogauth_features() -> u32 {
    guarded(0, || {
        let full = if cfg!(feature = "full") { COGAUTH_FEATURE_FULL } else { 0 };
        let catches =
            if cfg!(all(feature = "std", panic = "unwind")) { COGAUTH_FEATURE_CATCHES } else { 0 };
        full | catches
    })
}

/// The name of a code, such as `expired`, with its length in bytes. It is static, and has no NUL at
/// the end. NULL and a length of 0 if there is no such code.
///
/// # Safety
///
/// `length` is NULL or points to room for a `size_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_code_name(code: i32, length: *mut usize) -> *const c_char {
    guarded(core::ptr::null(), || of_code(code, length, Code::name))
}

/// What a user can do about a code, as a sentence, in the way of `cogauth_code_name`.
///
/// # Safety
///
/// `length` is NULL or points to room for a `size_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_code_sentence(code: i32, length: *mut usize) -> *const c_char {
    guarded(core::ptr::null(), || of_code(code, length, Code::sentence))
}

fn of_code(code: i32, length: *mut usize, text: fn(Code) -> &'static str) -> *const c_char {
    let code = u16::try_from(code).ok().and_then(Code::from_number);
    let text = code.map(text);
    // A caller that does not want the length gives null.
    drop(crate::memory::write(length, text.map_or(0, str::len)));
    text.map_or(core::ptr::null(), |text| text.as_ptr().cast::<c_char>())
}

/// Overwrites memory with zeros, in a way that no compiler leaves out. NULL does nothing.
///
/// # Safety
///
/// `data` is NULL or points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_wipe(data: *mut c_void, length: usize) {
    guarded((), || {
        if data.is_null() || isize::try_from(length).is_err() {
            return;
        }
        // SAFETY: the pointer is not null, the length fits an object, and by the contract the bytes
        // are there and are the caller's to change.
        unsafe { core::slice::from_raw_parts_mut(data.cast::<u8>(), length) }.zeroize();
    });
}
