//! Requests: the facts of one AuthZEN evaluation, read for one policy.
//!
//! `read` takes them from JSON, part by part (`parts`). `builder` takes them from Rust, where
//! `attribute` has places that were found once. Both hand what they find at a place to `fill`,
//! which turns it into the values of `attributes`. `absence` has the values that a policy declares
//! for places where nothing stands, and `ids` makes equal ids comparable.
//!
//! Roles, permissions and memberships go to `grants`. Once everything is read, `derive` works out
//! the derived sets from them, with the help of `listed` where a policy has many actions. Then the
//! attributes are sealed, and a `request` asks them.

mod absence;
mod attribute;
mod attributes;
mod builder;
mod derive;
mod few;
mod fill;
mod grants;
mod ids;
mod listed;
mod parts;
mod read;
#[expect(clippy::module_inception, reason = "each public type has a file of its own name")]
mod request;
mod value;

pub use attribute::Attribute;
pub use builder::RequestBuilder;
pub use request::Request;
pub use value::Value;

pub(crate) use attributes::Attributes;
pub(crate) use grants::{LevelGrants, ListState, Membership, MembershipKind, Organization};
pub(crate) use parts::{PartsSeen, RequestKind, RequestPart, malformed, name_stands_twice};
pub(crate) use read::ReadBuffers;
pub(crate) use value::{AttributeValue, position};
