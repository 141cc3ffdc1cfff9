//! The library beside its peers.

use crate::run::{command, run_command};
use crate::target;
use std::error::Error;

/// Builds the benchmark, which is a workspace of its own, and prints its tables.
pub(crate) fn compare() -> Result<(), Box<dyn Error>> {
    run_command(
        "peers",
        command("cargo run --release --locked --manifest-path benches/peers/Cargo.toml")?
            .env("CARGO_TARGET_DIR", target::folder()?.join("peers")),
    )
}
