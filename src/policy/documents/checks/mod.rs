//! Checking the trees of documents: what is right in them goes into the model.
//!
//! `sections` goes through a policy in the order in which one section needs the names of another.
//! Each other file has a section or a part of one: `schema` with `actions`, and `attributes` with
//! `needs`; `roles`; `conditions` with `literals`; `rules`; `routes`. References in a circle are
//! found by `cycles`.

mod actions;
mod attributes;
mod conditions;
mod cycles;
mod literals;
mod needs;
mod roles;
mod routes;
mod rules;
mod schema;
mod sections;

pub(super) use roles::{in_order, inherited};
