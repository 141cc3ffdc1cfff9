//! Every store passes the same tests: here those that need no server.
#![cfg(test)]

mod broken;
mod cache;
mod memory;
mod sqlite;
