//! What is built holds no path of the machine that built it.

use crate::run::output;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// A setting of cargo that leaves out of what is built for a target where this machine keeps its
/// crates and its toolchain's sources: what is built elsewhere is the same, byte for byte.
pub(crate) fn setting(target: &str) -> Result<String, Box<dyn Error>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).ok_or("no CARGO_HOME")?;
    let sources =
        Path::new(output("rustc --print sysroot", &[])?.trim()).join("lib/rustlib/src/rust");
    let mut prefixes = vec![(sources, String::from("rust")), (crate::root(), String::from("."))];
    for registry in fs::read_dir(home.join("registry/src"))? {
        prefixes.push((registry?.path(), String::from("crates")));
    }
    let flags: Vec<_> = prefixes
        .iter()
        .map(|(from, to)| format!("\"--remap-path-prefix={}={to}\"", from.display()))
        .collect();
    Ok(format!("target.{target}.rustflags=[{}]", flags.join(",")))
}
