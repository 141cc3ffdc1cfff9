//! Collecting the errors and the warnings of documents: each with its place, its sentence and, if a
//! known name is close to an unknown one, a suggestion.

use super::errors::Errors;
use super::suggest::Suggestions;
use super::text::{digits, message};
use super::tree::{Node, SourceSpan};
use crate::error::{Code, Error, Place};
use alloc::string::String;
use alloc::vec::Vec;

/// How many errors are recorded, and how many warnings. Nobody reads more, and finding their places
/// takes time. The others are counted.
const MAX_FOUND: usize = 100;

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
    errors: Found,
    warnings: Found,
    suggestions: Suggestions,
}

/// The errors that were found, or the warnings.
#[derive(Debug, Default)]
struct Found {
    /// In the order of documents and places.
    list: Vec<Diagnostic>,
    /// How many more there were.
    omitted: usize,
}

/// An error or a warning whose place is not worked out yet.
#[derive(Debug)]
struct Diagnostic {
    /// The number of the document, and the offset. Documents of one name count as the first of
    /// them.
    order: (usize, usize),
    code: Code,
    span: SourceSpan,
    message: String,
    suggestion: Option<String>,
}

impl Diagnostics<'_> {
    /// Records an error. Its message is a pattern and the parts for it ([`message`]).
    pub(super) fn error(&mut self, code: Code, span: SourceSpan, pattern: &str, parts: &[&str]) {
        self.errors.add(&self.documents, code, span, || (message(pattern, parts), None));
    }

    /// Records an error about an unknown name, which is the message's first part. The known name
    /// that is closest to it becomes the suggestion, if one is close.
    pub(super) fn unknown<'k>(
        &mut self,
        code: Code,
        span: SourceSpan,
        pattern: &str,
        parts: &[&str],
        known: &dyn Fn() -> Vec<&'k str>,
    ) {
        let suggestions = &mut self.suggestions;
        self.errors.add(&self.documents, code, span, || {
            (message(pattern, parts), suggestions.of_first(parts, known))
        });
    }

    /// Records a warning, with what to write instead where that is known.
    pub(super) fn warning(
        &mut self,
        code: Code,
        span: SourceSpan,
        pattern: &str,
        parts: &[&str],
        suggestion: Option<String>,
    ) {
        self.warnings.add(&self.documents, code, span, || (message(pattern, parts), suggestion));
    }

    /// Records a warning about an unknown name, as [`Diagnostics::unknown`] does an error.
    pub(super) fn warning_unknown<'k>(
        &mut self,
        code: Code,
        span: SourceSpan,
        pattern: &str,
        parts: &[&str],
        known: &dyn Fn() -> Vec<&'k str>,
    ) {
        let suggestions = &mut self.suggestions;
        self.warnings.add(&self.documents, code, span, || {
            (message(pattern, parts), suggestions.of_first(parts, known))
        });
    }

    /// Where something stands, in words for an error. There are none where no more errors are
    /// recorded: each would go over the document once more.
    pub(super) fn place_of(&self, span: SourceSpan) -> String {
        let document = self.documents.get(span.document());
        let Some(document) = document.filter(|_| self.errors.list.len() < MAX_FOUND) else {
            return String::new();
        };
        let mut position = Position::default();
        position.go_over(document.text.get(..span.start()).unwrap_or(document.text));
        message("`{}`, line {=}", &[document.name, &digits(position.line)])
    }

    /// Whether no error was recorded so far.
    pub(super) fn is_clean(&self) -> bool {
        self.errors.list.is_empty()
    }

    /// Ends a step: fails with the errors that it recorded, in the order of documents and places,
    /// if there are any. `roots` are the documents' trees. Before all documents are read there are
    /// none, and errors have no JSON pointer then.
    pub(super) fn end_step(&mut self, roots: &[Node<'_>]) -> Result<(), Errors> {
        let found = core::mem::take(&mut self.errors);
        let omitted = found.omitted;
        Errors::of(found.placed(&self.documents, roots), omitted).map_or(Ok(()), Err)
    }

    /// The warnings of documents without errors, and how many more there were.
    pub(super) fn into_warnings(self, roots: &[Node<'_>]) -> (Vec<Error>, usize) {
        let omitted = self.warnings.omitted;
        (self.warnings.placed(&self.documents, roots), omitted)
    }
}

impl Found {
    /// Adds one, unless there are enough already. Then it is only counted, and its words are not
    /// made.
    fn add(
        &mut self,
        documents: &[Document<'_>],
        code: Code,
        span: SourceSpan,
        words: impl FnOnce() -> (String, Option<String>),
    ) {
        if self.list.len() >= MAX_FOUND {
            self.omitted = self.omitted.saturating_add(1);
            return;
        }
        let name = documents.get(span.document()).map(|document| document.name);
        let first = documents.iter().position(|document| Some(document.name) == name);
        let order = (first.unwrap_or(0), span.start());
        let (message, suggestion) = words();
        let place = self.list.partition_point(|found| found.order <= order);
        self.list.insert(place, Diagnostic { order, code, span, message, suggestion });
    }

    fn placed(self, documents: &[Document<'_>], roots: &[Node<'_>]) -> Vec<Error> {
        self.list.into_iter().map(|found| found.into_error(documents, roots)).collect()
    }
}

impl Diagnostic {
    fn into_error(self, documents: &[Document<'_>], roots: &[Node<'_>]) -> Error {
        let Self { code, span, message, suggestion, .. } = self;
        let mut place = Place { message, suggestion, ..Place::default() };
        if let Some(document) = documents.get(span.document()) {
            place.document = String::from(document.name);
            if let Some(root) = roots.get(span.document()) {
                place.pointer = root.pointer_to(span.start());
            }
            let mut position = Position::default();
            position.go_over(document.text.get(..span.start()).unwrap_or(document.text));
            (place.line, place.column) = (position.line, position.column);
            place.length = span.bytes();
        }
        Error::placed(code, span.start(), place)
    }
}

/// A place in a text as editors count it, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Default for Position {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

impl Position {
    /// Goes on to what stands behind a text.
    pub(super) fn go_over(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'\n' => (self.line, self.column) = (self.line.saturating_add(1), 1),
                // A byte that continues a character: columns count characters.
                0x80..=0xbf => {}
                _ => self.column = self.column.saturating_add(1),
            }
        }
    }
}
