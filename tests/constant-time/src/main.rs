//! One case, named on the command line: run by `cargo xtask constant-time` under valgrind, which
//! says on what lines a branch or an address depends on a secret.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail"
)]

mod cases;
mod mark;
mod violations;

fn main() {
    assert!(mark::watched(), "run it with `cargo xtask constant-time`");
    let name = std::env::args().nth(1).unwrap_or_default();
    let mut all = cases::ALL.iter().chain(violations::ALL);
    match all.find(|(case, _)| *case == name) {
        Some((_, run)) => run(),
        None => panic!("no case of the name {name:?}"),
    }
}
