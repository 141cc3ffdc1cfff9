//! What the C library promises to programs that were compiled with it: its header, its symbols, the
//! layouts of its structs, what it needs, and how it is installed.

use super::natives::{self, LINUX, LINUX_ARM, WINDOWS};
use crate::needs::{Need, need};
use crate::run::{command, output, run_command, works};
use crate::{header, target};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const NEEDS: &[Need] = &[
    need("abidiff", || works("abidiff --version"), "apt-get install --yes abigail-tools"),
    need("clang", || works("clang --version"), "apt-get install --yes clang"),
    need(
        "readelf and nm",
        || works("readelf --version") && works("nm --version"),
        "apt-get install --yes binutils",
    ),
];

/// How many bytes the small build may have on `x86_64-unknown-linux-gnu`.
const SMALL_BYTES: u64 = 261_000;

pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    header::check()?;
    constants()?;
    symbols()?;
    for platform in [LINUX, LINUX_ARM] {
        for library in [natives::library(platform)?, natives::small(platform)?] {
            if library.exists() {
                needs_libc_alone(&library)?;
            }
        }
    }
    sizes()?;
    layouts()?;
    differences()
}

fn folder() -> PathBuf {
    crate::root().join("bindings/c/abi")
}

/// Every constant that is on record in `constants.txt` is in the header with the same value, and
/// the header has no other. Programs have them compiled in.
fn constants() -> Result<(), Box<dyn Error>> {
    let recorded = fs::read_to_string(folder().join("constants.txt"))?;
    let found = constants_of_the_header()?;
    if recorded == found {
        return Ok(());
    }
    Err("the header has other constants than abi/constants.txt: those that are there must stay as \
         they are, and new ones are put on record by `cargo xtask bindings record`"
        .into())
}

/// A line for each constant, but for the version of the library.
fn constants_of_the_header() -> Result<String, Box<dyn Error>> {
    let header = fs::read_to_string(crate::root().join("bindings/c/include/cogauth.h"))?;
    let mut lines: Vec<&str> = header
        .lines()
        .filter_map(|line| line.strip_prefix("#define COGAUTH_"))
        .filter(|line| line.contains(' ') && !line.starts_with("VERSION "))
        .collect();
    lines.sort_unstable();
    Ok(lines.join("\n") + "\n")
}

/// The exported symbols are those of `symbols.txt`: each has a line, with `full` after its name
/// where only the full build has it.
fn symbols() -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(folder().join("symbols.txt"))?;
    for (build, library) in [("full", natives::library(LINUX)?), ("small", natives::small(LINUX)?)]
    {
        if !library.exists() {
            println!("the {build} build was not made: its symbols are not compared");
            continue;
        }
        let expected: Vec<&str> = text
            .lines()
            .filter(|line| build == "full" || !line.ends_with(" full"))
            .map(|line| line.trim_end_matches(" full"))
            .collect();
        let listed = output("nm -D --defined-only --format=posix", &[&shown(&library)])?;
        let mut found: Vec<&str> =
            listed.lines().filter_map(|line| line.split(' ').next()).collect();
        found.sort_unstable();
        if found != expected {
            return Err(format!("the {build} build exports other symbols: {found:?}").into());
        }
        println!("{build} build: {} symbols", found.len());
    }
    Ok(())
}

/// A library needs nothing but libc, and of that nothing newer than version 2.17 of glibc.
fn needs_libc_alone(library: &Path) -> Result<(), Box<dyn Error>> {
    let dynamic = output("readelf --wide --dynamic", &[&shown(library)])?;
    let needed = dynamic.lines().filter(|line| line.contains("(NEEDED)"));
    if let Some(other) = needed.into_iter().find(|line| !line.contains("[libc.")) {
        return Err(format!("{} needs more than libc: {other}", library.display()).into());
    }
    let symbols = output("readelf --wide --dyn-syms", &[&shown(library)])?;
    for version in symbols.split("@GLIBC_").skip(1) {
        let version = version.split([' ', '\n', '@']).next().unwrap_or_default();
        let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(u32::MAX));
        let (major, minor) = (numbers.next(), numbers.next().unwrap_or(0));
        if major != Some(2) || minor > 17 {
            return Err(format!("{} needs GLIBC_{version}", library.display()).into());
        }
    }
    Ok(())
}

fn sizes() -> Result<(), Box<dyn Error>> {
    for platform in [LINUX, LINUX_ARM, WINDOWS] {
        for (build, library) in
            [("small", natives::small(platform)?), ("full", natives::library(platform)?)]
        {
            if let Ok(file) = fs::metadata(&library) {
                println!("{build} build for {}: {} bytes", platform.triple, file.len());
            }
        }
    }
    match fs::metadata(natives::small(LINUX)?) {
        Ok(file) if file.len() > SMALL_BYTES => {
            Err(format!("the small build has {} bytes, more than {SMALL_BYTES}", file.len()).into())
        }
        _ => Ok(()),
    }
}

