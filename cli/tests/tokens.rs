//! `token new`, `token inspect` and `token verify`, and how a token gets there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{SAMPLE, World, cog_auth, run};
use serde_json::Value;

#[test]
fn a_token_rises_from_level_to_level() {
    let world = World::with(&[
        "--scope",
        "ViewOrgSessions",
        "--organization",
        "org-a",
        "--name",
        "ci",
        "--hard-expiry",
        "2599-01-01",
    ]);
    let level = |args: &str| {
        let args = format!("token {args} --json");
        let ran = world.ok(args.split(' '));
        assert!(!ran.out.contains(&world.token));
        ran.json()["level"].as_str().unwrap().to_owned()
    };
    assert_eq!(level("inspect"), "parsed");
    assert_eq!(level("verify --edge-keys edge.json"), "genuine");
    assert_eq!(level("verify --edge-keys edge.json --record record.json"), "accepted_at_edge");
    let origin = "verify --edge-keys edge.json --record record.json --peppers peppers.json";
    assert_eq!(level(origin), "accepted_at_origin");
    let text = world.ok(format!("token {origin}").split(' ')).out;
    for line in [
        "principal     user_1",
        "scopes        ViewOrgSessions",
        "organizations org-a",
        "name          ci",
    ] {
        assert!(text.contains(line), "no {line} in {text}");
    }
    let ran = world.run("token verify --edge-keys edge.json --peppers peppers.json".split(' '));
    assert_eq!(ran.code, 2);
}

#[test]
fn a_token_comes_from_the_environment_a_file_or_standard_input() {
    let world = World::new();
    let handle = world.ok(["token", "inspect", "--json"]).json()["handle"].clone();
    world.write("token.txt", format!("  {}\r\n", world.token));
    let file = world.ok("token inspect --json --token-file token.txt".split(' '));
    assert_eq!(file.json()["handle"], handle);
    let mut command = world.command("token inspect --json --token-file -".split(' '));
    let stdin = run(command.env_remove("COG_TOKEN").write_stdin(format!("{}\n", world.token)));
    assert_eq!(stdin.json()["handle"], handle);
    let mut command = world.command("token inspect --json --token-env OTHER".split(' '));
    let other = run(command.env_remove("COG_TOKEN").env("OTHER", &world.token));
    assert_eq!(other.json()["handle"], handle);

    let nothing = run(&mut cog_auth(["token", "inspect"]));
    assert_eq!(nothing.code, 2);
    assert_eq!(
        nothing.err,
        "error: there is no token: set the environment variable COG_TOKEN, or give --token-file \
         FILE (- for standard input)\n"
    );
    let empty = run(cog_auth(["token", "inspect"]).env("COG_TOKEN", " \n"));
    assert_eq!(
        (empty.code, empty.err.as_str()),
        (2, "error: the environment variable COG_TOKEN: it is empty, and should hold a token\n")
    );
    let twice = "token verify --token-file - --edge-keys -";
    let twice = run(cog_auth(twice.split(' ')).write_stdin(SAMPLE));
    assert_eq!(
        (twice.code, twice.err.as_str()),
        (2, "error: standard input can be one thing only: the token or the edge key set\n")
    );
}

