//! Sets as operands: bit sets with two bounds, and sorted ids.

use super::image::{Image, layout, size};
use super::request::{Bounds, Request, offset};
use super::tri::Tri;

/// Where the words of a bit set are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words {
    Image(u32),
    Request(usize),
}

/// A set of an enum's values by its bounds, which are the same for a plain set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits {
    pub(super) sure: Words,
    pub(super) perhaps: Words,
    /// It has a member that equals nothing.
    pub(super) alien: bool,
}

impl Bits {
    pub(super) fn plain(words: Words, alien: bool) -> Self {
        Self { sure: words, perhaps: words, alien }
    }

    pub(super) fn derived(bounds: Bounds) -> Self {
        Self {
            sure: Words::Request(bounds.sure),
            perhaps: Words::Request(bounds.perhaps),
            alien: false,
        }
    }
}

/// Compares bit sets of one enum.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'e> {
    pub(super) request: &'e Request<'e>,
    /// How many words the enum's sets have.
    pub(super) width: usize,
}

impl<'e> Comparison<'e> {
    /// For sets of the values of an enum.
    pub(super) fn of(request: &'e Request<'e>, values: u32) -> Self {
        let image = &request.policy.image;
        Self { request, width: size(image.values(values).1).div_ceil(64) }
    }

    pub(super) fn word(self, words: Words, word: usize) -> u64 {
        match words {
            Words::Image(first) => self.request.policy.image.word(offset(first, word)),
            Words::Request(first) => self.request.word(first.saturating_add(word)),
        }
    }

    pub(super) fn has(self, set: Bits, member: u32) -> Tri {
        let (word, bit) = super::request::position(member);
        if self.word(set.sure, word) & bit != 0 {
            Tri::True
        } else if self.word(set.perhaps, word) & bit != 0 {
            Tri::Unknown
        } else {
            Tri::False
        }
    }

    pub(super) fn has_all(self, left: Bits, right: Bits) -> Tri {
        if right.alien || !self.within(right.sure, left.perhaps) {
            Tri::False
        } else if self.within(right.perhaps, left.sure) {
            Tri::True
        } else {
            Tri::Unknown
        }
    }

    pub(super) fn has_any(self, left: Bits, right: Bits) -> Tri {
        if self.meet(left.sure, right.sure) {
            Tri::True
        } else if self.meet(left.perhaps, right.perhaps) {
            Tri::Unknown
        } else {
            Tri::False
        }
    }

    pub(super) fn equal(self, left: Bits, right: Bits) -> Tri {
        let possible =
            self.within(left.sure, right.perhaps) && self.within(right.sure, left.perhaps);
        if left.alien || right.alien || !possible {
            Tri::False
        } else if self.within(left.perhaps, right.sure) && self.within(right.perhaps, left.sure) {
            Tri::True
        } else {
            Tri::Unknown
        }
    }

    /// Whether every member is decided.
    pub(super) fn decided(self, set: Bits) -> bool {
        self.within(set.perhaps, set.sure)
    }

    fn within(self, part: Words, whole: Words) -> bool {
        (0..self.width).all(|word| self.word(part, word) & !self.word(whole, word) == 0)
    }

    fn meet(self, left: Words, right: Words) -> bool {
        (0..self.width).any(|word| self.word(left, word) & self.word(right, word) != 0)
    }
}

/// A set of ids, as sorted numbers that are equal where the ids are.
#[derive(Clone, Copy)]
pub(super) enum Ids<'e> {
    Request { ranks: &'e [u32], alien: bool },
    Literal { image: &'e Image, first: u32, count: u32 },
}

impl Ids<'_> {
    pub(super) fn has(self, id: u32) -> bool {
        match self {
            Self::Request { ranks, .. } => ranks.binary_search(&id).is_ok(),
            Self::Literal { image, first, count } => {
                image.find(first, count, |i| image.list(i).cmp(&id)).is_some()
            }
        }
    }

    /// Whether all members of `part` are in this set.
    pub(super) fn has_all(self, part: Ids<'_>) -> bool {
        !part.alien() && part.every(|id| self.has(id))
    }

    pub(super) fn has_any(self, other: Ids<'_>) -> bool {
        !other.every(|id| !self.has(id))
    }

    pub(super) fn equal(self, other: Ids<'_>) -> bool {
        self.has_all(other) && other.has_all(self)
    }

    fn alien(self) -> bool {
        matches!(self, Self::Request { alien: true, .. })
    }

    fn every(self, mut holds: impl FnMut(u32) -> bool) -> bool {
        match self {
            Self::Request { ranks, .. } => ranks.iter().all(|id| holds(*id)),
            Self::Literal { image, first, count } => {
                (0..count).all(|i| holds(image.list(first.saturating_add(i))))
            }
        }
    }
}

/// The enum of an attribute's values.
pub(super) fn values_of(image: &Image, attribute: u16) -> u32 {
    image.attribute(u32::from(attribute)).map_or(layout::NONE, |attribute| attribute.values)
}
