//! Building the npm package: `bindings/wasm/dist`.

use crate::needs;
use crate::run::run;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The entries of the package, with their modules' features and profiles, and the module that traps on demand.
const BUILDS: [(&str, &str, &str); 4] = [
    ("verify", "", "edge"),
    ("edge", "edge", "edge"),
    ("index", "full", "full"),
    ("faults", "full,faults", "full"),
];

/// Builds the modules and the package, prints what they weigh, and fails when one is over its limit.
pub(crate) fn build() -> Result<(), Box<dyn Error>> {
    needs::NODE.must_be_met()?;
    let remapped = remapped()?;
    for (name, features, profile) in BUILDS {
        let cargo = format!(
            "cargo build -p cog-auth-wasm --target wasm32-unknown-unknown --profile {profile} --features={features} {remapped}"
        );
        run(&format!("module {name}"), &cargo, &[])?;
        let bindgen = format!(
            "cargo run --quiet --release -p bindgen -- target/wasm32-unknown-unknown/{profile}/cog_auth_wasm.wasm target/wasm/{name}"
        );
        run("wasm-bindgen", &bindgen, &[])?;
    }
    run(
        "what the package is made with",
        "npm ci --prefix bindings/wasm --no-fund --no-audit",
        &[],
    )?;
    run("npm package", "node bindings/wasm/build.mjs target/wasm", &[])
}

/// Tests the package as it is packed, in every runtime, and the examples that are made with it.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    for (title, folder) in [
        ("npm package in every runtime", "bindings/wasm/test"),
        ("worker example in workerd", "examples/worker"),
        ("page example in Chromium", "examples/browser"),
    ] {
        let install = format!("npm ci --prefix {folder} --no-fund --no-audit");
        run("what they need", &install, &[])?;
        run(title, &format!("npm test --prefix {folder}"), &[])?;
    }
    Ok(())
}

/// Leaves out of the modules where this machine keeps its crates and its toolchain's sources: what is built elsewhere is the
/// same, byte for byte.
fn remapped() -> Result<String, Box<dyn Error>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).ok_or("no CARGO_HOME")?;
    let sources = Path::new(output("rustc --print sysroot")?.trim()).join("lib/rustlib/src/rust");
    let mut prefixes = vec![(sources, String::from("rust"))];
    for registry in fs::read_dir(home.join("registry/src"))? {
        prefixes.push((registry?.path(), String::from("crates")));
    }
    let flags: Vec<_> = prefixes
        .iter()
        .map(|(from, to)| format!("\"--remap-path-prefix={}={to}\"", from.display()))
        .collect();
    Ok(format!("--config target.wasm32-unknown-unknown.rustflags=[{}]", flags.join(",")))
}

fn output(command: &str) -> Result<String, Box<dyn Error>> {
    let (program, arguments) = command.split_once(' ').ok_or("no arguments")?;
    let output =
        Command::new(program).args(arguments.split(' ')).current_dir(crate::root()).output()?;
    Ok(String::from_utf8(output.stdout)?)
}
