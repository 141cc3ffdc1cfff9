//! The files of folders, and standard input.

use super::progress::Progress;
use super::work::each;
use super::{Finding, Scanned, unread};
use crate::failure::ErrorJson;
use crate::find::{Buffer, find};
use crate::place::Place;
use crate::triage::Triage;
use cog_auth::token::redact;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The files in a folder and below it, or the one file; and the folders that may be repositories.
pub(super) fn walk(
    path: &Path,
    places: &mut Vec<Place>,
    folders: &mut Vec<PathBuf>,
    errors: &mut Vec<ErrorJson>,
) {
    if path.is_dir() {
        folders.push(path.to_path_buf());
    }
    let mut entries = WalkDir::new(path).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            // In a repository within another one it is a file.
            Ok(entry) if entry.depth() > 0 && entry.file_name() == ".git" => {
                let folder = entry.path().parent().filter(|_| entry.depth() > 1);
                folders.extend(folder.map(Path::to_path_buf));
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                } else if entry.file_type().is_file() {
                    places.push(Place::File(entry.into_path()));
                }
            }
            // A pipe is read if it was named, and not found. So is what a link leads to.
            Ok(entry) if entry.file_type().is_file() || entry.depth() == 0 => {
                if !entry.path().is_dir() {
                    places.push(Place::File(entry.into_path()));
                }
            }
            Ok(_) => {}
            Err(error) => {
                let failed = error.path().unwrap_or(path).to_path_buf();
                errors.push(unread(&failed, &error.into()));
            }
        }
    }
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
    // A name may have a token in it, too.
    let file = redact(&place.name());
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
