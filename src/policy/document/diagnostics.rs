//! Errors in documents: each with its place, its sentence and, where one is close, a suggestion.

use super::tree::{Node, Span};
use crate::error::{Code, Error, Place};
use alloc::string::String;
use alloc::vec::Vec;

/// How many errors are recorded: who has more will not read them, and finding their places takes time.
pub(super) const MAX_ERRORS: usize = 100;

/// How many errors may have a suggestion: finding one compares the name with all that are declared.
const MAX_SUGGESTIONS: usize = 10;

/// A document that was read, with its name.
#[derive(Clone, Debug)]
pub(super) struct Document<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    pub(super) root: Option<Node>,
}

/// The documents of a policy, and what is wrong with them.
#[derive(Debug)]
pub(super) struct Diagnostics<'a> {
    pub(super) documents: Vec<Document<'a>>,
    pub(super) errors: Vec<Error>,
}

impl Diagnostics<'_> {
    pub(super) fn error(&mut self, code: Code, span: Span, message: String) {
        self.suggest(code, span, message, None);
    }

    /// Records an error about a name, suggesting the declared one that is closest.
    pub(super) fn unknown<'n>(
        &mut self,
        code: Code,
        span: Span,
        message: String,
        name: &str,
        declared: impl IntoIterator<Item = &'n str>,
    ) {
        let suggestion =
            if self.errors.len() < MAX_SUGGESTIONS { closest(name, declared) } else { None };
        let suggestion = suggestion.map(String::from);
        self.suggest(code, span, message, suggestion);
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    fn suggest(&mut self, code: Code, span: Span, message: String, suggestion: Option<String>) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        let Some(document) = self.documents.get(span.document) else {
            self.errors.push(Error::placed(
                code,
                span.start,
                Place { message, ..Place::default() },
            ));
            return;
        };
        let before = document.text.get(..span.start).unwrap_or(document.text);
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let place = Place {
            document: String::from(document.name),
            pointer: document
                .root
                .as_ref()
                .map_or_else(String::new, |root| root.pointer_to(span.start)),
            line: before.matches('\n').count().saturating_add(1),
            column: before
                .get(line_start..)
                .map_or(0, |line| line.chars().count())
                .saturating_add(1),
            length: span.end.saturating_sub(span.start),
            message,
            suggestion,
        };
        self.errors.push(Error::placed(code, span.start, place));
    }
}

/// The declared name that a misspelt one was probably meant to be.
fn closest<'n>(name: &str, declared: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let far = (name.chars().count() / 3).max(1);
    declared
        .into_iter()
        .filter(|other| other.chars().count().abs_diff(name.chars().count()) <= far)
        .map(|other| (distance(name, other), other))
        .filter(|(distance, _)| *distance <= far)
        .min()
        .map(|(_, other)| other)
}

/// How many insertions, deletions and replacements of characters lead from one name to the other, whatever their case.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, a) in from.chars().enumerate() {
        let mut corner = index;
        let mut left = index.saturating_add(1);
        let mut next = alloc::vec![left];
        for (b, above) in to.iter().zip(row.iter().skip(1)) {
            let replaced = corner.saturating_add(usize::from(!a.eq_ignore_ascii_case(b)));
            left = replaced.min(left.saturating_add(1)).min(above.saturating_add(1));
            corner = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
