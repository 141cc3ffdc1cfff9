//! A search for what the built-in policy allows.

use crate::decider::BUILTIN;

/// The text is the request.
pub fn check(data: &[u8]) {
    BUILTIN.search(data);
}
