//! The C header, `bindings/c/include/cogauth.h`, which cbindgen makes of `bindings/c/src`.

use cog_auth::Code;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// Writes the header.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    Ok(fs::write(path(), made()?)?)
}

/// Fails where the header is another than the sources make.
pub(crate) fn check() -> Result<(), Box<dyn Error>> {
    if fs::read_to_string(path())? == made()? {
        return Ok(());
    }
    Err("bindings/c/include/cogauth.h is not what its sources make: run `cargo xtask header`"
        .into())
}

fn folder() -> PathBuf {
    crate::root().join("bindings/c")
}

fn path() -> PathBuf {
    folder().join("include/cogauth.h")
}

fn made() -> Result<String, Box<dyn Error>> {
    let folder = folder();
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))?;
    let bindings = cbindgen::Builder::new()
        .with_crate(&folder)
        .with_config(config)
        .with_header(fs::read_to_string(folder.join("contract.txt"))?.trim_end())
        .with_after_include(after_includes()?)
        .generate()?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    Ok(without_safety(&String::from_utf8(text)?))
}

/// The version of the library, and its codes: the one place that has them is the crate.
fn after_includes() -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    writeln!(text, "\n// The version of the library that this header belongs to.")?;
    writeln!(text, "#define COGAUTH_VERSION \"{}\"\n", env!("CARGO_PKG_VERSION"))?;
    writeln!(text, "// What functions return: 0, or one of the codes.")?;
    writeln!(text, "#define COGAUTH_OK 0")?;
    for code in Code::ALL {
        write_comment(&mut text, &format!("{}.", code.sentence()))?;
        writeln!(text, "#define COGAUTH_E_{} {}", code.name().to_uppercase(), code.number())?;
    }
    Ok(text)
}

/// Writes a comment in lines of at most 100 columns.
fn write_comment(text: &mut String, sentence: &str) -> Result<(), Box<dyn Error>> {
    let mut line = String::from("//");
    for word in sentence.split(' ') {
        if line.len().saturating_add(word.len()) >= 100 {
            writeln!(text, "{line}")?;
            line = String::from("//");
        }
        write!(line, " {word}")?;
    }
    Ok(writeln!(text, "{line}")?)
}

/// Without the sections for Rust programmers: the header says at its head what pointers must be.
fn without_safety(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut skips = false;
    for line in text.lines() {
        if line.trim() == "// # Safety" {
            skips = true;
            // The empty line before it.
            kept.pop();
        }
        skips = skips && line.starts_with("//");
        if !skips {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}
