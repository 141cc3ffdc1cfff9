//! The policy engine against its second opinion, at length.

use crate::run::{command, run_command};
use std::error::Error;

/// Requests to random policies; a twentieth as many more go to the built-in one.
pub(crate) const CASES: u64 = 1_000_000;

/// Runs `tests/it/policy/oracle.rs` with optimization. The tests print their figures and fail at a
/// difference.
pub(crate) fn compare(cases: u64) -> Result<(), Box<dyn Error>> {
    run_command(
        "oracle",
        command("cargo test --release --test it policy::oracle:: -- --nocapture")?
            .env("ORACLE_CASES", cases.to_string()),
    )
}
