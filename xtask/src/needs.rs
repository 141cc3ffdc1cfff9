//! What the tasks need beside the toolchain of rust-toolchain.toml.

use crate::run::{output, run, works};
use std::error::Error;
use std::path::Path;

/// A tool: how to see that it is there, and how to install it.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    pub(crate) name: &'static str,
    is_there: fn() -> bool,
    pub(crate) install: &'static str,
}

const fn need(name: &'static str, is_there: fn() -> bool, install: &'static str) -> Need {
    Need { name, is_there, install }
}

pub(crate) const CLIPPY: Need =
    need("clippy", || works("cargo clippy --version"), "rustup component add clippy");
pub(crate) const RUSTFMT: Need =
    need("rustfmt", || works("cargo fmt --version"), "rustup component add rustfmt");
pub(crate) const TARGETS: Need = need(
    "cross targets",
    targets_are_installed,
    "rustup target add thumbv7em-none-eabi wasm32-unknown-unknown",
);
pub(crate) const OLDEST: Need = need(
    "the oldest toolchain",
    || works("rustup run 1.88.0 rustc --version"),
    "rustup toolchain install 1.88.0 --profile minimal --no-self-update",
);
pub(crate) const DENY: Need = need(
    "cargo-deny",
    || works("cargo deny --version"),
    "cargo install cargo-deny --locked --version 0.20.2",
);
pub(crate) const NODE: Need = need(
    "Node.js with npm",
    || works("node --version") && works("npm --version"),
    "apt-get install --yes nodejs npm",
);
pub(crate) const CHROMIUM: Need =
    need("Chromium", || works("chromium --version"), "apt-get install --yes chromium");
pub(crate) const VALGRIND: Need =
    need("valgrind", || works("valgrind --version"), "apt-get install --yes valgrind");
pub(crate) const NIGHTLY: Need = need(
    "a nightly toolchain",
    || works("rustup run nightly rustc --version"),
    "rustup toolchain install nightly --profile minimal --no-self-update",
);
pub(crate) const FUZZ: Need = need(
    "cargo-fuzz",
    || works("cargo fuzz --version"),
    "cargo install cargo-fuzz --locked --version 0.13.2",
);
pub(crate) const MUTANTS: Need = need(
    "cargo-mutants",
    || works("cargo mutants --version"),
    "cargo install cargo-mutants --locked --version 27.1.0",
);

impl Need {
    /// Whether it is there; with `CI=true` it is installed first.
    pub(crate) fn is_met(self) -> Result<bool, Box<dyn Error>> {
        if (self.is_there)() {
            return Ok(true);
        }
        if !std::env::var("CI").is_ok_and(|ci| ci == "true") {
            return Ok(false);
        }
        if self.install.starts_with("apt-get ") {
            run("install", "apt-get update")?;
        }
        run("install", self.install)?;
        Ok(true)
    }

    /// Fails where it is missing, and says how to install it.
    pub(crate) fn must_be_met(self) -> Result<(), Box<dyn Error>> {
        if self.is_met()? {
            Ok(())
        } else {
            Err(format!("{} is missing: install it with `{}`", self.name, self.install).into())
        }
    }
}

fn targets_are_installed() -> bool {
    ["thumbv7em-none-eabi", "wasm32-unknown-unknown"].iter().all(|target| {
        output("rustc --print target-libdir --target", &[target])
            .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
    })
}
