//! Reading files up to a limit, and writing files that only their owner can read.

use crate::failure::Failure;
use cog_auth::token::MAX_RECORD_BYTES;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// Reads a file, and no more of it than one byte past the limit: so a caller can tell a file that
/// is too large.
pub(crate) fn read_file(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let failed = |error: &io::Error| Failure::system(path, "read", error);
    let file = fs::File::open(path).map_err(|error| failed(&error))?;
    if file.metadata().map_err(|error| failed(&error))?.is_dir() {
        return Err(failed(&io::ErrorKind::IsADirectory.into()));
    }
    read(file, most).map_err(|error| failed(&error))
}

/// As [`read_file`], from anything that can be read.
pub(crate) fn read(from: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let past = most.saturating_add(1);
    // A vector that grows moves, and leaves a copy of a secret behind. Secrets are small enough
    // to fit from the beginning.
    let mut bytes = Vec::with_capacity(past.min(MAX_RECORD_BYTES.saturating_mul(2)));
    from.take(u64::try_from(past).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a new file that only its owner can read, and never overwrites one.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    written.map_err(|error| Failure::system(path, "write", &error))
}
