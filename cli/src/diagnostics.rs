//! Errors and warnings about policy documents, shown where they are.

use crate::documents::Documents;
use crate::failure::{ErrorJson, Failure};
use crate::style;
use crate::unseen::plain;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use cog_auth::policy::{Checked, Errors};
use cog_auth::{Code, Error};
use std::borrow::Cow;
use std::ops::Range;

/// The failure of a command whose documents have errors.
pub(crate) fn failure(documents: &Documents, errors: &Errors) -> Failure {
    let json: Vec<ErrorJson> = errors.iter().map(ErrorJson::from).collect();
    Failure::policy(text(documents, errors), &json, errors.omitted())
}

/// The errors, each with the line it is on, and how many they are.
fn text(documents: &Documents, errors: &Errors) -> String {
    let mut out = groups(documents, errors, &Level::ERROR);
    let summary = counted(errors.len(), errors.omitted(), "error");
    out.push_str(&style::paint(style::BAD, &summary));
    out.push('\n');
    out
}

/// The warnings of documents without errors, each with the line it is on, and how many they are;
/// nothing if there are none.
pub(crate) fn warnings(documents: &Documents, checked: &Checked) -> String {
    let mut out = groups(documents, checked.warnings(), &Level::WARNING);
    if !out.is_empty() {
        let (shown, omitted) = (checked.warnings().len(), checked.omitted_warnings());
        out.push_str(&style::paint(style::WARN, &counted(shown, omitted, "warning")));
        out.push('\n');
    }
    out
}

fn groups<'e>(
    documents: &Documents,
    errors: impl IntoIterator<Item = &'e Error>,
    level: &Level<'static>,
) -> String {
    let renderer = Renderer::styled().term_width(style::width());
    let mut out = String::new();
    for error in errors {
        out.push_str(&renderer.render(&[group(documents, error, level)]));
        out.push_str("\n\n");
    }
    out
}

fn counted(shown: usize, omitted: usize, what: &str) -> String {
    match (shown, omitted) {
        (1, 0) => format!("1 {what}"),
        (number, 0) => format!("{number} {what}s"),
        (number, omitted) => {
            format!(
                "{} {what}s, of which the first {number} are shown",
                number.saturating_add(omitted)
            )
        }
    }
}

fn group<'a>(documents: &'a Documents, error: &'a Error, level: &Level<'static>) -> Group<'a> {
    let name = error.document().unwrap_or_default();
    let title = level.clone().primary_title(plain(error.message())).id(error.code().name());
    // Of a document over the limit of bytes, no line is to blame.
    let text = (error.code() != Code::TooLarge)
        .then(|| documents.texts.iter().find(|(other, _)| other == name))
        .flatten()
        .map(|(_, text)| shown(text, error));
    let group = match text {
        Some(text) => {
            let span = AnnotationKind::Primary.span(span(&text, error));
            title.element(Snippet::source(text).path(plain(name)).annotation(span))
        }
        None => title.element(Origin::path(plain(name))),
    };
    let number = error.code().number();
    let place = match error.pointer() {
        Some(pointer) if !pointer.is_empty() => format!("code {number}, at {}", plain(pointer)),
        _ => format!("code {number}"),
    };
    let group = group.element(Level::NOTE.message(place));
    match error.suggestion() {
        Some(name) => {
            group.element(Level::HELP.message(format!("did you mean `{}`?", plain(name))))
        }
        None => group,
    }
}

/// The text of a document. What is not UTF-8 is behind the error, and is replaced.
fn shown<'a>(bytes: &'a [u8], error: &Error) -> Cow<'a, str> {
    let text = String::from_utf8_lossy(bytes);
    if text.ends_with('\n') && error.offset() == Some(text.len()) {
        // The error is on the empty line at the end. A space makes it be shown.
        return Cow::Owned(format!("{text} "));
    }
    text
}

/// The bytes that the error is about, on the boundaries of characters and within the text.
fn span(text: &str, error: &Error) -> Range<usize> {
    let offset = error.offset().unwrap_or(0).min(text.len());
    let start = (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let past = offset.saturating_add(error.length()).min(text.len());
    let end = (past..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    // An object over many lines is shown by its first.
    let line = text.get(start..end).and_then(|text| text.find('\n'));
    start..line.map_or(end, |line| start.saturating_add(line.max(1))).min(text.len()).max(start)
}
