//! Records and facts in tables: what SQLite and PostgreSQL have in common.

#[macro_use]
mod adapter;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_notices;
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statements;

#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
#[cfg(feature = "postgres")]
pub use postgres_notices::PostgresNotices;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

use crate::{Unavailable, WriteError};

/// The tables, for both.
const TABLES: &str = include_str!("tables.sql");

/// The version of the tables that this crate reads and writes.
const VERSION: i64 = 1;

/// A database's own words, without the values that some of its details show.
impl From<sqlx::Error> for Unavailable {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) => {
                let code = database.code().unwrap_or_default();
                Self::because(format!("{} ({code})", database.message()))
            }
            None => Self::because(error),
        }
    }
}

impl From<sqlx::Error> for WriteError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Whether the tables are there, by the version that is stored.
fn check_version(version: Option<i64>) -> Result<Tables, Unavailable> {
    match version {
        None => Ok(Tables::Missing),
        Some(VERSION) => Ok(Tables::There),
        Some(other) => Err(Unavailable::because(format!(
            "the tables have version {other}, and this crate knows version {VERSION} alone"
        ))),
    }
}

/// What a database was found to have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tables {
    Missing,
    There,
}
