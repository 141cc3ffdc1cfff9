//! Records and facts in Redis: as the store itself, or for edges as a copy of one's records.

mod copy;
mod facts;
mod keys;
mod list;
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
