//! Records in Redis, for edges: as the store itself, or as a copy of one.

mod copy;
mod keys;
mod notices;
mod reply;
mod store;
mod writer;

pub use notices::RedisNotices;
pub use store::RedisStore;

use crate::{Unavailable, WriteError};

impl From<redis::RedisError> for Unavailable {
    fn from(error: redis::RedisError) -> Self {
        Self::because(error)
    }
}

impl From<redis::RedisError> for WriteError {
    fn from(error: redis::RedisError) -> Self {
        Self::Unavailable(error.into())
    }
}
