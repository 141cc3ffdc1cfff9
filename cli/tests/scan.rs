//! `scan`: files, folders and standard input, what is said of a token, and the exit code.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{SAMPLE, World, run};
use serde_json::{Value, json};
use std::fs;

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
         f/.git/d:1: {handle}…\n\
         f/deep/b.env:3: {handle}…\n\
         f/e.bin:1: {handle}…\n\
         5 tokens in 5 files\n"
    );
    assert_eq!((ran.code, ran.out, ran.err.as_str()), (1, expected, ""));
    let json = world.run(["scan", "f", "--json"]).json();
    assert_eq!(
        json["findings"][3],
        json!({
            "file": "f/deep/b.env", "line": 3, "offset": 10, "length": 81, "certainty": "parsed",
            "handle": handle
        })
    );
    assert_eq!(json["findings"][1]["certainty"], "looks_like");
    assert_eq!((&json["files"], &json["errors"]), (&json!(5), &json!([])));
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

/// Of a repository the objects alone are left out, in whatever folder it is.
#[test]
fn a_repository_s_own_files_are_looked_into() {
    let world = world();
    let path = |name: &str| world.folder.path().join("f").join(name);
    for repository in [".git", ".git/modules/m", "bare.git"] {
        for folder in ["refs", "objects/pack", "lfs/objects", "hooks"] {
            fs::create_dir_all(path(repository).join(folder)).unwrap();
        }
        for file in ["HEAD", "config", "objects/pack/p", "lfs/objects/o", "hooks/push"] {
            let has_token = file == "config" || file.contains('/');
            world.write(&format!("f/{repository}/{file}"), if has_token { SAMPLE } else { "x" });
        }
    }
    fs::create_dir(path("deep/objects")).unwrap();
    world.write("f/deep/objects/a", SAMPLE);
    let json = world.run(["scan", "f", "--json"]).json();
    let files = json["findings"].as_array().unwrap().iter().map(|finding| &finding["file"]);
    assert_eq!(
        files.collect::<Vec<_>>(),
        [
            "f/.git/config",
            "f/.git/hooks/push",
            "f/.git/modules/m/config",
            "f/.git/modules/m/hooks/push",
            "f/bare.git/config",
            "f/bare.git/hooks/push",
            "f/deep/objects/a",
        ]
    );
    // What is named is looked into.
    assert_eq!(world.run(["scan", "f/.git/objects"]).code, 1);
}

/// As those get them that run before a commit. A token among them is refused all the same.
#[test]
fn a_file_s_name_is_no_token() {
    let world = world();
    let names = [
        "cog_StaticAnalysisModule20.py",
        "cog_1shot_learning_experiments.py",
        "cog_personalaccesstokenlist.rs",
        "cog_20261125T101112Z000017.log",
    ];
    for name in names {
        for name in [name.to_owned(), format!("f/deep/{name}")] {
            let refused = world.run(["scan", &name]);
            assert_eq!(refused.code, 2, "{name}: {}{}", refused.out, refused.err);
            world.write(&name, "nothing");
            let ran = world.run(["scan", &name]);
            let nothing = (0, "0 tokens in 1 file\n");
            assert_eq!((ran.code, ran.out.as_str()), nothing, "{name}: {}", ran.err);
            let records = format!("--records={name}");
            assert_eq!(world.run(["scan", "f", &records]).code, 0, "{name}");
        }
    }
    world.write(&format!("f/{SAMPLE}"), "nothing");
    for argument in [format!("f/{SAMPLE}"), format!("--records=f/{SAMPLE}")] {
        let ran = world.run(["scan", &argument]);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.contains("was given as an argument"), "{}", ran.err);
    }
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

#[test]
fn a_token_in_a_name_is_found() {
    let world = world();
    let handle = &world.token[..23];
    let digits: String = world.token.bytes().map(|byte| format!("{byte:02x}")).collect();
    fs::create_dir(world.folder.path().join("f/deep").join(&world.token)).unwrap();
    world.write(&format!("f/deep/{}/a", world.token), "nothing");
    world.write(&format!("f/{digits}"), "nothing");
    // What only looks like one is a name.
    world.write("f/cog_StaticAnalysisModule20.py", "nothing");
    let ran = world.run(["scan", "f", "--edge-keys", "edge.json"]);
    let expected = format!("f/deep/{handle}…:1: {handle}… (in the name, ours)");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!((ran.code, lines.len()), (1, 3), "{}", ran.out);
    assert!(lines[0].ends_with(&format!(": {handle}… (in the name, hex, ours)")), "{}", ran.out);
    assert_eq!(lines[1..], [&expected, "2 tokens in 3 files"]);
    assert!(!ran.out.contains(&digits[60..]), "{}", ran.out);
    let json = world.run(["scan", "f", "--json"]).json();
    assert_eq!(json["findings"][1]["in_name"], true);
    let log = world.run(["scan", "f", "--sarif"]).json();
    let place = &log["runs"][0]["results"][1]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"], json!({"startLine": 1}));
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

/// Without edge keys too, what the token says of itself ends it, and its kind is its record's.
#[test]
fn a_token_is_judged_by_records_alone() {
    let world = world();
    let new = "token new --root root.json --kind service-user-key --principal a --scope * --now \
               2026-11-01 --records made.jsonl";
    world.write("made.jsonl", "");
    let expiring = world.ok(format!("{new} --hard-expiry 2027-01-10").split(' ')).out;
    let coming = world.ok(format!("{new} --not-before 2027-01-10 --no-expiry").split(' ')).out;
    world.write("f/expiring", expiring.trim());
    world.write("f/coming", coming.trim());
    let judged = |file: &str, now: &str, options: &str| {
        let args = format!("scan f/{file} --records made.jsonl --now {now} {options}");
        let args: Vec<&str> = args.trim_end().split(' ').collect();
        let json = world.run(args.iter().copied().chain(["--json"])).json();
        let level = world.run(args.into_iter().chain(["--sarif"])).json();
        let level = level["runs"][0]["results"][0]["level"].as_str().unwrap().to_owned();
        let finding = &json["findings"][0];
        (finding["active"].as_bool().unwrap(), finding["code"].clone(), level)
    };
    for options in ["", "--edge-keys edge.json"] {
        let active = (true, Value::Null, "error".to_owned());
        assert_eq!(judged("expiring", "2027-01-10", options), active);
        let expired = (false, json!("expired"), "note".to_owned());
        assert_eq!(judged("expiring", "2027-01-12", options), expired);
        // Who has it can wait.
        let coming = (false, json!("not_yet_valid"), "error".to_owned());
        assert_eq!(judged("coming", "2027-01-09", options), coming);
    }
    // Another kind with the same id was made by somebody else.
    let records = world.read("made.jsonl").replace("service_user_key", "personal_access_token");
    let line = records.lines().next().unwrap();
    let mut record: Value = serde_json::from_str(line).unwrap();
    record.as_object_mut().unwrap().remove("edge_digest");
    world.write("made.jsonl", format!("{record}\n"));
    let other = (false, json!("record_mismatch"), "note".to_owned());
    assert_eq!(judged("expiring", "2026-11-02", ""), other);
}

/// However often a place is named, and however it is written, it is looked into once.
#[test]
fn a_place_is_looked_into_once() {
    let world = world();
    world.write("f/a", SAMPLE);
    let ran = world.run(["scan", "f", "./f", "f/", "f/../f"]);
    assert!(ran.out.ends_with("1 token in 1 file\n"), "{}", ran.out);
    let ran = world.run(["scan", "f/a", "--git"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no folder was named"), "{}", ran.err);
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
