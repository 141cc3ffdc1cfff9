//! `key new` and `key derive`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{World, cog_auth, run};
use serde_json::Value;
use tempfile::TempDir;

#[test]
fn a_new_root_goes_to_standard_output_or_to_a_private_file() {
    let ran = run(&mut cog_auth(["key", "new", "--key-id", "aZ"]));
    assert_eq!(ran.code, 0);
    let set: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(set["use"], "root");
    assert_eq!(set["keys"]["aZ"].as_str().unwrap().len(), 43);
    let again = run(&mut cog_auth(["key", "new", "--key-id", "aZ"]));
    assert_ne!(again.out, ran.out);

    let folder = TempDir::new().unwrap();
    let ran = run(cog_auth(["key", "new", "--out", "root.json"]).current_dir(folder.path()));
    assert_eq!((ran.code, ran.out.contains("AAA")), (0, false));
    assert_eq!(ran.out, "root.json: a key set for the use root, key id 01\n");
    let path = folder.path().join("root.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let set: Value = serde_json::from_str(&text).unwrap();
    assert!(!ran.err.contains(set["keys"]["01"].as_str().unwrap()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    let ran = run(cog_auth(["key", "new", "--out", "root.json"]).current_dir(folder.path()));
    assert_eq!(ran.code, 2);
    assert_eq!(ran.err, "error: root.json: the file is there already, and is not overwritten\n");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_second_root_stands_beside_the_first() {
    let world = World::new();
    world.ok("key new --key-id 02 --add-to root.json --out both.json".split(' '));
    let (one, both) = (world.read("root.json"), world.read("both.json"));
    let (one, both): (Value, Value) =
        (serde_json::from_str(&one).unwrap(), serde_json::from_str(&both).unwrap());
    assert_eq!(one["keys"]["01"], both["keys"]["01"]);
    assert_eq!(both["keys"].as_object().unwrap().len(), 2);

    let ran = world.run("key new --key-id 01 --add-to both.json".split(' '));
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("invalid_key_set, 131"), "{}", ran.err);

    // With two keys, minting asks which.
    let new = "token new --root both.json --kind sample";
    let ran = world.run(new.split(' '));
    assert_eq!(ran.code, 2);
    assert_eq!(ran.err, "error: both.json has the keys 01, 02; say which with --key-id\n");
    let ran = world.ok(format!("{new} --key-id 02").split(' '));
    assert!(ran.out.starts_with("cog_1x02"), "{}", ran.out);
    let ran = world.run(format!("{new} --key-id 03").split(' '));
    assert_eq!(ran.code, 2);
}

#[test]
fn a_key_set_is_for_its_use_alone() {
    let world = World::new();
    for (set, option) in [("root", "edge-keys"), ("peppers", "edge-keys")] {
        let ran = world.run(format!("token verify --{option} {set}.json").split(' '));
        assert_eq!(ran.code, 3);
        assert!(ran.err.contains("wrong_key_use, 132"), "{}", ran.err);
        let key: Value = serde_json::from_str(&world.read(&format!("{set}.json"))).unwrap();
        assert!(!ran.err.contains(key["keys"]["01"].as_str().unwrap()));
    }
    let ran = world.run("key derive --use edge-tag --root edge.json".split(' '));
    assert_eq!(ran.code, 3);
    let ran = world.run("key derive --use root --root root.json".split(' '));
    assert_eq!(ran.code, 2);
}
