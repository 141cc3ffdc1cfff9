//! Sets of actions that are kept as what they were made of, so that a set takes no more memory in a
//! policy of many actions.

use super::attributes::Attributes;
use super::value::{number_of, position};
use crate::policy::image::{Span, size};

/// What a set was made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Listed {
    /// One action.
    Action(u32),
    /// A set of the image, by its first word.
    Set(u32),
}

impl Listed {
    /// The bit that tells an action from a set.
    const ACTION: u64 = 1 << 32;

    fn word(self) -> u64 {
        match self {
            Self::Action(action) => u64::from(action) | Self::ACTION,
            Self::Set(first) => u64::from(first),
        }
    }

    fn of(word: u64) -> Option<Self> {
        let number = u32::try_from(word & !Self::ACTION).ok()?;
        Some(if word & Self::ACTION == 0 { Self::Set(number) } else { Self::Action(number) })
    }
}

impl Attributes<'_> {
    /// Adds to a set. What it is made of stands together among the words of the request.
    pub(super) fn push_listed(&mut self, set: &mut Span, listed: Listed) {
        let end = number_of(self.words.len());
        if set.indices().end != end || set.count == 0 {
            // Something else came behind it.
            for place in set.indices() {
                let word = self.words.get(size(place)).unwrap_or(0);
                self.words.push(word);
            }
            set.first = end;
        }
        self.words.push(listed.word());
        set.count = set.count.saturating_add(1);
    }

    /// A word of such a set.
    pub(super) fn listed_at(&self, set: Span, word: u32) -> u64 {
        let listed = set.indices().filter_map(|place| Listed::of(self.words.get(size(place))?));
        listed.fold(0, |bits, listed| {
            bits | match listed {
                Listed::Set(first) => self.word(first, word),
                Listed::Action(action) if position(action).0 == word => position(action).1,
                Listed::Action(_) => 0,
            }
        })
    }
}
