//! Routes: from an HTTP method and a request target to an action, and to what it is about.
//!
//! `route` has the public types. `path` takes a target apart and refuses what is not in its normal
//! form, `find` looks its segments up in the image, and `disguises` finds segments that only seem
//! to be something else than a literal.

mod disguises;
mod find;
mod path;
mod route;

pub(crate) use find::find;
#[cfg(feature = "documents")]
pub(crate) use path::is_literal;
pub(crate) use path::is_origin_form;
pub use path::{MAX_PATH_BYTES, MAX_SEGMENTS};
pub use route::{Route, RouteError, RouteParameter, RouteResource};
