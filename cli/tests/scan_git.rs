//! `scan --git`: the history of repositories.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{SAMPLE, World, run};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

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
    // A message stands in git's own files, too.
    let is_git_s_own = |line: &&str| line.starts_with("f/.git/");
    let ran = world.run(["scan", "f"]);
    assert_eq!(ran.out.lines().filter(|line| !is_git_s_own(line)).count(), 1, "{}", ran.out);
    let ran = world.run(["scan", "f", "--git"]);
    assert_eq!(ran.code, 1);
    let mut lines: Vec<&str> = ran.out.lines().filter(|line| !is_git_s_own(line)).collect();
    assert!(lines.pop().unwrap().contains(" objects of git"), "{}", ran.out);
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
    let ran = world.run(["scan", "g", "--git"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("error: g: git reads no repository here"), "{}", ran.out);
    // One with repositories in it stands for these.
    let ran = world.run(["scan", ".", "--git"]);
    assert_eq!(ran.code, 1);
    assert!(!ran.out.contains("error:"), "{}", ran.out);
}

/// What is staged is in no commit yet, and no longer in the file.
#[test]
fn what_is_staged_is_found() {
    let Some(world) = with_git() else { return };
    world.write("f/a.env", format!("TOKEN={SAMPLE}\n"));
    git(&world, &["add", "."]);
    world.write("f/a.env", "clean\n");
    assert_eq!(world.run(["scan", "f"]).code, 0);
    let ran = world.run(["scan", "f", "--git", "--json"]);
    let findings = ran.json()["findings"].as_array().unwrap().clone();
    assert_eq!((ran.code, findings.len()), (1, 1), "{}", ran.out);
    assert_eq!(findings[0]["file"], "f/a.env");
    assert_eq!(findings[0]["commit"], parsed(&world, ":a.env"));
}

/// A world with a repository `f`, or none where there is no git.
fn with_git() -> Option<World> {
    Command::new("git").arg("--version").output().ok()?;
    let world = World::new();
    fs::create_dir(world.folder.path().join("f")).unwrap();
    git(&world, &["init", "-q"]);
    Some(world)
}

/// The id of what git knows by a name.
fn parsed(world: &World, name: &str) -> String {
    let mut parse = Command::new("git");
    parse.current_dir(world.folder.path().join("f")).args(["rev-parse", name]);
    String::from_utf8(parse.output().unwrap().stdout).unwrap().trim().to_owned()
}

/// Adds a file to the history and takes it away again.
fn commit_and_remove(world: &World, name: &str) {
    world.write(&format!("f/{name}"), format!("{name} {SAMPLE}"));
    git(world, &["add", "."]);
    git(world, &["commit", "-qm", "add"]);
    git(world, &["rm", "-q", name]);
    git(world, &["commit", "-qm", "remove"]);
}

/// What `scan` prints, without the commits' ids.
fn shown(ran: &common::Ran) -> Vec<&str> {
    let line = |line| str::split_once(line, ':').map_or(line, |(_, rest)| rest);
    ran.out.lines().map(line).collect()
}

/// A repository may come from somewhere else, and its configuration with it.
#[cfg(unix)]
#[test]
fn a_repository_runs_no_program() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(world) = with_git() else { return };
    world.write("f/run", "#!/bin/sh\ntouch ../ran ran\n");
    let run = world.folder.path().join("f/run");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o755)).unwrap();
    commit_and_remove(&world, "a");
    // Whoever signed it: the program that looks at the signature is the repository's.
    let commit = Command::new("git")
        .current_dir(world.folder.path().join("f"))
        .args(["cat-file", "commit", "HEAD"])
        .output()
        .unwrap();
    let signature = "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n";
    let signed = String::from_utf8(commit.stdout).unwrap().replacen("\n\n", signature, 1);
    world.write("signed", signed);
    git(&world, &["hash-object", "-t", "commit", "-w", "../signed"]);
    let signed = Command::new("git")
        .current_dir(world.folder.path().join("f"))
        .args(["hash-object", "-t", "commit", "../signed"])
        .output()
        .unwrap();
    let signed = String::from_utf8(signed.stdout).unwrap();
    git(&world, &["update-ref", "HEAD", signed.trim()]);
    let run = run.to_str().unwrap();
    for (name, value) in
        [("log.showSignature", "true"), ("gpg.program", run), ("core.fsmonitor", run)]
    {
        git(&world, &["config", name, value]);
    }
    let ran = world.run(["scan", "f", "--git"]);
    assert!(shown(&ran).contains(&"f/a:1: cog_1s015PnAAAABBBBCCCC…"), "{}", ran.out);
    for ran in ["ran", "f/ran"] {
        assert!(!world.folder.path().join(ran).exists());
    }
}

