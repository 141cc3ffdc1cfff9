//! The Python package: a wheel, installed in a virtual environment of its own, and tested there.

use crate::needs::{Need, need};
use crate::run::{command, run_command, works};
use crate::target;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const NEEDS: &[Need] = &[need(
    "Python 3 with venv",
    || works("python3 -m venv --help") && works("python3 -m ensurepip --version"),
    "apt-get install --yes python3 python3-venv",
)];

/// What builds wheels. Without a pip of this age there are no groups of dependencies.
const PIP: &str = "pip>=25.1";

/// Tests what is installed, with the shared library and with the module, and its types.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    let python = installed("test")?;
    for backend in ["native", "wasm"] {
        run_command(
            &format!("python, {backend}"),
            in_package(&python)?.args(["-m", "pytest", "--quiet"]).env("COGAUTH_BACKEND", backend),
        )?;
    }
    run_command("python, types", in_package(&python)?.args(["-m", "mypy"]))?;
    packaged(&python)
}

/// Each wheel finds what is in it, without a word of the environment.
fn packaged(python: &Path) -> Result<(), Box<dyn Error>> {
    let folder = folder()?;
    let alone = folder.join("alone");
    if alone.exists() {
        fs::remove_dir_all(&alone)?;
    }
    run_command(
        "python, the wheel for any platform",
        in_package(python)?
            .args(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps"])
            .args(["--only-binary", ":all:", "--platform", "any", "cog-auth", "--find-links"])
            .arg(folder.join("wheels"))
            .arg("--target")
            .arg(&alone),
    )?;
    for (backend, path) in [("native", None), ("wasm", Some(&alone))] {
        let program = format!("import cog_auth; assert cog_auth.backend == '{backend}'");
        let mut run = in_package(python)?;
        run.args(["-c", &program]).env_remove("COGAUTH_LIBRARY").env_remove("COGAUTH_WASM");
        if let Some(path) = path {
            run.env("PYTHONPATH", path);
        }
        run_command(&format!("python, {backend} as packaged"), &mut run)?;
    }
    Ok(())
}

fn folder() -> Result<PathBuf, Box<dyn Error>> {
    Ok(target::folder()?.join("bindings/python"))
}

/// Prints the rows of the benchmark.
pub(crate) fn bench() -> Result<(), Box<dyn Error>> {
    let python = installed("bench")?;
    run_command("python", in_package(&python)?.arg("bench/bench.py"))
}

/// A Python that has the package as its wheel gives it, and a group of what it is tried with.
fn installed(group: &str) -> Result<PathBuf, Box<dyn Error>> {
    let natives = target::folder()?.join("bindings");
    let folder = folder()?;
    let python = folder.join("venv/bin/python");
    if !python.exists() {
        run_command("python, environment", command("python3 -m venv")?.arg(folder.join("venv")))?;
    }
    pip(&python, &["install", PIP])?;
    pip(&python, &["install", "--group", group])?;
    let wheels = folder.join("wheels");
    if wheels.exists() {
        fs::remove_dir_all(&wheels)?;
    }
    for target in ["x86_64-unknown-linux-gnu", "any"] {
        run_command(
            "python, wheel",
            in_package(&python)?
                .args(["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"])
                .arg(&wheels)
                .arg(".")
                .env("COGAUTH_NATIVES", &natives)
                .env("COGAUTH_WHEEL", target),
        )?;
    }
    run_command(
        "python, package",
        in_package(&python)?
            .args(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps"])
            .args(["--force-reinstall", "cog-auth", "--find-links"])
            .arg(&wheels),
    )?;
    Ok(python)
}

fn pip(python: &Path, words: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut pip = in_package(python)?;
    run_command("python, what it needs", pip.args(["-m", "pip", "--quiet"]).args(words))
}

/// A Python in the folder of the package, whose sources it imports only where they are installed.
fn in_package(python: &Path) -> Result<Command, Box<dyn Error>> {
    let mut command = Command::new(python);
    command.current_dir(crate::root().join("bindings/python"));
    command.env_remove("PYTHONPATH");
    Ok(command)
}
