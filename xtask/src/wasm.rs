//! Building the npm package: `bindings/wasm/dist`.

use crate::needs;
use crate::run::run;
use std::error::Error;

/// The entries of the package, with the features of their modules, and the module that traps on demand.
const BUILDS: [(&str, &str); 4] =
    [("verify", ""), ("edge", "edge"), ("index", "full"), ("faults", "full,faults")];

/// Builds the modules and the package, prints what they weigh, and fails when one is over its limit.
pub(crate) fn build() -> Result<(), Box<dyn Error>> {
    needs::NODE.must_be_met()?;
    for (name, features) in BUILDS {
        let cargo = format!(
            "cargo build -p cog-auth-wasm --target wasm32-unknown-unknown --profile edge --features={features}"
        );
        run(&format!("module {name}"), &cargo, &[])?;
        let bindgen = format!(
            "cargo run --quiet --release -p bindgen -- target/wasm32-unknown-unknown/edge/cog_auth_wasm.wasm target/wasm/{name}"
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
