//! How many instructions the key paths take, counted by valgrind, beside the figures on record: a
//! path that became slower fails on a busy machine too.
//!
//! The counts do not depend on what else the machine does. SHA-256 counts as software, since
//! valgrind hides the processor's extensions for it and the build chooses the portable form. The
//! figures are of `x86_64`, and of the toolchain in rust-toolchain.toml.

use crate::run::{command, run_command};
use crate::{needs, target};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The figures on record, in the root of the repository.
const FIGURES: &str = "benches/instructions/figures.json";

/// How many more a path may take than is on record, in percent.
const SLACK: u64 = 2;

type Figures = BTreeMap<String, u64>;

/// Counts, and fails where a path takes more than is on record, or where one is not on record.
pub(crate) fn check() -> Result<(), Box<dyn Error>> {
    if !cfg!(target_arch = "x86_64") {
        println!("left out: the figures on record are of x86_64");
        return Ok(());
    }
    let counted = count()?;
    let recorded: Figures = serde_json::from_str(&fs::read_to_string(figures())?)?;
    let mut wrong: Vec<String> = recorded
        .keys()
        .filter(|name| !counted.contains_key(*name))
        .map(|name| format!("{name}: on record, but no path"))
        .collect();
    for (name, count) in &counted {
        let Some(recorded) = recorded.get(name) else {
            wrong.push(format!("{name}: not on record"));
            continue;
        };
        println!("{name}: {count}, {recorded} on record");
        if exceeds(*count, *recorded) {
            wrong.push(format!("{name}: {count} instructions, and {recorded} are on record"));
        } else if exceeds(*recorded, *count) {
            println!("  it takes less by now: `cargo xtask instructions record` keeps that");
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nWhere that is meant, `cargo xtask instructions record` puts it on record.",
        wrong.join("\n")
    )
    .into())
}

/// Counts, and puts the figures on record.
pub(crate) fn record() -> Result<(), Box<dyn Error>> {
    let counted = count()?;
    for (name, count) in &counted {
        println!("{name}: {count}");
    }
    fs::write(figures(), serde_json::to_string_pretty(&counted)? + "\n")?;
    Ok(())
}

fn figures() -> PathBuf {
    crate::root().join(FIGURES)
}

/// Whether a count is larger than another by more than the slack.
fn exceeds(count: u64, other: u64) -> bool {
    let hundredfold = |count: u64| count.saturating_mul(100);
    hundredfold(count) > hundredfold(other).saturating_add(other.saturating_mul(SLACK))
}

fn count() -> Result<Figures, Box<dyn Error>> {
    needs::VALGRIND.must_be_met()?;
    let program = build()?;
    let names = String::from_utf8(Command::new(&program).output()?.stdout)?;
    names.lines().map(|name| Ok((name.to_owned(), count_of(&program, name)?))).collect()
}

/// Builds the paths in a target folder of their own, since their flags would have all else compiled
/// again, and returns the program.
fn build() -> Result<PathBuf, Box<dyn Error>> {
    let target = target::folder()?.join("instructions");
    run_command(
        "instructions",
        command("cargo build --release -p cog-auth-instructions")?
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", "--cfg sha2_backend=\"soft\""),
    )?;
    Ok(target.join("release/cog-auth-instructions"))
}

/// The instructions of one path.
fn count_of(program: &Path, name: &str) -> Result<u64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=cog_auth_instructions::measured*")
        .arg(program)
        .arg(name)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{name} ends with {}:\n{said}", output.status).into());
    }
    let count =
        said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, n)| n.trim());
    match count.and_then(|count| count.parse().ok()) {
        None | Some(0) => Err(format!("{name}: valgrind counts nothing:\n{said}").into()),
        Some(count) => Ok(count),
    }
}

#[cfg(test)]
mod tests {
    use super::exceeds;

    #[test]
    fn what_is_more_than_two_percent_more_exceeds() {
        assert!(!exceeds(1_020, 1_000));
        assert!(exceeds(1_021, 1_000));
        assert!(!exceeds(0, 0));
        assert!(exceeds(1, 0));
        assert!(!exceeds(900, 1_000));
    }
}
