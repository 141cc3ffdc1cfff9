//! A batch to the built-in policy, and every answer in it.

use crate::decider::BUILTIN;

/// The text is the request.
pub fn check(data: &[u8]) {
    BUILTIN.batch(data);
}
