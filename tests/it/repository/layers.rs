//! The layers of the library, read from its sources: who may know whom.

use crate::common::root;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A source file with its comments and strings taken out, by its path below `src`.
fn sources() -> BTreeMap<String, String> {
    let src = root().join("src");
    let mut open = vec![src.clone()];
    let mut found = BTreeMap::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, code(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() >= 30, "only {} sources in {}", found.len(), src.display());
    found
}

/// A text without line comments, documentation and strings. The library has no block comments.
fn code(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        assert!(!line.contains("/*"), "a block comment: {line}");
        let mut rest = line.chars().peekable();
        let mut before = ' ';
        while let Some(c) = rest.next() {
            match c {
                '/' if rest.peek() == Some(&'/') => break,
                '"' if before != '\'' => {
                    while let Some(c) = rest.next() {
                        match c {
                            '\\' => {
                                rest.next();
                            }
                            '"' => break,
                            _ => {}
                        }
                    }
                    out.push_str("\"\"");
                }
                other => out.push(other),
            }
            before = c;
        }
        out.push('\n');
    }
    out
}

/// The names behind a prefix: `a` for `crate::a::b`, and `a`, `b` for `crate::{a, b::c}`.
fn behind(code: &str, prefix: &str) -> BTreeSet<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut names = BTreeSet::new();
    for part in code.split(prefix).skip(1) {
        match part.strip_prefix('{') {
            None => {
                names.insert(word(part));
            }
            Some(group) => {
                let mut depth = 0_usize;
                let mut item = String::new();
                for c in group.chars() {
                    match c {
                        '}' if depth == 0 => break,
                        '{' => depth = depth.saturating_add(1),
                        '}' => depth = depth.saturating_sub(1),
                        ',' if depth == 0 => {
                            names.insert(word(std::mem::take(&mut item).trim()));
                        }
                        other => item.push(other),
                    }
                }
                names.insert(word(item.trim()));
            }
        }
    }
    names
}

/// The top-level modules and items that a file names, by `crate::` or by enough `super::`.
fn mentions(path: &str, code: &str) -> BTreeSet<String> {
    let mut names = behind(code, "crate::");
    // `a/mod.rs` is the module `a`, `a/b.rs` is `a::b`: so many times `super` is the root.
    let parts = Path::new(path).components().count();
    let depth = if path.ends_with("mod.rs") { parts.saturating_sub(1) } else { parts };
    names.extend(behind(code, &"super::".repeat(depth)));
    names
}

fn layer(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn layers_know_only_those_below() {
    let sources = sources();
    let modules: BTreeSet<&str> =
        sources.keys().map(|path| layer(path)).filter(|name| *name != "lib").collect();
    for needed in ["token", "policy", "json", "error", "time", "crypto"] {
        assert!(modules.contains(needed), "no module `{needed}`: {modules:?}");
    }
    let mut checked = 0;
    for (path, code) in &sources {
        let forbidden: &[&str] = match layer(path) {
            "lib" | "gate" => &[],
            "token" => &["policy", "gate"],
            "policy" => &["token", "gate"],
            _ => &["token", "policy", "gate"],
        };
        let named = mentions(path, code);
        for forbidden in forbidden {
            assert!(!named.contains(*forbidden), "src/{path} names `{forbidden}`");
            checked += 1;
        }
    }
    assert!(checked >= 60, "only {checked} checks");
    // The reading is alive: both halves name what is below them.
    for layer_above in ["token", "policy"] {
        let named: BTreeSet<String> = sources
            .iter()
            .filter(|(path, _)| layer(path) == layer_above)
            .flat_map(|(path, code)| mentions(path, code))
            .collect();
        assert!(named.contains("error") && named.contains("json"), "{layer_above}: {named:?}");
    }
}

#[test]
fn the_reading_of_imports_is_alive() {
    let text = "use crate::{error::Error, policy::{Policy, Digest}, json};\nlet x = super::super::token::X; // crate::gate\nlet s = \"crate::gate\";";
    let code = code(text);
    let names = |path| mentions(path, &code).into_iter().collect::<Vec<_>>();
    assert_eq!(names("token/a/b.rs"), ["error", "json", "policy"]);
    assert_eq!(names("policy/b.rs"), ["error", "json", "policy", "token"]);
    assert_eq!(names("policy/a/mod.rs"), ["error", "json", "policy", "token"]);
}

#[test]
fn nothing_is_unsafe_or_does_io() {
    let sources = sources();
    let lib = &sources["lib.rs"];
    assert!(lib.contains("#![forbid(unsafe_code)]") && lib.contains("#![no_std]"));
    for (path, code) in &sources {
        let words: Vec<&str> = code
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .collect();
        for forbidden in [
            "unsafe",
            "thread",
            "thread_local",
            "SystemTime",
            "Instant",
            "Mutex",
            "OnceLock",
            "LazyLock",
            "getrandom",
        ] {
            assert!(!words.contains(&forbidden), "src/{path} has `{forbidden}`");
        }
        assert!(!words.windows(2).any(|pair| pair == ["static", "mut"]), "src/{path}");
        let std = code.matches("std::").count();
        let tests = code.find("#[cfg(test)]").map_or(0, |at| code[at..].matches("std::").count());
        assert_eq!(std, tests, "src/{path} names `std`");
    }
}

/// What users reach; a name that moves or goes away does not compile here.
#[test]
fn public_items_are_reachable() {
    use cog_auth::policy::{
        CaseFailure, Decision, Denial, Explanation, ImageDigest, InvariantResult, Limits,
        MAX_EVALUATIONS, MAX_PATH_BYTES, MAX_REQUEST_BYTES, MAX_SEGMENTS, Policy, PolicyDigest,
        Reason, Request, RequestBuilder, Route, RouteError, RuleCoverage, Source, TestReport,
        Value,
    };
    use cog_auth::token::Token;
    use cog_auth::{Code, Error, Time};
    fn shared<T: Send + Sync + 'static>() -> usize {
        size_of::<T>()
    }
    let sizes = [
        shared::<Policy>(),
        shared::<Source>(),
        shared::<Limits>(),
        shared::<PolicyDigest>(),
        shared::<ImageDigest>(),
        shared::<TestReport>(),
        shared::<CaseFailure>(),
        shared::<InvariantResult>(),
        shared::<RuleCoverage>(),
        shared::<Denial>(),
        shared::<Error>(),
        shared::<Code>(),
        shared::<Time>(),
        shared::<Token>(),
        shared::<Route<'static>>(),
        shared::<RouteError<'static>>(),
        shared::<Reason<'static>>(),
        shared::<Explanation<'static>>(),
        shared::<Value<'static>>(),
        shared::<Request<'static>>(),
        shared::<RequestBuilder<'static>>(),
    ];
    assert!(sizes.iter().all(|size| *size > 0) && size_of::<Decision<'static>>() > 0);
    assert_eq!(
        (MAX_EVALUATIONS, MAX_PATH_BYTES, MAX_REQUEST_BYTES, MAX_SEGMENTS),
        (1_000, 8_192, 262_144, 16)
    );
}
