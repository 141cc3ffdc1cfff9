//! `policy fmt`: documents in order, and laid out.

use crate::args::PolicyFmtArgs;
use crate::diagnostics;
use crate::documents::Documents;
use crate::failure::{Failure, json};
use crate::files;
use crate::input::Inputs;
use crate::layout;
use crate::place::{Place, shown_path};
use crate::report::{Exit, Report};
use crate::style::{BAD, GOOD, paint};
use crate::unseen::plain;
use serde::Serialize;
use std::fs;
use std::path::Path;

#[derive(Serialize)]
struct Formatted<'a> {
    /// The documents that changed, or would.
    changed: Vec<&'a str>,
    unchanged: usize,
    /// The document, if it came from standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a str>,
}

/// Lays out documents. Nothing is written unless all of them could be laid out.
pub(crate) fn run(args: &PolicyFmtArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    if let (Place::File(path), false) = (&args.path, args.check) {
        check_place(path)?;
    }
    let documents = Documents::read(&args.path, args.limits.limits(), inputs)?;
    inputs.note(&documents.notes());
    let source = documents.source();
    source.check_json().map_err(|errors| diagnostics::failure(&documents, &errors))?;
    let mut laid_out = Vec::new();
    for (name, bytes) in &documents.texts {
        // What is no UTF-8 was refused.
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let new = layout::laid_out(text).map_err(|why| Failure::invalid_because(name, why))?;
        laid_out.push((name.as_str(), new, text));
    }
    let changed = || laid_out.iter().filter(|(_, new, old)| new != old);
    let formatted = |document| Formatted {
        changed: changed().map(|(name, _, _)| *name).collect(),
        unchanged: laid_out.len().saturating_sub(changed().count()),
        document,
    };
    if args.check {
        let would = changed().count() > 0;
        let mut text = lines(&formatted(None), BAD, "not laid out:");
        if would {
            text.push_str("`cog-auth policy fmt` lays them out\n");
        }
        let exit = if would { Exit::No } else { Exit::Yes };
        return Ok(Report::new(exit, text, json(&formatted(None))));
    }
    if let (Place::Stdin, [(_, new, _)]) = (&args.path, laid_out.as_slice()) {
        return Ok(Report::new(Exit::Yes, new.clone(), json(&formatted(Some(new)))).verbatim());
    }
    for ((_, new, old), path) in laid_out.iter().zip(&documents.paths) {
        if new != old {
            files::write(path, new.as_bytes())?;
        }
    }
    Ok(Report::new(Exit::Yes, lines(&formatted(None), GOOD, "laid out:"), json(&formatted(None))))
}

/// Refuses what a document can be read from, and not be written back to. What is not there, or
/// cannot be looked at, is told by who reads it.
fn check_place(path: &Path) -> Result<(), Failure> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => Err(Failure::file(
            &shown_path(path),
            "this is no file that a document can be written back to; give a file or a folder, or - \
             to read standard input and print the result",
        )),
        _ => Ok(()),
    }
}

fn lines(formatted: &Formatted<'_>, style: anstyle::Style, what: &str) -> String {
    let mut text = String::new();
    for name in &formatted.changed {
        text.push_str(&format!("{} {}\n", paint(style, what), plain(name)));
    }
    text.push_str(&format!("{} unchanged\n", super::count(formatted.unchanged, "document")));
    text
}
