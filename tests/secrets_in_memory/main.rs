//! After the last drop no copy of a secret is in the process's memory.
//!
//! Each scenario runs in a process of its own, which gets its secrets masked and looks through all
//! that it can write to, for any 8 bytes of one. It finds what is kept on purpose. Linux alone has
//! `/proc/self/mem`.
//!
//! This is a binary of its own because it starts itself for each scenario, and the memory searched
//! should hold nothing of other tests.
//!
//! Without optimisation every move is a copy, also within the hashing beneath: then the stack is
//! not looked at. The whole is `cargo test --release --all-features --test secrets_in_memory`.
#![cfg(all(test, target_os = "linux", feature = "documents"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "a test may fail"
)]

#[path = "../it/common/files.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use all of it")]
mod files;
mod memory;
mod scenarios;
mod secrets;

use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// Names the scenario that a process is for.
const SCENARIO: &str = "COG_AUTH_SCENARIO";

/// What a process found of its secrets: one line for each secret and mapping.
fn found(scenario: &str) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(SCENARIO, scenario)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&secrets::masked()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("searched "), "{scenario}: {text}");
    text.lines().filter(|line| line.contains(" is left ")).map(String::from).collect()
}

/// Not a test of its own: what a process does that [`found`] starts.
#[test]
fn child() {
    let Ok(name) = std::env::var(SCENARIO) else { return };
    let mut masked = Vec::new();
    std::io::stdin().read_to_end(&mut masked).unwrap();
    let (inputs, needles) = secrets::read(&masked);
    let (_, run) = scenarios::ALL
        .iter()
        .chain(scenarios::LEAKS)
        .find(|(scenario, _)| *scenario == name)
        .unwrap();
    let mut search = memory::Search::new(needles);
    memory::in_a_thread(|| run(&inputs), |stack| search.run(stack));
}

/// What a caller leaves on the stack that gives a token by value, which was in a `Result` before;
/// and, in the gate, a register with a half of the decoded tag that was put aside. A tag without
/// the token's secret is good for nothing.
const MOVED: [(&str, &[&str]); 6] = [
    ("gate_at_edge", &["the-tag-as-number"]),
    ("gate_at_origin", &["the-tag-as-number"]),
    ("verify", &["the-token", "the-tag-as-number"]),
    ("verify_refused", &["the-forged-token"]),
    ("accept_at_edge", &["the-token", "the-tag-as-number"]),
    ("accept_at_origin", &["the-token", "the-tag-as-number"]),
];

#[test]
fn nothing_is_left() {
    let mut left = Vec::new();
    for (scenario, _) in scenarios::ALL {
        let moved = MOVED.iter().find(|(moving, _)| moving == scenario);
        for line in found(scenario) {
            let secret = line.split(' ').next().unwrap();
            let moved = moved.is_some_and(|(_, secrets)| secrets.contains(&secret));
            let unoptimised = cfg!(debug_assertions);
            if !(line.contains(memory::STACK) && (moved || unoptimised)) {
                left.push(format!("{scenario}: {line}"));
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn what_is_kept_is_found() {
    for ((scenario, _), place) in scenarios::LEAKS.iter().zip(["elsewhere", memory::STACK]) {
        let found = found(scenario);
        assert!(found.iter().any(|line| line.contains(place)), "{scenario}: {found:?}");
    }
}
