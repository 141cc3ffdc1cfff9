//! 64 truth values, which are worked out together.

use crate::policy::truth::Truth;

/// 64 truth values, a bit for each. A value that is neither true nor false is unknown.
#[derive(Clone, Copy, Default)]
pub(super) struct Truths {
    pub(super) are_true: u64,
    pub(super) are_false: u64,
}

impl Truths {
    pub(super) const UNKNOWN: Self = Self { are_true: 0, are_false: 0 };
    pub(super) const FALSE: Self = Self::known(0);
    pub(super) const TRUE: Self = Self::known(u64::MAX);

    /// Values that are true where there is a bit, and false elsewhere.
    pub(super) const fn known(are_true: u64) -> Self {
        Self { are_true, are_false: !are_true }
    }

    /// True where both are, and false where one is.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            are_true: self.are_true & other.are_true,
            are_false: self.are_false | other.are_false,
        }
    }

    /// True where one is, and false where both are.
    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            are_true: self.are_true | other.are_true,
            are_false: self.are_false & other.are_false,
        }
    }

    /// Puts one of the values, which is unknown so far.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(super) fn put(&mut self, bit: u64, value: Truth) {
        match value {
            Truth::True => self.are_true |= bit,
            Truth::False => self.are_false |= bit,
            Truth::Unknown => {}
        }
    }
}

impl From<Truth> for Truths {
    /// 64 times the same value.
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::TRUE,
            Truth::False => Self::FALSE,
            Truth::Unknown => Self::UNKNOWN,
        }
    }
}

impl core::ops::Not for Truths {
    type Output = Self;

    fn not(self) -> Self {
        Self { are_true: self.are_false, are_false: self.are_true }
    }
}
