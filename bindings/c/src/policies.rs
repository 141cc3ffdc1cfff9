//! Compiled policies: loading them, and asking them.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::{guard, guarded};
use crate::handle::{self, Kind, Place};
use crate::memory::{self, SizedStruct, cogauth_slice};
use crate::text::slice_of;
use alloc::vec::Vec;
use cog_auth::json_writer::Writer;
use cog_auth::policy::{Denial, ImageDigest, Policy};
use core::ffi::c_char;

/// A compiled policy. Immutable; threads may share it.
pub struct cogauth_policy {
    _opaque: [u8; 0],
}

impl Kind for cogauth_policy {
    type Value = Policy;
    const MARK: u32 = 0x706f_6c31;
}

/// The request is denied: what zeroed memory says.
pub const COGAUTH_DENY: u32 = 0;
/// The request is allowed.
pub const COGAUTH_ALLOW: u32 = 1;

/// Allowed, or nothing was decided.
pub const COGAUTH_DENIAL_NONE: u32 = 0;
/// A rule forbids it.
pub const COGAUTH_DENIAL_FORBIDDEN: u32 = 1;
/// A requirement is not met.
pub const COGAUTH_DENIAL_REQUIREMENT: u32 = 2;
/// No rule permits it.
pub const COGAUTH_DENIAL_NO_GRANT: u32 = 3;
/// Something that is needed to decide is missing or cannot be used.
pub const COGAUTH_DENIAL_INDETERMINATE: u32 = 4;

/// A decision. The caller owns it: set `struct_size` to `sizeof(cogauth_decision)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_decision {
    /// In: the size of this struct in bytes, as the caller's header has it.
    pub struct_size: u32,
    /// `COGAUTH_ALLOW` or `COGAUTH_DENY`. It is set to `COGAUTH_DENY` before anything else.
    pub decision: u32,
    /// Why it is denied: a `COGAUTH_DENIAL_…`.
    pub denial: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: numbers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_decision {
    const FIRST: usize = size_of::<Self>();
}

const DENIED: cogauth_decision =
    cogauth_decision { struct_size: 0, decision: COGAUTH_DENY, denial: 0, reserved: 0 };

const DIGEST: Failure = Failure::Argument("a digest is 64 lower-case hexadecimal digits");

/// Loads a compiled policy, of which the library keeps a copy. The caller releases it.
///
/// `sha256` are the 64 lower-case hexadecimal digits that the image must hash to, or NULL if any
/// image is taken.
///
/// Errors: 501 `invalid_image`, 502 `unknown_image_version`, 342 `unexpected_digest`, 701 for what
/// is no digest.
///
/// # Safety
///
/// `image` has `image_length` bytes, `sha256` has `sha256_length`; `policy` points to room for a
/// pointer; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_from_image(
    image: *const u8,
    image_length: usize,
    sha256: *const c_char,
    sha256_length: usize,
    policy: *mut *mut cogauth_policy,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let policy = Place::of(policy)?;
        let image = memory::bytes(image.cast::<c_char>(), image_length)?.to_vec();
        let loaded = match memory::optional_text(sha256, sha256_length)? {
            Some(text) => {
                let expected = ImageDigest::from_hex(text).ok_or(DIGEST)?;
                Policy::from_image_expecting(image, expected)
            }
            None => Policy::from_image(image),
        };
        policy.make(loaded?)
    })
}

/// One more reference to a policy. Answers the same pointer, or NULL if it is no such handle.
///
/// # Safety
///
/// `policy` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_retain(policy: *mut cogauth_policy) -> *mut cogauth_policy {
    guarded(core::ptr::null_mut(), || handle::retain(policy))
}

/// One reference less. With the last one the policy is freed. NULL does nothing.
///
/// # Safety
///
/// `policy` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_release(policy: *mut cogauth_policy) {
    guarded((), || handle::release(policy));
}

/// The compiled image of a policy, to store or to send. It lives as long as the policy.
///
/// # Safety
///
/// `policy` is a handle that was not freed; `image` points to room for a slice; `error` is NULL or
/// a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_image(
    policy: *const cogauth_policy,
    image: *mut cogauth_slice,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || memory::write(image, slice_of(Some(handle::borrow(policy)?.image()))))
}

/// Writes the digest of a policy, which names it in every answer: 64 hexadecimal digits.
///
/// # Safety
///
/// `policy` is a handle that was not freed; `digest` has `digest_capacity` bytes; `digest_length`
/// points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_digest(
    policy: *const cogauth_policy,
    digest: *mut c_char,
    digest_capacity: usize,
    digest_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let text = handle::borrow(policy)?.digest().to_hex();
        memory::write_text(digest, digest_capacity, digest_length, text.as_bytes())
    })
}

/// Writes the SHA-256 of a policy's image, which `cogauth_policy_from_image` can expect: 64
/// hexadecimal digits.
///
/// # Safety
///
/// As for `cogauth_policy_digest`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_image_digest(
    policy: *const cogauth_policy,
    digest: *mut c_char,
    digest_capacity: usize,
    digest_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let text = handle::borrow(policy)?.image_digest().to_hex();
        memory::write_text(digest, digest_capacity, digest_length, text.as_bytes())
    })
}

