//! The programs of the guide.

use crate::run::run;
use std::error::Error;
use std::fs;

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
    for name in names {
        run("example", &format!("cargo run --quiet --all-features --example {name}"))?;
    }
    Ok(())
}

/// Looks at the pages of the service, which it starts itself, in Chromium.
pub(crate) fn look_at_service() -> Result<(), Box<dyn Error>> {
    let folder = "examples/service/browser";
    run("what it needs", &format!("npm ci --prefix {folder} --no-fund --no-audit"))?;
    run("service example, built", "cargo build -p cog-auth-example-service")?;
    run("service example in Chromium", &format!("npm test --prefix {folder}"))
}
