//! One path of the library, named on the command line: run by `cargo xtask instructions` under
//! valgrind, which counts the instructions of [`measured`] and of all that it calls.
//!
//! Without a name it prints the names of all paths.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a measurement may fail"
)]

mod gate;
mod policy;
mod token;

use std::hint::black_box;

/// Work that is ready to run: the returned number keeps what it does from being left out.
type Work = Box<dyn FnMut() -> usize>;

/// Makes a path ready to run.
type Ready = fn() -> Work;

/// The paths, each by its name.
const PATHS: &[(&str, Ready)] = &[
    ("token: parse", token::parse),
    ("token: parse and verify", token::verify),
    ("token: record from text", token::record),
    ("policy: decide, request ready", policy::decide),
    ("policy: request from text", policy::read),
    ("policy: request from values", policy::build),
    ("policy: request from values by pointers", policy::build_by_pointers),
    ("policy: text to answer, allowed", policy::answer_allowed),
    ("policy: text to answer, denied", policy::answer_denied),
    ("policy: batch of 50", policy::batch),
    ("policy: all allowed actions", policy::allowed),
    ("policy: load the built-in image", policy::load),
    ("policy: compile 1,000 rules", policy::compile),
    ("gate: allowed", gate::allowed),
    ("gate: denied", gate::denied),
];

fn main() {
    let Some(name) = std::env::args().nth(1) else {
        PATHS.iter().for_each(|(name, _)| println!("{name}"));
        return;
    };
    let Some((_, ready)) = PATHS.iter().find(|(path, _)| *path == name) else {
        panic!("no path of the name {name:?}");
    };
    let mut work = ready();
    // Whatever is done once in a process is done before it counts.
    black_box(work());
    black_box(measured(&mut work));
}

/// What valgrind counts. Its name is in `xtask/src/instructions.rs`.
#[inline(never)]
fn measured(work: &mut Work) -> usize {
    work()
}
