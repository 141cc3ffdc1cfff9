//! All tests, in one command, and a quick tier of them.

use crate::needs::{self, Need};
use crate::run::{command, run_command};
use crate::{bindings, constant_time, examples, fuzz, instructions, public_api, wasm};
use std::error::Error;
use std::time::Instant;

/// How much is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    /// What tells most in a short time.
    Quick,
    /// Everything.
    Whole,
}

/// One step of a tier.
struct Step {
    name: &'static str,
    /// The tools without which it is left out.
    needs: &'static [Need],
    action: Action,
}

enum Action {
    /// A command, with its words separated by spaces.
    Command(&'static str),
    /// The same, where a warning of rustdoc is an error.
    Documentation(&'static str),
    /// Another task of this program.
    Task(fn() -> Result<(), Box<dyn Error>>),
}

use Action::{Command, Documentation, Task};

const fn step(name: &'static str, needs: &'static [Need], action: Action) -> Step {
    Step { name, needs, action }
}

const FORMAT: Step = step("format", &[needs::RUSTFMT], Command("cargo fmt --all --check"));
const LINTS: Step = step(
    "lints",
    &[needs::CLIPPY],
    Command("cargo clippy --workspace --all-targets --all-features -- -D warnings"),
);

const QUICK: &[Step] = &[
    FORMAT,
    LINTS,
    // Without the examples in the documentation, and without the tests that take longest.
    step(
        "tests",
        &[],
        Command(
            "cargo test --workspace --all-features --lib --bins --tests -- \
             --skip builtin:: --skip secrets:: --skip oracle::",
        ),
    ),
];

// Where a step takes the whole workspace, it finds built what those before it built: for one
// package alone, its dependencies would be built once more, with fewer features.
const WHOLE: &[Step] = &[
    FORMAT,
    LINTS,
    step(
        "lints of the core alone",
        &[needs::CLIPPY],
        Command("cargo clippy -p cog-auth --no-default-features -- -D warnings"),
    ),
    step("tests", &[], Command("cargo test --workspace --all-features")),
    step(
        "stores on their servers",
        &[needs::POSTGRESQL, needs::REDIS],
        Command(
            "cargo test --workspace --all-features --test servers -- --ignored --test-threads 2",
        ),
    ),
    step(
        "service example on PostgreSQL",
        &[needs::POSTGRESQL],
        Command("cargo test --workspace --all-features --test postgres -- --ignored"),
    ),
    step(
        "secrets after drop",
        &[],
        Command("cargo test --release --all-features --test secrets_in_memory"),
    ),
    step(
        "tests of the core alone",
        &[],
        Command("cargo test -p cog-auth --no-default-features --lib --test it"),
    ),
    step(
        "examples of the core alone",
        &[],
        Command("cargo test -p cog-auth --no-default-features --doc"),
    ),
    step("programs of the guide", &[], Task(examples::run_all)),
    step("documentation", &[], Documentation("cargo doc --workspace --no-deps --all-features")),
    step("public API", &[], Task(public_api::check)),
    step(
        "bare metal",
        &[needs::TARGETS],
        Command("cargo build -p cog-auth --no-default-features --target thumbv7em-none-eabi"),
    ),
    step(
        "WebAssembly",
        &[needs::TARGETS],
        Command("cargo build -p cog-auth --no-default-features --target wasm32-unknown-unknown"),
    ),
    step(
        "lints of the module",
        &[needs::TARGETS, needs::CLIPPY],
        Command(
            "cargo clippy -p cog-auth-wasm --features full,faults --target wasm32-unknown-unknown \
             -- -D warnings",
        ),
    ),
    step("npm package", &[needs::TARGETS, needs::NODE], Task(wasm::build)),
    step(
        "npm package in every runtime",
        &[needs::TARGETS, needs::NODE, needs::CHROMIUM],
        Task(wasm::test),
    ),
    step(
        "npm package in frameworks",
        &[needs::TARGETS, needs::NODE, needs::CHROMIUM],
        Task(wasm::load),
    ),
    step(
        "service example in Chromium",
        &[needs::NODE, needs::CHROMIUM],
        Task(examples::look_at_service),
    ),
    step("tests of the C library in an interpreter", &[needs::MIRI], Task(bindings::interpret)),
    step("C library and the packages on it", &[], Task(bindings::test)),
    step(
        "oldest toolchain",
        &[needs::OLDEST],
        Command("rustup run 1.88.0 cargo check -p cog-auth -p cog-auth-stores --all-features"),
    ),
    step("benchmarks build", &[], Command("cargo bench -p cog-auth --all-features --no-run")),
    step(
        "licences and sources",
        &[needs::DENY],
        Command("cargo deny --all-features check bans licenses sources"),
    ),
    step("constant time", &[needs::VALGRIND], Task(constant_time::check)),
    step("instructions of the key paths", &[needs::VALGRIND], Task(instructions::check)),
    step("fuzzing", &[needs::NIGHTLY, needs::FUZZ], Task(fuzz::briefly)),
];

/// Runs every step of a tier, as far as its tools are there, and stops at the first that fails.
pub(crate) fn all(tier: Tier) -> Result<(), Box<dyn Error>> {
    let steps = match tier {
        Tier::Quick => QUICK,
        Tier::Whole => WHOLE,
    };
    // The packages tell themselves what they leave out; here they say it before all else.
    let of_packages = if tier == Tier::Whole { bindings::needs() } else { Vec::new() };
    let asked = steps.iter().flat_map(|step| step.needs).chain(&of_packages);
    let missing = needs::missing(asked)?;
    let begin = Instant::now();
    for (number, step) in (1_usize..).zip(steps) {
        println!("\n[{number}/{}] {}", steps.len(), step.name);
        match step.needs.iter().find(|need| missing.contains(need)) {
            Some(need) => println!("left out: {} is missing", need.name),
            None => {
                let begin = Instant::now();
                step.action.run(step.name)?;
                println!("{}: {} s", step.name, begin.elapsed().as_secs());
            }
        }
    }
    println!("\nall tests passed in {} s", begin.elapsed().as_secs());
    for need in &missing {
        println!("{} was missing: {}", need.name, need.install);
    }
    Ok(())
}

impl Action {
    fn run(&self, name: &str) -> Result<(), Box<dyn Error>> {
        match self {
            Command(words) => run_command(name, &mut command(words)?),
            Documentation(words) => {
                run_command(name, command(words)?.env("RUSTDOCFLAGS", "-D warnings"))
            }
            Task(task) => task(),
        }
    }
}
