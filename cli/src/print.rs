//! Standard output and standard error.

use crate::failure::Failure;
use crate::report::{Exit, Report};
use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;

/// For whom a report is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Json,
}

/// Whether a person is going to read what is printed.
pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints what a command found, and says with which code the process ends.
pub(crate) fn print(report: &Report, form: Form) -> ExitCode {
    let written = match form {
        Form::Json => write_all(&mut io::stdout().lock(), &format!("{}\n", report.json)),
        Form::Text => write_all(&mut anstream::stderr().lock(), &report.notes)
            .and_then(|()| write_text(&report.text)),
    };
    ended(written, report.exit)
}

/// Prints why a command could not do its work, and says with which code the process ends.
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
