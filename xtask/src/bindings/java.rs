//! The Java package: its tests, on a Java with the foreign function interface and on an older one,
//! and its benchmark.

use crate::needs::{Need, need};
use crate::run::{command, run_command, works};
use crate::target;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first Java with a final foreign function interface.
const NATIVE: u32 = 22;
/// The oldest Java that the package runs on.
const OLDEST: u32 = 17;

pub(crate) const NEEDS: &[Need] = &[
    need("Maven", || works("mvn --version"), "apt-get install --yes maven"),
    need("a JDK from 22 on", || newest().is_ok(), "apt-get install --yes openjdk-25-jdk-headless"),
];

/// Tests the packed package.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    let mut package = maven("pom.xml", "java")?;
    if let Some(older) = homes().into_iter().filter(|home| home.version < NATIVE).min() {
        package.arg(setting("cogauth.java17", &older.folder));
    }
    run_command("Java package", package.arg("package"))
}

/// Measures it. The rows are what is printed on standard output.
pub(crate) fn bench() -> Result<(), Box<dyn Error>> {
    quietly(maven("pom.xml", "java")?.args(["--quiet", "-DskipTests", "install"]))?;
    quietly(maven("bench/pom.xml", "java-bench")?.args(["--quiet", "package"]))?;
    ["native", "wasm"].into_iter().try_for_each(rows)
}

/// Prints the rows of a backend. What others do is measured beside the native one.
fn rows(backend: &str) -> Result<(), Box<dyn Error>> {
    let mut java = Command::new(newest()?.join("bin/java"));
    java.current_dir(crate::root()).args(["--enable-native-access=ALL-UNNAMED", "-cp"]);
    java.arg(folder("java-bench")?.join("lib").join("*"));
    java.arg(format!("-Dcogauth.backend={backend}")).arg("Bench");
    if java.status()?.success() { Ok(()) } else { Err("the benchmark of Java failed".into()) }
}

/// Maven with a project, built in the target folder.
fn maven(project: &str, name: &str) -> Result<Command, Box<dyn Error>> {
    let mut maven = command("mvn --batch-mode --file")?;
    maven.arg(format!("bindings/java/{project}")).env("JAVA_HOME", newest()?);
    maven.arg(setting("cogauth.build", &folder(name)?));
    maven.arg(setting("cogauth.natives", &target::folder()?.join("bindings")));
    Ok(maven)
}

/// Runs a command that prints rows for nobody, and shows what it says only when it fails.
fn quietly(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("Maven failed: {}", String::from_utf8_lossy(&output.stdout)).into())
}

fn folder(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    Ok(target::folder()?.join("bindings").join("build").join(name))
}

fn setting(name: &str, value: &Path) -> OsString {
    let mut setting = OsString::from(format!("-D{name}="));
    setting.push(value);
    setting
}

/// Where a JDK is, in order of its version.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Home {
    version: u32,
    folder: PathBuf,
}

fn newest() -> Result<PathBuf, Box<dyn Error>> {
    let newest = homes().into_iter().max().filter(|home| home.version >= NATIVE);
    Ok(newest.ok_or("there is no JDK from 22 on")?.folder)
}

/// `JAVA_HOME`, and the JDKs that lie beside the one whose `java` is found first.
fn homes() -> Vec<Home> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("JAVA_HOME").map(PathBuf::from).into_iter().collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let java =
        std::env::split_paths(&path).find_map(|folder| folder.join("java").canonicalize().ok());
    if let Some(beside) = java.as_deref().and_then(|java| java.ancestors().nth(3)) {
        let entries = fs::read_dir(beside).into_iter().flatten().flatten();
        folders.extend(entries.map(|entry| entry.path()));
    }
    folders.into_iter().filter_map(home).filter(|home| home.version >= OLDEST).collect()
}

/// A folder with a compiler, whose file `release` says which version it is.
fn home(folder: PathBuf) -> Option<Home> {
    if !folder.join("bin").join("javac").is_file() {
        return None;
    }
    let release = fs::read_to_string(folder.join("release")).ok()?;
    let version = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION=\""))?;
    let version = version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    Some(Home { version, folder })
}
