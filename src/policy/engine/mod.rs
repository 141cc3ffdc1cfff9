//! The evaluator: conditions to truth values, rules to a verdict, and a verdict explained.

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
