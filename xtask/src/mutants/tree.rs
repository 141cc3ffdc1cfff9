//! The copy of the tree that is built.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Tests that read sources, tools or documents and say nothing of what the library does; and three that take long.
pub(super) const LEFT_OUT: [&str; 4] =
    ["repository::", "builtin::exhaustive::", "builtin::mutants::", "policy::oracle::"];

const PROFILE: &str = "
[profile.mutants]
inherits = \"dev\"
opt-level = 2
debug = 0
incremental = false
";

pub(super) struct Tree {
    pub(super) path: PathBuf,
}

impl Tree {
    /// Copies what the tests of the library need. A file that has not changed keeps its time.
    pub(super) fn copy(path: &Path) -> Result<Self, Box<dyn Error>> {
        let tree = Self { path: path.to_path_buf() };
        let mut kept = BTreeSet::new();
        for folder in ["src", "tests", "policies", "docs"] {
            for file in files(&crate::root().join(folder))? {
                let name = file.strip_prefix(crate::root())?.to_path_buf();
                // Sources are written by `build`, so that they are not touched twice.
                if folder != "src" || name.extension().is_some_and(|ending| ending != "rs") {
                    tree.write(&name, &fs::read(&file)?)?;
                }
                kept.insert(tree.path.join(name));
            }
        }
        tree.write(Path::new("README.md"), &fs::read(crate::root().join("README.md"))?)?;
        tree.write(Path::new("Cargo.toml"), manifest()?.as_bytes())?;
        let lock = tree.path.join("Cargo.lock");
        if !lock.exists() {
            fs::copy(crate::root().join("Cargo.lock"), lock)?;
        }
        for file in files(&tree.path.join("tests"))? {
            if !kept.contains(&file) {
                fs::remove_file(file)?;
            }
        }
        Ok(tree)
    }

    pub(super) fn write(&self, name: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        let path = self.path.join(name);
        if fs::read(&path).is_ok_and(|old| old == bytes) {
            return Ok(());
        }
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        Ok(fs::write(path, bytes)?)
    }

    /// Cargo in this tree, in the background.
    pub(super) fn cargo(&self, target: &Path) -> Command {
        let mut command = Command::new("nice");
        command
            .args(["-n", "10", "cargo"])
            .current_dir(&self.path)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_ENCODED_RUSTFLAGS", "--cap-lints\u{1f}allow");
        command
    }
}

/// All files below a folder.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The manifest of the library alone, without benchmarks.
fn manifest() -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(crate::root().join("Cargo.toml"))?;
    let mut out = String::new();
    for section in text.split("\n\n") {
        if section.starts_with("[[bench]]") || section.contains("[profile.dev") {
            continue;
        }
        for line in section.lines() {
            let dropped = ["members = ", "criterion = "];
            if !dropped.iter().any(|start| line.starts_with(start)) {
                out.push_str(line);
                out.push('\n');
            }
        }
        out.push('\n');
    }
    out.push_str(PROFILE);
    Ok(out)
}
