//! The compiled image of a policy: its layout, reading it in place, and the checks when it is loaded.

mod check;
mod closed_sets;
pub(crate) mod layout;
mod read;

pub(crate) use check::check;
pub(crate) use closed_sets::{
    AttributeType, Connective, Effect, Level, NodeKind, OperandKind, Operator, Purpose, Purposes,
};
pub(crate) use read::{
    AttributeRecord, Image, NodeRecord, Nodes, PlaceRecord, RouteRecord, RuleRecord, SegmentRecord,
    size,
};
