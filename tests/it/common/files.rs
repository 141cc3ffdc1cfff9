//! The files of the repository, and policies from documents.

use cog_auth::Error;
use cog_auth::policy::Source;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All JSON files below a folder, sorted, with their names relative to it. A folder without any
/// fails the test.
pub fn json_files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no JSON files in {}", folder.display());
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// A folder of documents as a policy source.
pub fn source(folder: &Path) -> Source {
    let mut source = Source::new();
    for (name, text) in json_files(folder) {
        source.add(name, text);
    }
    source
}

/// Everything that is wrong with documents; nothing where they are valid.
pub fn errors_of(source: &Source) -> Vec<Error> {
    source.check().err().into_iter().flatten().collect()
}

/// Documents as a policy source, named by their place.
pub fn documents<'t>(texts: impl IntoIterator<Item = &'t str>) -> Source {
    let mut source = Source::new();
    for (index, text) in texts.into_iter().enumerate() {
        source.add(format!("{index}.json"), text);
    }
    source
}
