//! Arrays of secrets, which are wiped when they are dropped.

use core::ops::{Deref, DerefMut};
use zeroize::{DefaultIsZeroes, Zeroize};

/// An array that is wiped when it is dropped.
///
/// `zeroize::Zeroizing` writes one element after the other. A slice is wiped in whole registers.
pub(crate) struct Wiped<T: DefaultIsZeroes, const N: usize>(pub(crate) [T; N]);

impl<T: DefaultIsZeroes, const N: usize> Deref for Wiped<T, N> {
    type Target = [T; N];

    fn deref(&self) -> &[T; N] {
        &self.0
    }
}

impl<T: DefaultIsZeroes, const N: usize> DerefMut for Wiped<T, N> {
    fn deref_mut(&mut self) -> &mut [T; N] {
        &mut self.0
    }
}

impl<T: DefaultIsZeroes, const N: usize> Drop for Wiped<T, N> {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}
