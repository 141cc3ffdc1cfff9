//! All tests, in one command.

use crate::needs::{self, Need};
use crate::run::{command, run, run_command};
use std::error::Error;

pub(crate) fn all() -> Result<(), Box<dyn Error>> {
    let mut skipped: Vec<Need> = Vec::new();
    let mut has = |need: Need| -> Result<bool, Box<dyn Error>> {
        let met = need.is_met()?;
        if !met {
            skipped.push(need);
        }
        Ok(met)
    };
    if has(needs::RUSTFMT)? {
        run("format", "cargo fmt --all --check")?;
    }
    if has(needs::CLIPPY)? {
        run("lints", "cargo clippy --workspace --all-targets --all-features -- -D warnings")?;
        run(
            "lints of the core alone",
            "cargo clippy -p cog-auth --no-default-features -- -D warnings",
        )?;
    }
    run("tests", "cargo test --workspace --all-features")?;
    run("secrets after drop", "cargo test --release --all-features --test secrets_in_memory")?;
    let alone = "cargo test -p cog-auth --no-default-features --lib --test it";
    run("tests of the core alone", alone)?;
    run("its examples", "cargo test -p cog-auth --no-default-features --doc")?;
    run_command(
        "documentation",
        command("cargo doc --workspace --no-deps --all-features")?
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    run("policies", "cargo run --quiet -p cog-auth-cli -- policy test policies")?;
    if has(needs::TARGETS)? {
        run(
            "bare metal",
            "cargo build -p cog-auth --no-default-features --target thumbv7em-none-eabi",
        )?;
        run(
            "WebAssembly",
            "cargo build -p cog-auth --no-default-features --target wasm32-unknown-unknown",
        )?;
    }
    if has(needs::TARGETS)? & has(needs::CLIPPY)? {
        run(
            "lints of the module",
            "cargo clippy -p cog-auth-wasm --features full,faults --target wasm32-unknown-unknown -- -D warnings",
        )?;
    }
    if has(needs::TARGETS)? & has(needs::NODE)? {
        crate::wasm::build()?;
        if has(needs::CHROMIUM)? {
            crate::wasm::test()?;
        }
    }
    if has(needs::OLDEST)? {
        let command = "rustup run 1.88.0 cargo check -p cog-auth --all-features";
        run("oldest toolchain", command)?;
    }
    run("benchmarks build", "cargo bench -p cog-auth --all-features --no-run")?;
    if has(needs::DENY)? {
        run("licences and sources", "cargo deny --all-features check bans licenses sources")?;
    }
    if has(needs::VALGRIND)? {
        crate::constant_time::check()?;
    }
    if has(needs::NIGHTLY)? & has(needs::FUZZ)? {
        crate::fuzz::briefly()?;
    }
    for need in &skipped {
        println!("skipped for want of {}: install it with `{}`", need.name, need.install);
    }
    println!("\nall tests passed");
    Ok(())
}
