//! Minting a token with a key of a root key set.

use crate::args::RootFrom;
use crate::failure::Failure;
use crate::random;
use cog_auth::token::{ExpiryDay, Kind, RootKey, RootKeys, Token};
use zeroize::Zeroizing;

/// A token of fresh random bytes.
pub(crate) fn mint(
    root: &RootKey,
    kind: Kind,
    hard_expiry: Option<ExpiryDay>,
) -> Result<Token, Failure> {
    let mut random = Zeroizing::new([0; 128]);
    random::fill(random.as_mut_slice())?;
    root.mint(kind, hard_expiry, random.as_slice()).map_err(|error| Failure::error(&error))
}

/// The key to mint with.
pub(crate) fn root_key<'k>(roots: &'k RootKeys, from: &RootFrom) -> Result<&'k RootKey, Failure> {
    let mut ids = roots.key_ids();
    let id = match (from.key_id, ids.next(), ids.next()) {
        (Some(id), ..) | (None, Some(id), None) => id,
        _ => {
            let ids: Vec<String> = roots.key_ids().map(|id| id.to_string()).collect();
            let message = format!(
                "{} has the keys {}; say which with --key-id",
                from.root.name(),
                ids.join(", ")
            );
            return Err(Failure::usage(message));
        }
    };
    roots.key(id).ok_or_else(|| {
        Failure::usage(format!("{} has no key {id}; choose another --key-id", from.root.name()))
    })
}
