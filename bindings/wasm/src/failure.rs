//! What a call answers when it fails.

use crate::answer::Answer;
use cog_auth::json_writer::Writer;
#[cfg(feature = "full")]
use cog_auth::policy::Errors;
use cog_auth::{Code, Error};

/// What an operation returns: the length of its answer, or the answer where that is a number.
pub(crate) type Answered = Result<u32, Failure>;

/// An error of the library, or one of how it was called. It is small, because every `?` copies it.
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

    /// Answers it as one object, and returns the length of that. What is not known is left out.
    pub(crate) fn answer(&self, answer: &mut Answer) -> u32 {
        answer.object(|w| match self {
            Self::Call(wrong) => write(wrong, w),
            Self::Library(error) => write_error(error, w),
        })
    }
}

fn write(wrong: &Wrong, w: &mut Writer) {
    w.name("code").natural(wrong.code.into());
    w.name("codeName").string(wrong.name);
    w.name("message").string(wrong.message);
}

/// Writes the members of an error of the library.
pub(crate) fn write_error(error: &Error, w: &mut Writer) {
    w.name("code").natural(error.code().number().into());
    w.name("codeName").string(error.name());
    w.name("message").string(error.message());
    if let Some(offset) = error.offset() {
        w.name("offset").natural(number(offset));
    }
    #[cfg(feature = "full")]
    {
        for (name, text) in [
            ("document", error.document()),
            ("pointer", error.pointer()),
            ("suggestion", error.suggestion()),
        ] {
            if let Some(text) = text {
                w.name(name).string(text);
            }
        }
        if let (Some(line), Some(column)) = (error.line(), error.column()) {
            w.name("line").natural(number(line));
            w.name("column").natural(number(column));
            w.name("length").natural(number(error.length()));
        }
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(feature = "full")]
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
