//! Standard output and standard error, colours, and exit codes.

use crate::failure::Failure;
use anstyle::{AnsiColor, Style};
use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;
use zeroize::Zeroize as _;

/// What a command found.
pub(crate) struct Report {
    /// For people: whole lines, styled.
    pub(crate) text: String,
    /// For programs: one JSON value.
    pub(crate) json: String,
    /// For people, beside a text that programs read: whole lines, to standard error.
    pub(crate) notes: String,
    pub(crate) exit: Exit,
}

impl Drop for Report {
    /// It may hold keys or a token.
    fn drop(&mut self) {
        self.text.zeroize();
        self.json.zeroize();
    }
}

impl Report {
    pub(crate) fn new(exit: Exit, text: String, json: String) -> Self {
        Self { text, json, notes: String::new(), exit }
    }

    pub(crate) fn with_notes(mut self, notes: impl Into<String>) -> Self {
        self.notes = notes.into();
        self
    }
}

/// For whom a report is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Json,
}

/// What the exit code says. The numbers are API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Yes,
    No,
    Usage,
    Invalid,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Invalid => 3,
        })
    }
}

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const NORMAL: Style = Style::new();

/// The text in a style. The streams take styles out again where no terminal shows them.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Text from elsewhere, without what could command a terminal.
pub(crate) fn plain(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' => '\n',
        character if character.is_control() => '\u{fffd}',
        // Marks that turn the direction of writing, with which text can show as another.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        character => character,
    };
    text.chars().map(shown).collect()
}

/// How many columns there are to fill.
pub(crate) fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or(terminal).unwrap_or(100).clamp(80, 160)
}

pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

pub(crate) fn print(report: &Report, form: Form) -> ExitCode {
    let written = match form {
        Form::Json => write_all(&mut io::stdout().lock(), &format!("{}\n", report.json)),
        Form::Text => write_all(&mut anstream::stderr().lock(), &report.notes)
            .and_then(|()| write_text(&report.text)),
    };
    ended(written, report.exit)
}

pub(crate) fn print_failure(failure: &Failure, form: Form) -> ExitCode {
    let written = match form {
        Form::Json => write_all(&mut io::stdout().lock(), &format!("{}\n", failure.json)),
        Form::Text => write_all(&mut anstream::stderr().lock(), &failure.text),
    };
    ended(written, failure.exit)
}

/// Where there is no style, every byte goes out as it is: a bundle's digest depends on that.
fn write_text(text: &str) -> io::Result<()> {
    if text.contains('\u{1b}') {
        write_all(&mut anstream::stdout().lock(), text)
    } else {
        write_all(&mut io::stdout().lock(), text)
    }
}

fn write_all(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A reader that has seen enough, as `head` has, changes nothing of the outcome.
fn ended(written: io::Result<()>, exit: Exit) -> ExitCode {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Usage.into(),
        _ => exit.into(),
    }
}
