//! Where cargo puts what it builds.

use crate::run::output;
use std::error::Error;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The target folder, asked of cargo once: it knows `CARGO_TARGET_DIR` and its own settings.
static FOLDER: LazyLock<Result<PathBuf, String>> =
    LazyLock::new(|| ask().map_err(|error| error.to_string()));

/// The folder that cargo builds in, as an absolute path.
pub(crate) fn folder() -> Result<PathBuf, Box<dyn Error>> {
    Ok(FOLDER.clone()?)
}

fn ask() -> Result<PathBuf, Box<dyn Error>> {
    let text = output("cargo metadata --no-deps --format-version=1", &[])?;
    let metadata: serde_json::Value = serde_json::from_str(&text)?;
    let folder = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    Ok(folder.ok_or("cargo metadata says no target_directory")?.into())
}
