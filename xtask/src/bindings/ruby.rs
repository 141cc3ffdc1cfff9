//! The Ruby package: its tests and its benchmark.

use crate::needs::{Need, need};
use crate::run::{command, run_command, works};
use std::error::Error;

pub(crate) const NEEDS: &[Need] = &[need(
    "Ruby with minitest, WEBrick and jwt",
    || works("ruby -rfiddle -rminitest -rwebrick -rjwt -e exit"),
    "apt-get install --yes ruby ruby-webrick ruby-jwt",
)];

/// Tests the package, and the example over a socket.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    run_command("ruby", &mut command("ruby -w bindings/ruby/test/all.rb")?)
}

/// Prints the rows of the benchmark, and nothing else.
pub(crate) fn bench() -> Result<(), Box<dyn Error>> {
    let status = command("ruby bindings/ruby/bench/run.rb")?.status()?;
    if status.success() { Ok(()) } else { Err("the benchmark of Ruby failed".into()) }
}
