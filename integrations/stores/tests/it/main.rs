//! Every store passes the same tests, on real servers.
#![cfg(test)]

mod memory;
mod sqlite;
