//! Tasks of this repository: `cargo xtask <task>`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

mod bindings;
mod constant_time;
mod examples;
mod fuzz;
mod header;
mod image;
mod instructions;
mod mutants;
mod needs;
mod oracle;
mod peers;
mod public_api;
mod remap;
mod rules;
mod run;
mod target;
mod test;
mod wasm;

use std::error::Error;
use std::process::ExitCode;
use test::Tier;

const TASKS: &str = "tasks:
  test [--quick]
          all tests: formatting, lints, docs, cross builds, sizes, every test. It first says which
          tools are missing and how to install them; with CI=true it installs them. --quick runs
          formatting, lints and most tests, in less than two minutes
  bindings [language]
          build the C library for every platform, and test it and the packages of other languages on
          it, or one of them: rust abi install c cpp go java lua php python ruby
  bindings prepared test | bench language
          test or measure one with what was built last, and build nothing
  bindings bench [languages]
          measure them in one run
  bindings natives | record | twin
          only build; write bindings/c/abi anew; write the library as Go code anew
  constant-time
          see with valgrind that no branch and no address depends on a secret
  fuzz [seconds]
          run every fuzz target, for 60 seconds each unless said otherwise
  header  write bindings/c/include/cogauth.h
  image   compile policies/ into src/policy/builtin.image
  instructions [record]
          count with valgrind the instructions of the key paths, and compare them with the figures on
          record, or put them on record
  mutants [--in-diff [commit] | arguments of cargo-mutants]
          change the library in many ways and see which changes no test notices: in what changed
          since the commit, or, with `--shard 0/20`, in the first twentieth of everything
  oracle [cases]
          compare the policy engine with a second one on random policies, 1,000,000 by default
  peers   measure the library beside its peers, and print the tables of the README
  public-api
          write docs/public-api.txt, the listing of the public API
  loaders load the npm package, as it is built, in Vite, Next.js, esbuild, Jest and Cloudflare's plug-in
  rules   write the rules for other scanners, integrations/secret-scanning/rules
  wasm    build the npm package, bindings/wasm/dist, and weigh it";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match task(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn task(words: &[&str]) -> Result<(), Box<dyn Error>> {
    match words {
        ["test"] => test::all(Tier::Whole),
        ["test", "--quick"] => test::all(Tier::Quick),
        ["bindings", words @ ..] => bindings::task(words),
        ["fuzz"] => fuzz::all(fuzz::SECONDS),
        ["fuzz", seconds] => fuzz::all(seconds.parse()?),
        ["header"] => header::write(),
        ["image"] => image::write(),
        ["instructions"] => instructions::check(),
        ["instructions", "record"] => instructions::record(),
        ["loaders"] => wasm::load(),
        ["oracle"] => oracle::compare(oracle::CASES),
        ["oracle", cases] => oracle::compare(cases.parse()?),
        ["peers"] => peers::compare(),
        ["constant-time"] => constant_time::check(),
        ["public-api"] => public_api::write(),
        ["rules"] => rules::write(),
        ["wasm"] => wasm::build(),
        ["mutants", arguments @ ..] => mutants::run(arguments),
        _ => Err(TASKS.into()),
    }
}

/// The root of the repository.
fn root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