/// Writes the actions that a policy declares, as a JSON array of names.
///
/// # Safety
///
/// `policy` is a handle that was not freed; `names` has `names_capacity` bytes; `names_length`
/// points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_actions(
    policy: *const cogauth_policy,
    names: *mut c_char,
    names_capacity: usize,
    names_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let mut writer = Writer::new();
        writer.strings(handle::borrow(policy)?.actions());
        memory::write_text(names, names_capacity, names_length, &writer.into_bytes())
    })
}

/// Decides an AuthZEN access evaluation request (a JSON object with `subject`, `action`, `resource`
/// and `context`), without an explanation: see `cogauth_policy_explain` for one.
///
/// A batch (`evaluations`) is not looked at: `cogauth_policy_evaluate` answers one.
///
/// Errors: 401 `malformed_request`. A denial is none.
///
/// # Safety
///
/// `policy` is a handle that was not freed; `request` has `request_length` bytes; `decision` is a
/// sized struct; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_decide(
    policy: *const cogauth_policy,
    request: *const c_char,
    request_length: usize,
    decision: *mut cogauth_decision,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        memory::write_sized(decision, DENIED)?;
        let policy = handle::borrow(policy)?;
        let request = policy.request(memory::bytes(request, request_length)?)?;
        let told = match request.decide().denial() {
            None => cogauth_decision { decision: COGAUTH_ALLOW, ..DENIED },
            Some(denial) => cogauth_decision { denial: number_of(denial), ..DENIED },
        };
        memory::write_sized(decision, told)
    })
}

const fn number_of(denial: Denial) -> u32 {
    match denial {
        Denial::Forbidden => COGAUTH_DENIAL_FORBIDDEN,
        Denial::Requirement => COGAUTH_DENIAL_REQUIREMENT,
        Denial::NoGrant => COGAUTH_DENIAL_NO_GRANT,
        Denial::Indeterminate => COGAUTH_DENIAL_INDETERMINATE,
    }
}

/// Answers one AuthZEN access evaluation request with the decision and its explanation, as JSON. A
/// batch (`evaluations`) is not looked at.
///
/// Errors: those of `cogauth_policy_decide`, 705 `buffer_too_small`.
///
/// # Safety
///
/// `policy` is a handle that was not freed; `request` has `request_length` bytes, `answer` has
/// `answer_capacity`; `answer_length` points to room for a `size_t`; `error` is NULL or a sized
/// struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_explain(
    policy: *const cogauth_policy,
    request: *const c_char,
    request_length: usize,
    answer: *mut c_char,
    answer_capacity: usize,
    answer_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    let ask = |policy: &Policy, request: &[u8]| {
        Ok(policy.request(request)?.decide().explain().to_json().into_bytes())
    };
    guard(error, || {
        let text = asked(policy, request, request_length, ask)?;
        memory::write_text(answer, answer_capacity, answer_length, &text)
    })
}

/// Answers an AuthZEN access evaluation request, or a batch of them (`evaluations`), as JSON.
///
/// Errors: those of `cogauth_policy_decide`, 705 `buffer_too_small`.
///
/// # Safety
///
/// As for `cogauth_policy_explain`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_evaluate(
    policy: *const cogauth_policy,
    request: *const c_char,
    request_length: usize,
    answer: *mut c_char,
    answer_capacity: usize,
    answer_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    let ask = |policy: &Policy, request: &[u8]| Ok(policy.evaluate(request)?.into_bytes());
    guard(error, || {
        let text = asked(policy, request, request_length, ask)?;
        memory::write_text(answer, answer_capacity, answer_length, &text)
    })
}

/// Answers an AuthZEN action search request: which actions are allowed, as JSON.
///
/// Errors: those of `cogauth_policy_decide`, 705 `buffer_too_small`.
///
/// # Safety
///
/// As for `cogauth_policy_explain`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_search_actions(
    policy: *const cogauth_policy,
    request: *const c_char,
    request_length: usize,
    answer: *mut c_char,
    answer_capacity: usize,
    answer_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    let ask = |policy: &Policy, request: &[u8]| Ok(policy.search_actions(request)?.into_bytes());
    guard(error, || {
        let text = asked(policy, request, request_length, ask)?;
        memory::write_text(answer, answer_capacity, answer_length, &text)
    })
}

/// Answers which route a method and a request target have, as JSON: `found` is true with `action`,
/// `organization` and `undecided`, or false with `reason` and perhaps `methods`.
///
/// Errors: 202 `invalid_unicode`, 705 `buffer_too_small`. A path without a route is none.
///
/// # Safety
///
/// `policy` is a handle that was not freed; `method` has `method_length` bytes, `target` has
/// `target_length`, `answer` has `answer_capacity`; `answer_length` points to room for a `size_t`;
/// `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_route(
    policy: *const cogauth_policy,
    method: *const c_char,
    method_length: usize,
    target: *const c_char,
    target_length: usize,
    answer: *mut c_char,
    answer_capacity: usize,
    answer_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let policy = handle::borrow(policy)?;
        let method = memory::text(method, method_length)?;
        let route = policy.route(method, memory::text(target, target_length)?);
        let mut writer = Writer::new();
        writer.object(|w| cog_auth_answers::route(&route, w));
        memory::write_text(answer, answer_capacity, answer_length, &writer.into_bytes())
    })
}

fn asked(
    policy: *const cogauth_policy,
    request: *const c_char,
    length: usize,
    ask: fn(&Policy, &[u8]) -> Result<Vec<u8>, Failure>,
) -> Result<Vec<u8>, Failure> {
    ask(handle::borrow(policy)?, memory::bytes(request, length)?)
}
