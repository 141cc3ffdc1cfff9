//! Compiles `policies/` into the image that the library embeds.

use cog_auth::policy::Source;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    let root = crate::root();
    let folder = root.join("policies");
    let mut paths = Vec::new();
    documents(&folder, &mut paths)?;
    paths.sort();
    let mut source = Source::new();
    for path in paths {
        let name = path.strip_prefix(&root)?.to_string_lossy().into_owned();
        source.add(name, fs::read(path)?);
    }
    let policy = source.check()?.into_policy();
    let image = policy.image();
    fs::write(root.join("src/policy/builtin.image"), image)?;
    println!("src/policy/builtin.image: {} bytes, policy {}", image.len(), policy.digest());
    Ok(())
}

fn documents(folder: &Path, out: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            documents(&path, out)?;
        } else if path.extension().is_some_and(|ending| ending == "json") {
            out.push(path);
        }
    }
    Ok(())
}
