//! Reading files up to a limit, writing files that only their owner can read, and replacing what
//! others may read at the same time.

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

/// Writes a new file that only its owner can read, all of it or nothing, and never overwrites one.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = beside(path, bytes, Readers::Owner).and_then(|file| {
        file.persist_noclobber(path).map_err(|error| error.error)?;
        sync_folder(path)
    });
    written.map_err(|error| Failure::system(path, "write", &error))
}

/// Writes a file that anybody may read whom the system lets, over what is there: all of it or
/// nothing. What is no file, such as a pipe, is written to.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::system(path, "write", error);
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => replace(path, bytes),
        Ok(metadata) if metadata.is_dir() => Err(failed(&io::ErrorKind::IsADirectory.into())),
        Ok(_) => fs::write(path, bytes).map_err(|error| failed(&error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let written = beside(path, bytes, Readers::All).and_then(|file| {
                file.persist(path).map_err(|error| error.error)?;
                sync_folder(path)
            });
            written.map_err(|error| failed(&error))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Puts other bytes in a file's place, all of them or none, whoever reads it and whenever the
/// machine stops. Who may read it stays as it is.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::system(path, "write", error);
    // A link stays one.
    let path = fs::canonicalize(path).map_err(|error| failed(&error))?;
    let replaced = beside(&path, bytes, Readers::Owner).and_then(|file| {
        keep_access(file.as_file(), &fs::metadata(&path)?)?;
        file.persist(&path).map_err(|error| error.error)?;
        sync_folder(&path)
    });
    replaced.map_err(|error| failed(&error))
}

/// Who may read a new file.
#[derive(Clone, Copy)]
enum Readers {
    Owner,
    /// Whom the system lets.
    All,
}

/// A file with these bytes in the same folder, which goes away again unless it gets a name.
fn beside(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    match readers {
        Readers::Owner => {}
        Readers::All => {
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
    }
    let mut file = builder.tempfile_in(folder_of(path))?;
    io::Write::write_all(&mut file, bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes a new name last. Some systems open no folders.
fn sync_folder(path: &Path) -> io::Result<()> {
    fs::File::open(folder_of(path)).and_then(|folder| folder.sync_all()).or(Ok(()))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives a file the owner and the permissions of another one.
fn keep_access(file: &fs::File, of: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        // Who is not the owner cannot: then the file is theirs, with the same permissions.
        fchown(file, Some(of.uid()), Some(of.gid())).or(Ok::<(), io::Error>(()))?;
    }
    file.set_permissions(of.permissions())
}

/// Waits until no other run of this command writes to a folder or file, and lets none begin while
/// the answer lives.
pub(crate) fn lock(place: &Path) -> Result<fs::File, Failure> {
    // A link has the lock of what it leads to.
    let place = fs::canonicalize(place).map_err(|error| Failure::system(place, "read", &error))?;
    let lock = if place.is_dir() {
        place.join(".cog-auth.lock")
    } else {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        place.with_file_name(format!(".{name}.lock"))
    };
    let mut options = fs::OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).open(&lock);
    let file = file.map_err(|error| Failure::system(&lock, "write", &error))?;
    match fs4::FileExt::lock(&file) {
        // Where there are no locks, what was read is still compared before it is replaced.
        Err(error) if error.kind() != io::ErrorKind::Unsupported => {
            Err(Failure::system(&lock, "lock", &error))
        }
        _ => Ok(file),
    }
}
