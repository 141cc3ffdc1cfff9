//! Making a token of random bytes.

use super::key::Key;
use super::layout::{
    CHECKED, CHECKSUM, HARD_EXPIRY, KEY_ID, KIND, PREFIX, PREFIX_TEXT, RANDOM, TAG, TAGGED,
    VERSION, VERSION_1,
};
use super::{ExpiryDay, Kind, Token, alphabet, checksum};
use crate::crypto::wiped::Wiped;
use crate::error::Error;

/// How many random bytes to give to [`RootKey::mint`](super::RootKey::mint): 64.
///
/// A token takes 42 random characters, and 8 of 256 byte values are skipped. With 64 bytes minting
/// fails once in 10¹⁸ times, and can be tried again with fresh ones. With 128 it fails once in
/// 10⁹⁸.
pub const MINT_RANDOM_BYTES: usize = 64;

/// Makes a token with an edge key.
pub(super) fn mint(
    edge_key: &Key,
    kind: Kind,
    hard_expiry: Option<ExpiryDay>,
    random: &[u8],
) -> Result<Token, Error> {
    let mut bytes = Wiped([0; Token::LEN]);
    PREFIX.write(&mut bytes, &PREFIX_TEXT);
    VERSION.write(&mut bytes, &VERSION_1);
    KIND.write(&mut bytes, &kind.character());
    KEY_ID.write(&mut bytes, &edge_key.id().characters());
    HARD_EXPIRY.write(&mut bytes, &ExpiryDay::characters(hard_expiry));
    alphabet::uniform(random, RANDOM.of_mut(&mut bytes))?;
    let tag = edge_key.hash().tag(TAGGED.of(&bytes));
    alphabet::encode(&tag, TAG.of_mut(&mut bytes));
    let checksum = checksum::of(CHECKED.of(&bytes));
    alphabet::encode(&u128::from(checksum), CHECKSUM.of_mut(&mut bytes));
    Token::parse(bytes.as_slice())
}
