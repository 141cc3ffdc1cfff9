//! Files that cannot be read, pipes that close, terminals that are none, and the help.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{World, cog_auth, is_unseen, repository, run};
use std::fs;
use std::process::{Command, Stdio};

#[test]
fn each_unreadable_file_is_named_with_what_is_wrong() {
    let world = World::new();
    fs::create_dir(world.folder.path().join("folder")).unwrap();
    world.write("empty", "");
    world.write("latin", b"{\"caf\xe9\": 1}");
    world.write("huge", vec![b' '; 300_000]);
    for (file, why) in [
        ("missing", "there is no such file or folder"),
        ("folder", "it is a folder, not a file"),
        ("empty", "it is empty, and should hold the WHAT"),
        ("latin", "it is not text in UTF-8, from byte 5 on"),
        ("huge", "it has more than MOST bytes, and should hold the WHAT"),
    ] {
        for (args, what, most) in [
            (format!("key derive --use edge-tag --root {file}"), "root key set", "16384"),
            (format!("token new --root {file} --kind sample"), "root key set", "16384"),
            (format!("token verify --edge-keys {file}"), "edge key set", "16384"),
            (format!("token verify --edge-keys edge.json --record {file}"), "record", "16384"),
            (format!("decide --request {file}"), "request", "262144"),
            (format!("decide GET / --edge-keys edge.json --facts {file}"), "facts", "262144"),
            (format!("permissions --request {file}"), "request", "262144"),
        ] {
            let ran = world.run(args.split(' '));
            let why = why.replace("WHAT", what).replace("MOST", most);
            let expected = format!("error: {file}: {why}\n");
            assert_eq!((ran.code, ran.out, ran.err), (2, String::new(), expected), "{args}");
            let json = world.run(format!("{args} --json").split(' ')).json();
            assert_eq!(json["errors"][0]["file"], file);
        }
    }
    for (path, why) in [
        ("missing", "there is no such file or folder"),
        ("folder", "the folder has no document, that is no file *.json"),
    ] {
        for command in ["check", "test", "bundle"] {
            let ran = world.run(["policy", command, path]);
            assert_eq!((ran.code, ran.err), (2, format!("error: {path}: {why}\n")));
        }
    }
    let ran = world.run([
        "policy",
        "bundle",
        "--out",
        "folder",
        repository().join("policies").to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: folder: "), "{}", ran.err);
    let ran = world.run(["key", "new", "--out", "no/such/folder/root.json"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn the_demo_explains_itself_in_a_screen() {
    for columns in ["80", "100", "200"] {
        let ran = run(cog_auth(["demo"]).env("COLUMNS", columns));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let width: usize = columns.parse().unwrap();
        for line in ran.out.lines() {
            assert!(line.chars().count() <= width, "wider than {width}: {line}");
            assert_eq!(line, line.trim_end());
        }
        assert!(ran.out.lines().count() <= 45, "{}", ran.out);
        for said in [
            "200 allowed",
            "403 forbidden",
            "403 requirement",
            "403 no_grant",
            "403 indeterminate",
            "405 refused",
            "401 refused",
        ] {
            assert!(ran.out.contains(said), "no {said} in {}", ran.out);
        }
    }
    let ran = run(&mut cog_auth(["demo", "--json"]));
    let json = ran.json();
    let outcomes: Vec<String> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let code = row.get("class").or(row.get("code")).and_then(|code| code.as_str());
            format!("{} {}", row["status"], code.unwrap_or("allowed"))
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            "200 allowed",
            "200 allowed",
            "200 allowed",
            "200 allowed",
            "403 forbidden",
            "403 requirement",
            "403 indeterminate",
            "403 no_grant",
            "403 requirement",
            "403 no_grant",
            "405 method_not_allowed",
            "403 no_grant",
            "401 revoked",
            "401 checksum_mismatch",
            "200 allowed",
        ]
    );
    let text = run(&mut cog_auth(["demo"])).out;
    assert_eq!(cog_auth::token::scan(text.as_bytes()).count(), 0, "a whole token is shown");
}

#[test]
fn colours_are_for_terminals_and_those_who_ask() {
    let world = World::new();
    let policies = repository().join("policies");
    let policies = policies.to_str().unwrap();
    for args in [
        vec!["demo"],
        vec!["--help"],
        vec!["token", "inspect"],
        vec!["policy", "test", policies],
        vec!["policy", "bundle", policies],
        vec!["decide"],
        vec!["policy", "check", "missing"],
    ] {
        let ran = world.run(&args);
        assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{args:?}");
        let ran = world.run([args.clone(), vec!["--json"]].concat());
        assert!(!ran.out.contains('\u{1b}'), "{args:?}");
    }
    let ran = world.run(["token", "inspect", "--color", "always"]);
    assert!(ran.out.contains('\u{1b}'));
}

/// A record can hold any text, and none of it reaches the terminal as a command.
#[test]
fn texts_from_elsewhere_are_shown_plainly() {
    let world = World::new();
    let record = world.read("record.json").replace("user_1", "u\\u001b]0;x\\u0007\u{202e}");
    world.write("record.json", record);
    let ran = world.run("token verify --edge-keys edge.json --record record.json".split(' '));
    assert_eq!(ran.code, 1);
    let new = ["--principal", "u\u{1b}[31m\u{202e}", "--scope", "*", "--record", "odd.json"];
    let new = "token new --root root.json --kind service-user-key".split(' ').chain(new);
    let token = world.ok(new).out;
    let verify = "token verify --edge-keys edge.json --record odd.json";
    let ran = run(world.command(verify.split(' ')).env("COG_TOKEN", token.trim()));
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("principal     u\u{fffd}[31m\u{fffd}\n"), "{:?}", ran.out);
}

/// What nobody should see in a line of output, and how JSON writes it.
const UNSEEN: [(&str, &str); 10] = [
    ("\u{1b}", "\\u001b"),
    ("\n", "\\n"),
    ("\r", "\\r"),
    ("\u{7f}", "\\u007f"),
    ("\u{9b}", "\\u009b"),
    ("\u{85}", "\\u0085"),
    ("\u{202e}", "\\u202e"),
    ("\u{2066}", "\\u2066"),
    ("\u{2028}", "\\u2028"),
    ("\u{e0041}", "\\udb40\\udc41"),
];

#[test]
fn a_principal_forges_no_line_and_json_escapes_what_is_not_seen() {
    let world = World::new();
    for (unseen, escape) in UNSEEN {
        let principal = format!("su{unseen}scopes ok");
        let new = "token new --root root.json --kind service-user-key --scope * --principal";
        let new = |more: &[&str]| {
            let args = new.split(' ').chain([principal.as_str()]).chain(more.iter().copied());
            world.ok(args.collect::<Vec<_>>()).out
        };
        // Its record on standard output is JSON, too.
        let text = new(&[]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text:?}");
        assert!(lines[1].contains(&format!("\"su{escape}scopes ok\"")), "{text:?}");
        let json = new(&["--json"]);
        assert!(json.contains(&format!("\"su{escape}scopes ok\"")), "{json:?}");
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["record"]["principal"], principal);

        world.write("odd.json", json["record"].to_string());
        let verify = "token verify --edge-keys edge.json --record odd.json";
        let token = json["token"].as_str().unwrap();
        let ran = run(world.command(verify.split(' ')).env("COG_TOKEN", token));
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("principal     su\u{fffd}scopes ok\n"), "{:?}", ran.out);
        let ran = run(world.command(verify.split(' ')).arg("--json").env("COG_TOKEN", token));
        assert!(ran.out.contains(&format!("\"su{escape}scopes ok\"")), "{:?}", ran.out);
        assert_eq!(ran.json()["principal"], principal);
    }
}

