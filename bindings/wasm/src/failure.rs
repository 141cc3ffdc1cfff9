//! What a call answers when it fails.

use crate::answer::Answer;
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
    #[cfg(all(feature = "keys", not(feature = "full")))]
    pub(crate) const KEY_SET: Self = Self::Call(&Wrong::of(Code::InvalidKeySet));

    /// For text that came as bytes.
    #[cfg(any(feature = "edge", feature = "text"))]
    pub(crate) const UNICODE: Self = Self::Call(&Wrong::of(Code::InvalidUnicode));

    /// Answers it as one object, and returns the length of that. What is not known is left out.
    pub(crate) fn answer(&self, answer: &mut Answer) -> u32 {
        answer.object(|w| match self {
            Self::Call(wrong) => {
                cog_auth_answers::failure(wrong.code, wrong.name, wrong.message, w)
            }
            Self::Library(error) => cog_auth_answers::error(error, w),
        })
    }
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
