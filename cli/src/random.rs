//! Random bytes of the operating system.

use crate::failure::Failure;
use zeroize::Zeroize as _;

/// Fills with fresh random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| {
        bytes.zeroize();
        Failure::usage(format!("the system gives no random bytes: {error}"))
    })
}
