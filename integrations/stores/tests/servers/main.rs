//! The stores on real servers, which these tests start: PostgreSQL and Redis of Debian's packages.
//!
//! `cargo test` leaves them out, and says so; `cargo xtask test` runs them where the servers are
//! installed, and so does `cargo test -p cog-auth-stores --all-features --test servers --
//! --ignored`.
#![cfg(test)]

mod postgres;
mod postgres_faults;
mod redis;
mod redis_faults;
mod revocation;
mod start;

use std::time::Duration;

/// What comes out, which takes no longer than so many seconds.
async fn within_seconds<T>(seconds: u64, future: impl Future<Output = T>) -> T {
    let came = tokio::time::timeout(Duration::from_secs(seconds), future).await;
    came.expect("it comes in time")
}
