//! The mutants that change nothing that anyone could see, with reasons.

use super::list::Mutant;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

const LIST: &str = ".cargo/mutants-equivalent.txt";

/// By key, why the mutant is equivalent. A line is `key because reason`.
pub(super) fn read(mutants: &[Mutant]) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let text = std::fs::read_to_string(crate::root().join(LIST)).unwrap_or_default();
    let keys: BTreeSet<_> = mutants.iter().map(|mutant| mutant.key.as_str()).collect();
    let mut reasons = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (key, reason) =
            line.split_once(" because ").ok_or_else(|| format!("{LIST}: no reason: {line}"))?;
        if !keys.contains(key) {
            return Err(format!("{LIST}: no such mutant: {key}").into());
        }
        reasons.insert(key.to_owned(), reason.to_owned());
    }
    Ok(reasons)
}
