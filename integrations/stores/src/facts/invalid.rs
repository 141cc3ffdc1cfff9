//! What is wrong with a text of facts.

use std::error::Error;
use std::fmt;

/// A text is not the JSON that facts are made of. The message says what is wrong, and where.
#[derive(Debug)]
pub struct InvalidFacts(serde_json::Error);

impl InvalidFacts {
    pub(super) const fn new(error: serde_json::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for InvalidFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the facts are not as they should be: {}", self.0)
    }
}

impl Error for InvalidFacts {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
