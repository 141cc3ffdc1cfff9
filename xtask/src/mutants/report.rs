//! What is said and kept of a run.

use super::Outcome;
use super::list::{FOLDERS, Mutant};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const RESULTS: &str = "results.json";

fn progress(mutant: &Mutant, outcome: &Outcome) {
    match outcome {
        Outcome::Survived(tests) => {
            println!("survived {tests:3} tests: {}:{} {}", mutant.file, mutant.line, mutant.key)
        }
        Outcome::TimedOut(test) => {
            println!("timed out in {test}: {}:{} {}", mutant.file, mutant.line, mutant.key)
        }
        Outcome::Caught(_) | Outcome::Unviable => {}
    }
}

/// The results of all mutants that were tried, by key, in a file.
pub(super) struct Results {
    path: PathBuf,
    values: Map<String, Value>,
    unwritten: usize,
}

impl Results {
    pub(super) fn none(folder: &Path) -> Self {
        Self { path: folder.join(RESULTS), values: Map::new(), unwritten: 0 }
    }

    pub(super) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let values = serde_json::from_slice(&fs::read(folder.join(RESULTS))?)?;
        Ok(Self { values, ..Self::none(folder) })
    }

    pub(super) fn keep(
        &mut self,
        mutant: &Mutant,
        outcome: &Outcome,
    ) -> Result<(), Box<dyn Error>> {
        progress(mutant, outcome);
        let (name, tests) = match outcome {
            Outcome::Caught(test) => ("caught", json!(test)),
            Outcome::TimedOut(test) => ("timed out", json!(test)),
            Outcome::Survived(tests) => ("survived", json!(tests)),
            Outcome::Unviable => ("unviable", Value::Null),
        };
        let value = json!({"outcome": name, "tests": tests, "line": mutant.line});
        self.values.insert(mutant.key.clone(), value);
        self.unwritten += 1;
        if self.unwritten >= 50 { self.write() } else { Ok(()) }
    }

    pub(super) fn write(&mut self) -> Result<(), Box<dyn Error>> {
        self.unwritten = 0;
        Ok(fs::write(&self.path, serde_json::to_string_pretty(&self.values)?)?)
    }

    pub(super) fn outcomes(&self, mutants: &[Mutant]) -> BTreeMap<u32, Outcome> {
        let outcome = |mutant: &Mutant| {
            let value = self.values.get(&mutant.key)?;
            let test = || value["tests"].as_str().unwrap_or_default().to_owned();
            let outcome = match value["outcome"].as_str()? {
                "caught" => Outcome::Caught(test()),
                "timed out" => Outcome::TimedOut(test()),
                "survived" => Outcome::Survived(value["tests"].as_u64()?.try_into().ok()?),
                _ => Outcome::Unviable,
            };
            Some((mutant.id, outcome))
        };
        mutants.iter().filter_map(outcome).collect()
    }
}

pub(super) fn summary(
    mutants: &[Mutant],
    outcomes: &BTreeMap<u32, Outcome>,
    equivalent: &BTreeMap<String, String>,
) {
    println!(
        "\n{:12} {:>6} {:>9} {:>7} {:>7} {:>9} {:>9} {:>11} {:>8}",
        "",
        "total",
        "unviable",
        "viable",
        "caught",
        "timed out",
        "survived",
        "equivalent",
        "caught %"
    );
    for folder in FOLDERS.iter().copied().chain(["src/"]) {
        let mut counts = [0_usize; 5];
        for mutant in mutants.iter().filter(|mutant| mutant.file.starts_with(folder)) {
            let index = match outcomes.get(&mutant.id) {
                Some(Outcome::Unviable) => 0,
                Some(Outcome::Caught(_)) => 1,
                Some(Outcome::TimedOut(_)) => 2,
                Some(Outcome::Survived(_)) if equivalent.contains_key(&mutant.key) => 4,
                Some(Outcome::Survived(_)) => 3,
                None => continue,
            };
            counts[index] += 1;
        }
        let [unviable, caught, timed_out, survived, alike] = counts;
        let viable = caught + timed_out + survived + alike;
        let share = 100.0 * (caught + timed_out) as f64 / viable.max(1) as f64;
        println!(
            "{folder:12} {:>6} {unviable:>9} {viable:>7} {caught:>7} {timed_out:>9} {survived:>9} {alike:>11} {share:>7.2}%",
            unviable + viable
        );
    }
    for mutant in mutants {
        match outcomes.get(&mutant.id) {
            Some(Outcome::Survived(_)) if !equivalent.contains_key(&mutant.key) => {
                println!("survived: {}:{} {}", mutant.file, mutant.line, mutant.key);
            }
            Some(Outcome::Caught(_) | Outcome::TimedOut(_))
                if equivalent.contains_key(&mutant.key) =>
            {
                println!("said to be equivalent, and caught: {}", mutant.key);
            }
            _ => {}
        }
    }
}
