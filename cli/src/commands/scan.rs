//! `scan`: which files have tokens in them.

use crate::args::ScanArgs;
use crate::clock;
use crate::failure::{ErrorJson, Failure, json};
use crate::find::{Buffer, Found, find};
use crate::input::Inputs;
use crate::place::Place;
use crate::records::Records;
use crate::report::{Exit, Report};
use crate::style::{BAD, DIM, WARN, paint};
use crate::triage::{Triage, Verdict};
use crate::unseen::plain;
use cog_auth::token::{Handle, redact};
use serde::Serialize;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use walkdir::WalkDir;

#[derive(Serialize)]
struct Scanned {
    findings: Vec<Finding>,
    /// What could not be read.
    errors: Vec<ErrorJson>,
    files: usize,
    bytes: u64,
}

#[derive(Serialize)]
struct Finding {
    file: String,
    line: u64,
    /// In bytes.
    offset: u64,
    /// `parsed`: it is a token by its shape. `looks_like`: it is an older one, a damaged one, or
    /// random text.
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    handle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ours: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip)]
    verdict: Verdict,
}

/// What came out of one file.
#[derive(Default)]
struct OfFile {
    findings: Vec<Finding>,
    error: Option<ErrorJson>,
    bytes: u64,
}

/// Looks for tokens in what the arguments name.
pub(crate) fn run(args: &ScanArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let now = clock::now(args.now.time)?;
    let keys = args.edge_keys.as_ref().map(|place| inputs.edge_keys(place)).transpose()?;
    let records = args.records.as_ref().map(|place| Records::read(place)).transpose()?;
    let triage = Triage::new(keys, records.map(|records| records.all()), now);
    let (mut places, mut errors) = (Vec::new(), Vec::new());
    for place in &args.places {
        match place {
            Place::File(path) => walk(path, args.git, &mut places, &mut errors),
            Place::Stdin => {
                inputs.take_stdin("text to scan")?;
                places.push(Place::Stdin);
            }
        }
    }
    let scanned = collect(scan_all(&places, &triage), errors);
    let exit = match (scanned.findings.is_empty(), scanned.errors.is_empty()) {
        (false, _) => Exit::No,
        (true, false) => Exit::Usage,
        (true, true) => Exit::Yes,
    };
    Ok(Report::new(exit, text(&scanned), json(&scanned)))
}

/// The files in a folder and below it, or the one file.
fn walk(path: &Path, git: bool, places: &mut Vec<Place>, errors: &mut Vec<ErrorJson>) {
    let is_git = |entry: &walkdir::DirEntry| {
        entry.depth() > 0 && entry.file_type().is_dir() && entry.file_name() == ".git"
    };
    let entries = WalkDir::new(path).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| git || !is_git(entry)) {
        match entry {
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

fn unread(path: &Path, error: &io::Error) -> ErrorJson {
    ErrorJson {
        message: Failure::why(error, "read"),
        file: Some(redact(&path.display().to_string())),
        ..ErrorJson::default()
    }
}

/// Looks into each, several at a time, and gives what came out in the same order.
fn scan_all(places: &[Place], triage: &Triage) -> Vec<OfFile> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        let mut buffer = Buffer::default();
        while let Some((at, place)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            places.get(at).map(|place| (at, place))
        } {
            let of_file = scan_one(place, triage, &mut buffer);
            if let Ok(mut done) = done.lock() {
                done.push((at, of_file));
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(places.len());
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, of_file)| of_file).collect()
}

fn scan_one(place: &Place, triage: &Triage, buffer: &mut Buffer) -> OfFile {
    // A name may have a token in it, too.
    let file = redact(&place.name());
    let mut findings = Vec::new();
    let note = |found: Found, bytes: &[u8]| {
        let verdict = triage.judge(found.handle, bytes);
        findings.push(Finding {
            file: file.clone(),
            line: found.line,
            offset: found.offset,
            certainty: if found.handle.is_some() { "parsed" } else { "looks_like" },
            handle: found.handle.as_ref().map(Handle::to_string),
            ours: verdict.ours,
            active: verdict.active,
            code: verdict.code,
            verdict,
        });
    };
    let read = match place {
        Place::File(path) => File::open(path).and_then(|from| find(from, buffer, note)),
        Place::Stdin => find(io::stdin().lock(), buffer, note),
    };
    let (bytes, error) = match read {
        Ok(bytes) => (bytes, None),
        Err(error) => {
            let path = PathBuf::from(place.name());
            (0, Some(unread(&path, &error)))
        }
    };
    OfFile { findings, error, bytes }
}

fn collect(of_files: Vec<OfFile>, mut errors: Vec<ErrorJson>) -> Scanned {
    let mut scanned = Scanned { findings: Vec::new(), errors: Vec::new(), files: 0, bytes: 0 };
    for of_file in of_files {
        scanned.files = scanned.files.saturating_add(usize::from(of_file.error.is_none()));
        scanned.bytes = scanned.bytes.saturating_add(of_file.bytes);
        scanned.findings.extend(of_file.findings);
        errors.extend(of_file.error);
    }
    scanned.errors = errors;
    scanned
}

/// A line for each finding, as tools that jump to places read it.
fn text(scanned: &Scanned) -> String {
    let mut text = String::new();
    for finding in &scanned.findings {
        let style = match finding.verdict {
            Verdict { ours: Some(false), .. } | Verdict { active: Some(false), .. } => DIM,
            _ if finding.handle.is_none() => WARN,
            _ => BAD,
        };
        let shown = finding.handle.as_deref().unwrap_or("cog_");
        let words = finding.verdict.words();
        let words = match (finding.handle.is_some(), words.as_str()) {
            (false, _) => " (looks like one)".to_owned(),
            (true, "") => String::new(),
            (true, words) => format!(" ({words})"),
        };
        let (file, line) = (plain(&finding.file), finding.line);
        text.push_str(&format!("{file}:{line}: {}{words}\n", paint(style, &format!("{shown}…"))));
    }
    for error in &scanned.errors {
        let file = plain(error.file.as_deref().unwrap_or_default());
        text.push_str(&format!("{} {file}: {}\n", paint(BAD, "error:"), plain(&error.message)));
    }
    let count = |number: usize, what: &str| match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    };
    let found = count(scanned.findings.len(), "token");
    let summary = format!("{found} in {}", count(scanned.files, "file"));
    text.push_str(&format!("{}\n", paint(DIM, &summary)));
    text
}
