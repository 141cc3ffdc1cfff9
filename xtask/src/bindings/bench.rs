//! The benchmark of every binding, in one run: `bindings/bench/README.md` says what is measured.

use super::natives::{self, LINUX};
use crate::run::{command, run_command};
use crate::target;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};

const WORKS: [&str; 4] = ["verify", "decide", "evaluate", "gate"];

/// The rows of the crate itself.
pub(crate) fn rust() -> Result<(), Box<dyn Error>> {
    run_command("rust", &mut command("cargo run --quiet --release -p bindings-bench")?)
}

/// The rows of the C library.
pub(crate) fn c() -> Result<(), Box<dyn Error>> {
    let folder = target::folder()?.join("bindings");
    let program = folder.join("bench-c");
    let library = natives::library(LINUX)?;
    fs::copy(&library, folder.join("libcogauth.so.1"))?;
    let sources = crate::root().join("bindings/c");
    run_command(
        "C benchmark",
        command("gcc -O2 -std=gnu11 -Wall -Wextra -Werror -I")?
            .arg(sources.join("include"))
            .arg(sources.join("bench/bench.c"))
            .arg(&library)
            .arg("-o")
            .arg(&program),
    )?;
    let file = crate::root().join("bindings/bench/inputs.json");
    let inputs: serde_json::Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let mut run = Command::new(program);
    for name in [
        "now",
        "token",
        "edge_keys",
        "method",
        "target",
        "authorization",
        "record",
        "facts",
        "policy_request",
    ] {
        let input = inputs.get(name).ok_or_else(|| format!("no {name} in the inputs"))?;
        run.arg(input.as_str().map_or_else(|| input.to_string(), str::to_owned));
    }
    run_command("c", run.env("LD_LIBRARY_PATH", folder))
}

/// Runs a language's benchmark, prints what it says, and returns its rows.
pub(crate) fn rows(run: &mut Command) -> Result<Vec<serde_json::Value>, Box<dyn Error>> {
    let output = run.stderr(Stdio::inherit()).output()?;
    let mut rows = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        println!("{line}");
        if line.starts_with('{') {
            rows.push(serde_json::from_str(line)?);
        }
    }
    if output.status.success() { Ok(rows) } else { Err("a benchmark failed".into()) }
}

/// Prints the table of all rows, in nanoseconds, and writes the rows beside what was built.
pub(crate) fn table(rows: &[serde_json::Value]) -> Result<(), Box<dyn Error>> {
    let mut lines: Vec<(String, BTreeMap<&str, f64>)> = Vec::new();
    for row in rows {
        let text = |name: &str| row.get(name).and_then(serde_json::Value::as_str).unwrap_or("?");
        let name = format!("{}, {}", text("language"), text("with"));
        let ns = row.get("ns").and_then(serde_json::Value::as_f64).unwrap_or(f64::NAN);
        match lines.iter_mut().find(|(known, _)| *known == name) {
            Some((_, works)) => drop(works.insert(text("work"), ns)),
            None => lines.push((name, BTreeMap::from([(text("work"), ns)]))),
        }
    }
    println!("\n| ns | {} |\n|---|---|---|---|---|", WORKS.join(" | "));
    for (name, works) in &lines {
        let cells =
            WORKS.map(|work| works.get(work).map_or(String::new(), |ns| format!("{ns:.0}")));
        println!("| {name} | {} |", cells.join(" | "));
    }
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    Ok(fs::write(target::folder()?.join("bindings/bench.jsonl"), rows.join("\n") + "\n")?)
}
