//! The compiled image of a policy: a binary form that is checked when it is loaded, and then
//! evaluated where it lies.

mod alternatives;
mod check;
mod closed_sets;
mod columns;
mod indexes;
mod keys;
pub(crate) mod layout;
#[cfg(feature = "documents")]
pub(crate) mod name_map;
mod names;
mod read;
mod record;
#[cfg(feature = "documents")]
pub(crate) mod write;
mod written_columns;
mod written_rules;

pub(crate) use alternatives::{Alternative, Alternatives};
pub(crate) use check::{Integrity, check};
pub(crate) use closed_sets::{
    AbsentKind, AttributeType, Connective, Effect, Level, NodeKind, OperandKind, Operator, Purpose,
    Purposes,
};
pub(crate) use columns::Known;
#[cfg(feature = "documents")]
pub(crate) use keys::Keys;
pub(crate) use layout::{
    ActionRecord, AttributeRecord, NodeRecord, PlaceRecord, RouteRecord, RuleRecord, SegmentRecord,
};
pub(crate) use read::{Image, Nodes};
pub(crate) use record::{Span, size};
