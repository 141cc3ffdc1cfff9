//! What named conditions come to in one evaluation, as far as they were needed.

use crate::policy::image::layout::MAX_CONDITIONS;
use crate::policy::image::size;
use crate::policy::truth::Truth;
use core::cell::Cell;

/// How many conditions a word has, each in two bits.
const IN_A_WORD: u32 = 32;
const WORDS: usize = MAX_CONDITIONS / 32;

/// The values of named conditions. They are few words, since every decision begins with none.
#[derive(Default)]
pub(super) struct ConditionValues {
    /// 0 for a condition that was not needed so far.
    values: [Cell<u64>; WORDS],
    /// Both bits of each condition that asked for the action.
    of_action: [Cell<u64>; WORDS],
}

impl ConditionValues {
    /// The value of a condition, and whether it asked for the action.
    #[inline(always)]
    pub(super) fn find(&self, condition: u32) -> Option<(Truth, bool)> {
        let (word, shift) = place(condition);
        let bits = |words: &[Cell<u64>]| words.get(word).map(|it| it.get().wrapping_shr(shift) & 3);
        let value = match bits(&self.values)? {
            1 => Truth::False,
            2 => Truth::Unknown,
            3 => Truth::True,
            _ => return None,
        };
        Some((value, bits(&self.of_action)? != 0))
    }

    /// Notes the value of a condition that was not known.
    pub(super) fn put(&self, condition: u32, value: Truth) {
        let bits = match value {
            Truth::False => 1,
            Truth::Unknown => 2,
            Truth::True => 3,
        };
        add(&self.values, condition, bits);
    }

    /// Notes that a condition asked for the action.
    pub(super) fn put_of_action(&self, condition: u32) {
        add(&self.of_action, condition, 3);
    }

    /// Forgets the conditions that asked for the action.
    pub(super) fn forget_action(&self) {
        for (values, of_action) in self.values.iter().zip(&self.of_action) {
            values.set(values.get() & !of_action.replace(0));
        }
    }
}

#[inline(always)]
fn add(words: &[Cell<u64>], condition: u32, bits: u64) {
    let (word, shift) = place(condition);
    if let Some(word) = words.get(word) {
        word.set(word.get() | bits.wrapping_shl(shift));
    }
}

/// The word of a condition, and where its bits are there.
#[inline(always)]
fn place(condition: u32) -> (usize, u32) {
    (size(condition / IN_A_WORD), (condition % IN_A_WORD).wrapping_mul(2))
}
