//! The documents of a policy, as files.

use crate::failure::Failure;
use crate::files::{read, read_file};
use cog_auth::policy::{Limits, Source};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How deep folders may be nested.
const MAX_FOLDERS: usize = 16;

/// The documents of a policy as they were read: for the library, and to show errors in them.
pub(crate) struct Documents {
    /// Names and texts, sorted by name.
    pub(crate) texts: Vec<(String, Vec<u8>)>,
}

impl Documents {
    /// Reads one file; or a folder and all folders in it, and there every `*.json` that is not
    /// hidden.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut paths = Vec::new();
        let metadata = fs::metadata(path).map_err(|error| Failure::system(path, "read", &error))?;
        if metadata.is_dir() {
            find(path, MAX_FOLDERS, &mut paths)?;
            paths.sort();
            if paths.is_empty() {
                let why = "the folder has no document, that is no file *.json";
                return Err(Failure::file(&path.display().to_string(), why));
            }
        } else {
            paths.push(path.to_path_buf());
        }
        let limits = Limits::default();
        let mut texts = Vec::new();
        let mut total = 0_usize;
        for path in paths {
            // What is over the limits is refused by the library, but need not be read for that.
            let text = read_file(&path, limits.document_bytes)?;
            total = total.saturating_add(text.len());
            texts.push((path.display().to_string(), text));
            if total > limits.total_bytes {
                break;
            }
        }
        Ok(Self { texts })
    }

    /// The same documents for the library.
    pub(crate) fn source(&self) -> Source {
        let mut source = Source::new();
        for (name, text) in &self.texts {
            source.add(name.as_str(), text);
        }
        source
    }
}

/// Whether a path is that of a compiled image. Anything is, that is neither a folder nor a JSON
/// document by its name or by its first character.
pub(crate) fn is_image(path: &Path) -> Result<bool, Failure> {
    let metadata = fs::metadata(path).map_err(|error| Failure::system(path, "read", &error))?;
    if metadata.is_dir() || path.extension().is_some_and(|ending| ending == "json") {
        return Ok(false);
    }
    let file = fs::File::open(path).map_err(|error| Failure::system(path, "read", &error))?;
    let start = read(file, 64).map_err(|error| Failure::system(path, "read", &error))?;
    Ok(start.trim_ascii_start().first() != Some(&b'{'))
}

/// Adds the documents of a folder, which may have this many levels of folders in it.
fn find(folder: &Path, levels: usize, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::system(folder, "read", error);
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // A link to a folder could lead back here, so it is not followed.
        if entry.file_type().map_err(|error| failed(&error))?.is_dir() {
            let Some(levels) = levels.checked_sub(1) else {
                let why = format!("folders are nested more than {MAX_FOLDERS} deep");
                return Err(Failure::file(&path.display().to_string(), why));
            };
            find(&path, levels, out)?;
        } else if path.extension().is_some_and(|ending| ending == "json") {
            out.push(path);
        }
    }
    Ok(())
}
