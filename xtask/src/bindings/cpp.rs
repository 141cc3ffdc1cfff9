//! The C++ package: its tests, with each compiler and standard that it is for, and its benchmark.

use super::c::Build;
use crate::needs::{Need, need};
use crate::run::{command, output, run_command, works};
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

pub(crate) const NEEDS: &[Need] = &[
    need("g++", || works("g++ --version"), "apt-get install --yes g++"),
    need(
        "clang++",
        || works("clang++ --version"),
        "apt-get install --yes clang libclang-rt-14-dev",
    ),
    need(
        "what the C++ tests include",
        || {
            works("pkg-config --exists cpp-httplib nlohmann_json")
                && works("g++ -fsyntax-only -x c++ -include doctest/doctest.h /dev/null")
        },
        "apt-get install --yes pkg-config doctest-dev nlohmann-json3-dev libcpp-httplib-dev \
         libssl-dev",
    ),
];

const STRICT: &str = "-Wall -Wextra -Wpedantic -Werror -Ibindings/c/include \
                      -Ibindings/cpp/include";

const TESTS: &str = "bindings/cpp/tests";

/// Builds and runs the tests, and the example with them.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    let build = Build::new("cpp")?;
    let httplib = output("pkg-config --cflags --libs cpp-httplib", &[])?;
    // The server's own flags change its layout: all that includes it needs the same.
    let server = program(
        &build,
        &format!("g++ -std=c++17 {httplib}"),
        "bindings/cpp/examples/server.cpp",
        &httplib,
        "server",
    )?;
    let common = object(&build, "main", "g++ -std=c++17")?;
    let parity = [
        object(&build, "parity", "g++ -std=c++17")?,
        object(&build, "operations", "g++ -std=c++17")?,
    ];
    let sources = |names: &[&str]| {
        names.iter().map(|name| format!("{TESTS}/{name}.cpp")).collect::<Vec<_>>().join(" ")
    };
    let own = sources(&["behaviour", "guard", "allocations", "server"]);

    let mut whole = compiling(&format!("g++ -std=c++17 {httplib} {own}"))?;
    whole.arg(&common).args(&parity);
    let whole = linked(&build, whole, &httplib, "tests")?;
    run_command("C++17", Command::new(whole).env("COGAUTH_EXAMPLE", server))?;

    // What changes with the standard and the compiler: the kind of result.
    for (compiler, title) in [
        ("g++ -std=c++23 -DCOGAUTH_WITH_EXPECTED", "C++23 with std::expected"),
        ("clang++ -std=c++17", "C++17 by clang"),
        ("clang++ -std=c++2b", "C++23 by clang"),
        ("clang++ -std=c++17 -fsanitize=address,undefined -fno-sanitize-recover=all", "sanitized"),
    ] {
        let own = sources(&["behaviour", "guard"]);
        let mut each = compiling(&format!("{compiler} -g {own}"))?;
        each.arg(&common);
        let name = title.replace([' ', ':', '+'], "-");
        run_command(title, &mut Command::new(linked(&build, each, "", &name)?))?;
    }
    let parity = sources(&["parity", "operations"]);
    let mut expected = compiling(&format!("g++ -std=c++23 {parity}"))?;
    expected.arg(&common);
    let expected = linked(&build, expected, "", "parity-expected")?;
    run_command(
        "all answers with std::expected",
        Command::new(expected).env_remove("COGAUTH_PARITY_TABLE"),
    )?;
    without_exceptions(&build)
}

/// Measures the package.
pub(crate) fn bench() -> Result<(), Box<dyn Error>> {
    let build = Build::new("cpp")?;
    let program =
        program(&build, "g++ -std=c++17 -O2", "bindings/cpp/bench/bench.cpp", "", "bench")?;
    // Its rows are all that it may print: `run_command` would print a title before them.
    let status = Command::new(program).current_dir(crate::root()).status()?;
    if status.success() { Ok(()) } else { Err("the benchmark of C++ failed".into()) }
}

fn without_exceptions(build: &Build) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(crate::root().join("bindings/bench/inputs.json"))?;
    let inputs: serde_json::Value = serde_json::from_str(&text)?;
    let names = ["edge_keys", "token", "record", "facts", "now", "target"];
    let arguments = names.map(|name| match inputs.get(name) {
        Some(serde_json::Value::String(text)) => text.clone(),
        other => other.map(ToString::to_string).unwrap_or_default(),
    });
    for (compiler, name) in [
        ("g++ -std=c++17", "bare-17"),
        ("g++ -std=c++23", "bare-23"),
        ("clang++ -std=c++17", "bare"),
    ] {
        let compiler = format!("{compiler} -fno-exceptions -fno-rtti");
        let source = format!("{TESTS}/no_exceptions.cpp");
        let program = program(build, &compiler, &source, "", name)?;
        run_command("without exceptions", Command::new(program).args(&arguments))?;
    }
    Ok(())
}

fn compiling(words: &str) -> Result<Command, Box<dyn Error>> {
    command(&format!("{words} {STRICT}"))
}

/// An object file of the tests, which several programs share.
fn object(build: &Build, name: &str, compiler: &str) -> Result<PathBuf, Box<dyn Error>> {
    let object = build.folder.join(format!("{name}.o"));
    let mut compiler = compiling(&format!("{compiler} -c {TESTS}/{name}.cpp"))?;
    run_command(name, compiler.arg("-o").arg(&object))?;
    Ok(object)
}

fn program(
    build: &Build,
    compiler: &str,
    source: &str,
    libraries: &str,
    name: &str,
) -> Result<PathBuf, Box<dyn Error>> {
    linked(build, compiling(&format!("{compiler} {source}"))?, libraries, name)
}

fn linked(
    build: &Build,
    mut compiler: Command,
    libraries: &str,
    name: &str,
) -> Result<PathBuf, Box<dyn Error>> {
    let program = build.folder.join(name);
    compiler.arg("-o").arg(&program);
    build.link(&mut compiler);
    compiler.args(libraries.split_whitespace());
    run_command(name, &mut compiler)?;
    Ok(program)
}
