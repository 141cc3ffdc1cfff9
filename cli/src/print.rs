//! Standard output and standard error.

use crate::failure::Failure;
use crate::report::{Exit, Report};
use crate::unseen;
use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;

/// For whom a report is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Json,
}

/// Whether a person is going to read what is printed.
fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints what a command found, and says with which code the process ends.
pub(crate) fn print(report: &Report, form: Form) -> ExitCode {
    let written = match form {
        Form::Json => write_json(&report.json),
        Form::Text => write_lines(&mut anstream::stderr().lock(), &report.notes).and_then(|()| {
            if report.verbatim {
                write_verbatim(&report.text)
            } else {
                write_lines(&mut anstream::stdout().lock(), &report.text)
            }
        }),
    };
    ended(written, report.exit)
}

/// Prints why a command could not do its work, and says with which code the process ends.
pub(crate) fn print_failure(failure: &Failure, form: Form) -> ExitCode {
    let written = match form {
        Form::Json => write_json(&failure.json),
        Form::Text => write_lines(&mut anstream::stderr().lock(), &failure.text),
    };
    ended(written, failure.exit)
}

fn write_lines(out: &mut impl Write, text: &str) -> io::Result<()> {
    unseen::write_lines(out, text)?;
    out.flush()
}

fn write_json(json: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    unseen::write_json(&mut out, json)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// JSON as text. A terminal gets the same JSON, with escapes.
fn write_verbatim(json: &str) -> io::Result<()> {
    if stdout_is_terminal() {
        return write_json(json);
    }
    let mut out = io::stdout().lock();
    out.write_all(json.as_bytes())?;
    out.flush()
}

/// A reader that has seen enough, as `head` has, changes nothing of the outcome.
fn ended(written: io::Result<()>, exit: Exit) -> ExitCode {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Usage.into(),
        _ => exit.into(),
    }
}
