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
            "lib" | "management" | "serde" => &[],
            "gate" => &["management"],
            "token" => &["policy", "gate", "management"],
            "policy" => &["token", "gate", "management"],
            _ => &["token", "policy", "gate", "management"],
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

/// The folders and files of the policy's, from the bottom up: each may know those below.
const POLICY_LAYERS: [&str; 10] = [
    "truth",
    "vocabulary",
    "limits",
    "digest",
    "image",
    "request",
    "engine",
    "routes",
    "answer",
    "documents",
];

/// The file of the public `Request`, which has all its methods: one asks for an answer. What reads
/// and evaluates a request knows only its attributes.
const REQUEST: &str = "policy/request/request.rs";

#[test]
fn layers_of_the_policy_know_only_those_below() {
    let place = |name: &str| POLICY_LAYERS.iter().position(|layer| *layer == name);
    let mut checked = BTreeSet::new();
    for (path, code) in &sources() {
        let Some(below_policy) = path.strip_prefix("policy/") else { continue };
        if path == REQUEST {
            assert!(code.contains("answer::decision"), "{path} is a file like all others now");
            continue;
        }
        let own_name = layer(below_policy);
        let Some(own) = place(own_name) else { continue };
        let parts = Path::new(below_policy).components().count();
        let depth = if path.ends_with("mod.rs") { parts.saturating_sub(1) } else { parts };
        let mut named = behind(code, "crate::policy::");
        named.extend(behind(code, &"super::".repeat(depth)));
        for name in named {
            if let Some(other) = place(&name) {
                assert!(other <= own, "src/{path} names `{name}`, which is above it");
            }
            // What is evaluated knows none of the types that evaluate it.
            let is_type = name.starts_with(char::is_uppercase);
            assert!(!is_type || own_name != "image", "src/{path} names `{name}`");
        }
        checked.insert(own_name.to_owned());
    }
    assert!(checked.len() >= 8, "{checked:?}");
}

/// The file of the module that a path leads to, unless that is the `mod.rs` of a folder.
fn file_of(module: &[String], sources: &BTreeMap<String, String>) -> Option<String> {
    (1..=module.len())
        .map(|length| format!("{}.rs", module[..length].join("/")))
        .find(|file| sources.contains_key(file))
}

/// The files that a file names by a path of modules.
fn files_named(path: &str, code: &str, sources: &BTreeMap<String, String>) -> BTreeSet<String> {
    let own: Vec<String> = path
        .trim_end_matches(".rs")
        .trim_end_matches("/mod")
        .split('/')
        .map(String::from)
        .collect();
    let mut found = BTreeSet::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            // The last of several `super` stands for all of them.
            let before = &code[..at];
            let supers = before.len().saturating_sub(before.trim_end_matches("super::").len()) / 7;
            let base = match start {
                "crate::" => Vec::new(),
                _ => own[..own.len().saturating_sub(supers + 1)].to_vec(),
            };
            let mut rest = &code[at + start.len()..];
            let mut module = base;
            while let Some(end) = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')) {
                module.push(rest[..end].to_owned());
                match rest[end..].strip_prefix("::") {
                    Some(after) => rest = after,
                    None => break,
                }
            }
            if rest.starts_with('{') {
                module.retain(|part| !part.is_empty());
                let prefix = &code[at..code.len() - rest.len()];
                for name in behind(&code[at..], prefix) {
                    let item = [&module[..], &[name]].concat();
                    found.extend(file_of(&item, sources));
                }
            }
            found.extend(file_of(&module, sources));
        }
    }
    found.remove(path);
    found
}

/// No two files need each other to be understood. What a folder's `mod.rs` hands on is not
/// followed.
#[test]
fn no_circle_of_files() {
    let sources = sources();
    let named: BTreeMap<&str, BTreeSet<String>> = sources
        .iter()
        .map(|(path, code)| (path.as_str(), files_named(path, code, &sources)))
        .collect();
    let edges: usize = named.values().map(BTreeSet::len).sum();
    assert!(edges >= 100, "only {edges} imports were found");
    // Files that name nothing that is left are taken away, until all are or a circle is.
    let mut left: BTreeSet<&str> = named.keys().copied().collect();
    while let Some(path) = left
        .iter()
        .copied()
        .find(|path| !named[path].iter().any(|other| left.contains(other.as_str())))
    {
        left.remove(path);
    }
    let in_circles: Vec<_> = left
        .iter()
        .map(|path| {
            let others = named[path].iter().filter(|other| left.contains(other.as_str()));
            format!("{path} names {}", others.cloned().collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert!(in_circles.is_empty(), "{}", in_circles.join("\n"));
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
    use cog_auth::gate::{MAX_METHOD_BYTES, MAX_TARGET_BYTES};
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
    assert_eq!((MAX_METHOD_BYTES, MAX_TARGET_BYTES), (256, 65_536));
}
