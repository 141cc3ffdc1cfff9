//! What is read of a policy folder: everything, or it is said.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{Ran, cog_auth, is_unseen, run};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;

const SCHEMA: &str = r#"{ "v": 1, "schema": { "actions": { "Read": {} } } }"#;
const PERMIT: &str =
    r#"{ "v": 1, "rules": [{ "id": "all", "effect": "permit", "actions": ["*"] }] }"#;
const FORBID: &str = r#"{ "v": 1, "rules": [
    { "id": "no", "effect": "forbid", "actions": ["*"], "reason": { "code": "no" } }] }"#;
const REQUEST: &str = r#"{ "subject": { "type": "t", "id": "i" }, "action": { "name": "Read" },
    "resource": { "type": "t", "id": "i" } }"#;

/// A folder `p` with a policy that permits everything.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("p")).unwrap();
    write(&folder, "p/schema.json", SCHEMA);
    write(&folder, "p/permit.json", PERMIT);
    write(&folder, "request.json", REQUEST);
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn ran(folder: &TempDir, args: &str) -> Ran {
    run(cog_auth(args.split(' ')).current_dir(folder.path()))
}

#[cfg(unix)]
fn link(folder: &TempDir, target: &str, name: &str) {
    std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
}

#[test]
fn check_says_what_it_read_and_what_it_did_not() {
    let folder = folder();
    write(&folder, "p/README.md", "# Rules");
    write(&folder, "p/.git/config", "");
    write(&folder, "p/permit.json~", "");
    write(&folder, "p/deep/er/forbid.json", FORBID);
    let check = ran(&folder, "policy check p");
    assert_eq!(check.code, 0);
    let out: Vec<&str> = check.out.lines().collect();
    assert_eq!(
        out[..4],
        [
            "valid: 3 documents, nothing wrong",
            "  p/deep/er/forbid.json",
            "  p/permit.json",
            "  p/schema.json"
        ]
    );
    let notes = "note: p/.git: its name begins with a dot\n\
                 note: p/README.md: it is no document: documents end in .json\n\
                 note: p/permit.json~: it is no document: documents end in .json\n";
    assert_eq!(check.err, notes);
    let json = ran(&folder, "policy check p --json").json();
    assert_eq!(json["documents"], 3);
    assert_eq!(json["read"], json!(["p/deep/er/forbid.json", "p/permit.json", "p/schema.json"]));
    let files = json["passed_over"].as_array().unwrap().iter().map(|one| one["file"].clone());
    let files: Vec<_> = files.collect();
    assert_eq!(files, ["p/.git", "p/README.md", "p/permit.json~"]);
    // Also where a policy is only used.
    let decide = ran(&folder, "decide --policy p --request request.json");
    assert_eq!(decide.err, notes);
}

