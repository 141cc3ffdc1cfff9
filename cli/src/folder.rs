//! The documents or records in a folder. Whatever is in it is found, refused, or told as passed
//! over: a guard that an author believes in, or a credential to be revoked, must not be left out in
//! silence.

use crate::failure::Failure;
use crate::place::shown_path;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How deep folders may be nested.
const MAX_FOLDERS: usize = 16;

/// What a folder is read for.
#[derive(Clone, Copy)]
pub(crate) enum Contents {
    /// Documents of a policy.
    Documents,
    /// Records of credentials.
    Records,
}

impl Contents {
    /// The endings of the files that are read.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Documents => &["json"],
            Self::Records => &["json", "jsonl"],
        }
    }

    /// Why a file is passed over.
    const fn no_such_file(self) -> &'static str {
        match self {
            Self::Documents => "it is no document: documents end in .json",
            Self::Records => "it has no records: they are in files that end in .json or .jsonl",
        }
    }

    /// Why a file is refused.
    const fn only_looks_so(self) -> &'static str {
        match self {
            Self::Documents => {
                "it looks like a document, and documents are JSON and end in .json; rename it, or \
                 take it out of the folder"
            }
            Self::Records => {
                "it looks like records, and those are JSON in files that end in .json or .jsonl; \
                 rename it, or take it out of the folder"
            }
        }
    }
}

/// Endings of files that somebody may take for documents or records, in lower case. Those that are
/// not read are refused.
const LOOKALIKES: [&str; 7] = ["json", "jsonc", "json5", "jsonl", "hjson", "yaml", "yml"];

/// How many files and folders are looked at. A link may lead to all that a machine has.
const MAX_ENTRIES: usize = 100_000;

/// What a folder has.
#[derive(Default)]
pub(crate) struct Found {
    /// What is to be read, sorted.
    pub(crate) files: Vec<PathBuf>,
    /// Sorted by path.
    pub(crate) passed_over: Vec<PassedOver>,
}

/// Something that is not read, and why.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PassedOver {
    pub(crate) path: PathBuf,
    pub(crate) why: String,
}

/// Finds the files in a folder and in all folders in it, linked ones too.
pub(crate) fn find(folder: &Path, contents: Contents) -> Result<Found, Failure> {
    let mut search = Search {
        contents,
        found: Found::default(),
        seen: BTreeMap::new(),
        links: Vec::new(),
        entries: 0,
    };
    let real = real(folder)?;
    search.seen.insert(real.clone(), folder.to_path_buf());
    search.folder(folder, &mut vec![real])?;
    // What is there itself goes before what is linked, so that a thing is known by its own name.
    while let Some(Link { path, mut above }) = search.links.pop() {
        search.link(&path, &mut above)?;
    }
    let mut found = search.found;
    found.files.sort();
    found.passed_over.sort();
    Ok(found)
}

struct Search {
    contents: Contents,
    found: Found,
    /// Where each file and folder that was found really is, and as what it was found.
    seen: BTreeMap<PathBuf, PathBuf>,
    /// The links that were met and not followed yet.
    links: Vec<Link>,
    /// How many files and folders were met.
    entries: usize,
}

struct Link {
    path: PathBuf,
    /// Where the folders that it is in really are, the outermost first.
    above: Vec<PathBuf>,
}

impl Search {
    fn folder(&mut self, folder: &Path, above: &mut Vec<PathBuf>) -> Result<(), Failure> {
        if above.len() > MAX_FOLDERS.saturating_add(1) {
            let why = format!("folders are nested more than {MAX_FOLDERS} deep");
            return Err(Failure::file(&shown_path(folder), why));
        }
        let failed = |error: &io::Error| Failure::system(folder, "read", error);
        let entries = fs::read_dir(folder).map_err(|error| failed(&error))?;
        let left = MAX_ENTRIES.saturating_sub(self.entries);
        let entries = entries.take(left.saturating_add(1)).collect::<Result<Vec<_>, _>>();
        let mut entries = entries.map_err(|error| failed(&error))?;
        if entries.len() > left {
            let why = format!("there are more than {MAX_ENTRIES} files and folders to look at");
            return Err(Failure::file(&shown_path(folder), why));
        }
        self.entries = self.entries.saturating_add(entries.len());
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut links = Vec::new();
        for entry in entries {
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| failed(&error))?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                self.pass_over(path, "its name begins with a dot");
            } else if kind.is_symlink() {
                links.push(Link { path, above: above.clone() });
            } else if kind.is_dir() {
                let real = real(&path)?;
                self.seen.insert(real.clone(), path.clone());
                above.push(real);
                self.folder(&path, above)?;
                above.pop();
            } else {
                self.file(path, kind)?;
            }
        }
        // The last is followed first.
        links.reverse();
        self.links.append(&mut links);
        Ok(())
    }

    fn link(&mut self, path: &Path, above: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let name = shown_path(path);
        let target = fs::canonicalize(path)
            .map_err(|error| Failure::file(&name, format!("the link leads to nothing: {error}")))?;
        if above.iter().any(|folder| folder.starts_with(&target)) {
            let why = "the link leads back to a folder that it is in, and so to no end";
            return Err(Failure::file(&name, why));
        }
        if let Some(known) = self.seen.get(&target) {
            let why = format!("it is read already, as {}", shown_path(known));
            self.pass_over(path.to_path_buf(), why);
            return Ok(());
        }
        let metadata = fs::metadata(path).map_err(|error| Failure::system(path, "read", &error))?;
        if metadata.is_dir() {
            self.seen.insert(target.clone(), path.to_path_buf());
            above.push(target);
            return self.folder(path, above);
        }
        self.file(path.to_path_buf(), metadata.file_type())
    }

    fn file(&mut self, path: PathBuf, kind: fs::FileType) -> Result<(), Failure> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
        let lower = ending.as_deref().map(str::to_ascii_lowercase);
        if !lower.is_some_and(|lower| LOOKALIKES.contains(&&*lower)) {
            self.pass_over(path, self.contents.no_such_file());
            return Ok(());
        }
        let name = shown_path(&path);
        let ending = ending.unwrap_or_default();
        if !self.contents.endings().contains(&&*ending) {
            return Err(Failure::file(&name, self.contents.only_looks_so()));
        }
        // A pipe would be waited for.
        if !kind.is_file() {
            let why = format!("it ends in .{ending} and is no file that can be read");
            return Err(Failure::file(&name, why));
        }
        let real = real(&path)?;
        if let Some(known) = self.seen.insert(real, path.clone()) {
            self.pass_over(path, format!("it is read already, as {}", shown_path(&known)));
        } else {
            self.found.files.push(path);
        }
        Ok(())
    }

    fn pass_over(&mut self, path: PathBuf, why: impl Into<String>) {
        self.found.passed_over.push(PassedOver { path, why: why.into() });
    }
}

fn real(path: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(path).map_err(|error| Failure::system(path, "read", &error))
}
