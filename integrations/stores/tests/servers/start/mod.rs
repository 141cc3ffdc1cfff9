//! Starting servers, and doing to them what befalls servers.

mod cluster;
mod postgres;
mod process;
mod redis;
mod server;

pub(crate) use cluster::Cluster;
pub(crate) use postgres::Postgres;
pub(crate) use redis::Redis;
