//! Starting servers, and doing to them what befalls servers.

mod postgres;
mod process;
mod redis;

pub(crate) use postgres::Postgres;
pub(crate) use redis::Redis;
