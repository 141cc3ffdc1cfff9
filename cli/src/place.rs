//! Where a command reads from, as it is named on the command line.

use cog_auth::token::redact_decoding;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

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
    /// The name to show.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => shown_path(path),
            Self::Stdin => "standard input".to_owned(),
        }
    }
}

/// A path as it is shown. Its names may have tokens in them.
pub(crate) fn shown_path(path: &Path) -> String {
    redact_decoding(&path.display().to_string())
}
