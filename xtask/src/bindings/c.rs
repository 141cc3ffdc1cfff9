//! The tests of the C library that are written in C: `bindings/c/tests`, `fuzz` and `examples`.

use crate::needs::{Need, need};
use crate::run::{command, output, run_command, works};
use crate::target;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const NEEDS: &[Need] = &[
    need(
        "gcc and g++",
        || works("gcc --version") && works("g++ --version"),
        "apt-get install --yes gcc g++ libc6-dev",
    ),
    need("clang", || works("clang --version"), "apt-get install --yes clang libclang-rt-14-dev"),
    need("valgrind", || works("valgrind --version"), "apt-get install --yes valgrind libc6-dbg"),
];

const STRICT: &str = "-Wall -Wextra -Wpedantic -Werror -Wno-unused-const-variable \
                      -Wno-unused-function -g -Ibindings/c/include";

const SANITIZED: &str = "-fsanitize=address,undefined -fno-sanitize-recover=all";

const MEMCHECK: &str =
    "valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=all";

/// The bytes of a sequence that ends with an allowed request: see `bindings/c/fuzz/sequence.c`.
const IS_ALLOWED: &[u8] = &[2, 0, 1, 1, 1, 5, 1, 2, 0, 5, 1, 2, 1];

/// How long the sequences of calls are looked for.
const FUZZ_SECONDS: u32 = 10;

type Done = Result<(), Box<dyn Error>>;

/// Builds the programs against the library of this machine, and runs them.
pub(crate) fn test() -> Done {
    let build = Build::new("c")?;
    inputs_are_those_of_the_benchmark()?;
    header(&build)?;
    layout(&build)?;
    let called = calls(&build)?;
    every_function_is_called(&called)?;
    threads(&build)?;
    for name in ["oom", "secrets"] {
        run_command(name, &mut Command::new(build.c("gcc", name, "", name)?))?;
    }
    two_rust(&build)?;
    sequences(&build)?;
    examples(&build)
}

/// A folder of programs, and the library that they are linked with.
pub(crate) struct Build {
    pub(crate) folder: PathBuf,
    library: PathBuf,
}

impl Build {
    pub(crate) fn new(language: &str) -> Result<Self, Box<dyn Error>> {
        let library = std::env::var_os("COGAUTH_LIBRARY").ok_or("COGAUTH_LIBRARY is not set")?;
        let library = PathBuf::from(library).canonicalize()?;
        let folder = target::folder()?.join("bindings/programs").join(language);
        fs::create_dir_all(&folder)?;
        // The name to link with, and the one that is looked for when a program starts.
        for name in ["libcogauth.so", "libcogauth.so.1"] {
            let link = folder.join(name);
            if link.symlink_metadata().is_ok() {
                fs::remove_file(&link)?;
            }
            std::os::unix::fs::symlink(&library, link)?;
        }
        Ok(Self { folder, library })
    }

    /// The static library, which lies beside the shared one.
    fn archive(&self) -> PathBuf {
        self.library.with_file_name("libcogauth.a")
    }

    /// What links a program with the shared library.
    pub(crate) fn link(&self, compiler: &mut Command) {
        let folder = self.folder.display();
        compiler.arg(format!("-L{folder}")).arg(format!("-Wl,-rpath,{folder}")).args([
            "-lcogauth",
            "-pthread",
            "-ldl",
        ]);
    }

    /// A program of `bindings/c/tests`.
    fn c(
        &self,
        compiler: &str,
        source: &str,
        flags: &str,
        name: &str,
    ) -> Result<PathBuf, Box<dyn Error>> {
        self.program(compiler, &format!("bindings/c/tests/{source}.c"), flags, name)
    }

    fn program(
        &self,
        compiler: &str,
        source: &str,
        flags: &str,
        name: &str,
    ) -> Result<PathBuf, Box<dyn Error>> {
        let program = self.folder.join(name);
        let mut compiling = command(&format!("{compiler} -std=c11 {STRICT} {flags} {source} -o"))?;
        compiling.arg(&program);
        self.link(&mut compiling);
        run_command(name, &mut compiling)?;
        Ok(program)
    }
}

