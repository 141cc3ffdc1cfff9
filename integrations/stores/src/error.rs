//! What goes wrong with a store. No error shows what a record says.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// The store could not be asked, or its answer could not be understood: nobody knows whether there
/// is such a record. A guard answers 503, and lets nothing through.
///
/// [`Error::source`] has the cause, for logs. It is never shown to clients.
///
/// ```
/// use cog_auth_stores::Unavailable;
/// use std::error::Error;
///
/// let error = Unavailable::because("the replica has not caught up");
/// assert_eq!(error.to_string(), "the store could not be asked; try again");
/// assert_eq!(error.source().unwrap().to_string(), "the replica has not caught up");
/// ```
#[derive(Clone)]
pub struct Unavailable {
    cause: Arc<dyn Error + Send + Sync>,
}

impl Unavailable {
    /// The error of a store, with its cause: an error or a sentence. The cause must not hold what a
    /// record says, nor a password.
    #[must_use]
    pub fn because(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: cause.into().into() }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store could not be asked; try again")
    }
}

impl fmt::Debug for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unavailable({})", self.cause)
    }
}

impl Error for Unavailable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

/// Why a record was not written.
///
/// ```
/// use cog_auth_stores::{Unavailable, WriteError};
///
/// let error = WriteError::from(Unavailable::because("no answer in 2 s"));
/// assert!(matches!(error, WriteError::Unavailable(_)));
/// assert_eq!(
///     WriteError::Changed.to_string(),
///     "the record was changed since it was read; read it again and begin anew",
/// );
/// ```
#[derive(Clone, Debug)]
pub enum WriteError {
    /// A record of this id is stored: mint another token.
    AlreadyThere,
    /// No record of this id is stored.
    Absent,
    /// Somebody else wrote since the record was read: read it again, and begin anew.
    Changed,
    /// The credential is revoked, and stays so.
    Revoked,
    /// The store could not be asked. Perhaps the record was written and the answer was lost: read
    /// it before you try again.
    Unavailable(Unavailable),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyThere => "a record of this id is stored already; mint another token",
            Self::Absent => "no record of this id is stored",
            Self::Changed => {
                "the record was changed since it was read; read it again and begin anew"
            }
            Self::Revoked => "the credential is revoked, and stays so",
            Self::Unavailable(_) => {
                "the store could not be asked; read the record before you try again"
            }
        })
    }
}

impl Error for WriteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unavailable(error) => Some(error),
            Self::AlreadyThere | Self::Absent | Self::Changed | Self::Revoked => None,
        }
    }
}

impl From<Unavailable> for WriteError {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}
