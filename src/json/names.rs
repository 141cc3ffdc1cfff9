//! Finding duplicate member names, without hashing, in n log n steps.

use super::Text;
use crate::order::sorted;
use alloc::vec::Vec;

/// How many names are compared with each other rather than sorted.
const FEW: usize = 12;

/// The names of the objects that are open, one below the other.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    open: Vec<Text<'a>>,
}

impl<'a> Names<'a> {
    pub(crate) const fn new() -> Self {
        Self { open: Vec::new() }
    }

    /// Where the names of an object that is opened now will begin.
    pub(crate) fn mark(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn push(&mut self, name: Text<'a>) {
        if self.open.capacity() == 0 {
            self.open.reserve(FEW);
        }
        self.open.push(name);
    }

    /// Forgets the names since `mark`, and says whether one of them stood twice.
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
            let names = sorted(names.to_vec());
            names.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
        };
        self.open.truncate(mark);
        twice
    }
}

/// One object's names: those that its reader knows by numbers, and the others in [`Names`].
pub(crate) struct Members {
    mark: usize,
    /// A bit for each number.
    known: u64,
    twice: bool,
}

impl Members {
    pub(crate) fn open(names: &Names<'_>) -> Self {
        Self { mark: names.mark(), known: 0, twice: false }
    }

    /// Adds a name. Equal ones must always come with equal numbers, and no others: names with a number below 64 are not compared.
    pub(crate) fn add<'a>(&mut self, names: &mut Names<'a>, name: Text<'a>, number: Option<u32>) {
        match number.and_then(|number| 1_u64.checked_shl(number)) {
            Some(bit) => {
                self.twice |= self.known & bit != 0;
                self.known |= bit;
            }
            None => names.push(name),
        }
    }

    /// Whether a name stood twice.
    pub(crate) fn close(self, names: &mut Names<'_>) -> bool {
        names.close(self.mark) | self.twice
    }
}