#[test]
fn what_looks_like_a_document_and_is_none_is_refused() {
    for name in ["guards.jsonc", "guards.yaml", "guards.YML", "guards.json5", "guards.JSON"] {
        let folder = folder();
        write(&folder, &format!("p/{name}"), FORBID);
        for args in ["policy check p", "policy test p", "decide --policy p --request request.json"]
        {
            let ran = ran(&folder, args);
            assert_eq!(ran.code, 2, "{name}: {}", ran.err);
            let start = format!("error: p/{name}: it looks like a document");
            assert!(ran.err.starts_with(&start), "{}", ran.err);
        }
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    let folder = folder();
    write(&folder, "shared/forbid.json", FORBID);
    link(&folder, "../shared", "p/common");
    // The issue's own case: a guard in a linked folder guards.
    let decide = ran(&folder, "decide --policy p --request request.json");
    assert_eq!(decide.code, 1, "{}{}", decide.out, decide.err);
    link(&folder, "../shared", "p/again");
    link(&folder, "common/forbid.json", "p/same.json");
    link(&folder, "permit.json", "p/z.json");
    let check = ran(&folder, "policy check p");
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    assert!(check.out.starts_with("valid: 3 documents"), "{}", check.out);
    assert_eq!(check.err.matches("it is read already, as p/").count(), 3, "{}", check.err);
    // A file that is linked from elsewhere is read like any.
    write(&folder, "other/more.json", r#"{ "v": 1, "roles": [] }"#);
    link(&folder, "../other/more.json", "p/more.json");
    let json = ran(&folder, "policy check p --json").json();
    assert!(json["read"].as_array().unwrap().contains(&json!("p/more.json")), "{json}");
}

#[cfg(unix)]
#[test]
fn links_without_end_or_without_a_target_are_refused() {
    for (target, name, why) in [
        (".", "p/self", "leads back to a folder that it is in"),
        ("..", "p/up", "leads back to a folder that it is in"),
        ("/", "p/all", "leads back to a folder that it is in"),
        ("itself", "p/itself", "the link leads to nothing"),
        ("nothing", "p/gone.json", "the link leads to nothing"),
        ("nothing", "p/gone", "the link leads to nothing"),
    ] {
        let folder = folder();
        link(&folder, target, name);
        let ran = ran(&folder, "policy check p");
        assert_eq!(ran.code, 2, "{name}");
        assert!(ran.err.contains(&format!("{name}: ")) && ran.err.contains(why), "{}", ran.err);
    }
    // Two folders that link to each other.
    let folder = folder();
    write(&folder, "b/roles.json", r#"{ "v": 1, "roles": [] }"#);
    link(&folder, "../b", "p/b");
    link(&folder, "../p", "b/p");
    let ran = ran(&folder, "policy check p");
    assert!(ran.code == 2 && ran.err.contains("leads back"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_refused_and_one_that_is_named_is_read() {
    let folder = folder();
    let pipe = folder.path().join("p/pipe.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let check = ran(&folder, "policy check p");
    assert_eq!(check.code, 2);
    assert!(check.err.contains("pipe.json: it ends in .json and is no file"), "{}", check.err);

    let writer = std::thread::spawn(move || fs::write(pipe, SCHEMA).unwrap());
    let check = ran(&folder, "policy check p/pipe.json");
    assert_eq!(check.code, 0, "{}", check.err);
    writer.join().unwrap();
}

#[test]
fn standard_input_is_a_policy_everywhere() {
    let folder = folder();
    let policy = r#"{ "v": 1, "schema": { "actions": { "Read": {} } }, "rules": [
        { "id": "all", "effect": "permit", "actions": ["*"] }], "tests": { "cases": [
        { "name": "c", "route": { "method": "GET", "path": "/" },
          "expect": { "error": "unknown_route" } }] } }"#;
    for args in [
        "policy check -",
        "policy test -",
        "policy bundle -",
        "policy fmt -",
        "policy routes -",
        "decide --policy - --request request.json",
        "permissions --policy - --request request.json",
    ] {
        let mut command = cog_auth(args.split(' '));
        let ran = run(command.current_dir(folder.path()).write_stdin(policy));
        assert_eq!(ran.code, 0, "{args}: {}", ran.err);
    }
    // It is one thing only.
    let mut command = cog_auth("decide --policy - --request -".split(' '));
    let ran = run(command.current_dir(folder.path()).write_stdin(policy));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("the policy or the request"), "{}", ran.err);
    // A pipe is opened once: what was looked at is not lost.
    if Path::new("/dev/stdin").exists() {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cog-auth"));
        let command = command.args(["policy", "check", "/dev/stdin"]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), policy.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn ten_thousand_files_are_no_matter() {
    let folder = folder();
    for number in 0..10_000 {
        fs::write(folder.path().join(format!("p/{number}.txt")), "").unwrap();
    }
    let check = ran(&folder, "policy check p");
    assert_eq!(check.code, 0);
    assert!(check.err.ends_with("note: 9980 more are not read\n"), "{}", check.err);
}

#[cfg(unix)]
#[test]
fn names_command_no_terminal() {
    let folder = folder();
    write(&folder, "p/\u{1b}[2Jx\u{202e}.txt", "");
    write(&folder, "p/\u{1b}]0;x\u{7}.json", r#"{ "v": 1, "roles": [] }"#);
    for args in ["policy check p", "policy fmt p --check", "policy test p"] {
        let ran = ran(&folder, args);
        let text = format!("{}{}", ran.out, ran.err);
        assert!(!text.chars().any(|c| is_unseen(c) && c != '\n'), "{text:?}");
    }
    let json = ran(&folder, "policy check p --json").out;
    assert!(!json.trim_end().chars().any(is_unseen), "{json:?}");
}

#[test]
fn the_limits_of_the_library_can_be_set() {
    let folder = folder();
    let check = ran(&folder, "policy check p --limit rules=0");
    assert_eq!(check.code, 1);
    assert!(check.err.contains("a policy has at most 0 rules"), "{}", check.err);
    assert_eq!(ran(&folder, "policy check p --limit rules=0 --limit rules=1").code, 0);
    let long = format!("{}{}", " ".repeat(300_000), REQUEST);
    write(&folder, "long.json", &long);
    assert_eq!(ran(&folder, "decide --policy p --request long.json").code, 2);
    let decide = "decide --policy p --request long.json --limit request_bytes=400000";
    assert_eq!(ran(&folder, decide).code, 0);
    for wrong in ["rules", "rules=", "rules=-1", "rules=+1", "rules=x", "rule=1", "=1"] {
        let ran = ran(&folder, &format!("policy check p --limit {wrong}"));
        assert_eq!(ran.code, 2, "{wrong}");
    }
}