/// What a program prints. It fails when the program does.
fn printed(program: &Path, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    output(&program.display().to_string(), arguments)
}

/// `inputs.h` has the inputs of the benchmark, as C spells them.
fn inputs_are_those_of_the_benchmark() -> Done {
    let header = fs::read_to_string(crate::root().join("bindings/c/tests/inputs.h"))?;
    let texts = header.replace("\"\n    \"", "");
    for (name, value) in inputs()? {
        let spelled = match value {
            serde_json::Value::String(text) => {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            number => number.to_string(),
        };
        if name != "comment" && !texts.contains(&spelled) {
            return Err(format!("bindings/c/tests/inputs.h has another {name}").into());
        }
    }
    Ok(())
}

fn inputs() -> Result<serde_json::Map<String, serde_json::Value>, Box<dyn Error>> {
    let text = fs::read_to_string(crate::root().join("bindings/bench/inputs.json"))?;
    Ok(serde_json::from_str(&text)?)
}

fn header(build: &Build) -> Done {
    let none = build.folder.join("header.o");
    for (compiler, standards, source) in [
        ("gcc", &["c99", "c11", "c17"][..], "header.c"),
        ("clang", &["c99", "c11", "c17"], "header.c"),
        ("g++", &["c++17", "c++23"], "header.cpp"),
        ("clang++", &["c++17", "c++2b"], "header.cpp"),
    ] {
        for standard in standards {
            let words = format!(
                "{compiler} -std={standard} -Wall -Wextra -Wpedantic -Werror -Ibindings/c/include \
                 -c bindings/c/tests/{source} -o"
            );
            run_command("header", command(&words)?.arg(&none))?;
        }
    }
    Ok(())
}

/// C has the layout that is on record, where there is a record.
fn layout(build: &Build) -> Done {
    let printed = printed(&build.c("gcc", "layout", "", "layout")?, &[])?;
    let record = crate::root().join("bindings/c/abi/layout-64.txt");
    if printed == fs::read_to_string(&record)? {
        Ok(())
    } else {
        Err(format!("{} says another layout than C", record.display()).into())
    }
}

/// Right and wrong calls, with each tool that sees mistakes. Answers what was called wrongly.
fn calls(build: &Build) -> Result<String, Box<dyn Error>> {
    let mut called = String::new();
    for source in ["usage", "misuse"] {
        let plain = build.c("gcc", source, "", source)?;
        called = printed(&plain, &[])?;
        output(MEMCHECK, &[&plain.display().to_string()])?;
        for compiler in ["gcc", "clang"] {
            let name = format!("{source}-{compiler}-sanitized");
            printed(&build.c(compiler, source, SANITIZED, &name)?, &[])?;
        }
    }
    Ok(called)
}

/// No function of the header is left out. Those of the WebAssembly twin are not this library's.
fn every_function_is_called(called: &str) -> Done {
    let header = fs::read_to_string(crate::root().join("bindings/c/include/cogauth.h"))?;
    let code = header.lines().filter(|line| !line.trim_start().starts_with("//"));
    let declared: BTreeSet<_> = code.filter_map(function).collect();
    let called: BTreeSet<_> = called.lines().collect();
    let missing: Vec<_> = declared
        .difference(&called)
        .filter(|name| !["cogauth_alloc", "cogauth_free"].contains(name))
        .collect();
    if missing.is_empty() && !declared.is_empty() {
        Ok(())
    } else {
        Err(format!("bindings/c/tests/misuse.c does not call {missing:?}").into())
    }
}

/// The function that a line declares.
fn function(line: &str) -> Option<&str> {
    let (before, _) = line.split_once('(')?;
    before.rsplit([' ', '*']).next().filter(|name| name.starts_with("cogauth_"))
}

fn threads(build: &Build) -> Done {
    run_command("threads", &mut Command::new(build.c("gcc", "threads", "", "threads")?))?;
    let sanitized =
        build.c("gcc", "threads", "-fsanitize=thread -DROUNDS=200", "threads-sanitized")?;
    run_command("ThreadSanitizer", &mut Command::new(sanitized))?;
    let slow = build.c("gcc", "threads", "-DROUNDS=10 -DKEEP", "threads-slow")?;
    let helgrind = "valgrind -q --tool=helgrind --error-exitcode=9";
    run_command("helgrind", command(helgrind)?.arg(slow))
}

/// The static library beside another static library of Rust, in both orders.
fn two_rust(build: &Build) -> Done {
    let other = build.folder.join("libother.a");
    let words = "rustc --edition 2024 --crate-type staticlib -O bindings/c/tests/two_rust.rs -o";
    run_command("another Rust library", command(words)?.arg(&other))?;
    let archive = build.archive();
    for (first, second) in [(&archive, &other), (&other, &archive)] {
        let program = build.folder.join("two_rust");
        let words = format!("gcc -std=c11 {STRICT} bindings/c/tests/two_rust.c -o");
        let mut linking = command(&words)?;
        linking.arg(&program).args([first, second]).args(["-lpthread", "-ldl", "-lm"]);
        run_command("two Rust libraries", &mut linking)?;
        run_command("two Rust libraries", &mut Command::new(program))?;
    }
    Ok(())
}

/// Sequences of calls, for some seconds.
fn sequences(build: &Build) -> Done {
    let fuzzer = build.program(
        "clang",
        "bindings/c/fuzz/sequence.c",
        "-O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all",
        "sequence",
    )?;
    let corpus = build.folder.join("corpus");
    fs::create_dir_all(&corpus)?;
    let allowed = corpus.join("is-allowed");
    fs::write(&allowed, IS_ALLOWED)?;
    let mut once = Command::new(&fuzzer);
    run_command("a sequence that is allowed", once.arg(allowed).env("COGAUTH_IS_ALLOWED", "1"))?;
    let mut any = Command::new(&fuzzer);
    any.arg(format!("-max_total_time={FUZZ_SECONDS}")).args(["-max_len=4096", "-verbosity=0"]);
    any.arg(format!("-artifact_prefix={}/", build.folder.display()));
    run_command("sequences of calls", any.arg(corpus))
}

/// The examples print what their readers are told.
fn examples(build: &Build) -> Done {
    let inputs = inputs()?;
    let text = |name: &str| match inputs.get(name) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(number) => number.to_string(),
        None => String::new(),
    };
    let (keys, now, facts) = (text("edge_keys"), text("now"), text("facts"));
    let verify = build.program("gcc", "bindings/c/examples/verify.c", "", "example-verify")?;
    expect(&verify, &[&keys, &text("token"), &now], "genuine: cog_1s01000AAAABBBBCCCC")?;
    expect(&verify, &[&keys, "other", &now], "error 101")?;
    let gate = build.program("gcc", "bindings/c/examples/gate.c", "", "example-gate")?;
    let (target, line, record) = (text("target"), text("authorization"), text("record"));
    expect(&gate, &[&keys, &now, &target, &line, &record, &facts], "allowed: ViewOrgSessions")?;
    expect(&gate, &[&keys, &now, &target, &line, "", &facts], "refused: 401")?;
    expect(&gate, &[&keys, &now, &target, &line, "{", &facts], "refused: 503")
}

fn expect(program: &Path, arguments: &[&str], start: &str) -> Done {
    let printed = Command::new(program).args(arguments).output()?.stdout;
    let printed = String::from_utf8(printed)?;
    if printed.starts_with(start) {
        Ok(())
    } else {
        Err(format!("{} printed {printed:?}, not {start:?}", program.display()).into())
    }
}
