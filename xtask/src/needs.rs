//! What the tasks need beside the toolchain of rust-toolchain.toml.

use crate::run::{command, output, run, run_command, works};
use std::error::Error;
use std::path::Path;

/// A tool: how to see that it is there, and how to install it.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    pub(crate) name: &'static str,
    is_there: fn() -> bool,
    pub(crate) install: &'static str,
}

pub(crate) const fn need(
    name: &'static str,
    is_there: fn() -> bool,
    install: &'static str,
) -> Need {
    Need { name, is_there, install }
}

pub(crate) const CLIPPY: Need =
    need("clippy", || works("cargo clippy --version"), "rustup component add clippy");
pub(crate) const RUSTFMT: Need =
    need("rustfmt", || works("cargo fmt --version"), "rustup component add rustfmt");
pub(crate) const TARGETS: Need = need(
    "the cross targets",
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
pub(crate) const POSTGRESQL: Need = need(
    "PostgreSQL",
    || Path::new("/usr/lib/postgresql").exists(),
    "apt-get install --yes postgresql",
);
pub(crate) const REDIS: Need =
    need("Redis", || works("redis-server --version"), "apt-get install --yes redis-server");
pub(crate) const NIGHTLY: Need = need(
    "a nightly toolchain",
    || works("rustup run nightly rustc --version"),
    "rustup toolchain install nightly --profile minimal --no-self-update",
);
pub(crate) const MIRI: Need = need(
    "Miri",
    || works("rustup run nightly cargo miri --version"),
    "rustup toolchain install nightly --profile minimal --component miri,rust-src \
     --no-self-update",
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

impl PartialEq for Need {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Need {
    /// Fails where it is missing, and says how to install it. With `CI=true` it is installed.
    pub(crate) fn must_be_met(self) -> Result<(), Box<dyn Error>> {
        if (self.is_there)() {
            return Ok(());
        }
        if is_ci() {
            return self.install();
        }
        Err(format!("{} is missing: {}", self.name, self.install).into())
    }

    fn install(self) -> Result<(), Box<dyn Error>> {
        if self.install.starts_with("apt-get ") {
            run("package lists", "apt-get update")?;
        }
        // Packages of Debian may ask questions, which nobody is there to answer.
        run_command(self.name, command(self.install)?.env("DEBIAN_FRONTEND", "noninteractive"))
    }
}

/// Prints which of these tools are there and how to install the others, and returns the others.
/// With `CI=true` all are installed, and none is missing.
pub(crate) fn missing<'n>(
    needs: impl Iterator<Item = &'n Need>,
) -> Result<Vec<Need>, Box<dyn Error>> {
    let mut asked: Vec<Need> = Vec::new();
    let mut missing = Vec::new();
    println!("tools:");
    for need in needs {
        if asked.contains(need) {
            continue;
        }
        asked.push(*need);
        if (need.is_there)() {
            println!("  {}: there", need.name);
        } else {
            println!("  {}: missing; to install it: {}", need.name, need.install);
            missing.push(*need);
        }
    }
    if is_ci() {
        missing.drain(..).try_for_each(Need::install)?;
    }
    Ok(missing)
}

fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

fn targets_are_installed() -> bool {
    ["thumbv7em-none-eabi", "wasm32-unknown-unknown"].iter().all(|target| {
        output("rustc --print target-libdir --target", &[target])
            .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
    })
}
