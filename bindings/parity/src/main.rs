//! `parity FILE`: writes what this library answers to every case of the repository, as JSON.
//!
//! The tests of every language put the same calls to its package, and compare. The README says what
//! is in the file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a part of tests"
)]

mod answers;
mod calls;
#[path = "../../../tests/it/common/cases.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests of the library use all of it")]
mod cases;
#[cfg(test)]
mod codes;
mod decoded;
mod documents;
mod gate;
mod issuing;
#[cfg(test)]
mod languages;
mod policies;
#[cfg(test)]
mod readme;
mod rotations;
#[cfg(test)]
mod stated;
mod texts;
mod tokens;

use calls::Calls;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let file = std::env::args().nth(1).unwrap();
    let calls = all();
    println!("{} calls", calls.count());
    fs::write(file, calls.json()).unwrap();
}

fn all() -> Calls {
    let mut calls = Calls::default();
    tokens::add(&mut calls);
    issuing::add(&mut calls);
    rotations::add(&mut calls);
    texts::add(&mut calls);
    decoded::add(&mut calls);
    policies::add(&mut calls);
    gate::add(&mut calls);
    documents::add(&mut calls);
    calls
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

/// All JSON files below a folder, sorted, with their names relative to it.
fn json_files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    let named = found.into_iter().map(|path| {
        let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    named.collect()
}
