//! Where a command reads from, as it is named on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// A file, or standard input.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    File(PathBuf),
    Stdin,
}

impl From<OsString> for Place {
    fn from(text: OsString) -> Self {
        if text == "-" { Self::Stdin } else { Self::File(text.into()) }
    }
}

impl Place {
    /// The name for errors.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "standard input".to_owned(),
        }
    }
}
