//! The compiled image of a policy: its layout, reading it in place, and the checks when it is loaded.

mod check;
pub(crate) mod layout;
mod read;

pub(crate) use check::check;
pub(crate) use read::{
    Image, NodeRecord, Nodes, PlaceRecord, RouteRecord, RuleRecord, SegmentRecord, size,
};
