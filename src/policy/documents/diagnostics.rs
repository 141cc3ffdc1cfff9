//! Collecting the errors of documents: each with its place, its sentence and, if a known name is
//! close to an unknown one, a suggestion.

use super::errors::Errors;
use super::text::message;
use super::tree::{Node, Span};
use crate::error::{Code, Error, Place};
use alloc::string::String;
use alloc::vec::Vec;

/// How many errors are recorded. Nobody reads more, and finding their places takes time.
const MAX_ERRORS: usize = 100;

/// How many errors may have a suggestion. Finding one compares the name with all that are declared.
const MAX_SUGGESTIONS: usize = 10;

/// A document: its name, and its text up to the first byte that is not UTF-8.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

/// The documents of a policy, and what was found wrong with them so far.
///
/// The checks are methods of this type, in the file of what they check. They go on after an error,
/// so that a user sees all of them at once, and give `None` or `false` for what cannot be used
/// further.
#[derive(Debug, Default)]
pub(super) struct Diagnostics<'a> {
    pub(super) documents: Vec<Document<'a>>,
    /// In the order of documents and places.
    found: Vec<Diagnostic>,
}

/// An error whose place is not worked out yet.
#[derive(Debug)]
struct Diagnostic {
    /// The number of the first document with the name of this one, and the offset.
    order: (usize, usize),
    code: Code,
    span: Span,
    message: String,
    suggestion: Option<String>,
}

impl Diagnostics<'_> {
    /// Records an error. Its message is a pattern and the parts for it ([`message`]).
    pub(super) fn error(&mut self, code: Code, span: Span, pattern: &str, parts: &[&str]) {
        self.record(code, span, pattern, parts, None);
    }

    /// Records an error about an unknown name, which is the message's first part. The known name
    /// that is closest to it becomes the suggestion, if one is close.
    pub(super) fn unknown<'k>(
        &mut self,
        code: Code,
        span: Span,
        pattern: &str,
        parts: &[&str],
        known: &dyn Fn() -> Vec<&'k str>,
    ) {
        let name = parts.first().filter(|_| self.found.len() < MAX_SUGGESTIONS);
        let suggestion = name.and_then(|name| closest(name, &known())).map(String::from);
        self.record(code, span, pattern, parts, suggestion);
    }

    /// Whether no error was recorded so far.
    pub(super) fn is_clean(&self) -> bool {
        self.found.is_empty()
    }

    fn record(
        &mut self,
        code: Code,
        span: Span,
        pattern: &str,
        parts: &[&str],
        suggestion: Option<String>,
    ) {
        if self.found.len() >= MAX_ERRORS {
            return;
        }
        let name = self.documents.get(span.document).map(|document| document.name);
        let first = self.documents.iter().position(|document| Some(document.name) == name);
        let order = (first.unwrap_or(0), span.start);
        let place = self.found.partition_point(|found| found.order <= order);
        let message = message(pattern, parts);
        self.found.insert(place, Diagnostic { order, code, span, message, suggestion });
    }

    /// Ends a step: gives the errors that it recorded, in the order of documents and places, if
    /// there are any. `roots` are the documents' trees once all of them are read; before, an error
    /// has no JSON pointer.
    pub(super) fn verdict(&mut self, roots: &[Node<'_>]) -> Result<(), Errors> {
        let found = core::mem::take(&mut self.found).into_iter();
        let errors = found.map(|found| found.into_error(&self.documents, roots)).collect();
        Errors::of(errors).map_or(Ok(()), Err)
    }
}

impl Diagnostic {
    fn into_error(self, documents: &[Document<'_>], roots: &[Node<'_>]) -> Error {
        let Self { code, span, message, suggestion, .. } = self;
        let mut place = Place { message, suggestion, ..Place::default() };
        if let Some(document) = documents.get(span.document) {
            place.document = String::from(document.name);
            if let Some(root) = roots.get(span.document) {
                place.pointer = root.pointer_to(span.start);
            }
            (place.line, place.column) = (1, 1);
            for byte in document.text.get(..span.start).unwrap_or(document.text).bytes() {
                match byte {
                    b'\n' => {
                        (place.line, place.column) = (place.line.saturating_add(1), 1);
                    }
                    // A byte that continues a character: columns count characters.
                    0x80..=0xbf => {}
                    _ => place.column = place.column.saturating_add(1),
                }
            }
            place.length = span.end.saturating_sub(span.start);
        }
        Error::placed(code, span.start, place)
    }
}

/// The known name that a misspelt one was probably meant to be: the closest one, if at most a third
/// of the characters would have to change, or a single one.
fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name: Vec<char> = name.chars().collect();
    let far = (name.len() / 3).max(1);
    let mut best = None;
    for other in known {
        if other.chars().count().abs_diff(name.len()) <= far {
            let candidate = (distance(&name, other), *other);
            if candidate.0 <= far && best.is_none_or(|best| candidate < best) {
                best = Some(candidate);
            }
        }
    }
    best.map(|(_, other)| other)
}

/// How many insertions, deletions and replacements of characters lead from one name to the other
/// (their Levenshtein distance). Upper and lower case of ASCII letters are the same here.
///
/// `column` holds the distances of all beginnings of `from` to the beginning of `to` that was
/// looked at so far.
fn distance(from: &[char], to: &str) -> usize {
    let mut column: Vec<usize> = (0..=from.len()).collect();
    for (index, b) in to.chars().enumerate() {
        let mut corner = index;
        let mut above = index.saturating_add(1);
        let mut rows = column.iter_mut();
        if let Some(first) = rows.next() {
            *first = above;
        }
        for (row, a) in rows.zip(from) {
            let replaced = corner.saturating_add(usize::from(!a.eq_ignore_ascii_case(&b)));
            corner = *row;
            above = replaced.min(above.saturating_add(1)).min(corner.saturating_add(1));
            *row = above;
        }
    }
    column.last().copied().unwrap_or(0)
}
