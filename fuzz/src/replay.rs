//! Every property holds for the seeds and for everything that once broke one.

use crate::{TARGETS, root, seeds};
use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;

#[test]
fn the_seeds_pass() {
    let seeds = seeds::all();
    for (target, check, length) in TARGETS {
        let inputs = &seeds[target];
        assert!(inputs.len() >= 4, "{target} has {} seeds", inputs.len());
        assert!(
            inputs.iter().any(|input| input.len() <= length),
            "{target}: all seeds are too long"
        );
        for input in inputs {
            passes(target, check, input, &String::from_utf8_lossy(input));
        }
    }
}

#[test]
fn the_regressions_pass() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("fuzz/regressions")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let target = TARGETS.into_iter().find(|(target, ..)| *target == name);
        let (target, check, _) = target.unwrap_or_else(|| panic!("no target {name}"));
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            passes(target, check, &fs::read(&path).unwrap(), &path.display().to_string());
            count += 1;
        }
    }
    assert!(count >= 10, "only {count} regressions");
}

/// Every target is built, and every one that is built is replayed here.
#[test]
fn every_target_has_its_property() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let names: BTreeSet<String> = TARGETS.iter().map(|(target, ..)| (*target).to_owned()).collect();
    let files: BTreeSet<String> = fs::read_dir(root().join("fuzz/fuzz_targets"))
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(files, names);
    for target in names {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
        let text =
            fs::read_to_string(root().join(format!("fuzz/fuzz_targets/{target}.rs"))).unwrap();
        assert!(text.contains(&format!("cog_auth_fuzz::target!({target});")), "{target}");
    }
}

fn passes(target: &str, check: fn(&[u8]), input: &[u8], name: &str) {
    assert!(catch_unwind(|| check(input)).is_ok(), "{target}: {name:.2000}");
}
