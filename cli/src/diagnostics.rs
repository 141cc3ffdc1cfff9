//! Errors and warnings about policy documents, shown where they are.

use crate::documents::Documents;
use crate::exposed_token::has_token;
use crate::failure::{ErrorJson, Failure};
use crate::style;
use crate::unseen::plain;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use cog_auth::policy::{Checked, Errors};
use cog_auth::{Code, Error};
use std::borrow::Cow;
use std::ops::Range;

/// The bytes of the longest line that is shown. To lay out a longer one takes long, and nobody
/// finds a place in it by eye: its number and the column are given alone.
const LONGEST_SHOWN: usize = 10_000;

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
    listed(documents, checked.warnings().iter().collect(), checked.omitted_warnings())
}

/// Warnings that are about test cases.
#[derive(Default)]
pub(crate) struct CaseWarnings {
    pub(crate) json: Vec<ErrorJson>,
    /// How many warnings were omitted, about cases or something else.
    pub(crate) omitted: usize,
    pub(crate) text: String,
}

impl CaseWarnings {
    pub(crate) fn of(documents: &Documents, checked: &Checked) -> Self {
        let codes = [Code::UnreadPlace, Code::UndeclaredInCase, Code::UnusedRequest];
        let is_about_cases = |warning: &&Error| codes.contains(&warning.code());
        let warnings: Vec<&Error> = checked.warnings().iter().filter(is_about_cases).collect();
        let json = warnings.iter().copied().map(ErrorJson::from).collect();
        let omitted = checked.omitted_warnings();
        let mut text = listed(documents, warnings, 0);
        if omitted > 0 {
            let note =
                format!("warnings that are not listed: {omitted}; some may be about test cases");
            text.push_str(&style::note(&note));
        }
        Self { json, omitted, text }
    }
}

fn listed(documents: &Documents, warnings: Vec<&Error>, omitted: usize) -> String {
    let number = warnings.len();
    let mut out = groups(documents, warnings, &Level::WARNING);
    if !out.is_empty() {
        out.push_str(&style::paint(style::WARN, &counted(number, omitted, "warning")));
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
    let line = (error.code() != Code::TooLarge)
        .then(|| documents.texts.iter().find(|(other, _)| other == name))
        .flatten()
        .map(|(_, text)| Line::of(text, error));
    let group = match line {
        Some(Line { text: Some(text), number, span, .. }) => {
            let snippet = Snippet::source(text).line_start(number).path(plain(name));
            title.element(snippet.annotation(AnnotationKind::Primary.span(span)))
        }
        Some(Line { text: None, number, column, .. }) => {
            title.element(Origin::path(plain(name)).line(number).char_column(column))
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

/// The line on which an error begins.
struct Line<'a> {
    /// What is not UTF-8 is behind the error, and is replaced. `None` where the line is too long,
    /// or has a token in it.
    text: Option<Cow<'a, str>>,
    /// The number of the line in its document, from 1 on.
    number: usize,
    /// The character of the line at which the error begins, from 1 on.
    column: usize,
    /// The bytes of the line that the error is about, on the boundaries of characters. An object
    /// over many lines is shown by its first.
    span: Range<usize>,
}

impl<'a> Line<'a> {
    fn of(document: &'a [u8], error: &Error) -> Self {
        let offset = error.offset().unwrap_or(0).min(document.len());
        let (before, _) = document.split_at_checked(offset).unwrap_or_default();
        let begin = before.iter().rposition(|byte| *byte == b'\n');
        let begin = begin.map_or(0, |newline| newline.saturating_add(1));
        let line = document.get(begin..).unwrap_or_default().split(|byte| *byte == b'\n');
        let text = String::from_utf8_lossy(line.into_iter().next().unwrap_or_default());
        let span = span(&text, offset.saturating_sub(begin), error.length());
        let ahead = text.get(..span.start).unwrap_or_default();
        Self {
            number: before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1),
            column: ahead.chars().count().saturating_add(1),
            span,
            text: match text.len() {
                // An empty line, on which a document ends too early, would not be shown.
                0 => Some(Cow::Borrowed(" ")),
                1..=LONGEST_SHOWN if !has_token(text.as_bytes()) => Some(text),
                _ => None,
            },
        }
    }
}

/// So many bytes of a text, on the boundaries of characters and within the text.
fn span(text: &str, offset: usize, length: usize) -> Range<usize> {
    let offset = offset.min(text.len());
    let start = (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let past = offset.saturating_add(length).min(text.len());
    let end = (past..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    start..end
}
