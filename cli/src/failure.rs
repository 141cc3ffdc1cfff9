//! Why a command could not do its work, for people and for programs.

use crate::place::shown_path;
use crate::report::Exit;
use crate::style::{self, paint};
use crate::unseen::plain;
use cog_auth::Error;
use cog_auth::token::redact_decoding;
use serde::Serialize;
use std::fmt::Display;
use std::io;
use std::path::Path;

/// A command that could not do its work. A denial is none: it is a report.
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// What to show, styled, whole lines.
    pub(crate) text: String,
    pub(crate) json: String,
}

/// One error in JSON: that of the library with its place, or a sentence alone.
#[derive(Clone, Default, Serialize)]
pub(crate) struct ErrorJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<u16>,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) offset: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suggestion: Option<String>,
}

impl From<&Error> for ErrorJson {
    fn from(error: &Error) -> Self {
        let placed = error.document().is_some();
        Self {
            code: Some(error.code().name()),
            number: Some(error.code().number()),
            // What was read may have a token in it.
            message: redact_decoding(error.message()),
            file: error.document().map(str::to_owned),
            pointer: error.pointer().map(redact_decoding),
            line: error.line(),
            column: error.column(),
            offset: error.offset(),
            length: placed.then(|| error.length()),
            suggestion: error.suggestion().map(redact_decoding),
        }
    }
}

#[derive(Serialize)]
struct Errors<'a> {
    errors: &'a [ErrorJson],
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields so")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The text of a JSON value. Nothing that this command writes can fail to be one.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Failure {
    /// The command line asks for what cannot be.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message.into(), ErrorJson::default())
    }

    /// What clap says of the command line, for programs; people get its own text.
    pub(crate) fn command_line(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let sentence = text.split("\n\n").next().unwrap_or(&text);
        let sentence = sentence.strip_prefix("error: ").unwrap_or(sentence);
        Self::usage(sentence.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// A file that cannot be read or written, and why.
    pub(crate) fn file(name: &str, why: impl Display) -> Self {
        let error = ErrorJson { file: Some(name.to_owned()), ..ErrorJson::default() };
        Self::new(Exit::Usage, format!("{name}: {why}"), error)
    }

    /// A file that the system does not give.
    pub(crate) fn system(path: &Path, verb: &str, error: &io::Error) -> Self {
        Self::file(&shown_path(path), Self::why(error, verb))
    }

    /// Why the system does not give a file.
    pub(crate) fn why(error: &io::Error, verb: &str) -> String {
        match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            io::ErrorKind::PermissionDenied => format!("you are not permitted to {verb} it"),
            io::ErrorKind::AlreadyExists => {
                "the file is there already, and is not overwritten".to_owned()
            }
            io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
            _ => format!("cannot {verb} it: {error}"),
        }
    }

    /// Something that was read and is not valid.
    pub(crate) fn invalid(name: &str, error: &Error) -> Self {
        let json = ErrorJson { file: Some(name.to_owned()), ..ErrorJson::from(error) };
        Self::new(Exit::Invalid, format!("{name}: {error}"), json)
    }

    /// Something that was read and is not valid, in words of this command's.
    pub(crate) fn invalid_because(name: &str, why: impl Display) -> Self {
        let json = ErrorJson { file: Some(name.to_owned()), ..ErrorJson::default() };
        Self::new(Exit::Invalid, format!("{name}: {why}"), json)
    }

    /// An error of the library that is about no file.
    pub(crate) fn error(error: &Error) -> Self {
        Self::new(Exit::Invalid, error.to_string(), ErrorJson::from(error))
    }

    /// The errors of a policy, shown in their documents already.
    /// There are more errors than these, if some were omitted.
    pub(crate) fn policy(text: String, errors: &[ErrorJson], omitted: usize) -> Self {
        Self { exit: Exit::Invalid, text, json: json(&Errors { errors, omitted }) }
    }

    fn new(exit: Exit, message: String, mut error: ErrorJson) -> Self {
        let message = plain(&message);
        if error.message.is_empty() {
            error.message.clone_from(&message);
        }
        let text = format!("{} {message}\n", paint(style::BAD, "error:"));
        Self { exit, text, json: json(&Errors { errors: &[error], omitted: 0 }) }
    }
}
