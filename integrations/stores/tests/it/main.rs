//! Every store passes the same tests, on real servers.
#![cfg(test)]

mod cache;
mod memory;
mod sqlite;
