//! Sets as operands: bit sets with two bounds, and sorted ranks of ids.

use super::truth::Truth;
use crate::policy::request::{AttributeValue, Request, position};

impl Request<'_> {
    /// Whether a set has a member: an enum's value or an id.
    pub(crate) fn has(&self, set: AttributeValue, member: AttributeValue) -> Truth {
        match (set, member) {
            (AttributeValue::Symbols { sure, perhaps, .. }, AttributeValue::Symbol(symbol)) => {
                let (word, bit) = position(symbol);
                if self.word(sure, word) & bit != 0 {
                    Truth::True
                } else if self.word(perhaps, word) & bit != 0 {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
            (AttributeValue::Ids { first, count, .. }, AttributeValue::Id(id)) => {
                Truth::from(self.has_rank(first, count, id))
            }
            _ => Truth::Unknown,
        }
    }

    /// Whether all members of `part` are in `whole`.
    pub(crate) fn has_all(&self, whole: AttributeValue, part: AttributeValue) -> Truth {
        !self.some(part, whole, false)
    }

    /// Whether some members of both are the same.
    pub(crate) fn has_any(&self, one: AttributeValue, other: AttributeValue) -> Truth {
        self.some(one, other, true)
    }

    /// Whether the members of a set are all decided.
    pub(crate) fn is_decided(&self, set: AttributeValue) -> bool {
        match set {
            AttributeValue::Symbols { sure, perhaps, width, .. } => {
                !self.meet(perhaps, sure, width, false)
            }
            _ => true,
        }
    }

    /// Whether some members of `part` are in `whole`, or are not in it, as those are that equal nothing.
    fn some(&self, part: AttributeValue, whole: AttributeValue, inside: bool) -> Truth {
        match (part, whole) {
            (
                AttributeValue::Symbols { sure, perhaps, width, has_undeclared },
                AttributeValue::Symbols { sure: whole_sure, perhaps: whole_perhaps, .. },
            ) => {
                // What is surely not in the other is outside of what perhaps is.
                let (surely, possibly) =
                    if inside { (whole_sure, whole_perhaps) } else { (whole_perhaps, whole_sure) };
                if (has_undeclared && !inside) || self.meet(sure, surely, width, inside) {
                    Truth::True
                } else if self.meet(perhaps, possibly, width, inside) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
            (
                AttributeValue::Ids { first, count, has_undeclared },
                AttributeValue::Ids { first: whole, count: whole_count, .. },
            ) => Truth::from(
                (has_undeclared && !inside)
                    || (0..count).any(|item| {
                        self.has_rank(whole, whole_count, self.id(first, item)) == inside
                    }),
            ),
            _ => Truth::Unknown,
        }
    }

    fn meet(&self, part: u32, whole: u32, width: u32, inside: bool) -> bool {
        let outside = if inside { 0 } else { u64::MAX };
        (0..width).any(|word| self.word(part, word) & (self.word(whole, word) ^ outside) != 0)
    }

    /// Binary search among sorted ranks.
    fn has_rank(&self, first: u32, count: u32, rank: u32) -> bool {
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low.midpoint(high);
            let found = self.id(first, middle);
            if found == rank {
                return true;
            }
            if found < rank { low = middle.wrapping_add(1) } else { high = middle }
        }
        false
    }
}