/// Hooks have such variables, and what they name may be another repository.
#[test]
fn the_surroundings_lead_to_no_other_repository() {
    let Some(world) = with_git() else { return };
    commit_and_remove(&world, "a");
    let none = world.folder.path().join("none");
    for name in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"] {
        let ran = run(world.command(["scan", "f", "--git"]).env(name, &none));
        assert!(shown(&ran).contains(&"f/a:1: cog_1s015PnAAAABBBBCCCC…"), "{name}: {}", ran.out);
    }
    let ran = run(world.command(["scan", "f", "--git"]).env("GIT_NAMESPACE", "n"));
    assert_eq!(ran.code, 1, "{}", ran.out);
}

/// A file has one name, in the history and now, whatever folder of the repository was named.
#[test]
fn a_history_s_files_are_named_from_the_folder() {
    let Some(world) = with_git() else { return };
    fs::create_dir_all(world.folder.path().join("f/sub/deep")).unwrap();
    for name in ["a", "sub/keep", "sub/deep/keep"] {
        world.write(&format!("f/{name}"), "nothing");
    }
    commit_and_remove(&world, "sub/deep/b");
    commit_and_remove(&world, "c");
    let names = |at: &str, folder: &str, expected: [&str; 2]| {
        let mut command = world.command(["scan", folder, "--git"]);
        let ran = run(command.current_dir(world.folder.path().join(at)));
        for name in expected {
            let line = format!("{name}:1: cog_1s015PnAAAABBBBCCCC…");
            assert!(shown(&ran).contains(&&*line), "{at} {folder}: {}", ran.out);
        }
    };
    names("", "f", ["f/sub/deep/b", "f/c"]);
    names("", "f/sub", ["f/sub/deep/b", "f/c"]);
    names("", "f/sub/deep", ["f/sub/deep/b", "f/c"]);
    names("f", "sub", ["sub/deep/b", "c"]);
    names("f/sub", ".", ["./deep/b", "./../c"]);
}

#[test]
fn worktrees_have_one_history() {
    let Some(world) = with_git() else { return };
    commit_and_remove(&world, "a");
    git(&world, &["worktree", "add", "-q", "../w"]);
    let ran = world.run(["scan", "f", "w", "w/.git", "f/.git", "--git"]);
    let found = shown(&ran).into_iter().filter(|line| line.contains("/a:1: cog_")).count();
    assert_eq!(found, 1, "{}", ran.out);
}

