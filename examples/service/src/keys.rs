//! The root keys of the issuer, in a file.

use cog_auth::token::{KeyId, RootKey, RootKeys};
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// The key that tokens are made with.
const KEY_ID: &str = "01";

/// Reads the keys, or makes them if there is no file. Nobody but its owner can read the file, and
/// it is never written over: without its keys, no token is good any more.
pub(crate) fn read_or_make(path: &Path) -> Result<RootKeys, Box<dyn Error + Send + Sync>> {
    match fs::read(path) {
        Ok(text) => Ok(RootKeys::from_json(&Zeroizing::new(text))?),
        Err(error) if error.kind() == ErrorKind::NotFound => make(path),
        Err(error) => Err(error.into()),
    }
}

/// The key to make tokens with.
pub(crate) fn to_mint(keys: &RootKeys) -> Result<&RootKey, Box<dyn Error + Send + Sync>> {
    let key = keys.key(KeyId::parse(KEY_ID)?);
    key.ok_or_else(|| format!("the root keys have none with the id {KEY_ID}").into())
}

fn make(path: &Path) -> Result<RootKeys, Box<dyn Error + Send + Sync>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)?;
    let keys = RootKeys::of(RootKey::new(KeyId::parse(KEY_ID)?, &bytes));
    let mut file = create(path)?;
    keys.expose_json(|text| file.write_all(text.as_bytes()))?;
    file.sync_all()?;
    Ok(keys)
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
