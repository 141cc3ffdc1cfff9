//! Questions about sets: has one a member, all members of another, or some of them?
//!
//! A set of an enum's values is two bit sets, its bounds: the values that are surely in it, and
//! those that are perhaps in it, the sure ones included. A set of ids is a sorted list of ranks. A
//! set of networks has the addresses that one of them covers.

use crate::policy::request::{AttributeValue, Attributes, position};
use crate::policy::truth::Truth;

/// Where a member of one set is, seen from another set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    Outside,
}

impl Attributes<'_> {
    /// Whether a set has a member: an enum's value, an id or an IP address.
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
            (
                AttributeValue::Networks { first, count },
                AttributeValue::Networks { first: address, .. },
            ) => self.network(address, 0).map_or(Truth::Unknown, |address| {
                let mut networks = (0..count).filter_map(|item| self.network(first, item));
                Truth::from(networks.any(|network| network.covers(address.first())))
            }),
            // Null, unusable, or no set and a member of it.
            _ => Truth::Unknown,
        }
    }

    /// Whether all members of `part` are in `whole`.
    pub(crate) fn has_all(&self, whole: AttributeValue, part: AttributeValue) -> Truth {
        !self.has_some(part, Side::Outside, whole)
    }

    /// Whether two sets have a member in common.
    pub(crate) fn has_any(&self, one: AttributeValue, other: AttributeValue) -> Truth {
        self.has_some(one, Side::Inside, other)
    }

    /// Whether each value of an enum is surely in a set or surely not. So it is for all other
    /// values of attributes.
    pub(crate) fn is_decided(&self, set: AttributeValue) -> bool {
        if let AttributeValue::Symbols { sure, perhaps, width, .. } = set {
            !self.some_bits(perhaps, Side::Outside, sure, width)
        } else {
            true
        }
    }

    /// Whether `part` has a member that is inside, or outside of, `whole`. A member that the schema
    /// does not declare equals nothing, and so is outside of every set.
    fn has_some(&self, part: AttributeValue, side: Side, whole: AttributeValue) -> Truth {
        match (part, whole) {
            (
                AttributeValue::Symbols { sure, perhaps, width, has_undeclared },
                AttributeValue::Symbols { sure: whole_sure, perhaps: whole_perhaps, .. },
            ) => {
                // What is not even perhaps in the whole is surely outside of it.
                let (surely, possibly) = match side {
                    Side::Inside => (whole_sure, whole_perhaps),
                    Side::Outside => (whole_perhaps, whole_sure),
                };
                if has_undeclared && side == Side::Outside
                    || self.some_bits(sure, side, surely, width)
                {
                    Truth::True
                } else if self.some_bits(perhaps, side, possibly, width) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
            (
                AttributeValue::Ids { first, count, has_undeclared },
                AttributeValue::Ids { first: whole, count: whole_count, .. },
            ) => {
                let some_ids = || {
                    (0..count).any(|item| {
                        let inside = self.has_rank(whole, whole_count, self.id(first, item));
                        inside == (side == Side::Inside)
                    })
                };
                Truth::from(has_undeclared && side == Side::Outside || some_ids())
            }
            // Null, unusable, or no two sets of one type.
            _ => Truth::Unknown,
        }
    }

    /// Whether some bits of a bit set are inside, or outside of, another one of as many words.
    fn some_bits(&self, part: u32, side: Side, whole: u32, width: u32) -> bool {
        let turned = match side {
            Side::Inside => 0,
            Side::Outside => u64::MAX,
        };
        (0..width).any(|word| self.word(part, word) & (self.word(whole, word) ^ turned) != 0)
    }

    /// Looks for a rank in a sorted list, halving it.
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
