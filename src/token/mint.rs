//! Making tokens, from random bytes that the caller supplies.

use super::parse::{CHECKED, TAGGED};
use super::{Day, EdgeKey, Kind, RootKey, Token, alphabet, checksum};
use crate::crypto::wiped::Wiped;
use crate::error::{Code, Error};

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
        let mut random = random.iter();
        let mut bytes = Wiped([0; Token::LEN]);
        for (offset, field) in [
            (0, b"cog_1".as_slice()),
            (5, &[kind.character()]),
            (6, &self.key_id().characters()),
            (8, &Day::characters(hard_expiry)),
        ] {
            for (to, from) in bytes.iter_mut().skip(offset).zip(field) {
                *to = *from;
            }
        }
        // The id and the secret, one after the other.
        if alphabet::uniform(&mut random, place(&mut bytes, 11, TAGGED.wrapping_sub(11))).is_none()
        {
            return Err(Error::new(Code::NotEnoughRandomBytes));
        }
        let tag = self.tag(bytes.first_chunk().unwrap_or(&[0; TAGGED]));
        alphabet::encode(&tag, place(&mut bytes, TAGGED, CHECKED.wrapping_sub(TAGGED)));
        let checksum = bytes.first_chunk::<CHECKED>().map_or(0, checksum::of);
        alphabet::encode(
            &u128::from(checksum),
            place(&mut bytes, CHECKED, Token::LEN.wrapping_sub(CHECKED)),
        );
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

/// The bytes of a field.
fn place(bytes: &mut [u8; Token::LEN], offset: usize, length: usize) -> &mut [u8] {
    bytes.get_mut(offset..).and_then(|rest| rest.get_mut(..length)).unwrap_or_default()
}
