//! The C library and the packages of other languages: building, testing, measuring.

mod abi;
mod bench;
mod install;
mod natives;
mod table;

use crate::needs::{self, Need};
use crate::run::{command, run_command};
use std::error::Error;
use std::process::Command;

/// A language, or what stands under all of them.
struct Language {
    name: &'static str,
    needs: &'static [Need],
    test: Task,
    bench: Option<Task>,
}

type Task = fn() -> Result<(), Box<dyn Error>>;

const LANGUAGES: &[Language] = &[
    Language { name: "abi", needs: abi::NEEDS, test: abi::test, bench: None },
    Language { name: "install", needs: install::NEEDS, test: install::test, bench: None },
    Language { name: "rust", needs: &[], test: || Ok(()), bench: Some(bench::rust) },
    Language { name: "c", needs: &[], test: || Ok(()), bench: Some(bench::c) },
];

/// `cargo xtask bindings …`: see the list of tasks.
pub(crate) fn task(words: &[&str]) -> Result<(), Box<dyn Error>> {
    match words {
        ["natives"] => natives::build_all(),
        ["record"] => abi::record(),
        [] => all(LANGUAGES),
        ["bench", names @ ..] => bench(names),
        // How this program calls itself, with what it built in the environment.
        ["prepared", "test", name] => (language(name)?.test)(),
        ["prepared", "bench", name] => language(name)?.bench.map_or(Ok(()), |bench| bench()),
        [name] => all(std::slice::from_ref(language(name)?)),
        _ => Err("no such task of the bindings".into()),
    }
}

fn language(name: &str) -> Result<&'static Language, Box<dyn Error>> {
    let known = || LANGUAGES.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
    LANGUAGES
        .iter()
        .find(|it| it.name == name)
        .ok_or_else(|| format!("{name} is none of {}", known()).into())
}

/// Builds what they need, and tests languages, as far as their tools are there.
fn all(languages: &[Language]) -> Result<(), Box<dyn Error>> {
    let asked = natives::NEEDS.iter().chain(languages.iter().flat_map(|it| it.needs));
    let missing = needs::missing(asked)?;
    if natives::NEEDS.iter().any(|need| missing.contains(need)) {
        natives::build()?;
    } else {
        natives::build_all()?;
    }
    parity()?;
    table::begin()?;
    for language in languages {
        match language.needs.iter().find(|need| missing.contains(need)) {
            Some(need) => println!("{} is left out: {} is missing", language.name, need.name),
            None => run_command(language.name, &mut prepared("test", language.name)?)?,
        }
    }
    // The table has a column for each, so that it is whole where none was left out.
    if missing.is_empty() && languages.len() == LANGUAGES.len() { table::finish() } else { Ok(()) }
}

/// Measures every language in one run.
fn bench(names: &[&str]) -> Result<(), Box<dyn Error>> {
    natives::build()?;
    let mut rows = Vec::new();
    for language in LANGUAGES {
        if language.bench.is_some() && (names.is_empty() || names.contains(&language.name)) {
            rows.extend(bench::rows(&mut prepared("bench", language.name)?)?);
        }
    }
    bench::table(&rows)
}

/// Writes what the library answers to every case.
fn parity() -> Result<(), Box<dyn Error>> {
    run_command(
        "answers to every case",
        command("cargo run --quiet -p parity --")?.arg(natives::folder()?.join("parity.json")),
    )
}

/// This program, to run a task of a language with the paths of what was built in the environment.
fn prepared(task: &str, language: &str) -> Result<Command, Box<dyn Error>> {
    let folder = natives::folder()?;
    let mut run = Command::new(std::env::current_exe()?);
    run.args(["bindings", "prepared", task, language])
        .current_dir(crate::root())
        .env("COGAUTH_LIBRARY", natives::library(natives::LINUX)?)
        .env("COGAUTH_WASM", natives::module()?)
        .env("COGAUTH_PARITY", folder.join("parity.json"))
        .env("COGAUTH_PARITY_TABLE", table::lines()?)
        .env("COGAUTH_BENCH_INPUTS", crate::root().join("bindings/bench/inputs.json"));
    Ok(run)
}
