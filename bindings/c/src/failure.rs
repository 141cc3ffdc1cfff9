//! What goes wrong in a call.

use cog_auth::{Code, Error};

/// An error of the library, or a code for how it was called.
pub(crate) enum Failure {
    Library(Error),
    Call(Code),
    /// As text for a developer: what about the argument is wrong.
    Argument(&'static str),
}

/// The number of [`Failure::FAULT`].
pub(crate) const FAULT: i32 = 703;

impl Failure {
    pub(crate) const FAULT: Self = Self::Call(Code::Fault);
    pub(crate) const FREED: Self = Self::Call(Code::Freed);
    pub(crate) const TOO_SMALL: Self = Self::Call(Code::BufferTooSmall);
    pub(crate) const WRONG_STEP: Self = Self::Call(Code::WrongStep);
    pub(crate) const OUT_OF_MEMORY: Self = Self::Call(Code::OutOfMemory);
    pub(crate) const UNICODE: Self = Self::Call(Code::InvalidUnicode);

    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Library(error) => error.code(),
            Self::Call(code) => *code,
            Self::Argument(_) => Code::InvalidArgument,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

#[cfg(feature = "full")]
impl From<cog_auth::policy::Errors> for Failure {
    fn from(errors: cog_auth::policy::Errors) -> Self {
        Self::Library(errors.into())
    }
}
