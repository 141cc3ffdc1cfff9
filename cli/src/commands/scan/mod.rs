//! `scan`: which files, and which versions of them, have tokens in them.

mod history;
mod objects;
mod places;
mod progress;
mod repository;
mod sarif;
mod show;
mod work;

use crate::args::ScanArgs;
use crate::clock;
use crate::failure::{ErrorJson, Failure, json};
use crate::find::Found;
use crate::input::Inputs;
use crate::place::{Place, shown_path};
use crate::records::Records;
use crate::report::{Exit, Report};
use crate::triage::{Triage, Verdict};
use cog_auth::token::{Handle, Token, scan_decoding};
use places::Walked;
use progress::Progress;
use repository::Repository;
use serde::Serialize;
use std::collections::HashSet;
use std::io;
use std::ops::Not;
use std::path::Path;

/// All that was found, and what could not be read.
#[derive(Default, Serialize)]
struct Scanned {
    findings: Vec<Finding>,
    errors: Vec<ErrorJson>,
    files: usize,
    /// What was read from the history of repositories.
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<usize>,
    bytes: u64,
}

#[derive(Serialize)]
struct Finding {
    file: String,
    /// The first commit that has it, where it was found in a history; the object itself, where no
    /// commit has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    line: u64,
    /// Whether it is in the last part of the name, and line, offset and length are of that.
    #[serde(skip_serializing_if = "Not::not")]
    in_name: bool,
    /// In bytes.
    offset: u64,
    length: u64,
    /// `parsed`: it is a token by its shape. `looks_like`: it is an older one, a damaged one, or
    /// random text.
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    handle: Option<String>,
    /// From the outside to the inside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encodings: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ours: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip)]
    verdict: Verdict,
    /// The repository's folder, where it is in a message and so in no file.
    #[serde(skip)]
    folder: Option<String>,
}

impl Finding {
    /// The token is read once, to be judged, and is not kept.
    fn new(file: &str, found: Found, token: Option<&Token>, triage: &Triage) -> Self {
        let verdict = triage.judge(token);
        Self {
            file: file.to_owned(),
            commit: None,
            line: found.line,
            in_name: false,
            offset: found.offset,
            length: found.length,
            certainty: found.certainty,
            handle: found.handle.as_ref().map(Handle::to_string),
            encodings: found.encodings,
            ours: verdict.ours,
            active: verdict.active,
            code: verdict.code,
            verdict,
            folder: None,
        }
    }

    /// The same, found in a history.
    fn in_commit(self, commit: &str) -> Self {
        Self { commit: Some(commit.to_owned()), ..self }
    }
}

/// Looks for tokens in what the arguments name.
pub(crate) fn run(args: &ScanArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let now = clock::now(args.now.time)?;
    let keys = args.edge_keys.as_ref().map(|place| inputs.edge_keys(place)).transpose()?;
    let records = args.records.as_ref().map(|place| Records::read(place)).transpose()?;
    let triage = Triage::new(keys, records.map(|records| records.all()), now);
    let mut scanned = Scanned::default();
    let mut walked = Walked::default();
    let mut named = HashSet::new();
    for place in &args.places {
        match place {
            // The same place is looked into once, however it is written.
            Place::File(path) if !named.insert(path.canonicalize().unwrap_or(path.clone())) => {}
            Place::File(path) => places::walk(path, &mut walked, &mut scanned.errors),
            Place::Stdin => {
                inputs.take_stdin("text to scan")?;
                walked.places.push(Place::Stdin);
            }
        }
    }
    let mut repositories = Vec::new();
    if args.git {
        if walked.folders.is_empty() {
            return Err(Failure::usage(
                "--git looks through the history of repositories in folders, and no folder was named",
            ));
        }
        repositories = Repository::all(&walked.folders, &mut scanned.errors);
        for repository in &repositories {
            places::walk_large_files(repository, &mut walked, &mut scanned.errors);
        }
    }
    let progress = Progress::default();
    progress.shown_during(|| {
        for path in &walked.named {
            scanned.findings.extend(scan_name(path, &triage));
        }
        places::scan(&walked.places, &triage, &progress, &mut scanned);
        for repository in &repositories {
            history::scan(repository, &triage, &progress, &mut scanned);
        }
    });
    let exit = match (scanned.findings.is_empty(), scanned.errors.is_empty()) {
        (false, _) => Exit::No,
        (true, false) => Exit::Usage,
        (true, true) => Exit::Yes,
    };
    if args.sarif {
        let text = format!("{}\n", json(&sarif::log(&scanned)));
        return Ok(Report::new(exit, text, String::new()).verbatim());
    }
    Ok(Report::new(exit, show::text(&scanned), json(&scanned)))
}

/// The tokens in the last part of a name. What only looks like one is a name as any other.
fn scan_name(path: &Path, triage: &Triage) -> Vec<Finding> {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let file = shown_path(path);
    let found = scan_decoding(name).filter_map(|found| Some((found.token(name)?, found)));
    let finding = |(token, found)| {
        let found = Found::on_line(1, &found);
        Finding { in_name: true, ..Finding::new(&file, found, Some(&token), triage) }
    };
    found.map(finding).collect()
}

/// Something that could not be read, and why.
fn unread(path: &Path, error: &io::Error) -> ErrorJson {
    because(path, Failure::why(error, "read"))
}

fn because(path: &Path, message: impl Into<String>) -> ErrorJson {
    let file = Some(shown_path(path));
    ErrorJson { message: message.into(), file, ..ErrorJson::default() }
}
