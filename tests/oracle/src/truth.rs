//! Three-valued logic, and what an unknown is missing (section 8).

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

/// The value of a node of a tree, and the pointers that the unknown atoms below it give.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) truth: Truth,
    /// Empty unless the node is unknown: an atom counts only where all its ancestors are unknown.
    pub(crate) missing: BTreeSet<String>,
}

impl Verdict {
    fn new(truth: Truth, parts: Vec<Self>) -> Self {
        let missing = match truth {
            Unknown => parts.into_iter().flat_map(|part| part.missing).collect(),
            True | False => BTreeSet::new(),
        };
        Self { truth, missing }
    }

    pub(crate) fn not(self) -> Self {
        Self { truth: self.truth.not(), missing: self.missing }
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
