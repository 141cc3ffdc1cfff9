//! `token`, and what it can do to one.

mod look;
mod new;

pub(crate) use look::{inspect, verify};
pub(crate) use new::new;
