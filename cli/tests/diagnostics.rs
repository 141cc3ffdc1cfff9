//! Every kind of error in policy documents, and of warning, with its whole text: a folder for each
//! under `diagnostics/`.
//!
//! A folder's name is the code of its first error; it may go on after a `-`. The folder has
//!
//! - the documents in `policy/`,
//! - the whole output in `expected.txt`,
//! - if the command is not `policy check policy`: its arguments in `args.txt`, one a line,
//! - if `policy/rules.json` must be large: to how many bytes the test fills it up with spaces, in
//!   `pad.txt`.
//!
//! `UPDATE_EXPECTED=1 cargo test -p cog-auth-cli` writes the output that came into `expected.txt`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use cog_auth::Code;
use common::{cog_auth, is_unseen, run};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    cases
}

fn name(case: &Path) -> &str {
    case.file_name().unwrap().to_str().unwrap()
}

fn code_name(case: &Path) -> &str {
    name(case).split('-').next().unwrap()
}

fn copied(case: &Path) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("policy")).unwrap();
    for name in ["", "policy"] {
        for entry in fs::read_dir(case.join(name)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let to = folder.path().join(name).join(path.file_name().unwrap());
                fs::copy(&path, to).unwrap();
            }
        }
    }
    if let Ok(bytes) = fs::read_to_string(case.join("pad.txt")) {
        let path = folder.path().join("policy/rules.json");
        let mut text = fs::read(&path).unwrap();
        text.resize(bytes.trim().parse().unwrap(), b' ');
        fs::write(path, text).unwrap();
    }
    folder
}

fn arguments(case: &Path) -> Vec<String> {
    match fs::read_to_string(case.join("args.txt")) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(_) => ["policy", "check", "policy"].map(str::to_owned).to_vec(),
    }
}

#[test]
fn each_error_is_shown_as_expected() {
    let cases = cases();
    assert!(!cases.is_empty(), "there are no cases");
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    for case in &cases {
        let folder = copied(case);
        let ran = run(cog_auth(arguments(case)).current_dir(folder.path()));
        let text = format!("{}{}exit code {}\n", ran.out, ran.err, ran.code);
        let path = case.join("expected.txt");
        if update {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, expected, "in {}", case.display());
    }
}

#[test]
fn each_code_of_documents_has_a_case() {
    let cases = cases();
    let covered: BTreeSet<&str> = cases.iter().map(|case| code_name(case)).collect();
    let numbers = [201..=205, 301..=342, 801..=899];
    let codes: Vec<&Code> = Code::ALL
        .iter()
        .filter(|code| numbers.iter().any(|numbers| numbers.contains(&code.number())))
        .collect();
    assert!(codes.len() >= 30, "{codes:?}");
    for code in codes {
        assert!(covered.contains(code.name()), "no case shows {}", code.name());
    }
    for name in covered {
        let known = Code::ALL.iter().any(|code| code.name() == name);
        assert!(known, "{name} is the name of no code");
    }
}

/// The code in the folder's name comes first, and the place in the text, which another program
/// counted, is the one in the JSON.
#[test]
fn text_and_json_agree() {
    for case in cases() {
        let folder = copied(&case);
        let text = run(cog_auth(arguments(&case)).current_dir(folder.path()));
        let json = run(cog_auth(arguments(&case)).arg("--json").current_dir(folder.path()));
        assert_eq!(json.code, text.code);
        let json = json.json();
        let is_warning = json["errors"].is_null();
        let errors = if is_warning { &json["warnings"] } else { &json["errors"] };
        let errors = errors.as_array().unwrap();
        assert!(!errors.is_empty());
        assert_eq!(json.get("policy").is_some(), is_warning);
        if name(&case) == "unexpected_digest" {
            assert!(text.err.contains("(unexpected_digest, 342)"));
            continue;
        }
        assert_eq!(errors[0]["code"], code_name(&case));
        let mut rest = if is_warning { text.out.as_str() } else { text.err.as_str() };
        for error in errors {
            let head = format!(
                "{}[{}]: {}\n",
                if is_warning { "warning" } else { "error" },
                error["code"].as_str().unwrap(),
                error["message"].as_str().unwrap().replace(is_unseen, "\u{fffd}")
            );
            if !head.contains('\u{1b}') {
                rest = &rest[rest.find(&head).unwrap_or_else(|| panic!("no {head} in {rest}"))..];
            }
            if error["code"] != "too_large" {
                let place = format!(
                    "--> {}:{}:{}\n",
                    error["file"].as_str().unwrap(),
                    error["line"],
                    error["column"]
                );
                assert!(rest.contains(&place), "no {place} in {rest}");
            }
        }
    }
}

#[test]
fn nothing_can_command_a_terminal() {
    for case in cases() {
        let folder = copied(&case);
        for form in [&[][..], &["--json"], &["--color", "always"]] {
            let ran = run(cog_auth(arguments(&case)).args(form).current_dir(folder.path()));
            // Styles are the command's own, if somebody asked for them.
            let text = without_styles(&(ran.out + &ran.err), form == ["--color", "always"]);
            let unseen: Vec<char> =
                text.chars().filter(|one| *one != '\n' && is_unseen(*one)).collect();
            assert_eq!(unseen, [], "{} {form:?}", case.display());
        }
    }
}

/// The text without escape sequences that end in `m`, if it may have them.
fn without_styles(text: &str, styled: bool) -> String {
    let mut parts = text.split("\u{1b}[").filter(|_| styled);
    let Some(first) = parts.next() else { return text.to_owned() };
    let rest = parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';'));
    first.to_owned() + &rest.map(|part| part.strip_prefix('m').unwrap()).collect::<String>()
}

/// Wherever a document ends, and whatever stands in it, there is an answer and a place.
#[test]
fn damaged_documents_are_shown_too() {
    let folder = TempDir::new().unwrap();
    let case = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/diagnostics/unknown_action-wide-characters/policy");
    let schema = fs::read(case.join("schema.json")).unwrap();
    let rules = fs::read(case.join("rules.json")).unwrap();
    let path = folder.path().join("rules.json");
    fs::write(folder.path().join("schema.json"), schema).unwrap();
    for cut in (0..rules.len()).step_by(3) {
        let (before, after) = rules.split_at(cut);
        for damage in [&b""[..], b"\xff", b"\r\n\t", b"\0", "\u{feff}\u{301}".as_bytes()] {
            let text =
                if damage.is_empty() { before.to_vec() } else { [before, damage, after].concat() };
            fs::write(&path, text).unwrap();
            let ran = run(cog_auth(["policy", "check", "."]).current_dir(folder.path()));
            assert_eq!(ran.code, 1, "{}", ran.err);
            assert!(ran.err.contains("--> ./rules.json:"), "{}", ran.err);
        }
    }
}
