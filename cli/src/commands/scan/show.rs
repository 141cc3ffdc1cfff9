//! What was found, for people: a line each, as tools that jump to places read it.

use super::{Finding, Scanned};
use crate::style::{BAD, DIM, WARN, paint};
use crate::unseen::plain;

/// How many characters of a commit's id are shown.
const SHORT: usize = 12;

pub(super) fn text(scanned: &Scanned) -> String {
    let mut text = String::new();
    for finding in &scanned.findings {
        let style = match &finding.handle {
            Some(_) if finding.verdict.is_harmless() => DIM,
            Some(_) => BAD,
            None => WARN,
        };
        let shown = paint(style, &format!("{}…", finding.handle.as_deref().unwrap_or("cog_")));
        let words = match words(finding) {
            words if words.is_empty() => words,
            words => format!(" ({words})"),
        };
        text.push_str(&format!("{}: {shown}{words}\n", place(finding)));
    }
    for error in &scanned.errors {
        let file = plain(error.file.as_deref().unwrap_or_default());
        text.push_str(&format!("{} {file}: {}\n", paint(BAD, "error:"), plain(&error.message)));
    }
    let found = count(scanned.findings.len(), "token");
    let files = count(scanned.files, "file");
    let history = match scanned.objects {
        Some(objects) => format!(" and {} of git", count(objects, "object")),
        None => String::new(),
    };
    text.push_str(&format!("{}\n", paint(DIM, &format!("{found} in {files}{history}"))));
    text
}

/// The file and the line, behind the commit, as `git grep` shows them.
fn place(finding: &Finding) -> String {
    let commit = finding.commit.as_deref().map(|id| id.get(..SHORT).unwrap_or(id));
    let commit = commit.map_or_else(String::new, |id| format!("{}:", plain(id)));
    format!("{commit}{}:{}", plain(&finding.file), finding.line)
}

/// In which encodings it is, and what is known of it.
pub(super) fn words(finding: &Finding) -> String {
    let encodings = finding.encodings.join(" of ").replace('_', " ");
    let verdict = match &finding.handle {
        Some(_) => finding.verdict.words(),
        None => "looks like one".to_owned(),
    };
    let place = if finding.in_name { "in the name" } else { "" };
    let parts = [place.to_owned(), encodings, verdict].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

pub(super) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
