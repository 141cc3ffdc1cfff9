//! Every exported function goes through the guard, and stands in the header.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of every source file.
fn sources() -> Vec<String> {
    let files = fs::read_dir(folder().join("src")).unwrap();
    files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

/// The name and the body of each function that is exported.
fn exported() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for text in sources() {
        for part in text.split("#[unsafe(no_mangle)]").skip(1) {
            let after = part.split_once("extern \"C\" fn ").unwrap().1;
            let name = after.split('(').next().unwrap().to_owned();
            let body = after.split_once("{\n").unwrap().1.split_once("\n}\n").unwrap().0;
            found.push((name, body.to_owned()));
        }
    }
    found
}

/// What a function's body is, beside the constants and closures that it begins with, is one call of
/// `guard` or `guarded`.
#[test]
fn every_export_runs_inside_the_guard() {
    let exported = exported();
    assert!(exported.len() >= 60, "only {}", exported.len());
    for (name, body) in exported {
        let statements = body
            .lines()
            .filter(|line| line.starts_with("    ") && !line.starts_with("     "))
            .map(str::trim)
            .filter(|line| !line.starts_with("const ") && !line.starts_with("let ask = "))
            .filter(|line| !line.starts_with([')', '}']))
            .collect::<Vec<_>>();
        let [statement] = statements[..] else { panic!("{name}: {statements:?}") };
        assert!(statement.starts_with("guard"), "{name}: {statement}");
    }
}

/// No function is exported in another way, and no global name is without the prefix.
#[test]
fn exports_have_the_prefix() {
    for (name, _) in exported() {
        assert!(name.starts_with("cogauth_"), "{name}");
    }
    for text in sources() {
        assert_eq!(text.matches("extern \"C\" fn").count(), text.matches("no_mangle").count());
        assert!(!text.contains("export_name"));
    }
}

#[test]
fn the_header_declares_what_is_exported() {
    let header = fs::read_to_string(folder().join("include/cogauth.h")).unwrap();
    let declarations: Vec<&str> =
        header.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let declared: BTreeSet<String> = declarations
        .join("\n")
        .split('(')
        .filter_map(|before| before.rsplit([' ', '*', '\n']).next())
        .filter(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))
        .map(str::to_owned)
        .collect();
    let module = fs::read_to_string(folder().join("src/module.rs")).unwrap();
    let exported: BTreeSet<String> = exported()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !module.contains(&format!("fn {name}(")))
        .collect();
    assert_eq!(declared, exported);
}

/// What the documentation says of "Full build only" is what the build does.
#[test]
fn the_full_build_alone_has_what_is_said_to_be_its() {
    let library = fs::read_to_string(folder().join("src/lib.rs")).unwrap();
    for file in fs::read_dir(folder().join("src")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap().to_owned();
        let is_full = library.contains(&format!("#[cfg(feature = \"full\")]\nmod {name};"));
        for part in fs::read_to_string(&path).unwrap().split("\n\n") {
            if part.contains("no_mangle") {
                let says = part.replace("\n///", "").contains("Full build only");
                assert_eq!(says, is_full, "{}: {part}", Path::new(&name).display());
            }
        }
    }
}
