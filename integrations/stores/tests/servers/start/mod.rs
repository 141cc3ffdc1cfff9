//! Starting servers, and doing to them what befalls servers.

mod postgres;
mod process;

pub(crate) use postgres::Postgres;
