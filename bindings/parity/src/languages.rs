//! `docs/languages.md` is of these calls. It is written by the tests of all packages, which come
//! long after this.

use crate::{Value, all, root};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn the_table_of_languages_has_these_calls() {
    let file: Value = serde_json::from_str(&all().json()).unwrap();
    let mut made: BTreeMap<&str, u64> = BTreeMap::new();
    for call in file["calls"].as_array().unwrap() {
        *made.entry(call["operation"].as_str().unwrap()).or_default() += 1;
    }
    let text = fs::read_to_string(root().join("docs/languages.md")).unwrap();
    let mut told = BTreeMap::new();
    for row in text.lines().filter_map(|line| line.strip_prefix("| `")) {
        let (operation, cells) = row.split_once("` |").unwrap();
        let counts: Vec<&str> =
            cells.split('|').map(str::trim).filter(|it| !it.is_empty()).collect();
        assert!(counts.iter().all(|count| *count == counts[0]), "{operation}: {counts:?}");
        told.insert(operation, counts[0].parse().unwrap());
    }
    assert_eq!(told, made, "`cargo xtask bindings` writes docs/languages.md");
}
