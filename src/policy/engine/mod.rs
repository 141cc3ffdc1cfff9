//! The evaluator: it turns conditions into truth values, rules into a verdict, and says what an
//! indeterminate verdict lacks.
//!
//! Begin with `conditions`, which evaluates one request with one action; it stands on `sets`, which
//! compares sets, and on `condition_values`, which remembers named conditions. `rules` makes the
//! verdict, and `search` makes one for each action. What is missing is collected by `missing`, and
//! for the derived sets by `missing_permissions`; `lack` is how it is told.

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