#[test]
fn arguments_and_names_of_files_are_shown_plainly() {
    let world = World::new();
    for (unseen, _) in UNSEEN {
        let odd = format!("a{unseen}b");
        for args in [
            vec!["dance", odd.as_str()],
            vec![odd.as_str()],
            vec!["policy", "check", odd.as_str()],
            vec!["token", "verify", "--edge-keys", odd.as_str()],
            vec!["key", "new", "--out", odd.as_str()],
            vec!["policy", "bundle", "--compiled", "--out", odd.as_str()],
            vec!["token", "inspect", "--token-env", odd.as_str()],
        ] {
            let ran = world.run(&args);
            let shown = ran.err + &ran.out;
            assert!(!shown.chars().any(|one| one != '\n' && is_unseen(one)), "{shown:?}");
            // The two parts stand in one line, or not at all.
            assert!(!shown.contains("\nb"), "{shown:?}");
            let ran = world.run([args, vec!["--json"]].concat());
            assert!(!ran.out.trim_end().contains(is_unseen), "{:?}", ran.out);
        }
    }
}

/// A bundle is what its digest says, byte for byte.
#[test]
fn a_bundle_is_written_as_it_is() {
    let world = World::new();
    fs::create_dir(world.folder.path().join("p")).unwrap();
    let case = repository().join("cli/tests/diagnostics/unknown_value-hidden-characters/policy");
    fs::copy(case.join("schema.json"), world.folder.path().join("p/schema.json")).unwrap();
    let printed = world.ok(["policy", "bundle", "p"]).out;
    world.ok(["policy", "bundle", "p", "--out", "bundle.json"]);
    assert_eq!(printed, world.read("bundle.json"));
    assert!(printed.contains("\u{9b}\u{202e}"), "{printed:?}");
}

