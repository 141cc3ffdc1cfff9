//! Policies of cog-auth, translated to [Cedar](https://www.cedarpolicy.com): a third opinion on
//! what they mean, made from `docs/policy-language.md` alone. The tests ask the library and Cedar
//! the same questions.
//!
//! A condition here is true, false or unknown; in Cedar it is true or false, and a policy whose
//! condition *errs* (it reads an attribute that is not there) is skipped, a `forbid` too. So every
//! condition becomes two Cedar expressions that never err, [`Bounds::holds`] (it is surely true)
//! and [`Bounds::fails`] (it is surely false), and a rule becomes:
//!
//! ```text
//! permit p:   permit (…) when   { holds(when) };
//! forbid f:   forbid (…) unless { fails(when) };
//! require r:  forbid (…) unless { fails(when) || holds(must) };
//! ```
//!
//! What Cedar sees of a request ([`Request`]): entities `Subject` and `Resource` with their
//! `properties` as attributes, an entity `Action` in the group `Action::"any declared"` (no action
//! has a space in its name), and the context, with the action's name and properties below
//! `context.action`. Prepared outside, because Cedar has no word for it, and put below
//! `context.prepared`:
//!
//! - a value that is unusable (section 7) is left out, and its attribute named in `unusable` if it
//!   declares what `absent` means; one that is null is left out too and its attribute named in
//!   `null`;
//! - a time is its seconds, whatever it was written as, and an address or network Cedar's own `ip`,
//!   one for all its texts;
//! - Cedar asks nothing of *some* member of a set, so which addresses which `ip_set` covers stands
//!   in `covered`;
//! - `resource_type` is the resource's type, which every policy compares with what its action
//!   applies to;
//! - a member of an open set that equals nothing is left out and the set's attribute named in
//!   `foreign`;
//! - attributes that lie at one place, or one inside another, are each kept by name in `shared`,
//!   since each reads the place in its own way;
//! - the derived sets (section 9) are computed, and are two sets each, `surely` and `perhaps`.
//!
//! What `absent` means is Cedar's to say: null is that there `has` nothing, a literal is the `else`
//! of an `if … has …`.
//!
//! Without a counterpart, and not compared: missing and unusable attributes, routes, messages and
//! links, the order of members in an answer's text. A policy whose expressions grow over
//! [`LONGEST`] because its conditions refer to each other over and over is left out ([`TooLong`]).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a part of tests; the documents are valid"
)]

mod condition;
mod covered;
mod derived;
mod network;
mod policy;
mod request;
mod text;
mod time;
mod translation;
mod value;

pub use condition::Bounds;
pub use policy::{Attribute, Effect, Policy, Rule, Type};
pub use request::Request;
pub use translation::{LONGEST, TooLong, Translation};
