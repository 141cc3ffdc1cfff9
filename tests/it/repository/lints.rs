//! The workspace's lint table bites: a small crate with one violation of each kind does not pass,
//! one without does.

use crate::common::root;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The lint tables of the workspace, as they stand in Cargo.toml, as those of a package.
fn tables() -> String {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut out = String::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.starts_with("[workspace.lints.");
        }
        if inside {
            out += &line.replace("[workspace.lints.", "[lints.");
            out += "\n";
        }
    }
    assert!(out.contains("[lints.rust]") && out.contains("[lints.clippy]"), "{out}");
    out
}

/// Runs clippy on a crate of this one file: the lints that were reported as errors, and whether it
/// passed.
fn clippy(name: &str, code: &str) -> (BTreeSet<String>, bool) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lints").join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n{}",
        tables()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("src/lib.rs"), format!("//! A crate.\n{code}")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--offline", "--quiet", "--message-format=json"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CLIPPY_CONF_DIR", root())
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|message| message["message"]["level"] == "error")
        .filter_map(|message| message["message"]["code"]["code"].as_str().map(String::from))
        .collect();
    assert!(text.contains("\"reason\""), "{}", String::from_utf8_lossy(&output.stderr));
    (errors, output.status.success())
}

const CLEAN: &str = "
/// Adds.
#[must_use]
pub fn sum(a: u32, b: u32) -> Option<u32> {
    a.checked_add(b)
}
";

/// Each lint that must stop a build, with code that breaks it.
const VIOLATIONS: [(&str, &str); 16] = [
    ("clippy::unwrap_used", "fn f(a: Option<u8>) -> u8 { a.unwrap() }"),
    ("clippy::expect_used", "fn f(a: Option<u8>) -> u8 { a.expect(\"a\") }"),
    ("clippy::panic", "fn f() { panic!() }"),
    ("clippy::todo", "fn f() { todo!() }"),
    ("clippy::unimplemented", "fn f() { unimplemented!() }"),
    ("clippy::unreachable", "fn f() { unreachable!() }"),
    ("clippy::indexing_slicing", "fn f(a: &[u8], i: usize) -> u8 { a[i] }"),
    ("clippy::string_slice", "fn f(a: &str) -> &str { &a[1..] }"),
    ("clippy::arithmetic_side_effects", "fn f(a: u8, b: u8) -> u8 { a + b }"),
    ("clippy::as_conversions", "fn f(a: u32) -> u8 { a as u8 }"),
    ("clippy::dbg_macro", "fn f(a: u8) -> u8 { dbg!(a) }"),
    ("clippy::print_stdout", "fn f() { println!() }"),
    ("clippy::print_stderr", "fn f() { eprintln!() }"),
    ("clippy::mem_forget", "fn f(a: String) { core::mem::forget(a) }"),
    ("clippy::let_underscore_must_use", "fn f(a: Result<u8, u8>) { let _ = a; }"),
    ("unsafe_code", "fn f(a: *const u8) -> u8 { unsafe { *a } }"),
];

#[test]
fn clean_code_passes() {
    assert_eq!(clippy("clean", CLEAN), (BTreeSet::new(), true));
}

#[test]
fn each_violation_is_an_error() {
    let mut code = String::from("#![allow(dead_code)]\n");
    for (index, (_, violation)) in VIOLATIONS.iter().enumerate() {
        code += &violation.replacen("fn f(", &format!("fn f{index}("), 1);
        code += "\n";
    }
    let (errors, passed) = clippy("violations", &code);
    assert!(!passed);
    let expected: BTreeSet<String> =
        VIOLATIONS.iter().map(|(lint, _)| (*lint).to_owned()).collect();
    assert_eq!(errors, expected);
}

/// Every lint that the table denies is shown above.
#[test]
fn the_table_has_no_lint_that_is_not_tried() {
    let tables = tables();
    let denied: BTreeSet<&str> =
        tables.lines().filter_map(|line| line.strip_suffix(" = \"deny\"")).collect();
    let tried: BTreeSet<&str> =
        VIOLATIONS.iter().map(|(lint, _)| lint.trim_start_matches("clippy::")).collect();
    assert_eq!(denied, tried);
}

/// A match on an enum lists all members where closed sets are matched, so that a new one does not
/// build until each place says what it means there. Tests may be shorter, so it is not in the
/// table.
#[test]
fn closed_sets_are_matched_without_wildcards() {
    const LINT: &str = "clippy::wildcard_enum_match_arm";
    let code = format!(
        "#![deny({LINT})]\n#![allow(dead_code)]\nenum E {{ A, B, C }}\n\
         fn f(e: E) -> u8 {{ match e {{ E::A => 0, _ => 1 }} }}\n"
    );
    assert_eq!(clippy("wildcards", &code), (BTreeSet::from([LINT.to_owned()]), false));
    for module in ["gate", "json", "policy"] {
        let file = root().join("src").join(module).join("mod.rs");
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains(&format!("#![deny({LINT})]")), "{module} does not deny {LINT}");
    }
}

/// Every crate of the workspace uses the table.
#[test]
fn every_crate_has_the_table() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.split("members = [").nth(1).unwrap().split(']').next().unwrap();
    let members = members
        .split(',')
        .map(|member| member.trim().trim_matches('"'))
        .filter(|member| !member.is_empty());
    for member in members.chain([""]) {
        let manifest = fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{member:?}");
    }
}