/// Whoever reads may stop reading: no panic, no message, and the same exit code.
#[test]
fn a_closed_pipe_changes_nothing() {
    let world = World::new();
    let policies = repository().join("policies");
    for (args, code) in [
        (vec!["demo"], 0),
        (vec!["demo", "--json"], 0),
        (vec!["--help"], 0),
        (vec!["policy", "bundle", policies.to_str().unwrap()], 0),
        (vec!["policy", "test", "missing", "--json"], 2),
        (
            vec![
                "token",
                "verify",
                "--edge-keys",
                "edge.json",
                "--now",
                "2999-01-01",
                "--record",
                "record.json",
            ],
            0,
        ),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_cog-auth"))
            .args(&args)
            .current_dir(world.folder.path())
            .env("COG_TOKEN", &world.token)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("panicked") && !err.contains("pipe"), "{args:?}: {err}");
        assert_eq!(output.status.code(), Some(code), "{args:?}: {err}");
    }
}

#[test]
fn the_help_has_the_exit_codes_and_every_command_its_own() {
    let ran = run(&mut cog_auth(["--help"]));
    assert_eq!(ran.code, 0);
    for line in ["0  yes", "1  no", "2  the command line is wrong", "3  what was read is not valid"]
    {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
    for command in [
        "demo",
        "key new",
        "key derive",
        "token new",
        "token inspect",
        "token verify",
        "token list",
        "token rotate",
        "token revoke",
        "scan",
        "decide",
        "permissions",
        "policy init",
        "policy check",
        "policy test",
        "policy fmt",
        "policy routes",
        "policy bundle",
    ] {
        let ran = run(&mut cog_auth(command.split(' ').chain(["--help"])));
        assert_eq!(ran.code, 0, "{command}");
        assert!(ran.out.contains("Usage: cog-auth"), "{}", ran.out);
        assert!(ran.out.contains("--json"), "{command}");
    }
    for wrong in ["", "dance", "key", "demo --fast", "decide GET"] {
        let ran = run(&mut cog_auth(wrong.split_terminator(' ')));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong}");
        let ran = run(&mut cog_auth(wrong.split_terminator(' ').chain(["--json"])));
        assert_eq!(ran.code, 2, "{wrong}");
        assert!(ran.json()["errors"][0]["message"].is_string(), "{wrong}");
    }
}
