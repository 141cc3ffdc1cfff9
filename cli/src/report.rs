//! What a command found, and the exit code that says so.

use std::process::ExitCode;
use zeroize::Zeroize as _;

/// What a command found.
pub(crate) struct Report {
    /// For people: whole lines, styled.
    pub(crate) text: String,
    /// Whether the text is for programs too, and goes out byte for byte.
    pub(crate) verbatim: bool,
    /// For programs: one JSON value.
    pub(crate) json: String,
    /// For people, beside a text that programs read: whole lines, to standard error.
    pub(crate) notes: String,
    pub(crate) exit: Exit,
}

impl Drop for Report {
    /// A report may hold keys or a token.
    fn drop(&mut self) {
        self.text.zeroize();
        self.json.zeroize();
    }
}

impl Report {
    pub(crate) fn new(exit: Exit, text: String, json: String) -> Self {
        Self { text, json, verbatim: false, notes: String::new(), exit }
    }

    /// The report whose text is no lines for people, but JSON: another byte is another digest.
    pub(crate) fn verbatim(mut self) -> Self {
        self.verbatim = true;
        self
    }

    pub(crate) fn with_notes(mut self, notes: impl Into<String>) -> Self {
        self.notes = notes.into();
        self
    }
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
