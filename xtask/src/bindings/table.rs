//! The table of what was compared in which language, which the tests write: `docs/languages.md`.

use super::natives;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// Where each runner adds its line.
pub(crate) fn lines() -> Result<PathBuf, Box<dyn Error>> {
    Ok(natives::folder()?.join("parity-table.jsonl"))
}

const HEAD: &str = "# The same answers in every language

`cargo xtask bindings` wrote this table. Each number is how many calls a language's tests put to its
package and compared with what the Rust crate answers: codes of errors, and JSON byte for byte. A
difference fails the tests. [bindings/parity](../bindings/parity/) says what an operation is. The
npm package has tests of its own, which compare the calls of the operations that it has.

";

/// Forgets the lines of an earlier run.
pub(crate) fn begin() -> Result<(), Box<dyn Error>> {
    let lines = lines()?;
    if lines.exists() {
        fs::remove_file(lines)?;
    }
    Ok(())
}

/// Compares the committed table with what was compared in this run, or writes it.
pub(crate) fn finish() -> Result<(), Box<dyn Error>> {
    let made = made(&fs::read_to_string(lines()?)?)?;
    let path = crate::root().join("docs/languages.md");
    if fs::read_to_string(&path).is_ok_and(|committed| committed == made) {
        return Ok(());
    }
    fs::write(path, made)?;
    Err("docs/languages.md was another table: it is written anew, look at it and commit it".into())
}

fn made(lines: &str) -> Result<String, Box<dyn Error>> {
    let mut languages: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let text = |name: &str| line.get(name).and_then(serde_json::Value::as_str);
        let counts = line.get("operations").and_then(serde_json::Value::as_object);
        let (Some(language), Some(counts)) = (text("language"), counts) else {
            return Err(format!("no language or no operations: {line}").into());
        };
        let counts = counts
            .iter()
            .map(|(name, count)| (name.clone(), count.as_u64().unwrap_or(0)))
            .collect();
        languages.insert(language.to_owned(), counts);
    }
    let operations: BTreeSet<&String> = languages.values().flat_map(BTreeMap::keys).collect();
    let mut text = HEAD.to_owned();
    let names: Vec<&str> = languages.keys().map(String::as_str).collect();
    writeln!(text, "| operation | {} |", names.join(" | "))?;
    writeln!(text, "|---|{}", "---|".repeat(languages.len()))?;
    for operation in operations {
        let counts: Vec<String> = languages
            .values()
            .map(|counts| counts.get(operation).map_or(String::new(), u64::to_string))
            .collect();
        writeln!(text, "| `{operation}` | {} |", counts.join(" | "))?;
    }
    Ok(text)
}
