//! The programs of the guide.

use crate::run::{run, run_command};
use crate::target;
use std::error::Error;
use std::fs;
use std::process::Command;

/// Builds the service with what all tests have built.
const SERVICE: &str = "cargo build --workspace --all-features --bin cog-auth-example-service";

/// Runs every program in `examples/`, and stops at the first that fails.
pub(crate) fn run_all() -> Result<(), Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(crate::root().join("examples"))? {
        let path = entry?.path();
        if let (Some(name), true) =
            (path.file_stem(), path.extension().is_some_and(|it| it == "rs"))
        {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    if names.is_empty() {
        return Err("there is no program in examples/".into());
    }
    // The whole workspace is built already, where all tests run.
    run("examples, built", "cargo build --workspace --all-features --examples")?;
    let programs = target::folder()?.join("debug/examples");
    names.iter().try_for_each(|name| run_command(name, &mut Command::new(programs.join(name))))
}

/// Looks at the pages of the service, which it starts itself, in Chromium.
pub(crate) fn look_at_service() -> Result<(), Box<dyn Error>> {
    let folder = "examples/service/browser";
    run("what it needs", &format!("npm ci --prefix {folder} --no-fund --no-audit"))?;
    run("service example, built", SERVICE)?;
    run("service example in Chromium", &format!("npm test --prefix {folder}"))
}
