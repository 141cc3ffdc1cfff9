//! What a call answers when it fails.

use crate::answer::Answer;
use cog_auth::policy::Errors;
use cog_auth::{Code, Error};

/// An error of the library, or one of how it was called. Small, for each `?` copies it.
pub(crate) enum Failure {
    Library(Error),
    Call(&'static Wrong),
}

/// What is wrong with a call.
pub(crate) struct Wrong {
    code: u16,
    name: &'static str,
    message: &'static str,
}

impl Wrong {
    pub(crate) const fn argument(message: &'static str) -> Self {
        Self { message, ..Self::of(Code::InvalidArgument) }
    }

    /// What the library would say, where it is not asked.
    pub(crate) const fn of(code: Code) -> Self {
        Self { code: code.number(), name: code.name(), message: code.sentence() }
    }
}

impl Failure {
    /// For what JavaScript found to be no key set.
    #[cfg(not(feature = "edge"))]
    pub(crate) const KEY_SET: Self = Self::Call(&Wrong::of(Code::InvalidKeySet));

    /// For text that came as bytes.
    #[cfg(feature = "edge")]
    pub(crate) const UNICODE: Self = Self::Call(&Wrong::of(Code::InvalidUnicode));

    /// Writes it as one object; what is not known is left out.
    pub(crate) fn write(&self, answer: &mut Answer) {
        answer.object(|answer| match self {
            Self::Call(wrong) => write_as(wrong.code, wrong.name, wrong.message, answer),
            Self::Library(error) => write(error, answer),
        });
    }
}

fn write_as(code: u16, name: &str, message: &str, answer: &mut Answer) {
    answer.name("code").number(u64::from(code));
    answer.name("codeName").string(name);
    answer.name("message").string(message);
}

fn write(error: &Error, answer: &mut Answer) {
    write_as(error.code().number(), error.name(), error.message(), answer);
    if let Some(offset) = error.offset() {
        answer.name("offset").count(offset);
    }
    #[cfg(feature = "full")]
    {
        for (name, text) in [
            ("document", error.document()),
            ("pointer", error.pointer()),
            ("suggestion", error.suggestion()),
        ] {
            if let Some(text) = text {
                answer.name(name).string(text);
            }
        }
        if let (Some(line), Some(column)) = (error.line(), error.column()) {
            answer.name("line").count(line);
            answer.name("column").count(column);
            answer.name("length").count(error.length());
        }
    }
}

/// All of what is wrong with documents.
#[cfg(feature = "full")]
pub(crate) fn write_all(errors: impl IntoIterator<Item = Error>, answer: &mut Answer) {
    answer.array(|answer| {
        for error in errors {
            answer.item().object(|answer| write(&error, answer));
        }
    });
}

impl From<Errors> for Failure {
    fn from(errors: Errors) -> Self {
        Self::Library(errors.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}
