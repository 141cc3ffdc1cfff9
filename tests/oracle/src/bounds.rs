//! Sets between two bounds, and the atoms over them (sections 8 and 9).

use crate::truth::Truth::{self, False, True, Unknown};
use std::collections::BTreeSet;

/// A set known by two bounds. For a set that is no derived one both are the set itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) surely: BTreeSet<String>,
    pub(crate) perhaps: BTreeSet<String>,
    /// Whether it has a member that equals nothing.
    pub(crate) stranger: bool,
}

impl Bounds {
    pub(crate) fn exactly(members: BTreeSet<String>) -> Self {
        Self { surely: members.clone(), perhaps: members, stranger: false }
    }

    pub(crate) fn undecided(&self) -> BTreeSet<String> {
        &self.perhaps - &self.surely
    }

    pub(crate) fn member(&self, name: &str) -> Truth {
        if self.surely.contains(name) {
            True
        } else if !self.perhaps.contains(name) {
            False
        } else {
            Unknown
        }
    }

    pub(crate) fn equal(&self, other: &Self) -> Truth {
        if self.stranger || other.stranger {
            False
        } else if self.surely == self.perhaps
            && other.surely == other.perhaps
            && self.surely == other.surely
        {
            True
        } else if !self.surely.is_subset(&other.perhaps) || !other.surely.is_subset(&self.perhaps) {
            False
        } else {
            Unknown
        }
    }

    pub(crate) fn subset_of(&self, other: &Self) -> Truth {
        if self.stranger {
            False
        } else if self.perhaps.is_subset(&other.surely) {
            True
        } else if !self.surely.is_subset(&other.perhaps) {
            False
        } else {
            Unknown
        }
    }

    pub(crate) fn shares_with(&self, other: &Self) -> Truth {
        if !self.surely.is_disjoint(&other.surely) {
            True
        } else if self.perhaps.is_disjoint(&other.perhaps) {
            False
        } else {
            Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of bounds over three names, and every set between each.
    fn all() -> Vec<(Bounds, Vec<BTreeSet<String>>)> {
        let sets: Vec<BTreeSet<String>> = (0..8_u32)
            .map(|bits| {
                ["a", "b", "c"]
                    .iter()
                    .zip([1, 2, 4])
                    .filter(|(_, bit)| bits & bit != 0)
                    .map(|(name, _)| (*name).to_owned())
                    .collect()
            })
            .collect();
        let mut found = Vec::new();
        for surely in &sets {
            for perhaps in sets.iter().filter(|perhaps| surely.is_subset(perhaps)) {
                let between = sets
                    .iter()
                    .filter(|set| surely.is_subset(set) && set.is_subset(perhaps))
                    .cloned()
                    .collect();
                let bounds =
                    Bounds { surely: surely.clone(), perhaps: perhaps.clone(), stranger: false };
                found.push((bounds, between));
            }
        }
        found
    }

    /// The definition: what holds for every set between the bounds.
    fn common(answers: impl Iterator<Item = bool>) -> Truth {
        let answers: BTreeSet<bool> = answers.collect();
        match (answers.contains(&true), answers.contains(&false)) {
            (true, false) => True,
            (false, true) => False,
            _ => Unknown,
        }
    }

    #[test]
    fn the_formulas_are_what_holds_for_every_set_between_the_bounds() {
        type Plain = fn(&BTreeSet<String>, &BTreeSet<String>) -> bool;
        type Bounded = fn(&Bounds, &Bounds) -> Truth;
        let operators: [(Plain, Bounded); 4] = [
            (|a, b| a == b, Bounds::equal),
            (|a, b| a.is_subset(b), Bounds::subset_of),
            (|a, b| b.is_subset(a), |a, b| b.subset_of(a)),
            (|a, b| !a.is_disjoint(b), Bounds::shares_with),
        ];
        for (left, lefts) in all() {
            for name in ["a", "b", "c"] {
                let plain = common(lefts.iter().map(|set| set.contains(name)));
                assert_eq!(left.member(name), plain, "{left:?} {name}");
            }
            for (right, rights) in all() {
                for (plain, bounded) in operators {
                    let expected =
                        common(lefts.iter().flat_map(|a| rights.iter().map(move |b| plain(a, b))));
                    assert_eq!(bounded(&left, &right), expected, "{left:?} {right:?}");
                }
            }
        }
    }

    #[test]
    fn a_stranger_equals_nothing_not_even_itself() {
        let set = Bounds { stranger: true, ..Bounds::exactly(["a".to_owned()].into()) };
        let plain = Bounds::exactly(["a".to_owned()].into());
        assert_eq!(set.equal(&set), False);
        assert_eq!(plain.equal(&set), False);
        assert_eq!(set.subset_of(&set), False);
        assert_eq!(plain.subset_of(&set), True);
        assert_eq!(set.shares_with(&set), True);
    }
}
