//! Building the npm package: `bindings/wasm/dist`.

use crate::run::{command, run, run_command};
use crate::{needs, remap, target};
use std::error::Error;
use std::{fs, io};

/// The entries of the package, with their modules' features and profiles, and the module that traps
/// on demand.
const BUILDS: [(&str, &str, &str); 5] = [
    ("verify", "keys", "edge"),
    ("text", "text", "full"),
    ("edge", "edge", "edge"),
    ("index", "full", "full"),
    ("faults", "full,faults", "full"),
];

/// Builds the modules and the package, prints what they weigh, and fails when one is over its
/// limit.
pub(crate) fn build() -> Result<(), Box<dyn Error>> {
    needs::NODE.must_be_met()?;
    same_version()?;
    let remapped = remap::setting("wasm32-unknown-unknown")?;
    let target = target::folder()?;
    // What an earlier run left must not be packed when this one fails half-way.
    forget(fs::remove_dir_all(crate::root().join("bindings/wasm/dist")))?;
    forget(fs::remove_dir_all(target.join("wasm")))?;
    for (name, features, profile) in BUILDS {
        let module = target.join("wasm32-unknown-unknown").join(profile).join("cog_auth_wasm.wasm");
        forget(fs::remove_file(&module))?;
        run_command(
            &format!("module {name}"),
            command("cargo build --locked -p cog-auth-wasm --target wasm32-unknown-unknown")?
                .args(["--profile", profile, "--features", features, "--config", &remapped]),
        )?;
        run_command(
            "wasm-bindgen",
            command("cargo run --quiet --locked --release -p bindgen --")?
                .arg(module)
                .arg(target.join("wasm").join(name)),
        )?;
    }
    run("what the package is made with", "npm ci --prefix bindings/wasm --no-fund --no-audit")?;
    run_command("npm package", command("node bindings/wasm/build.mjs")?.arg(target.join("wasm")))
}

/// That something is not there is as good as that it was removed.
fn forget(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
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

/// Loads the package, as it is packed, where bundlers and frameworks load it. What they need is
/// large, so it is a step of its own.
pub(crate) fn load() -> Result<(), Box<dyn Error>> {
    needs::NODE.must_be_met()?;
    let folder = "bindings/wasm/loaders";
    run("what it is loaded with", &format!("npm ci --prefix {folder} --no-fund --no-audit"))?;
    run("npm package in frameworks", &format!("npm test --prefix {folder}"))
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
