//! Making tokens, from random bytes that the caller supplies.

use super::layout::{
    CHECKED, CHECKSUM, HARD_EXPIRY, KEY_ID, KIND, PREFIX, PREFIX_TEXT, RANDOM, TAG, TAGGED,
    VERSION, VERSION_1,
};
use super::{Day, EdgeKey, Kind, RootKey, Token, alphabet, checksum};
use crate::crypto::wiped::Wiped;
use crate::error::Error;

/// How many random bytes to give to minting: 64 fail once in 10^18 times.
///
/// A token needs 42 characters, and of 256 bytes 8 are skipped; 42 are the least that can do, 128 never fail in practice
/// (once in 10^98).
pub const MINT_RANDOM_BYTES: usize = 64;

impl EdgeKey {
    /// Makes a token of this kind, under this key's id, good through `hard_expiry` or without end.
    ///
    /// `random` are fresh bytes from a cryptographic generator, [`MINT_RANDOM_BYTES`] of them, to be wiped afterwards and
    /// never used twice. Bytes from 248 on are skipped and each other one gives one character: first the
    /// 12 of the id, then the 30 of the secret. What is left over is ignored.
    ///
    /// # Errors
    ///
    /// [`Code::NotEnoughRandomBytes`] when the bytes are used up.
    ///
    /// ```
    /// use cog_auth::{Code, token::{Kind, KeyId, RootKey}};
    ///
    /// let key = RootKey::new(KeyId::parse("01")?, &[7; 32]).edge_key();
    /// let token = key.mint(Kind::Sample, None, &[0; 64])?; // random bytes in earnest
    /// assert_eq!(token.handle().as_str(), "cog_1x01000000000000000");
    /// let error = key.mint(Kind::Sample, None, &[0; 41]).unwrap_err();
    /// assert_eq!(error.code(), Code::NotEnoughRandomBytes);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn mint(
        &self,
        kind: Kind,
        hard_expiry: Option<Day>,
        random: &[u8],
    ) -> Result<Token, Error> {
        let mut bytes = Wiped([0; Token::LEN]);
        PREFIX.write(&mut bytes, &PREFIX_TEXT);
        VERSION.write(&mut bytes, &VERSION_1);
        KIND.write(&mut bytes, &kind.character());
        KEY_ID.write(&mut bytes, &self.key_id().characters());
        HARD_EXPIRY.write(&mut bytes, &Day::characters(hard_expiry));
        alphabet::uniform(random, RANDOM.of_mut(&mut bytes))?;
        let tag = self.tag(TAGGED.of(&bytes));
        alphabet::encode(&tag, TAG.of_mut(&mut bytes));
        let checksum = checksum::of(CHECKED.of(&bytes));
        alphabet::encode(&u128::from(checksum), CHECKSUM.of_mut(&mut bytes));
        Token::parse(bytes.as_slice())
    }
}

impl RootKey {
    /// Makes a token as this root's edge key does: see [`EdgeKey::mint`].
    ///
    /// # Errors
    ///
    /// [`Code::NotEnoughRandomBytes`] when the bytes are used up.
    pub fn mint(
        &self,
        kind: Kind,
        hard_expiry: Option<Day>,
        random: &[u8],
    ) -> Result<Token, Error> {
        self.edge_key().mint(kind, hard_expiry, random)
    }
}
