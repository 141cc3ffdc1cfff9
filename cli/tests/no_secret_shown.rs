//! No secret of a token is shown that stands in a file's name or in what was read.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{SAMPLE, World};
use std::fs;

/// Runs a command in both forms, and checks that it says something, but nothing of the secret.
#[track_caller]
fn says_no_secret(world: &World, args: &str) {
    for form in [&[][..], &["--json"]] {
        let ran = world.run(args.split(' ').chain(form.iter().copied()));
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("cog_"), "{args}: {said}");
        assert!(!said.contains("DDDD"), "{args}: {said}");
    }
}

#[test]
fn of_names_of_files_and_folders() {
    let world = World::new();
    let at = |path: &str| world.folder.path().join(path);
    for folder in ["records", "linked", "policy", "other"] {
        fs::create_dir(at(folder)).unwrap();
    }
    world.write(&format!("records/{SAMPLE}.yaml"), "{}");
    says_no_secret(&world, "scan policy records --records records");
    says_no_secret(&world, "token list --records records");
    world.write(&format!("policy/{SAMPLE}.json"), "{");
    says_no_secret(&world, "policy check policy");
    says_no_secret(&world, "policy test policy");
    says_no_secret(&world, "policy fmt policy");
    world.write(&format!("other/{SAMPLE}.txt"), "");
    world.write("other/policy.json", r#"{"v": 1, "schema": {"actions": {"A": {}}}}"#);
    says_no_secret(&world, "policy check other");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", at(&format!("linked/{SAMPLE}"))).unwrap();
        says_no_secret(&world, "policy check linked");
        says_no_secret(&world, "token list --records linked");
    }
}

/// A path that is longer than the system takes: its own words for that have the path in them.
#[cfg(unix)]
#[test]
fn of_a_path_that_is_too_long() {
    let world = World::new();
    // Made of two halves, neither of which is too long yet.
    let at = |path: &str| world.folder.path().join(path);
    let half = format!("/{}", "d".repeat(240)).repeat(9);
    let (above, below) = (at(&format!("deep/{SAMPLE}{half}")), at(&format!("below{half}")));
    fs::create_dir_all(&above).unwrap();
    fs::create_dir_all(&below).unwrap();
    fs::rename(at("below"), above.join("below")).unwrap();
    says_no_secret(&world, "scan deep");
}

#[test]
fn of_what_a_document_says() {
    let world = World::new();
    let rules = |rule: &str| {
        format!(r#"{{"v": 1, "schema": {{"actions": {{"A": {{}}}}}}, "rules": [{rule}]}}"#)
    };
    for rule in [
        format!(r#"{{"id": "r", "effect": "permit", "actions": ["{SAMPLE}"]}}"#),
        format!(
            r#"{{"id": "r", "effect": "permit", "actions": ["A"], "when": {{"{SAMPLE}": 1}}}}"#
        ),
        format!(r#"{{"id": "r", "effect": "{SAMPLE}", "actions": ["A"]}}"#),
    ] {
        world.write("policy.json", rules(&rule));
        says_no_secret(&world, "policy check policy.json");
    }
}