#[test]
fn a_file_that_hides_a_token_says_in_what() {
    let world = World::new();
    let utf_16 = |text: &str, to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    };
    let utf_32 = |text: &str, to_bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
        text.chars().map(u32::from).flat_map(to_bytes).collect()
    };
    let line = format!("{}\n", world.token);
    let marked = format!("\u{feff}{line}");
    let utf_16_said = "it is text in UTF-16; save it as UTF-8 without a byte order mark";
    let utf_32_said = "it is text in UTF-32; save it as UTF-8 without a byte order mark";
    let quoted = "the token stands in quotes; write it without them";
    let assigned = "it has the form NAME=token; write the token alone";
    let header = "it holds a header; write the token alone, without the words before it";
    let lines = "it has more than one line; write the token alone";
    for (bytes, said) in [
        (utf_16(&marked, u16::to_le_bytes), utf_16_said),
        (utf_16(&marked, u16::to_be_bytes), utf_16_said),
        (utf_16(&line, u16::to_le_bytes), utf_16_said),
        (utf_16(&line, u16::to_be_bytes), utf_16_said),
        (utf_32(&marked, u32::to_le_bytes), utf_32_said),
        (utf_32(&marked, u32::to_be_bytes), utf_32_said),
        (utf_32(&line, u32::to_le_bytes), utf_32_said),
        (utf_32(&line, u32::to_be_bytes), utf_32_said),
        (
            marked.clone().into_bytes(),
            "it begins with a byte order mark; save it as UTF-8 without one",
        ),
        (format!("\"{}\"", world.token).into_bytes(), quoted),
        (format!("'{}'\n", world.token).into_bytes(), quoted),
        (format!(" `{}` ", world.token).into_bytes(), quoted),
        (format!("\u{201c}{}\u{201d}", world.token).into_bytes(), quoted),
        (format!("{}\"", world.token).into_bytes(), quoted),
        (format!("COG_TOKEN={line}").into_bytes(), assigned),
        (format!("export COG_TOKEN={line}").into_bytes(), assigned),
        (format!("token = {line}").into_bytes(), assigned),
        (format!("COG_TOKEN={line}OTHER=1\n").into_bytes(), assigned),
        (format!("Bearer {line}").into_bytes(), header),
        (format!("Authorization: Bearer {line}").into_bytes(), header),
        (format!("{line}{line}").into_bytes(), lines),
        (format!("{line}{{\"v\":1}}\n").into_bytes(), lines),
    ] {
        world.write("token.txt", &bytes);
        let ran = world.run("token inspect --token-file token.txt".split(' '));
        let shown = (ran.code, ran.err.as_str());
        assert_eq!(shown, (2, format!("error: token.txt: {said}\n").as_str()), "{bytes:?}");
        if let Some(text) = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')) {
            let ran = run(world.command(["token", "inspect"]).env("COG_TOKEN", text));
            let said = format!("error: the environment variable COG_TOKEN: {said}\n");
            assert_eq!((ran.code, ran.err), (2, said));
        }
    }
    // Parsing says what is wrong with these.
    for (text, code) in
        [("cog_1=", "wrong_length"), ("a b", "missing_prefix"), ("\u{e9}", "missing_prefix")]
    {
        world.write("token.txt", text);
        let ran = world.run("token inspect --json --token-file token.txt".split(' '));
        assert_eq!((ran.code, &ran.json()["refused"]["code"]), (1, &Value::from(code)), "{text}");
    }
}

#[test]
fn a_token_as_an_argument_is_refused_and_not_repeated() {
    let damaged = SAMPLE.replace("CCCC", "CC-C");
    for command in [
        vec!["token", "inspect", SAMPLE],
        vec!["token", "inspect", "--token", SAMPLE],
        vec!["decide", "GET", SAMPLE],
        vec![SAMPLE],
        vec!["token", "verify", "--edge-keys", "x", damaged.as_str()],
        vec!["token", "inspect", "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7w2"],
        vec!["token", "inspect", "--json", SAMPLE],
    ] {
        let named = format!("--token={SAMPLE}");
        for command in [command.clone(), [command, vec![named.as_str()]].concat()] {
            let ran = run(&mut cog_auth(command));
            assert_eq!(ran.code, 2);
            let said = ran.err + &ran.out;
            assert!(said.contains("was given as an argument"), "{said}");
            assert!(said.contains("COG_TOKEN"), "{said}");
            for secret in ["DDDD", "JJJJ", "k7w2k7w2"] {
                assert!(!said.contains(secret), "{said}");
            }
        }
    }
    let ran = run(&mut cog_auth(["token", "inspect", SAMPLE]));
    assert!(ran.err.contains("(cog_1s015PnAAAABBBBCCCC…)"), "{}", ran.err);
    // A handle is no secret, and neither is a file's name.
    let ran = run(&mut cog_auth(["token", "inspect", "--token-file", "/x/cog_auth/token"]));
    assert!(ran.err.contains("there is no such file"), "{}", ran.err);
}

