//! Three-valued logic, and what an unknown lacks (section 8).

use crate::lack::Lack;
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    Unknown,
}
use Truth::{False, True, Unknown};

impl Truth {
    pub(crate) fn of(known: bool) -> Self {
        if known { True } else { False }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            True => False,
            False => True,
            Unknown => Unknown,
        }
    }
}

/// The value of a node of a tree, and what the unknown atoms below it lack.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) truth: Truth,
    /// Empty unless the node is unknown: an atom counts only where all its ancestors are unknown.
    pub(crate) lacks: BTreeSet<Lack>,
}

impl Verdict {
    fn new(truth: Truth, parts: Vec<Self>) -> Self {
        let lacks = match truth {
            Unknown => parts.into_iter().flat_map(|part| part.lacks).collect(),
            True | False => BTreeSet::new(),
        };
        Self { truth, lacks }
    }

    pub(crate) fn not(self) -> Self {
        Self { truth: self.truth.not(), lacks: self.lacks }
    }

    pub(crate) fn all(parts: Vec<Self>) -> Self {
        let has = |truth| parts.iter().any(|part| part.truth == truth);
        let truth = if has(False) {
            False
        } else if has(Unknown) {
            Unknown
        } else {
            True
        };
        Self::new(truth, parts)
    }

    pub(crate) fn any(parts: Vec<Self>) -> Self {
        let has = |truth| parts.iter().any(|part| part.truth == truth);
        let truth = if has(True) {
            True
        } else if has(Unknown) {
            Unknown
        } else {
            False
        };
        Self::new(truth, parts)
    }
}
