//! `scan`: files, folders and standard input, what is said of a token, and the exit code.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{World, run};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

const SAMPLE: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

/// A world with a folder `f`.
fn world() -> World {
    let world = World::new();
    for folder in ["f", "f/deep", "f/.git", "f/.config"] {
        fs::create_dir(world.folder.path().join(folder)).unwrap();
    }
    world
}

#[test]
fn files_and_folders_are_looked_into() {
    let world = world();
    let handle = &world.token[..23];
    world.write("f/a.txt", "nothing: cog_wheel\n");
    world.write("f/deep/b.env", format!("x\n\nTOKEN='{}'\n", world.token));
    world.write("f/.config/c", format!("{}\r\nold: cog_{}\n", world.token, "k7w2".repeat(8)));
    world.write("f/.git/d", &world.token);
    world.write("f/e.bin", [b"\0\xff\xfe".as_slice(), world.token.as_bytes()].concat());
    let ran = world.run(["scan", "f"]);
    let expected = format!(
        "f/.config/c:1: {handle}…\n\
         f/.config/c:2: cog_… (looks like one)\n\
         f/deep/b.env:3: {handle}…\n\
         f/e.bin:1: {handle}…\n\
         4 tokens in 4 files\n"
    );
    assert_eq!((ran.code, ran.out, ran.err.as_str()), (1, expected, ""));
    let json = world.run(["scan", "f", "--json"]).json();
    assert_eq!(
        json["findings"][2],
        json!({
            "file": "f/deep/b.env", "line": 3, "offset": 10, "length": 81, "certainty": "parsed",
            "handle": handle
        })
    );
    assert_eq!(json["findings"][1]["certainty"], "looks_like");
    assert_eq!((&json["files"], &json["errors"]), (&json!(4), &json!([])));
    // The folder is left out where it is found, and looked into where it is named.
    assert_eq!(world.run(["scan", "f/.git"]).out.lines().count(), 2);
    let ran = world.run(["scan", "f/a.txt"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "0 tokens in 1 file\n"));
    // Without a path, it is this folder.
    assert!(world.run(["scan"]).out.contains("./f/deep/b.env:3: "));

    let ran = run(world.command(["scan", "-"]).write_stdin(format!("a\n {SAMPLE}")));
    let expected = "standard input:2: cog_1s015PnAAAABBBBCCCC…\n1 token in 1 file\n";
    assert_eq!((ran.code, ran.out.as_str()), (1, expected));
    let twice = run(world.command(["scan", "-", "-"]).write_stdin(""));
    assert_eq!(twice.code, 2);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_looked_into() {
    let world = world();
    world.write("f/a", "nothing");
    let ran = world.run(["scan", "missing", "f"]);
    let expected = "error: missing: there is no such file or folder\n0 tokens in 1 file\n";
    assert_eq!((ran.code, ran.out.as_str()), (2, expected));
    world.write("f/b", SAMPLE);
    let ran = world.run(["scan", "missing", "f", "--json"]);
    assert_eq!(ran.code, 1);
    let json = ran.json();
    assert_eq!(json["errors"][0]["file"], "missing");
    assert_eq!(json["findings"].as_array().unwrap().len(), 1);
    // A token in a file's name is cut, and nothing in a name commands a terminal.
    let name = format!("f/{SAMPLE}\u{1b}[31m");
    world.write(&name, SAMPLE);
    for form in [&[][..], &["--json"]] {
        let ran = world.run(["scan", "f"].iter().chain(form));
        assert!(!ran.out.contains("DDDD") && !ran.out.contains('\u{1b}'), "{}", ran.out);
        assert!(ran.out.contains("f/cog_1s015PnAAAABBBBCCCC…"), "{}", ran.out);
    }
}

/// Wherever a token lies in a large file, it is found once, with its line.
#[test]
fn a_large_file_is_read_in_pieces() {
    let world = world();
    const MIB: usize = 1 << 20;
    let starts = [
        0,
        MIB - 4_096 - 1,
        MIB - 4_096,
        MIB - 2_000,
        MIB - 40,
        MIB - 8_192 - 1,
        MIB - 8_192,
        2 * MIB - 2 * 8_192 - 1_024,
        2 * MIB - 8_192 - 8_192,
        2 * MIB,
        3 * MIB - 81,
    ];
    for filling in [b'.', b'\n'] {
        for start in starts {
            let mut text = vec![filling; 3 * MIB];
            text[start..start + SAMPLE.len()].copy_from_slice(SAMPLE.as_bytes());
            world.write("large", &text);
            let json = world.run(["scan", "large", "--json"]).json();
            let findings = json["findings"].as_array().unwrap();
            assert_eq!(findings.len(), 1, "{start}");
            assert_eq!((&findings[0]["offset"], &json["bytes"]), (&json!(start), &json!(3 * MIB)));
            let line = if filling == b'\n' { start + 1 } else { 1 };
            assert_eq!(findings[0]["line"], line, "{start}");
        }
    }
    // A word that goes on over the border is no beginning of one.
    let mut text = vec![b'.'; 2 * MIB];
    text[MIB - 4_096 - 1..MIB - 4_096].copy_from_slice(b"x");
    text[MIB - 4_096..][..81].copy_from_slice(SAMPLE.as_bytes());
    let expected = cog_auth::token::scan(&text).count();
    world.write("large", &text);
    let json = world.run(["scan", "large", "--json"]).json();
    assert_eq!(json["findings"].as_array().unwrap().len(), expected);
}

#[test]
fn a_token_is_judged_by_keys_and_by_records() {
    let world = world();
    let sample = "token new --root root.json --kind sample";
    let sample = world.ok(sample.split(' ')).out;
    let expired = "token new --root root.json --kind service-user-key --principal a --scope * --now \
                   2020-01-01 --hard-expiry 2020-01-02 --record expired.json";
    let expired = world.ok(expired.split(' ')).out;
    fs::create_dir(world.folder.path().join("records")).unwrap();
    let record: Value = serde_json::from_str(&world.read("record.json")).unwrap();
    world.write("f/own", &world.token);
    world.write("f/foreign", SAMPLE);
    world.write("f/sample", sample.trim());
    world.write("f/expired", expired.trim());
    let judged = |file: &str, options: &str| {
        let args = format!("scan f/{file} {options}");
        let args = args.trim_end().split(' ');
        let text = world.run(args.clone()).out;
        let words = text.lines().next().unwrap().split_once('…').unwrap().1.to_owned();
        let json = world.run(args.chain(["--json"])).json();
        let finding = &json["findings"][0];
        (words, [&finding["ours"], &finding["active"], &finding["code"]].map(Value::clone))
    };
    let keys = "--edge-keys edge.json";
    let all = "--edge-keys edge.json --records records";
    let null = Value::Null;
    let is = |words: &str, ours: Value, active: Value, code: Value| {
        (words.to_owned(), [ours, active, code])
    };
    let nothing = is("", null.clone(), null.clone(), null.clone());
    assert_eq!(judged("own", ""), nothing);
    let ours = is(" (ours)", json!(true), null.clone(), null.clone());
    assert_eq!(judged("own", keys), ours);
    assert_eq!(judged("own", "--edge-key edge.json"), ours);
    let unknown = json!("unknown_credential");
    let no_record = is(" (ours, unknown credential)", json!(true), json!(false), unknown.clone());
    assert_eq!(judged("own", all), no_record);
    let mismatch =
        is(" (not ours, tag mismatch)", json!(false), null.clone(), json!("tag_mismatch"));
    assert_eq!(judged("foreign", all), mismatch);
    let foreign = is(" (unknown credential)", null.clone(), json!(false), unknown);
    assert_eq!(judged("foreign", "--records records"), foreign);
    let no_key = is(" (not ours, sample token)", json!(false), null.clone(), json!("sample_token"));
    assert_eq!(judged("sample", keys), no_key);
    let passed = is(" (ours, expired)", json!(true), null.clone(), json!("expired"));
    assert_eq!(judged("expired", keys), passed);

    world.write("records/own.json", record.to_string());
    let active = is(" (ours, active)", json!(true), json!(true), null.clone());
    assert_eq!(judged("own", all), active);
    let by_record = is(" (active)", null.clone(), json!(true), null.clone());
    assert_eq!(judged("own", "--records records"), by_record);
    world.write("records/expired.json", world.read("expired.json"));
    let passed = is(" (ours, expired)", json!(true), json!(false), json!("expired"));
    assert_eq!(judged("expired", all), passed);
    let id = record["id"].as_str().unwrap();
    world.ok(["token", "revoke", id, "--records", "records"]);
    let revoked = is(" (ours, revoked)", json!(true), json!(false), json!("revoked"));
    assert_eq!(judged("own", all), revoked);
    // The record of another token with the same id says nothing of this one.
    let mut other = record.clone();
    other["principal"] = json!("somebody_else");
    world.write("records/own.json", other.to_string());
    let other = is(" (ours, digest mismatch)", json!(true), json!(false), json!("digest_mismatch"));
    assert_eq!(judged("own", all), other);
}

/// The shell's `git`, with nothing of the machine's configuration.
fn git(world: &World, words: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(world.folder.path().join("f")).args(words);
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"]
    {
        command.env(name, "a@b");
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_history_is_looked_through() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let world = World::new();
    fs::create_dir(world.folder.path().join("f")).unwrap();
    git(&world, &["init", "-q"]);
    let handle = &world.token[..23];
    // Added, changed and taken away again; on a branch that is gone; in a message; in a stash.
    world.write("f/a.env", format!("x\nTOKEN={}\n", world.token));
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", "add"]);
    world.write("f/a.env", format!("x\nTOKEN={}\nmore\n", world.token));
    git(&world, &["commit", "-qam", "change"]);
    world.write("f/a.env", "x\n");
    git(&world, &["commit", "-qam", &format!("remove {SAMPLE}")]);
    git(&world, &["checkout", "-qb", "other"]);
    world.write("f/b.txt", format!("k=COG{}\n", &SAMPLE[3..]));
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", "other"]);
    git(&world, &["checkout", "-q", "-"]);
    git(&world, &["branch", "-qD", "other"]);
    git(&world, &["gc", "-q"]);
    let nothing = world.run(["scan", "f"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, "0 tokens in 1 file\n"));
    let ran = world.run(["scan", "f", "--git"]);
    assert_eq!(ran.code, 1);
    let mut lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines.pop().unwrap().starts_with("4 tokens in 1 file and "), "{}", ran.out);
    let mut lines: Vec<&str> = lines.iter().map(|line| &line[12..]).collect();
    lines.sort_unstable();
    let expected = [
        ":commit message:6: cog_1s015PnAAAABBBBCCCC…".to_owned(),
        format!(":f/a.env:2: {handle}…"),
        format!(":f/a.env:2: {handle}…"),
        ":f/b.txt:1: cog_1s015PnAAAABBBBCCCC… (other case)".to_owned(),
    ];
    assert_eq!(lines, expected);
    // The commit is the first one with that version.
    let json = world.run(["scan", "f", "--git", "--json"]).json();
    let mut log = Command::new("git");
    log.current_dir(world.folder.path().join("f")).args(["log", "--format=%H"]);
    let log = String::from_utf8(log.output().unwrap().stdout).unwrap();
    let commits: Vec<&str> = log.lines().collect();
    let findings = json["findings"].as_array().unwrap();
    let mut of_file: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["file"] == "f/a.env")
        .map(|finding| finding["commit"].as_str().unwrap())
        .collect();
    of_file.sort_unstable();
    let mut expected = vec![commits[1], commits[2]];
    expected.sort_unstable();
    assert_eq!(of_file, expected);
    assert!(json["objects"].as_u64().unwrap() >= 10);
    // A folder that is no repository is said to be none.
    fs::create_dir(world.folder.path().join("g")).unwrap();
    let mut command = world.command(["scan", "g", "--git"]);
    let ran = run(command.env("GIT_CEILING_DIRECTORIES", world.folder.path()));
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("error: g: git reads no repository here"), "{}", ran.out);
}