#[test]
fn a_new_token_is_printed_once_with_its_record() {
    let world = World::new();
    let new = "token new --root root.json --kind service-user-key --principal su_1 --scope *";
    let both = world.ok(new.split(' '));
    let lines: Vec<&str> = both.out.lines().collect();
    let [token, record] = lines.as_slice() else { panic!("{}", both.out) };
    assert_eq!((token.len(), &token[..6]), (81, "cog_1s"));
    assert!(!both.err.contains(&token[23..]));
    let record: Value = serde_json::from_str(record).unwrap();
    assert_eq!(record["principal"], "su_1");
    assert!(record["digest"].is_string() && record["edge_digest"].is_string());

    let json = world.ok(format!("{new} --json").split(' ')).json();
    assert_eq!(json["token"].as_str().unwrap().len(), 81);
    assert_eq!(json["record"]["kind"], "service_user_key");

    let sample = world.ok("token new --root root.json --kind sample".split(' '));
    assert_eq!(sample.out.len(), 82);
    let again = world.run(format!("{new} --record record.json").split(' '));
    assert_eq!((again.code, again.out.as_str()), (2, ""));

    for (missing, named) in [
        ("--kind service-user-key --principal su_1", "--scope ACTION"),
        ("--kind service-user-key --scope *", "--principal ID"),
        ("--kind nothing", "service-user-key, personal-access-token or sample"),
        ("--kind sample --hard-expiry 2599-13-01", "a day is a date"),
        ("--kind sample --expires-at tomorrow", "a time is 2026-12-31T18:00:00Z"),
        ("--kind service-user-key --principal su_1 --scope * --scope Other", "stands alone"),
    ] {
        let ran = world.run(format!("token new --root root.json {missing}").split(' '));
        assert_eq!(ran.code, 2, "{missing}");
        assert!(ran.err.contains(named), "{}", ran.err);
    }
}

#[test]
fn times_and_days_are_written_in_several_ways() {
    let world = World::new();
    let new = "token new --json --root root.json --kind service-user-key --principal su --scope * \
               --now 2026-06-01";
    for (written, seconds) in [
        ("1798761600", 1_798_761_600_u64),
        ("2027-01-01", 1_798_761_600),
        ("2027-01-01T00:00:00Z", 1_798_761_600),
        ("2027-01-01T02:00:00+02:00", 1_798_761_600),
    ] {
        let json = world.ok(format!("{new} --expires-at {written}").split(' ')).json();
        assert_eq!(json["record"]["expires_at"], seconds);
    }
    for written in ["20819", "2027-01-01"] {
        let json = world.ok(format!("{new} --hard-expiry {written}").split(' ')).json();
        assert_eq!(&json["token"].as_str().unwrap()[8..11], "5Pn");
    }
}

#[test]
fn a_refused_token_is_answered_with_its_code() {
    let world = World::with(&["--scope", "*", "--hard-expiry", "2599-01-01"]);
    let refused = |token: &str, args: &str| {
        let args = format!("token {args}");
        let ran = run(world.command(args.split(' ')).env("COG_TOKEN", token));
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.out.starts_with("refused: "), "{}", ran.out);
        assert!(!ran.out.contains(&token[23.min(token.len())..]) || token.len() <= 23);
        let json = run(world.command(args.split(' ')).arg("--json").env("COG_TOKEN", token)).json();
        json["refused"]["code"].as_str().unwrap().to_owned()
    };
    let verify = "verify --edge-keys edge.json";
    assert_eq!(refused("ghp_something", "inspect"), "missing_prefix");
    assert_eq!(refused("cog_old", "inspect"), "unknown_version");
    assert_eq!(refused(SAMPLE, verify), "tag_mismatch");
    assert_eq!(refused(&world.token, &format!("{verify} --now 2599-01-02")), "expired");
    let record: Value = serde_json::from_str(&world.read("record.json")).unwrap();
    for (member, value, code) in [
        ("revoked_at", 1, "revoked"),
        ("expires_at", 1, "record_expired"),
        ("not_before", 9_000_000_000_000_000_u64, "not_yet_valid"),
    ] {
        let mut record = record.clone();
        record[member] = value.into();
        world.write("changed.json", record.to_string());
        assert_eq!(refused(&world.token, &format!("{verify} --record changed.json")), code);
    }
    let mut record = record;
    record["expire_at"] = 1.into();
    world.write("changed.json", record.to_string());
    let ran = world.run(format!("token {verify} --record changed.json").split(' '));
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.contains("changed.json: a record has no such member (invalid_record, 122"),
        "{}",
        ran.err
    );
}
