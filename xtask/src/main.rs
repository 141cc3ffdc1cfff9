//! Tasks of this repository: `cargo xtask <task>`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

mod constant_time;
mod fuzz;
mod image;
mod mutants;
mod needs;
mod oracle;
mod run;
mod test;
mod wasm;

use std::process::ExitCode;

const TASKS: &str = "tasks:
  test    all tests: formatting, lints, docs, cross builds, sizes, every test; says what is missing, or with CI=true installs it
  constant-time
          see with valgrind that no branch and no address depends on a secret
  fuzz    run every fuzz target, for 60 seconds each or as many as the next argument says
  image   compile policies/ into src/policy/builtin.image
  oracle  compare the policy engine with a second one on random policies: oracle [cases], 1,000,000 by default
  mutants [--survivors | --resume] [filter]
          change the library in every way that cargo-mutants knows, and see which changes no test finds
  wasm    build the npm package, bindings/wasm/dist, and weigh it";

fn main() -> ExitCode {
    let result = match std::env::args().nth(1).as_deref() {
        Some("test") => test::all(),
        Some("fuzz") => fuzz::all(std::env::args().nth(2).as_deref()),
        Some("image") => image::write(),
        Some("oracle") => oracle::compare(std::env::args().nth(2).as_deref()),
        Some("constant-time") => constant_time::check(),
        Some("wasm") => wasm::build(),
        Some("mutants") => mutants::run(&std::env::args().skip(2).collect::<Vec<_>>()),
        _ => Err(TASKS.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository.
fn root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
