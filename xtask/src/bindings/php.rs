//! The PHP package: its tests and its benchmark.

use crate::needs::{Need, need};
use crate::run::{command, run_command, works};
use std::error::Error;

pub(crate) const NEEDS: &[Need] = &[need(
    "PHP with FFI",
    || works("php -r exit((int)!extension_loaded('ffi'));"),
    "apt-get install --yes php-cli",
)];

/// Tests the package, and the example over a socket.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    run_command("php", &mut command("php bindings/php/tests/run.php")?)
}

/// Prints the rows of the benchmark, and nothing else.
pub(crate) fn bench() -> Result<(), Box<dyn Error>> {
    let status = command("php bindings/php/bench/run.php")?.status()?;
    if status.success() { Ok(()) } else { Err("the benchmark of PHP failed".into()) }
}
