//! `token`, and what it can do to one.

mod list;
mod look;
mod new;
mod revoke;
mod rotate;

pub(crate) use list::list;
pub(crate) use look::{inspect, verify};
pub(crate) use new::new;
pub(crate) use revoke::revoke;
pub(crate) use rotate::rotate;
