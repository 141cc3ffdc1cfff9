//! Declared names, each with a number.

use crate::json::Text;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Sorted names, each with a number, which says where the thing of that name is in a list.
///
/// It is one map for all kinds of declared things. If each kind had a map type of its own, these
/// types would be a good part of what a module weighs.
#[derive(Debug, Default)]
pub(super) struct NameMap<'n> {
    numbers: BTreeMap<Text<'n>, usize>,
}

impl<'n> NameMap<'n> {
    /// Adds a name, or gives it another number, and says whether it is new.
    pub(super) fn insert(&mut self, name: Text<'n>, number: usize) -> bool {
        self.numbers.insert(name, number).is_none()
    }

    /// The same, for a name that is no text of JSON.
    pub(super) fn add(&mut self, name: &'n str, number: usize) -> bool {
        self.insert(Text::plain(name), number)
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.numbers.get(&Text::plain(name)).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The names that have no escapes.
    pub(super) fn names(&self) -> Vec<&'n str> {
        self.numbers.keys().filter_map(|name| name.unescaped()).collect()
    }

    /// The numbers, in the order of their names.
    pub(super) fn numbers(&self) -> Vec<usize> {
        self.numbers.values().copied().collect()
    }
}

/// Names sorted, each once.
pub(super) fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut index = NameMap::default();
    for name in names {
        index.add(name, 0);
    }
    index.names()
}
