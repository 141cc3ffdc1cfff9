//! The tests that every store passes, for those who write one.
//!
//! Each function asks a store for what the traits promise. It adds credentials and principals of
//! its own, with random ids, and leaves them there; so run it on a database for tests.
//!
//! ```
//! use cog_auth_stores::{MemoryStore, conformance};
//! use std::sync::Arc;
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let store = Arc::new(MemoryStore::new());
//! conformance::records(&store).await?;
//! conformance::facts(&store).await?;
//! conformance::lists(&store).await?;
//! conformance::races(&store, 4).await?;
//! # Ok::<(), conformance::Broken>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// Returns that a promise is broken, unless something is as promised.
macro_rules! promise {
    ($promise:literal, $got:expr, $pattern:pat $(if $guard:expr)?) => {
        match $got {
            $pattern $(if $guard)? => {}
            got => return Err($crate::conformance::Broken::new($promise, &got)),
        }
    };
}

#[expect(clippy::indexing_slicing, reason = "the objects that are changed are made here")]
mod facts;
mod lists;
mod races;
mod records;
mod samples;
mod unavailable;

pub use facts::facts;
pub use lists::lists;
pub use races::races;
pub use records::records;
pub use unavailable::unavailable;

use crate::{Unavailable, WriteError};
use std::error::Error;
use std::fmt;

/// A store does not do what the traits promise.
#[derive(Debug)]
pub struct Broken {
    promise: &'static str,
    got: String,
}

impl Broken {
    fn new(promise: &'static str, got: &dyn fmt::Debug) -> Self {
        Self { promise, got: format!("{got:?}") }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not as promised: {}; instead: {}", self.promise, self.got)
    }
}

impl Error for Broken {}

impl From<Unavailable> for Broken {
    fn from(error: Unavailable) -> Self {
        Self::new("the store answers", &error)
    }
}

impl From<WriteError> for Broken {
    fn from(error: WriteError) -> Self {
        Self::new("the store writes", &error)
    }
}

impl From<cog_auth::Error> for Broken {
    fn from(error: cog_auth::Error) -> Self {
        Self::new("what is stored is a record", &error)
    }
}
