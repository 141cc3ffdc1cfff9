//! One request to the built-in policy, and its answer in full.

use crate::decider::BUILTIN;

/// The text is the request.
pub fn check(data: &[u8]) {
    BUILTIN.single(data);
}