#[test]
fn what_is_encoded_is_found_and_judged() {
    let world = world();
    let handle = &world.token[..23];
    world.write("f/a.json", world.token.replacen('_', "\\u005f", 1));
    let digits: String = world.token.bytes().map(|byte| format!("{byte:02x}")).collect();
    world.write("f/b.txt", format!("\n{digits}\n"));
    let wide: Vec<u8> = world.token.encode_utf16().flat_map(u16::to_le_bytes).collect();
    world.write("f/c.ps1", wide);
    let ran = world.run(["scan", "f", "--edge-keys", "edge.json"]);
    let expected = format!(
        "f/a.json:1: {handle}… (backslash, ours)\n\
         f/b.txt:2: {handle}… (hex, ours)\n\
         f/c.ps1:1: {handle}… (utf16, ours)\n\
         3 tokens in 3 files\n"
    );
    assert_eq!((ran.code, ran.out), (1, expected));
    let json = world.run(["scan", "f", "--json"]).json();
    let of_file = &json["findings"][1];
    assert_eq!((&of_file["encodings"], &of_file["length"]), (&json!(["hex"]), &json!(162)));
}

#[test]
fn sarif_says_the_same() {
    let world = world();
    let handle = &world.token[..23];
    world.write("f/a b.txt", format!("\n{}\nold: cog_{}\n", world.token, "k7w2".repeat(8)));
    let ran = world.run(["scan", "f", "missing", "--sarif", "--edge-keys", "edge.json"]);
    assert_eq!(ran.code, 1);
    assert!(!ran.out.contains(&world.token[23..]), "{}", ran.out);
    let log = ran.json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "cog-auth");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notes = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notes[0]["message"]["text"], "there is no such file or folder");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!(results[0]["ruleId"], "cog-auth/token");
    assert_eq!(results[0]["level"], "error");
    assert_eq!(results[0]["message"]["text"], format!("Token {handle}… (ours)"));
    assert_eq!(results[0]["partialFingerprints"]["handle/v1"], handle);
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"],
        json!({
            "artifactLocation": {"uri": "f/a%20b.txt"},
            "region": {"startLine": 2, "byteOffset": 1, "byteLength": 81}
        })
    );
    assert_eq!(
        (&results[1]["ruleId"], &results[1]["level"]),
        (&json!("cog-auth/looks-like-token"), &json!("warning"))
    );
    // One of the two forms.
    assert_eq!(world.run(["scan", "f", "--sarif", "--json"]).code, 2);
}
