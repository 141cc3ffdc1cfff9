//! The test cases of documents: read, run, and reported (section 13 of `docs/policy-language.md`).
//!
//! | step | by | gives |
//! |---|---|---|
//! | read | `read`, with `expected`, `matrix` and `patch` (on `remaining`) | what each case asks and expects |
//! | choose | `suite`, which has the public `Cases` | those that are run |
//! | run | `run`, with `compare` | which fail, and why |
//! | count | `coverage`, at the places of `branches` | what the cases reach |
//! | report | `report`, which has the public types | all that |

mod branches;
mod compare;
mod coverage;
mod expected;
mod matrix;
mod patch;
mod read;
mod remaining;
mod report;
mod run;
mod suite;

pub(super) use branches::{Branches, branches};
pub(super) use read::{ACCEPT, TestCase};
pub use report::{Branch, BranchOwner, CaseFailure, InvariantResult, RuleCoverage, TestReport};
pub use suite::{Case, Cases};
