//! The README names every operation.

use crate::{Value, all, root};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn the_table_has_all_operations() {
    let text = fs::read_to_string(root().join("bindings/parity/README.md")).unwrap();
    let rows = text.split_once("| operation |").unwrap().1.split("\n\n").next().unwrap();
    let first = rows.lines().skip(2).map(|row| row.split('|').nth(1).unwrap());
    let told: BTreeSet<_> = first.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let file: Value = serde_json::from_str(&all().json()).unwrap();
    let calls = file["calls"].as_array().unwrap().iter();
    let made: BTreeSet<_> = calls.map(|call| call["operation"].as_str().unwrap()).collect();
    assert_eq!(told, made);
}
