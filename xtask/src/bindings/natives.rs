//! The native libraries and the WebAssembly twin, which the packages of other languages embed.
//!
//! They come to lie in `bindings/` of the target folder:
//!
//! | file | is |
//! |---|---|
//! | `native/<platform>/` | the shared library of the full build, without a standard library |
//! | `native/<platform>/libcogauth.a` | the same to link statically |
//! | `small/<platform>/` | the shared library of the small build |
//! | `cogauth.wasm` | the full build as a module without imports |

use crate::needs::{Need, need};
use crate::run::{command, output, run_command, works};
use crate::{remap, target};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// What a library is built for.
#[derive(Clone, Copy)]
pub(crate) struct Platform {
    pub(crate) triple: &'static str,
    /// The linker, where it is another than that of this machine.
    linker: Option<&'static str>,
    /// The name of the shared library; none where nothing here can link one.
    pub(crate) library: Option<&'static str>,
}

/// The platform that tests run on. One shared library serves glibc and musl: it needs libc alone.
pub(crate) const LINUX: Platform =
    Platform { triple: "x86_64-unknown-linux-gnu", linker: None, library: Some("libcogauth.so") };
pub(crate) const LINUX_ARM: Platform = Platform {
    triple: "aarch64-unknown-linux-gnu",
    linker: Some("aarch64-linux-gnu-gcc"),
    library: Some("libcogauth.so"),
};
pub(crate) const WINDOWS: Platform = Platform {
    triple: "x86_64-pc-windows-gnu",
    linker: Some("x86_64-w64-mingw32-gcc"),
    library: Some("cogauth.dll"),
};
/// There is no linker for it here: the static library is as far as it goes.
const MAC: Platform = Platform { triple: "aarch64-apple-darwin", linker: None, library: None };

const MODULE: &str = "wasm32-unknown-unknown";

/// What cross builds need.
pub(crate) const NEEDS: &[Need] = &[
    need(
        "the targets of native libraries",
        targets_are_installed,
        "rustup target add x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu \
         x86_64-pc-windows-gnu aarch64-apple-darwin wasm32-unknown-unknown",
    ),
    need(
        "compilers for other platforms",
        || works("aarch64-linux-gnu-gcc --version") && works("x86_64-w64-mingw32-gcc --version"),
        "apt-get install --yes gcc-aarch64-linux-gnu gcc-mingw-w64-x86-64",
    ),
];

fn targets_are_installed() -> bool {
    [LINUX.triple, LINUX_ARM.triple, WINDOWS.triple, MAC.triple, MODULE].iter().all(|triple| {
        output("rustc --print target-libdir --target", &[triple])
            .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
    })
}

/// The folder that the files come to lie in.
pub(crate) fn folder() -> Result<PathBuf, Box<dyn Error>> {
    Ok(target::folder()?.join("bindings"))
}

/// The file of a platform's shared library of the full build.
pub(crate) fn library(platform: Platform) -> Result<PathBuf, Box<dyn Error>> {
    Ok(folder()?.join("native").join(platform.triple).join(platform.library.unwrap_or_default()))
}

/// The file of a platform's shared library of the small build.
pub(crate) fn small(platform: Platform) -> Result<PathBuf, Box<dyn Error>> {
    Ok(folder()?.join("small").join(platform.triple).join(platform.library.unwrap_or_default()))
}

/// The file of the WebAssembly twin.
pub(crate) fn module() -> Result<PathBuf, Box<dyn Error>> {
    Ok(folder()?.join("cogauth.wasm"))
}

/// Builds what this machine's tests need: its own library, static and shared, and the module.
pub(crate) fn build() -> Result<(), Box<dyn Error>> {
    build_full(LINUX)?;
    let built = cargo("full", "full", MODULE, None, "cdylib")?;
    fs::copy(built.join("cogauth.wasm"), module()?)?;
    fs::copy(crate::root().join("src/policy/builtin.image"), folder()?.join("builtin.image"))?;
    Ok(())
}

/// Builds every library for every platform.
pub(crate) fn build_all() -> Result<(), Box<dyn Error>> {
    build()?;
    for platform in [LINUX_ARM, WINDOWS, MAC] {
        build_full(platform)?;
    }
    for platform in [LINUX, LINUX_ARM, WINDOWS] {
        let built = cargo("native-small", "", platform.triple, platform.linker, "cdylib")?;
        let file = small(platform)?;
        fs::create_dir_all(file.parent().unwrap_or(&file))?;
        fs::copy(built.join(platform.library.unwrap_or_default()), file)?;
    }
    Ok(())
}

fn build_full(platform: Platform) -> Result<(), Box<dyn Error>> {
    let folder = folder()?.join("native").join(platform.triple);
    fs::create_dir_all(&folder)?;
    let built = cargo("native", "full", platform.triple, platform.linker, "staticlib")?;
    fs::copy(built.join("libcogauth.a"), folder.join("libcogauth.a"))?;
    if let Some(library) = platform.library {
        let built = cargo("native", "full", platform.triple, platform.linker, "cdylib")?;
        fs::copy(built.join(library), folder.join(library))?;
    }
    Ok(())
}

/// Builds the crate, and returns the folder that it is in then.
fn cargo(
    profile: &str,
    features: &str,
    triple: &str,
    linker: Option<&str>,
    kind: &str,
) -> Result<PathBuf, Box<dyn Error>> {
    let mut cargo = command("cargo rustc --quiet --locked -p cog-auth-c --no-default-features")?;
    cargo.args(["--profile", profile, "--features", features, "--target", triple]);
    cargo.args(["--crate-type", kind, "--config", &remap::setting(triple)?]);
    if let Some(linker) = linker {
        cargo.args(["--config", &format!("target.{triple}.linker=\"{linker}\"")]);
    }
    if kind == "cdylib" && triple.contains("linux") {
        cargo.args(["--", "-C", "link-arg=-Wl,-soname,libcogauth.so.1"]);
    }
    run_command(&format!("{kind} for {triple}"), &mut cargo)?;
    Ok(target::folder()?.join(triple).join(profile))
}
