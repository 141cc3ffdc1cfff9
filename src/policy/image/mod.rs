//! The compiled image of a policy: its layout, reading it in place, and the checks when it is loaded.

pub(crate) mod layout;
mod validate;
mod view;

pub(crate) use validate::validate;
pub(crate) use view::{Image, Node, Nodes, Place, Route, Rule, Segment, size};
