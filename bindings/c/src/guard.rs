//! The one way into the library: every exported function runs inside [`guard`] or [`guarded`].
//!
//! `tests/exports.rs` shows that none is left out.

use crate::error::cogauth_error;
use crate::failure::Failure;

/// Runs what a function does. Answers 0 or the number of what went wrong, and tells the rest through
/// `error`, which may be null.
pub(crate) fn guard(error: *mut cogauth_error, run: impl FnOnce() -> Result<(), Failure>) -> i32 {
    let failure = match contained(run) {
        Some(Ok(())) => None,
        Some(Err(failure)) => Some(failure),
        None => Some(Failure::FAULT),
    };
    // Telling the error allocates, so that it must not unwind either.
    contained(|| crate::error::tell(error, failure.as_ref())).unwrap_or(crate::failure::FAULT)
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
