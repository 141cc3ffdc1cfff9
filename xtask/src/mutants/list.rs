//! The mutants, as `cargo mutants` lists them.

use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;
use std::process::Command;

/// The folders whose mutants are tested.
pub(super) const FOLDERS: [&str; 3] = ["src/token", "src/policy", "src/gate"];

/// One change of the source.
#[derive(Debug)]
pub(super) struct Mutant {
    /// From 1, in the order of the list.
    pub(super) id: u32,
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) genre: Genre,
    /// The bytes it replaces.
    pub(super) span: Range<usize>,
    pub(super) replacement: String,
    /// Its file and what it does, without the line; with `#2` where the same is done twice in one function.
    pub(super) key: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Genre {
    Body,
    Operator,
    Field,
    Arm,
    Guard,
}

pub(super) fn read() -> Result<Vec<Mutant>, Box<dyn Error>> {
    let mut command = Command::new("cargo");
    command.args(["mutants", "--list", "--json"]).current_dir(crate::root());
    for folder in FOLDERS {
        command.args(["-f", &format!("{folder}/**")]);
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("cargo mutants: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let listed: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    let mut texts = BTreeMap::new();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut mutants = Vec::new();
    for value in &listed {
        let file = word(value, "file")?;
        if !texts.contains_key(&file) {
            texts.insert(file.clone(), std::fs::read_to_string(crate::root().join(&file))?);
        }
        let name = word(value, "name")?;
        let what = name.splitn(4, ':').nth(3).ok_or("a name without a place")?;
        let text = format!("{file}:{what}");
        let times = seen.entry(text.clone()).or_default();
        *times += 1;
        let key = if *times > 1 { format!("{text} #{times}") } else { text };
        let span = &value["span"];
        mutants.push(Mutant {
            id: u32::try_from(mutants.len() + 1)?,
            line: span["start"]["line"].as_u64().ok_or("no line")?,
            genre: genre(&word(value, "genre")?)?,
            span: byte(&texts[&file], &span["start"])?..byte(&texts[&file], &span["end"])?,
            replacement: word(value, "replacement")?,
            file,
            key,
        });
    }
    Ok(mutants)
}

fn genre(name: &str) -> Result<Genre, Box<dyn Error>> {
    Ok(match name {
        "FnValue" => Genre::Body,
        "BinaryOperator" | "UnaryOperator" => Genre::Operator,
        "StructField" => Genre::Field,
        "MatchArm" => Genre::Arm,
        "MatchArmGuard" => Genre::Guard,
        other => return Err(format!("an unknown genre: {other}").into()),
    })
}

fn word(value: &Value, name: &str) -> Result<String, Box<dyn Error>> {
    Ok(value[name].as_str().ok_or_else(|| format!("no `{name}`"))?.to_owned())
}

/// The byte at a line and column, both from 1, the column in characters.
fn byte(text: &str, place: &Value) -> Result<usize, Box<dyn Error>> {
    let line = usize::try_from(place["line"].as_u64().ok_or("no line")?)?;
    let column = usize::try_from(place["column"].as_u64().ok_or("no column")?)?;
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let before: usize = text[start..].chars().take(column - 1).map(char::len_utf8).sum();
    Ok(start + before)
}
