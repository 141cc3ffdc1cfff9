//! Declared names, each with a number, and sets of names.

pub(super) use crate::policy::image::name_map::NameMap;

use crate::order;
use alloc::vec::Vec;

/// Names sorted, each once.
pub(super) fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let names: Vec<&str> = names.collect();
    // Most sets have one member.
    if names.len() < 2 {
        return names;
    }
    let mut names = order::sorted(names);
    names.dedup();
    names
}
