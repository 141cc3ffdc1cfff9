//! Building the npm package: `bindings/wasm/dist`.

use crate::run::{command, run, run_command};
use crate::{needs, remap, target};
use std::error::Error;
use std::fs;

/// The entries of the package, with their modules' features and profiles, and the module that traps
/// on demand.
const BUILDS: [(&str, &str, &str); 4] = [
    ("verify", "", "edge"),
    ("edge", "edge", "edge"),
    ("index", "full", "full"),
    ("faults", "full,faults", "full"),
];

/// Builds the modules and the package, prints what they weigh, and fails when one is over its limit.
pub(crate) fn build() -> Result<(), Box<dyn Error>> {
    needs::NODE.must_be_met()?;
    same_version()?;
    let remapped = remap::setting("wasm32-unknown-unknown")?;
    let target = target::folder()?;
    for (name, features, profile) in BUILDS {
        run_command(
            &format!("module {name}"),
            command("cargo build -p cog-auth-wasm --target wasm32-unknown-unknown")?.args([
                "--profile",
                profile,
                "--features",
                features,
                "--config",
                &remapped,
            ]),
        )?;
        run_command(
            "wasm-bindgen",
            command("cargo run --quiet --release -p bindgen --")?
                .arg(target.join("wasm32-unknown-unknown").join(profile).join("cog_auth_wasm.wasm"))
                .arg(target.join("wasm").join(name)),
        )?;
    }
    run("what the package is made with", "npm ci --prefix bindings/wasm --no-fund --no-audit")?;
    run_command("npm package", command("node bindings/wasm/build.mjs")?.arg(target.join("wasm")))
}

/// Tests the package as it is packed, in every runtime, and the examples that are made with it.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    for (title, folder) in [
        ("npm package in every runtime", "bindings/wasm/test"),
        ("worker example in workerd", "examples/worker"),
        ("page example in Chromium", "examples/browser"),
    ] {
        run("what they need", &format!("npm ci --prefix {folder} --no-fund --no-audit"))?;
        run(title, &format!("npm test --prefix {folder}"))?;
    }
    Ok(())
}

/// The package has the version of the workspace, which is that of this program too.
fn same_version() -> Result<(), Box<dyn Error>> {
    for file in ["bindings/wasm/package.json", "bindings/wasm/package-lock.json"] {
        let text = fs::read_to_string(crate::root().join(file))?;
        let package: serde_json::Value = serde_json::from_str(&text)?;
        let version = package.get("version").and_then(serde_json::Value::as_str);
        if version != Some(env!("CARGO_PKG_VERSION")) {
            return Err(format!("{file} has another version than Cargo.toml").into());
        }
    }
    Ok(())
}
