//! The files of folders, and standard input.

use super::progress::Progress;
use super::repository::Repository;
use super::work::each;
use super::{Finding, Scanned, unread};
use crate::exposed_token::has_token;
use crate::failure::ErrorJson;
use crate::find::{Buffer, find};
use crate::place::Place;
use crate::triage::Triage;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What is to be looked into.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) places: Vec<Place>,
    /// The folders that may be repositories.
    pub(super) folders: Vec<PathBuf>,
    /// The files, folders and links in whose names tokens are.
    pub(super) named: Vec<PathBuf>,
}

/// The files in a folder and below it, or the one file.
pub(super) fn walk(path: &Path, walked: &mut Walked, errors: &mut Vec<ErrorJson>) {
    if path.is_dir() {
        walked.folders.push(path.to_path_buf());
    }
    // After those that have files beside them, by whose names their history is known.
    let mut bare = Vec::new();
    let mut entries = WalkDir::new(path).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) if entry.depth() > 0 && has_objects(&entry) => {
                bare.extend(repository_without_files(&entry));
                entries.skip_current_dir();
            }
            Ok(entry) if entry.depth() > 0 && has_large_files(&entry) => {
                entries.skip_current_dir();
            }
            Ok(entry) => {
                if has_token(entry.file_name().as_encoded_bytes()) {
                    walked.named.push(entry.path().to_path_buf());
                }
                // In a repository within another one it is a file.
                if entry.depth() > 1 && entry.file_name() == ".git" {
                    walked.folders.extend(entry.path().parent().map(Path::to_path_buf));
                }
                if is_read(&entry) {
                    walked.places.push(Place::File(entry.into_path()));
                }
            }
            Err(error) => {
                let failed = error.path().unwrap_or(path).to_path_buf();
                // Its own words name the path again. It has an inner error, but for loops of links,
                // which are not followed here.
                let error = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
                errors.push(unread(&failed, &error));
            }
        }
    }
    walked.folders.append(&mut bare);
}

/// The large files of a repository, every version of which Git LFS keeps as it is.
pub(super) fn walk_large_files(
    repository: &Repository,
    walked: &mut Walked,
    errors: &mut Vec<ErrorJson>,
) {
    let folder = repository.store.join("lfs/objects");
    if folder.is_dir() {
        walk(&folder, walked, errors);
    }
}

/// A pipe is read if it was named, and not found. So is what a link leads to.
fn is_read(entry: &DirEntry) -> bool {
    entry.file_type().is_file() || (entry.depth() == 0 && !entry.path().is_dir())
}

/// Whether it is the folder of a repository that has the history, compressed, which `--git` reads.
/// All else of a repository is text as any other: its configuration, hooks and logs.
fn has_objects(entry: &DirEntry) -> bool {
    is_objects(entry) && entry.path().parent().is_some_and(is_repository)
}

/// Whether it is the folder in which Git LFS keeps every version of large files, as they are. They
/// are a part of the history, of which git itself knows nothing.
fn has_large_files(entry: &DirEntry) -> bool {
    let above = entry.path().parent();
    let is_of_lfs = above.and_then(Path::file_name).is_some_and(|name| name == "lfs");
    is_objects(entry) && is_of_lfs && above.and_then(Path::parent).is_some_and(is_repository)
}

fn is_objects(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.file_name() == "objects"
}

/// By what git itself knows one.
fn is_repository(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("refs").is_dir()
}

/// The repository that has these objects, unless it is known by the folder that it is in.
fn repository_without_files(objects: &DirEntry) -> Option<PathBuf> {
    let folder = objects.path().parent().filter(|_| objects.depth() > 1)?;
    let is_one = is_repository(folder) && folder.file_name().is_none_or(|name| name != ".git");
    is_one.then(|| folder.to_path_buf())
}

/// What came out of one file.
struct OfFile {
    findings: Vec<Finding>,
    error: Option<ErrorJson>,
    bytes: u64,
}

/// Looks into each, several at a time.
pub(super) fn scan(places: &[Place], triage: &Triage, progress: &Progress, scanned: &mut Scanned) {
    let of_files = each(places, Buffer::default, |buffer, place| {
        let of_file = scan_one(place, triage, buffer);
        progress.add(of_file.bytes, of_file.findings.len());
        of_file
    });
    for of_file in of_files {
        scanned.files = scanned.files.saturating_add(usize::from(of_file.error.is_none()));
        scanned.bytes = scanned.bytes.saturating_add(of_file.bytes);
        scanned.findings.extend(of_file.findings);
        scanned.errors.extend(of_file.error);
    }
}

fn scan_one(place: &Place, triage: &Triage, buffer: &mut Buffer) -> OfFile {
    let file = place.name();
    let mut findings = Vec::new();
    let note = |found, token: Option<_>| {
        findings.push(Finding::new(&file, found, token.as_ref(), triage));
    };
    let read = match place {
        Place::File(path) => File::open(path).and_then(|from| find(from, buffer, note)),
        Place::Stdin => find(io::stdin().lock(), buffer, note),
    };
    let (bytes, error) = match read {
        Ok(bytes) => (bytes, None),
        Err(error) => (0, Some(unread(&PathBuf::from(place.name()), &error))),
    };
    OfFile { findings, error, bytes }
}
