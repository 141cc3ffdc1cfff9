//! The C library and the packages of other languages: building, testing, measuring.

mod abi;
mod bench;
mod c;
mod cpp;
mod go;
mod install;
mod java;
mod lua;
mod natives;
mod php;
mod python;
mod ruby;
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
    Language { name: "rust", needs: &[], test: || Ok(()), bench: Some(bench::rust) },
    Language { name: "abi", needs: abi::NEEDS, test: abi::test, bench: None },
    Language { name: "install", needs: install::NEEDS, test: install::test, bench: None },
    Language { name: "c", needs: c::NEEDS, test: c::test, bench: Some(bench::c) },
    Language { name: "cpp", needs: cpp::NEEDS, test: cpp::test, bench: Some(cpp::bench) },
    Language { name: "go", needs: go::NEEDS, test: go::test, bench: Some(go::bench) },
    Language { name: "java", needs: java::NEEDS, test: java::test, bench: Some(java::bench) },
    Language { name: "lua", needs: lua::NEEDS, test: lua::test, bench: Some(lua::bench) },
    Language { name: "php", needs: php::NEEDS, test: php::test, bench: Some(php::bench) },
    Language {
        name: "python",
        needs: python::NEEDS,
        test: python::test,
        bench: Some(python::bench),
    },
    Language { name: "ruby", needs: ruby::NEEDS, test: ruby::test, bench: Some(ruby::bench) },
];

/// `cargo xtask bindings …`: see the list of tasks.
pub(crate) fn task(words: &[&str]) -> Result<(), Box<dyn Error>> {
    match words {
        ["natives"] => {
            if !natives_as_far_as(&needs::missing(natives::NEEDS.iter())?)? {
                println!("built for this machine alone: see above what other platforms need");
            }
            Ok(())
        }
        ["record"] => abi::record(),
        ["twin"] => {
            natives::build()?;
            go::write_twin(&natives::module()?)
        }
        [] => all(LANGUAGES),
        ["bench", names @ ..] => bench(names),
        ["prepared", task @ ("test" | "bench"), name] => with_what_was_built(task, language(name)?),
        [name] => all(std::slice::from_ref(language(name)?)),
        _ => Err("no such task of the bindings".into()),
    }
}

/// Tests all of it.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    all(LANGUAGES)
}

/// What all of it needs.
pub(crate) fn needs() -> Vec<Need> {
    natives::NEEDS.iter().chain(LANGUAGES.iter().flat_map(|it| it.needs)).copied().collect()
}

/// Runs the library's tests from Rust in Miri, which sees what no compiler does: memory that is
/// used against its rules.
pub(crate) fn interpret() -> Result<(), Box<dyn Error>> {
    let mut miri = command("rustup run nightly cargo miri test -p cog-auth-c --test abi calls")?;
    run_command("Miri", miri.env("CARGO_TARGET_DIR", crate::target::folder()?.join("miri")))
}

fn language(name: &str) -> Result<&'static Language, Box<dyn Error>> {
    let known = || LANGUAGES.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
    LANGUAGES
        .iter()
        .find(|it| it.name == name)
        .ok_or_else(|| format!("{name} is none of {}", known()).into())
}

/// Builds the libraries for every platform, or for this one alone where tools are missing. Says
/// whether it was every platform.
fn natives_as_far_as(missing: &[Need]) -> Result<bool, Box<dyn Error>> {
    if natives::NEEDS.iter().any(|need| missing.contains(need)) {
        return natives::build().map(|()| false);
    }
    natives::build_all().map(|()| true)
}

/// Builds what they need, and tests languages, as far as their tools are there.
fn all(languages: &[Language]) -> Result<(), Box<dyn Error>> {
    let asked = natives::NEEDS.iter().chain(languages.iter().flat_map(|it| it.needs));
    let missing = needs::missing(asked)?;
    natives_as_far_as(&missing)?;
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

/// Runs a task of a language with what was built before. This program calls itself so, with the
/// paths of that in the environment; who calls it by hand need not set them.
fn with_what_was_built(task: &str, language: &Language) -> Result<(), Box<dyn Error>> {
    if std::env::var_os(LIBRARY).is_some() {
        return match (task, language.bench) {
            ("test", _) => (language.test)(),
            (_, Some(bench)) => bench(),
            (_, None) => Err(format!("{} has no benchmark", language.name).into()),
        };
    }
    let library = natives::library(natives::LINUX)?;
    if !library.is_file() || !natives::module()?.is_file() {
        return Err("nothing was built yet: run `cargo xtask bindings natives`".into());
    }
    if !natives::folder()?.join("parity.json").is_file() {
        parity()?;
    }
    run_command(language.name, &mut prepared(task, language.name)?)
}

/// Where programs find the native library.
const LIBRARY: &str = "COGAUTH_LIBRARY";

/// This program, to run a task of a language with the paths of what was built in the environment.
fn prepared(task: &str, language: &str) -> Result<Command, Box<dyn Error>> {
    let folder = natives::folder()?;
    let mut run = Command::new(std::env::current_exe()?);
    run.args(["bindings", "prepared", task, language])
        .current_dir(crate::root())
        .env(LIBRARY, natives::library(natives::LINUX)?)
        .env("COGAUTH_WASM", natives::module()?)
        .env("COGAUTH_PARITY", folder.join("parity.json"))
        .env("COGAUTH_PARITY_TABLE", table::lines()?)
        .env("COGAUTH_BENCH_INPUTS", crate::root().join("bindings/bench/inputs.json"));
    Ok(run)
}
