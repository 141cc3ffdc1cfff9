//! Fuzzing every target for a while.

use crate::run::{command, output, run, run_command};
use crate::{needs, target};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many seconds each target runs, unless said otherwise.
pub(crate) const SECONDS: u64 = 60;

/// Builds all targets and runs each for that many seconds.
pub(crate) fn all(seconds: u64) -> Result<(), Box<dyn Error>> {
    needs::NIGHTLY.must_be_met()?;
    needs::FUZZ.must_be_met()?;
    run("seeds", "cargo run --quiet -p cog-auth-fuzz --example seeds")?;
    let programs = build()?;
    let mut table = vec![Figures::HEAD.to_owned()];
    for target in targets()? {
        println!("== fuzz {}", target.name);
        table.push(target.fuzz(&programs.join(&target.name), seconds)?.line(&target.name));
    }
    println!("\n{}", table.join("\n"));
    println!("\nno target failed in {seconds} s each");
    Ok(())
}

/// A few seconds for each, as a part of all tests.
pub(crate) fn briefly() -> Result<(), Box<dyn Error>> {
    all(3)
}

fn folder() -> PathBuf {
    crate::root().join("fuzz")
}

/// Builds all targets, and returns the folder of their programs.
///
/// There is no sanitizer: neither the library nor what it is built with here has memory of its own
/// to get wrong, and what is looked for are broken properties. Overflow checks and debug assertions
/// are on.
fn build() -> Result<PathBuf, Box<dyn Error>> {
    let target = target::folder()?.join("fuzz");
    run_command(
        "build",
        command("cargo +nightly fuzz build --fuzz-dir fuzz --sanitizer none")?
            .arg("--target-dir")
            .arg(&target),
    )?;
    let text = output("rustc -vV", &[])?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(target.join(host.ok_or("no host in rustc -vV")?).join("release"))
}

struct Target {
    name: String,
    /// The longest input, in bytes.
    longest: String,
}

/// The targets, from the table in `fuzz/src/lib.rs`, whose lines are `("name", check, 1_000),`.
fn targets() -> Result<Vec<Target>, Box<dyn Error>> {
    let text = fs::read_to_string(folder().join("src/lib.rs"))?;
    let target = |line: &str| {
        let mut words = line.trim().strip_prefix("(\"")?.strip_suffix("),")?.split(", ");
        let name = words.next()?.strip_suffix('"')?.to_owned();
        Some(Target { name, longest: words.nth(1)?.replace('_', "") })
    };
    let targets: Vec<_> = text.lines().filter_map(target).collect();
    if targets.is_empty() { Err("no targets in fuzz/src/lib.rs".into()) } else { Ok(targets) }
}

impl Target {
    /// Runs the program that was built of it. Where it fails, its last lines are printed.
    fn fuzz(&self, program: &Path, seconds: u64) -> Result<Figures, Box<dyn Error>> {
        let artifacts = folder().join("artifacts").join(&self.name);
        let corpus = folder().join("corpus").join(&self.name);
        let regressions = folder().join("regressions").join(&self.name);
        fs::create_dir_all(&artifacts)?;
        fs::create_dir_all(&corpus)?;
        let output = Command::new(program)
            .arg(&corpus)
            .args([regressions].iter().filter(|path| path.is_dir()))
            .arg(format!("-dict={}", folder().join("dictionaries/words.dict").display()))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={}", self.longest))
            .args(["-rss_limit_mb=512", "-timeout=10"])
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|line| line.contains("DONE"));
        if let (true, Some(last)) = (output.status.success(), last) {
            println!("{last}");
            return Ok(Figures::read(last));
        }
        let tail: Vec<_> = said.lines().rev().take(60).collect();
        tail.iter().rev().for_each(|line| println!("{line}"));
        let file = said.split("Test unit written to ").nth(1).and_then(|rest| rest.lines().next());
        let file = file.unwrap_or("no input of its own");
        let name = &self.name;
        Err(format!(
            "{name} failed on {file}; once it is understood, put the file into \
             fuzz/regressions/{name}/"
        )
        .into())
    }
}

/// What libFuzzer says at the end.
struct Figures {
    executions: String,
    coverage: String,
    features: String,
    corpus: String,
}

impl Figures {
    const HEAD: &str = "target       executions    cov      ft  corpus";

    /// Reads a line like `#99 DONE cov: 9 ft: 9 corp: 9/9b exec/s: 9 rss: 9Mb`.
    fn read(line: &str) -> Self {
        let behind = |name: &str| {
            let word = line.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next());
            word.unwrap_or_default().to_owned()
        };
        Self {
            executions: behind("#"),
            coverage: behind(" cov:"),
            features: behind(" ft:"),
            corpus: behind(" corp:").split('/').next().unwrap_or_default().to_owned(),
        }
    }

    fn line(&self, target: &str) -> String {
        let Self { executions, coverage, features, corpus } = self;
        format!("{target:12} {executions:>10} {coverage:>6} {features:>7} {corpus:>7}")
    }
}