/// C sees the layouts on record, with 64 bits and in WebAssembly; `tests/rust/layout.rs` sees them
/// from Rust.
fn layouts() -> Result<(), Box<dyn Error>> {
    for (bits, compiler) in [("64", "gcc"), ("64", "clang"), ("32", "clang --target=wasm32")] {
        let mut text = String::from("#include \"cogauth.h\"\n");
        for line in fs::read_to_string(folder().join(format!("layout-{bits}.txt")))?.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let asserted = match (words.as_slice(), line.split_once('.')) {
                ([name, size], None) => format!("sizeof({name}) == {size}"),
                ([_, offset, size], Some((name, rest))) => {
                    let field = rest.split(' ').next().unwrap_or_default();
                    format!(
                        "offsetof({name}, {field}) == {offset} && sizeof((({name} *)0)->{field}) \
                         == {size}"
                    )
                }
                _ => return Err(format!("layout-{bits}.txt: {line}").into()),
            };
            text.push_str(&format!("_Static_assert({asserted}, \"{line}\");\n"));
        }
        let file = target::folder()?.join("bindings/layout.c");
        fs::write(&file, text)?;
        run_command(
            &format!("layouts with {bits} bits"),
            command(compiler)?
                .args(["-std=c11", "-ffreestanding", "-fsyntax-only", "-I"])
                .arg(crate::root().join("bindings/c/include"))
                .arg(file),
        )?;
    }
    Ok(())
}

/// The types of the header's functions are those on record.
fn differences() -> Result<(), Box<dyn Error>> {
    let found = dump()?;
    let recorded = folder().join("libcogauth-1.abi");
    run_command("ABI", command("abidiff")?.arg(recorded).arg(found))
}

/// Writes what this version's ABI is to `abi/`: the types, and the symbols.
pub(crate) fn record() -> Result<(), Box<dyn Error>> {
    fs::copy(dump()?, folder().join("libcogauth-1.abi"))?;
    natives::build_all()?;
    let of = |library: PathBuf| output("nm -D --defined-only --format=posix", &[&shown(&library)]);
    let (full, small) = (of(natives::library(LINUX)?)?, of(natives::small(LINUX)?)?);
    let names = |text: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
    };
    let small = names(&small);
    let mut lines: Vec<String> = names(&full)
        .into_iter()
        .map(|name| if small.contains(&name) { name } else { format!("{name} full") })
        .collect();
    lines.sort_unstable();
    fs::write(folder().join("symbols.txt"), lines.join("\n") + "\n")?;
    // What programs have compiled in never changes its value, but for the number of what was added.
    let constants = constants_of_the_header()?;
    let file = folder().join("constants.txt");
    let before = fs::read_to_string(&file).unwrap_or_default();
    let is_gone =
        |line: &&str| !line.starts_with("ABI_MINOR ") && !constants.lines().any(|now| now == *line);
    match before.lines().find(is_gone) {
        Some(changed) => Err(format!("COGAUTH_{changed} was on record, and is no more").into()),
        None => Ok(fs::write(file, constants)?),
    }
}

/// The types of what is exported, as `abidw` reads them from a build of the one crate with
/// debugging information, without the paths of this machine.
fn dump() -> Result<PathBuf, Box<dyn Error>> {
    run_command(
        "library with its types",
        &mut command("cargo rustc --quiet -p cog-auth-c --profile abi --crate-type cdylib")?,
    )?;
    let library = target::folder()?.join("abi/libcogauth.so");
    let text = output(
        "abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed \
         --no-write-default-sizes",
        &[&shown(&library)],
    )?;
    let mut kept: Vec<String> = Vec::new();
    for line in text.lines() {
        let empty = kept.last().is_some_and(|last| last.contains("<abi-instr "));
        if line.trim() == "</abi-instr>" && empty {
            kept.pop();
            continue;
        }
        // The path of what was compiled is that of a machine, and says nothing of the ABI.
        match (line.contains("<abi-instr "), line.split_once(" path='")) {
            (true, Some((before, path))) => {
                let after = path.split_once('\'').map_or("", |(_, after)| after);
                kept.push(format!("{before} path='unit-{}'{after}", kept.len()));
            }
            _ => kept.push(line.to_owned()),
        }
    }
    let file = target::folder()?.join("bindings/libcogauth.abi");
    fs::create_dir_all(file.parent().unwrap_or(&file))?;
    fs::write(&file, kept.join("\n") + "\n")?;
    Ok(file)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