/// What a clone left out may have a token in it.
#[test]
fn a_history_that_is_not_all_there_is_said_to_be_so() {
    let Some(world) = with_git() else { return };
    commit_and_remove(&world, "a");
    git(&world, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", world.folder.path().join("f").display());
    for (clone, options, said) in [
        ("shallow", &["--depth=1"][..], "its history is shallow"),
        ("blobs", &["--no-checkout", "--filter=blob:none"], "its history lacks at least 1 object,"),
        ("trees", &["--no-checkout", "--filter=tree:0"], "its history lacks at least 1 object,"),
    ] {
        let to = format!("../{clone}");
        git(&world, &[&["clone", "-q"], options, &[&url, &to]].concat());
        let ran = world.run(["scan", clone, "--git"]);
        assert_eq!(ran.code, 2, "{clone}: {}", ran.out);
        assert!(ran.out.contains(&format!("error: {clone}: {said}")), "{}", ran.out);
        // What it says to do brings what was missing.
        let (_, fetch) = ran.out.split_once("git fetch ").unwrap();
        let fetch = fetch.split_once([' ', '\n']).map_or(fetch, |(option, _)| option);
        let more = ["--no-filter"];
        let more = if clone == "shallow" { &[][..] } else { &more };
        git(&world, &[&["-C", &to, "fetch", "-q", fetch], more].concat());
        let ran = world.run(["scan", clone, "--git"]);
        let found = format!("{clone}/a:1: cog_1s015PnAAAABBBBCCCC…");
        assert_eq!((ran.code, shown(&ran).contains(&&*found)), (1, true), "{}", ran.out);
        assert!(!ran.out.contains("error: "), "{}", ran.out);
    }
}

/// What is damaged takes nothing away from what is found in the rest.
#[test]
fn a_damaged_history_is_looked_through_as_far_as_it_goes() {
    let Some(world) = with_git() else { return };
    for name in ["a", "b", "c"] {
        commit_and_remove(&world, name);
    }
    world.write("f/other", "nothing, but a lot of it: ".repeat(100));
    world.write("f/sub/deep/last", "last");
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", "other"]);
    let object = |name: &str| -> PathBuf {
        let id = parsed(&world, name);
        world.folder.path().join("f/.git/objects").join(&id[..2]).join(&id[2..])
    };
    let cut = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        fs::remove_file(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    let found = |ran: &common::Ran| {
        shown(ran).into_iter().filter(|line| line.contains("cog_1s015PnAAAABBBBCCCC")).count()
    };
    assert_eq!(found(&world.run(["scan", "f", "--git"])), 3);
    cut(&object("HEAD:other"));
    let ran = world.run(["scan", "f", "--git"]);
    assert_eq!((ran.code, found(&ran)), (1, 3), "{}", ran.out);
    assert!(ran.out.contains("error: f: its history is damaged: 1 object and"), "{}", ran.out);
    // Of a folder that cannot be read, git does not know what was in it, nor in what comes later.
    cut(&object("HEAD:sub"));
    let ran = world.run(["scan", "f", "--git"]);
    assert_eq!((ran.code, found(&ran)), (1, 3), "{}", ran.out);
    assert!(ran.out.contains("git fsck says where"), "{}", ran.out);
}

/// However long a history is that is damaged early, nothing waits for a git that has ended, and
/// what was told of commits until then counts.
#[test]
fn a_long_history_that_is_damaged_ends() {
    let Some(world) = with_git() else { return };
    let mut stream = format!("blob\nmark :1\ndata {}\n{SAMPLE}\n", SAMPLE.len());
    for number in 0..3_000 {
        let (name, mark) = if number == 0 { ("k", ":1") } else { ("n", "inline") };
        let content = if number == 0 { String::new() } else { "data 1\nx\n".to_owned() };
        stream += &format!(
            "commit refs/heads/long\ncommitter a <a@b> {number} +0000\ndata 1\nm\n\
             M 100644 {mark} {name}{number}\n{content}\n"
        );
    }
    world.write("stream", &stream);
    git(&world, &["config", "fastimport.unpackLimit", "1000000"]);
    let mut import = Command::new("git");
    import.current_dir(world.folder.path().join("f")).args(["fast-import", "--quiet"]);
    let stream = fs::File::open(world.folder.path().join("stream")).unwrap();
    assert!(import.stdin(stream).status().unwrap().success());
    let tree = parsed(&world, "long~2997^{tree}");
    let path = world.folder.path().join("f/.git/objects").join(&tree[..2]).join(&tree[2..]);
    fs::remove_file(&path).unwrap();
    fs::write(path, "garbage").unwrap();
    let ran = world.run(["scan", "f", "--git", "--json"]);
    assert_eq!(ran.code, 1);
    let json = ran.json();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{}", ran.out);
    assert_eq!(findings[0]["commit"], parsed(&world, "long~2999"));
    assert!(!json["errors"].as_array().unwrap().is_empty());
}

/// What a repository or its owner likes to see of changes does not change which commit it is.
#[test]
fn the_commit_is_told_whatever_is_configured() {
    for [name, value] in [
        ["diff.orderFile", "/nonexistent"],
        ["diff.algorithm", "bogus"],
        ["diff.relative", "true"],
        ["log.diffMerges", "off"],
        ["diff.renames", "copies"],
    ] {
        let Some(world) = with_git() else { return };
        world.write("f/a", "nothing");
        git(&world, &["add", "."]);
        git(&world, &["commit", "-qm", "one"]);
        world.write("f/sub/b", format!("k={SAMPLE}"));
        git(&world, &["add", "."]);
        git(&world, &["commit", "-qm", "two"]);
        let head = parsed(&world, "HEAD");
        git(&world, &["config", name, value]);
        let json = world.run(["scan", "f", "--git", "--json"]).json();
        let of_history: Vec<&Value> = json["findings"].as_array().unwrap().iter().collect();
        let commits: Vec<_> = of_history.iter().filter_map(|it| it["commit"].as_str()).collect();
        assert_eq!(commits, [head.as_str()], "{name}");
        assert_eq!(json["errors"].as_array().map(Vec::len), Some(0), "{name}");
    }
}

/// Git LFS keeps every version of a large file beside the history, which has their names alone.
#[test]
fn large_files_are_a_part_of_the_history() {
    let Some(world) = with_git() else { return };
    world.write("f/.git/lfs/objects/ab/cd/abcd", SAMPLE);
    assert_eq!(world.run(["scan", "f"]).code, 0);
    let ran = world.run(["scan", "f", "--git"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("f/.git/lfs/objects/ab/cd/abcd:1: cog_1s015Pn"), "{}", ran.out);
    // They are those of all its folders.
    world.write("f/sub/a", "nothing");
    let ran = world.run(["scan", "f/sub", "--git"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("lfs/objects/ab/cd/abcd:1: cog_1s015Pn"), "{}", ran.out);
}

#[test]
fn a_token_in_a_name_of_the_history_is_found() {
    let Some(world) = with_git() else { return };
    world.write(&format!("f/sub/{SAMPLE}.txt"), "nothing");
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", "add"]);
    git(&world, &["rm", "-qr", "sub"]);
    git(&world, &["commit", "-qm", "remove"]);
    let ran = world.run(["scan", "f", "--git"]);
    let expected = "f/sub/cog_1s015PnAAAABBBBCCCC….txt:1: cog_1s015PnAAAABBBBCCCC… (in the name)";
    assert!(shown(&ran).contains(&expected), "{}", ran.out);
    let json = world.run(["scan", "f", "--git", "--json"]).json();
    assert_eq!(json["findings"][0]["in_name"], true);
}

/// Of several repositories, a message says in which it is. To a code host, it is in no file.
#[test]
fn a_message_says_of_which_repository_it_is() {
    let Some(world) = with_git() else { return };
    world.write("f/a", "nothing");
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", &format!("k {SAMPLE}")]);
    git(&world, &["clone", "-q", ".", "../g"]);
    let lines = |ran: &common::Ran, what: &str| {
        shown(ran).into_iter().filter(|line| line.contains(what)).count()
    };
    let ran = world.run(["scan", "f", "--git"]);
    assert_eq!(lines(&ran, ":commit message:") + lines(&ran, "f: commit message:"), 0);
    assert_eq!(lines(&ran, "commit message:"), 1, "{}", ran.out);
    let ran = world.run(["scan", "f", "g", "--git"]);
    assert_eq!((lines(&ran, "f: commit message:"), lines(&ran, "g: commit message:")), (1, 1));
    let log = world.run(["scan", "f", "--git", "--sarif"]).json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of_message = results.iter().find(|it| it["properties"]["commit"].is_string()).unwrap();
    let place = &of_message["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "f");
    assert!(place["region"].get("byteOffset").is_none());
}
