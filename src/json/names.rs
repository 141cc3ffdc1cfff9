//! Finding member names that stand twice in an object.
//!
//! A hash table would need random keys, or a client could choose names that collide; there are none
//! here. Sorting takes n log n steps for any names.

use super::Text;
use super::text::grouped;
use alloc::vec::Vec;

/// How many names are compared each with each, which is faster than sorting so few.
const FEW: usize = 12;

/// The names of all objects that are open. Those of an inner object come after those of the outer.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    open: Vec<Text<'a>>,
}

impl<'a> Names<'a> {
    pub(crate) const fn new() -> Self {
        Self { open: Vec::new() }
    }

    /// Says where the names of an object begin that is opened now.
    pub(crate) fn mark(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn push(&mut self, name: Text<'a>) {
        if self.open.capacity() == 0 {
            self.open.reserve(FEW);
        }
        self.open.push(name);
    }

    /// Forgets the names of the innermost object, which begin at `mark`, and says whether one of
    /// them stood twice.
    pub(crate) fn close(&mut self, mark: usize) -> bool {
        let names = self.open.get(mark..).unwrap_or_default();
        let twice = if names.len() <= FEW {
            let mut rest = names;
            let mut twice = false;
            while let Some((name, after)) = rest.split_first() {
                twice |= after.contains(name);
                rest = after;
            }
            twice
        } else {
            let name = |index: usize| names.get(index).copied().unwrap_or(Text::plain(""));
            let mut last = None;
            grouped(names.len(), &name)
                .iter()
                .any(|(_, index)| last.replace(name(*index)) == Some(name(*index)))
        };
        self.open.truncate(mark);
        twice
    }
}

/// The names of one object. Its reader has numbers for the names that it knows, so that these need
/// no comparing; the other names go to [`Names`].
pub(crate) struct Members {
    mark: usize,
    /// The numbers that were added, a bit for each.
    known: u64,
    twice: bool,
}

impl Members {
    pub(crate) fn open(names: &Names<'_>) -> Self {
        Self { mark: names.mark(), known: 0, twice: false }
    }

    /// Adds a name, with the number that its reader knows it by, if it does.
    ///
    /// A name must have the same number whenever it is added, and no other name may have that
    /// number: where a number is below 64, it is looked at in place of the name.
    pub(crate) fn add<'a>(&mut self, names: &mut Names<'a>, name: Text<'a>, number: Option<u32>) {
        match number.and_then(|number| 1_u64.checked_shl(number)) {
            Some(bit) => {
                self.twice |= self.known & bit != 0;
                self.known |= bit;
            }
            None => names.push(name),
        }
    }

    /// Forgets the names, and says whether one of them stood twice.
    pub(crate) fn close(self, names: &mut Names<'_>) -> bool {
        names.close(self.mark) | self.twice
    }
}
