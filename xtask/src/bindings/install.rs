//! The C library as it is installed: by cargo-c into a prefix, and consumers built against that.

use super::natives::{self, LINUX, LINUX_ARM, Platform, WINDOWS};
use crate::needs::{Need, need};
use crate::run::{command, output, run_command, works};
use crate::target;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) const NEEDS: &[Need] = &[
    need(
        "cargo-c",
        || works("cargo cbuild --version"),
        "cargo install cargo-c --locked --version 0.10.24",
    ),
    need(
        "a C compiler, pkg-config and CMake",
        || works("gcc --version") && works("pkg-config --version") && works("cmake --version"),
        "apt-get install --yes gcc pkg-config cmake make",
    ),
    need(
        "musl",
        || works("musl-gcc --version") || Path::new("/usr/bin/musl-gcc").exists(),
        "apt-get install --yes musl-tools",
    ),
    need(
        "emulators of other platforms",
        || works("qemu-aarch64-static --version") && works("/usr/lib/wine/wine64 --version"),
        "apt-get install --yes qemu-user-static wine64",
    ),
];

/// What `consumer.c` prints.
const SAYS: &str = concat!(env!("CARGO_PKG_VERSION"), " cog_1s015PnAAAABBBBCCCC\n");

pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    let folder = target::folder()?.join("bindings/installed");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let first = folder.join("first");
    run_command(
        "install",
        command("cargo cinstall -p cog-auth-c --release --libdir lib")?.arg("--prefix").arg(&first),
    )?;
    // Nothing in it may know where it was installed.
    let prefix = folder.join("moved");
    fs::rename(&first, &prefix)?;
    shared_name(&prefix)?;
    with_pkg_config(&prefix, &folder)?;
    with_cmake(&prefix, &folder)?;
    on_other_platforms(&folder)
}

/// The name that programs look for has the major number of the ABI.
fn shared_name(prefix: &Path) -> Result<(), Box<dyn Error>> {
    let library = prefix.join("lib/libcogauth.so");
    let dynamic = output("readelf --wide --dynamic", &[&library.display().to_string()])?;
    if dynamic.contains("[libcogauth.so.1]") {
        return Ok(());
    }
    Err("the installed library is not named libcogauth.so.1".into())
}

fn source() -> PathBuf {
    crate::root().join("bindings/c/tests/installed")
}

fn with_pkg_config(prefix: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut asked = command("pkg-config --define-prefix --cflags --libs cogauth")?;
    asked.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    let flags = String::from_utf8(asked.output()?.stdout)?;
    let program = folder.join("consumer");
    run_command(
        "consumer by pkg-config",
        command("gcc -std=c11 -Wall -Wextra -Werror")?
            .arg(source().join("consumer.c"))
            .args(flags.split_whitespace())
            .arg("-o")
            .arg(&program),
    )?;
    says(Command::new(program).env("LD_LIBRARY_PATH", prefix.join("lib")))
}

fn with_cmake(prefix: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let build = folder.join("cmake");
    run_command(
        "consumer by CMake",
        command("cmake -S")?
            .arg(source())
            .arg("-B")
            .arg(&build)
            .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())),
    )?;
    run_command("consumer by CMake", command("cmake --build")?.arg(&build))?;
    for kind in ["cogauth", "cogauth-static"] {
        says(&mut Command::new(build.join(format!("consumer-{kind}"))))?;
    }
    Ok(())
}

/// What packages embed, in a process of glibc, of musl, on an ARM processor and on Windows: the
/// same program with both builds, and the tests of the full one.
fn on_other_platforms(folder: &Path) -> Result<(), Box<dyn Error>> {
    let tests = crate::root().join("bindings/c/tests");
    for host in HOSTS {
        let (full, small) = (natives::library(host.platform)?, natives::small(host.platform)?);
        for library in [&small, &full] {
            says(&mut host.program(folder, library, &source().join("consumer.c"))?)?;
        }
        for test in ["usage", "misuse"] {
            let mut program = host.program(folder, &full, &tests.join(format!("{test}.c")))?;
            run_command(&format!("{test} by {}", host.compiler), program.stdout(Stdio::null()))?;
        }
    }
    Ok(())
}

/// Where programs run: what compiles them, the libraries of which platform they load, and what they
/// are run by, if it is another machine.
struct Host {
    compiler: &'static str,
    platform: Platform,
    emulator: Option<&'static str>,
}

const HOSTS: [Host; 4] = [
    Host { compiler: "gcc", platform: LINUX, emulator: None },
    Host { compiler: "musl-gcc", platform: LINUX, emulator: None },
    Host {
        compiler: "aarch64-linux-gnu-gcc",
        platform: LINUX_ARM,
        emulator: Some("qemu-aarch64-static -L /usr/aarch64-linux-gnu"),
    },
    Host {
        compiler: "x86_64-w64-mingw32-gcc",
        platform: WINDOWS,
        emulator: Some("/usr/lib/wine/wine64"),
    },
];

impl Host {
    /// Compiles a program beside a library, and returns what runs it.
    fn program(
        &self,
        folder: &Path,
        library: &Path,
        source: &Path,
    ) -> Result<Command, Box<dyn Error>> {
        let beside = folder.join(self.compiler);
        fs::create_dir_all(&beside)?;
        let name = self.platform.library.unwrap_or_default();
        let loaded = beside.join(name.replace(".so", ".so.1"));
        fs::copy(library, &loaded)?;
        let program = beside.join("program.exe");
        run_command(
            &format!("program by {}", self.compiler),
            command(self.compiler)?
                .args(["-std=c11", "-I"])
                .arg(crate::root().join("bindings/c/include"))
                .args([source, &loaded])
                .arg("-o")
                .arg(&program),
        )?;
        let mut run = match self.emulator {
            None => Command::new(&program),
            Some(emulator) => {
                let mut run = command(emulator)?;
                run.arg(&program);
                run
            }
        };
        run.env("WINEDEBUG", "-all").current_dir(&beside);
        // The library path is for an emulated program, not for its emulator.
        let path = format!("LD_LIBRARY_PATH={}", beside.display());
        match self.emulator {
            None => run.env("LD_LIBRARY_PATH", &beside),
            Some(_) => run.env("QEMU_SET_ENV", path),
        };
        Ok(run)
    }
}

fn says(program: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = program.output()?;
    let said = String::from_utf8(output.stdout)?.replace("\r\n", "\n");
    if output.status.success() && said == SAYS {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program:?}: {}, {said}{errors}", output.status).into())
}
