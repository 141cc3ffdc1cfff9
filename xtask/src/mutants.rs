//! Mutation testing: changes to the library that its tests should notice.
//!
//! cargo-mutants makes the changes. `.cargo/mutants.toml` has its settings, and names the mutants
//! that no test can tell from the original.

use crate::run::{command, output};
use crate::{needs, target};
use std::error::Error;
use std::fs;

const SETTINGS: &str = ".cargo/mutants.toml";

/// How many mutants of one change are tested at most.
const MOST: usize = 24;

/// With how many commits a change is taken to be made, where nothing tells where it begins.
const COMMITS: &str = "21";

/// Runs cargo-mutants with the arguments, such as `--shard 0/20` or `--file src/time.rs`.
///
/// `--in-diff`, which may be followed by a commit, tests what changed since that commit.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    needs::MUTANTS.must_be_met()?;
    every_exclusion_matches()?;
    match arguments {
        ["--in-diff"] => in_diff(&base()?),
        ["--in-diff", base] => in_diff(base),
        arguments => test(arguments)?.all_caught(),
    }
}

/// Tests the mutants in the lines that changed since a commit, uncommitted changes included.
///
/// Where there are more than [`MOST`], it tests a sample, which is another one after the next
/// commit. A sample only reports the mutants that no test noticed: which ones are in it is chance,
/// and chance should not decide whether a change passes. Without a sample they are an error.
fn in_diff(base: &str) -> Result<(), Box<dyn Error>> {
    let options = ["--no-ext-diff", "--no-color", "--src-prefix=a/", "--dst-prefix=b/"];
    let diff = output("git diff", &[&options[..], &[base, "--", "src"]].concat())?;
    let file = target::folder()?.join("mutants.diff");
    fs::write(&file, diff)?;
    let in_diff = format!("--in-diff={}", file.display());
    let count = output("cargo mutants --list", &[&in_diff])?.lines().count();
    println!("{count} mutants in the lines of src/ that changed since {base}");
    if count == 0 {
        return Ok(());
    }
    let samples = count.div_ceil(MOST);
    let commits: usize = output("git rev-list --count HEAD", &[])?.trim().parse()?;
    let sample = commits.checked_rem(samples).unwrap_or_default();
    let shard = format!("--shard={sample}/{samples}");
    let outcome = test(&[&in_diff, "--sharding=round-robin", &shard])?;
    if samples > 1 && outcome == Outcome::Missed {
        println!("{count} mutants are too many: this was sample {sample} of {samples}");
        return Ok(());
    }
    outcome.all_caught()
}

/// The commit that a change is compared with: where it left the branch `main`, else the latest tag
/// before it, else the commit some way back.
///
/// A fresh clone of `main` has no other branch, and before the first release no tag. A shallow
/// clone may have one commit alone, to which nothing changed.
fn base() -> Result<String, Box<dyn Error>> {
    let head = output("git rev-parse HEAD", &[])?;
    let left = output("git merge-base HEAD main", &[]).ok().filter(|commit| *commit != head);
    let base = match left.or_else(|| output("git describe --tags --abbrev=0 HEAD^", &[]).ok()) {
        Some(base) => base,
        None => output("git rev-list --first-parent --max-count", &[COMMITS, "HEAD"])?,
    };
    Ok(base.lines().last().ok_or("there is no commit")?.to_owned())
}

#[derive(PartialEq, Eq)]
enum Outcome {
    /// A test failed, or ran out of time, with each mutant.
    Caught,
    /// All tests passed with a mutant.
    Missed,
}

impl Outcome {
    fn all_caught(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Caught => Ok(()),
            Self::Missed => {
                Err("no test noticed some mutants: add a test, or, where nobody could \
                see a difference, list the mutant in .cargo/mutants.toml with the reason"
                    .into())
            }
        }
    }
}

/// Runs cargo-mutants on these mutants, in a target folder of its own: the dependencies stay
/// compiled from one run to the next.
fn test(arguments: &[&str]) -> Result<Outcome, Box<dyn Error>> {
    let target = target::folder()?.join("mutants");
    let status = command("cargo mutants --output")?
        .arg(&target)
        .args(arguments)
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    // The numbers are cargo-mutants' own. 3 says that a test ran out of time, and none was missed.
    match status.code() {
        Some(0 | 3) => Ok(Outcome::Caught),
        Some(2) => Ok(Outcome::Missed),
        Some(_) | None => Err(format!("cargo mutants did not end well: {status}").into()),
    }
}

/// Each exclusion in the settings still matches a mutant: a function that was renamed would leave
/// one behind that says nothing.
fn every_exclusion_matches() -> Result<(), Box<dyn Error>> {
    let settings = fs::read_to_string(crate::root().join(SETTINGS))?;
    let list = settings.split("exclude_re = [").nth(1).and_then(|rest| rest.split("\n]").next());
    let list = list.ok_or_else(|| format!("{SETTINGS}: no list exclude_re"))?;
    for line in list.lines().filter_map(|line| line.trim().strip_prefix('\'')?.strip_suffix("',")) {
        if output("cargo mutants --no-config --list --re", &[line])?.is_empty() {
            return Err(format!("{SETTINGS}: no mutant is called {line}").into());
        }
    }
    Ok(())
}
