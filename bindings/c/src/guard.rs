//! The one way into the library: every exported function runs inside [`guard`] or [`guarded`].
//!
//! `tests/exports.rs` shows that none is left out.

use crate::error::cogauth_error;
use crate::failure::Failure;

/// Runs what a function does. Answers 0 or the number of what went wrong, and tells the rest
/// through `error`, which may be null.
pub(crate) fn guard(error: *mut cogauth_error, run: impl FnOnce() -> Result<(), Failure>) -> i32 {
    let failure = match contained(|| crate::error::check(error).and_then(|()| run())) {
        Some(Ok(())) => None,
        Some(Err(failure)) => Some(failure),
        None => Some(Failure::FAULT),
    };
    // Telling the error allocates, so that it must not unwind either.
    contained(|| crate::error::tell(error, failure.as_ref())).unwrap_or(crate::failure::FAULT)
}

/// As [`guard`], for what has a token or a key in its hands: it leaves nothing of it on the stack.
///
/// The library wipes what it drops, but what is moved leaves a copy where it was.
pub(crate) fn guard_secret(
    error: *mut cogauth_error,
    run: impl FnOnce() -> Result<(), Failure>,
) -> i32 {
    let code = called(|| guard(error, run));
    wipe_stack();
    code
}

/// In a frame of its own, which is gone when the stack below is wiped.
#[inline(never)]
fn called(run: impl FnOnce() -> i32) -> i32 {
    run()
}

/// How many bytes of the stack are wiped. `tests/secrets.c` shows that it is enough for a token.
const USED: usize = 8 * 1024;

/// Behind the black box the compiler does not see that nobody reads the zeros.
#[inline(never)]
fn wipe_stack() {
    core::hint::black_box(&mut [0_u64; USED / 8]);
}

/// Runs what a function does that answers something else than a code, `otherwise` if that fails.
pub(crate) fn guarded<T>(otherwise: T, run: impl FnOnce() -> T) -> T {
    contained(run).unwrap_or(otherwise)
}

/// None: it panicked. No unwind goes on into a caller that may not know of them. The panic hook of
/// the process has run by then, as for any other panic: it is the host's, and stays as it is.
#[cfg(feature = "std")]
fn contained<T>(run: impl FnOnce() -> T) -> Option<T> {
    // What a panic leaves half-written is dropped or was not yet told to the caller, but for an
    // exchange, whose step was taken out by then: it answers `wrong_step` from there on.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).ok()
}

/// Without a standard library a panic ends the process: see `runtime.rs`.
#[cfg(not(feature = "std"))]
fn contained<T>(run: impl FnOnce() -> T) -> Option<T> {
    Some(run())
}
