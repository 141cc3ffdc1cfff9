//! All tests, in one command.

use crate::run::{run, works};
use std::error::Error;

/// What must be installed: how to see that it is, and how to install it.
const NEEDS: [(&str, &str, &str); 5] = [
    ("clippy", "cargo clippy --version", "rustup component add clippy"),
    ("rustfmt", "cargo fmt --version", "rustup component add rustfmt"),
    (
        "cross targets",
        "rustc --print target-libdir --target thumbv7em-none-eabi",
        "rustup target add thumbv7em-none-eabi wasm32-unknown-unknown",
    ),
    (
        "the oldest toolchain",
        "rustup run 1.88.0 rustc --version",
        "rustup toolchain install 1.88.0 --profile minimal --no-self-update",
    ),
    ("cargo-deny", "cargo deny --version", "cargo install cargo-deny --locked --version 0.20.2"),
];

pub(crate) fn all() -> Result<(), Box<dyn Error>> {
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let mut skipped = Vec::new();
    for (name, probe, install) in NEEDS {
        if works(probe) && (name != "cross targets" || targets_installed()) {
            continue;
        }
        if ci {
            run("install", install, &[])?;
        } else {
            skipped.push((name, install));
        }
    }
    let has = |name: &str| !skipped.iter().any(|(skipped, _)| *skipped == name);
    let warnings_denied = [("RUSTDOCFLAGS", "-D warnings")];
    if has("rustfmt") {
        run("format", "cargo fmt --all --check", &[])?;
    }
    if has("clippy") {
        run(
            "lints",
            "cargo clippy --workspace --exclude edge-size --all-targets --all-features -- -D warnings",
            &[],
        )?;
        run(
            "lints of the core alone",
            "cargo clippy -p cog-auth --no-default-features -- -D warnings",
            &[],
        )?;
    }
    run("tests", "cargo test --workspace --exclude edge-size --all-features", &[])?;
    let alone = "cargo test -p cog-auth --no-default-features --lib --test token_vectors --test token_properties";
    run("tests of the core alone", alone, &[])?;
    run("its examples", "cargo test -p cog-auth --no-default-features --doc", &[])?;
    run(
        "documentation",
        "cargo doc --workspace --exclude edge-size --no-deps --all-features",
        &warnings_denied,
    )?;
    run("policies", "cargo run --quiet -p cog-auth-cli -- policy test policies", &[])?;
    if has("cross targets") {
        run(
            "bare metal",
            "cargo build -p cog-auth --no-default-features --target thumbv7em-none-eabi",
            &[],
        )?;
        run(
            "WebAssembly",
            "cargo build -p cog-auth --no-default-features --target wasm32-unknown-unknown",
            &[],
        )?;
        crate::size::check()?;
    }
    if has("the oldest toolchain") {
        let command =
            "rustup run 1.88.0 cargo check -p cog-auth --all-features --target-dir target/oldest";
        run("oldest toolchain", command, &[])?;
    }
    run("benchmarks build", "cargo bench -p cog-auth --all-features --no-run", &[])?;
    if has("cargo-deny") {
        run("licences and sources", "cargo deny --all-features check bans licenses sources", &[])?;
    }
    for (name, install) in &skipped {
        println!("skipped for want of {name}: install it with `{install}`");
    }
    println!("\nall tests passed");
    Ok(())
}

fn targets_installed() -> bool {
    ["thumbv7em-none-eabi", "wasm32-unknown-unknown"].iter().all(|target| {
        std::process::Command::new("rustc")
            .args(["--print", "target-libdir", "--target", target])
            .output()
            .is_ok_and(|output| {
                std::path::Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
            })
    })
}
