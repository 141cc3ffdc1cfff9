//! The policy engine against its second opinion, at length.

use crate::run::run;
use std::error::Error;

/// Requests to random policies; a twentieth as many more go to the built-in one.
const CASES: &str = "1000000";

/// Runs the cases of `tests/it/policy/oracle.rs` with optimization, which prints its figures and
/// fails at a difference.
pub(crate) fn compare(cases: Option<&str>) -> Result<(), Box<dyn Error>> {
    let cases = cases.unwrap_or(CASES);
    cases.parse::<u64>().map_err(|error| format!("`{cases}` is no number of cases: {error}"))?;
    run(
        "oracle",
        "cargo test --release --test it policy::oracle:: -- --nocapture",
        &[("ORACLE_CASES", cases)],
    )
}
