//! The guide shows nothing but code that runs: each block of it stands in a program of `examples/`.

use crate::common::root;
use std::fs;

/// The lines of a block, without the indentation that all of them share.
fn dedented(block: &str) -> Vec<&str> {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let shared = block.lines().filter(|line| !line.trim().is_empty()).map(indentation).min();
    block.lines().map(|line| line.get(shared.unwrap_or(0)..).unwrap_or("")).collect()
}

/// Whether a text has these lines one after the other, all indented alike.
fn has(text: &str, wanted: &[&str]) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    lines.windows(wanted.len()).any(|window| dedented(&window.join("\n")) == wanted)
}

fn programs() -> Vec<(String, String)> {
    let mut programs = Vec::new();
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            programs.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    programs
}

#[test]
fn each_block_of_the_guide_is_part_of_a_program() {
    let guide = fs::read_to_string(root().join("docs/guide.md")).unwrap();
    let programs = programs();
    let mut blocks = 0;
    for block in guide.split("```rust\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        let wanted = dedented(block);
        let found = programs.iter().any(|(_, program)| has(program, &wanted));
        assert!(found, "no program in examples/ has this block of the guide:\n{block}");
        blocks += 1;
    }
    assert!(blocks >= 10, "only {blocks} blocks");
}

#[test]
fn the_guide_names_each_program() {
    let guide = fs::read_to_string(root().join("docs/guide.md")).unwrap();
    let programs = programs();
    assert!(programs.len() >= 5, "only {} programs", programs.len());
    for (name, _) in programs {
        assert!(guide.contains(&format!("examples/{name}.rs")), "the guide does not name {name}");
    }
}
