//! Fuzzing every target for a while.

use crate::needs;
use crate::run::run;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// How long each target runs, unless said otherwise.
const SECONDS: u64 = 60;

/// No sanitizer: neither the library nor what it is built with here has memory of its own to get wrong, and what is
/// looked for are broken properties. Overflow checks and debug assertions are on.
const BUILD: &str =
    "cargo +nightly fuzz build --fuzz-dir fuzz --sanitizer none --features libfuzzer";

/// What libFuzzer says at the end.
#[derive(Debug)]
struct Figures {
    executions: String,
    coverage: String,
    features: String,
    corpus: String,
}

/// Builds all targets and runs each for that many seconds.
pub(crate) fn all(seconds: Option<&str>) -> Result<(), Box<dyn Error>> {
    let seconds = match seconds {
        None => SECONDS,
        Some(text) => text.parse().map_err(|_| format!("no number of seconds: {text}"))?,
    };
    needs::NIGHTLY.must_be_met()?;
    needs::FUZZ.must_be_met()?;
    let folder = crate::root().join("fuzz");
    run("seeds", "cargo run --quiet --manifest-path fuzz/Cargo.toml --example seeds", &[])?;
    run("build", BUILD, &[])?;
    let targets = targets(&folder)?;
    let programs = programs(&folder)?;
    let mut lines = Vec::new();
    for (target, longest) in &targets {
        let figures = fuzz(&folder, &programs, target, longest, seconds)?;
        lines.push(format!(
            "{target:12} {:>10} {:>6} {:>7} {:>7}",
            figures.executions, figures.coverage, figures.features, figures.corpus
        ));
    }
    println!("\n{:12} {:>10} {:>6} {:>7} {:>7}", "target", "executions", "cov", "ft", "corpus");
    lines.iter().for_each(|line| println!("{line}"));
    println!("\nno target failed in {seconds} s each");
    Ok(())
}

/// The targets and their longest inputs, from the table in `fuzz/src/lib.rs`.
fn targets(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let text = fs::read_to_string(folder.join("src/lib.rs"))?;
    let line = |line: &str| {
        let mut words = line.trim().strip_prefix("(\"")?.strip_suffix("),")?.split(", ");
        let target = words.next()?.strip_suffix('"')?.to_owned();
        Some((target, words.nth(1)?.replace('_', "")))
    };
    let targets: Vec<_> = text.lines().filter_map(line).collect();
    if targets.is_empty() { Err("no targets in fuzz/src/lib.rs".into()) } else { Ok(targets) }
}

/// Where the build puts its programs.
fn programs(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| folder.join("target"), PathBuf::from);
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let host =
        text.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("no host in rustc -vV")?;
    Ok(crate::root().join(target).join(host).join("release"))
}

fn fuzz(
    folder: &Path,
    programs: &Path,
    target: &str,
    longest: &str,
    seconds: u64,
) -> Result<Figures, Box<dyn Error>> {
    let artifacts = folder.join("artifacts").join(target);
    let corpus = folder.join("corpus").join(target);
    fs::create_dir_all(&artifacts)?;
    fs::create_dir_all(&corpus)?;
    println!("\n== fuzz {target}");
    let output = Command::new(programs.join(target))
        .arg(&corpus)
        .args([folder.join("regressions").join(target)].iter().filter(|path| path.is_dir()))
        .arg(format!("-dict={}", folder.join("dictionaries/words.dict").display()))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={longest}"))
        .args(["-rss_limit_mb=512", "-timeout=10"])
        .output()
        .map_err(|error| format!("{target}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| line.contains("DONE"));
    match (output.status.success(), last) {
        (true, Some(last)) => {
            println!("{last}");
            Ok(figures(last))
        }
        _ => {
            let tail = said.lines().rev().take(60).collect::<Vec<_>>();
            tail.iter().rev().for_each(|line| println!("{line}"));
            let file =
                said.split("Test unit written to ").nth(1).and_then(|rest| rest.lines().next());
            Err(format!(
                "{target} failed on {}; once it is understood, put the file into fuzz/regressions/{target}/",
                file.unwrap_or("no input of its own")
            )
            .into())
        }
    }
}

/// Reads a line like `#99 DONE cov: 9 ft: 9 corp: 9/9b exec/s: 9 rss: 9Mb`.
fn figures(line: &str) -> Figures {
    let words: Vec<&str> = line.split_whitespace().collect();
    let behind = |name: &str| {
        let place = words.iter().position(|word| *word == name).and_then(|at| at.checked_add(1));
        place.and_then(|at| words.get(at)).map_or_else(String::new, |word| (*word).to_owned())
    };
    Figures {
        executions: words.first().unwrap_or(&"").trim_start_matches('#').to_owned(),
        coverage: behind("cov:"),
        features: behind("ft:"),
        corpus: behind("corp:").split('/').next().unwrap_or_default().to_owned(),
    }
}
