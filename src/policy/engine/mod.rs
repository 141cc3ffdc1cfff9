//! The evaluator: it turns conditions into truth values, rules into a verdict, and says what an
//! indeterminate verdict lacks.
//!
//! Begin with `conditions`, which evaluates one request with one action; it stands on `sets`, which
//! compares sets, and on `condition_values`, which remembers named conditions. `rules` makes the
//! verdict; where it can, from bit tests. `search` makes one for each action, with an
//! `action_block` for 64 of them at once. What is missing is collected by `missing`, and for the
//! derived sets by `missing_permissions`; `lack` is how it is told.

mod action_block;
mod action_set;
mod atom_values;
mod bit_tests;
mod condition_values;
pub(crate) mod conditions;
pub(crate) mod lack;
pub(crate) mod missing;
mod missing_permissions;
pub(crate) mod rules;
pub(crate) mod search;
mod sets;
mod truths;
