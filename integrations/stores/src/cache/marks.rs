//! What was told by notices: which answers are of before.

use crate::system_time::now;
use cog_auth::Time;
use std::array;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many marks there are. Names share them, so that their number does not grow; a notice about
/// one name makes the answers about a thousandth of the others be read again.
const MARKS: usize = 1024;

/// A mark for each name, and one for all names.
pub(super) struct Marks {
    hasher: RandomState,
    of_names: [Mark; MARKS],
    of_all: Mark,
}

/// How often something was told, and in which second last.
#[derive(Default)]
struct Mark {
    count: AtomicU64,
    told_at: AtomicU64,
}

/// The names that an answer is about: at most two.
pub(super) type Names<'n> = [Option<&'n str>; 2];

/// What was told of some names when their answer began to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    names: [Option<(usize, u64)>; 2],
    all: u64,
}

impl Marks {
    pub(super) fn new() -> Self {
        let of_names = array::from_fn(|_| Mark::default());
        Self { hasher: RandomState::new(), of_names, of_all: Mark::default() }
    }

    /// Notes that something was told of a name.
    pub(super) fn tell(&self, name: &str) {
        if let Some(mark) = self.of_names.get(self.place(name)) {
            mark.tell();
        }
    }

    /// Notes that something was told of perhaps all names.
    pub(super) fn tell_all(&self) {
        self.of_all.tell();
    }

    /// What was told of these names so far.
    pub(super) fn told(&self, names: Names<'_>) -> Told {
        let names = names.map(|name| {
            let place = self.place(name?);
            Some((place, self.of_names.get(place)?.count()))
        });
        Told { names, all: self.of_all.count() }
    }

    /// Whether an answer is of after everything that was told of its names: nothing was told since
    /// it began to be read, and it is of a later second than what was told before. A replica may not
    /// have yet what a notice was about.
    pub(super) fn is_after(&self, told: &Told, read_at: Time) -> bool {
        let is_unchanged = |mark: &Mark, count| {
            mark.count() == count && read_at.seconds() > mark.told_at.load(Ordering::Acquire)
        };
        is_unchanged(&self.of_all, told.all)
            && told.names.iter().flatten().all(|(place, count)| {
                self.of_names.get(*place).is_some_and(|mark| is_unchanged(mark, *count))
            })
    }

    fn place(&self, name: &str) -> usize {
        // So many bits fit everywhere.
        usize::try_from(self.hasher.hash_one(name) >> 48).unwrap_or_default() % MARKS
    }
}

impl Mark {
    fn tell(&self) {
        self.told_at.fetch_max(now().seconds(), Ordering::AcqRel);
        self.count.fetch_add(1, Ordering::AcqRel);
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }
}
