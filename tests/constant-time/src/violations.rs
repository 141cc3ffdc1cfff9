//! What must be reported: were it not, the check would be blind.

use crate::mark::{public, secret};
use std::hint::black_box;

pub(crate) const ALL: &[(&str, fn())] =
    &[("violation_early_exit", early_exit), ("violation_look_up", look_up)];

/// A comparison that ends at the first difference.
fn early_exit() {
    let mut tag = black_box([7_u8; 16]);
    let presented = black_box([8_u8; 16]);
    secret(&mut tag);
    let same = tag == presented;
    // Only now a branch depends on it.
    if black_box(same) {
        black_box(&tag);
    }
    public(&mut tag);
}

/// An address that depends on a secret.
fn look_up() {
    let alphabet = black_box(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    let mut digit = black_box([42_u8]);
    secret(&mut digit);
    // No bounds are checked: the mask keeps the index below 32.
    black_box(alphabet[usize::from(digit[0] & 31)]);
    public(&mut digit);
}
