//! Making tokens, from random bytes that the caller supplies.

use super::format::{CHECKED, TAGGED};
use super::wiped::Wiped;
use super::{Day, EdgeKey, Kind, RootKey, Token, alphabet, checksum};
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
        let id = alphabet::uniform::<12>(&mut random);
        let secret = alphabet::uniform::<30>(&mut random).map(Wiped);
        let (Some(id), Some(secret)) = (id, secret) else {
            return Err(Error::new(Code::NotEnoughRandomBytes));
        };
        let mut bytes = Wiped([0; Token::LEN]);
        fill(&mut bytes, 0, b"cog_1");
        fill(&mut bytes, 5, &[kind.character()]);
        fill(&mut bytes, 6, &self.key_id().characters());
        fill(&mut bytes, 8, &Day::characters(hard_expiry));
        fill(&mut bytes, 11, &id);
        fill(&mut bytes, 23, secret.as_slice());
        let tag = self.tag(bytes.first_chunk().unwrap_or(&[0; TAGGED]));
        fill(&mut bytes, TAGGED, &alphabet::encode::<22>(*tag));
        let checksum = bytes.first_chunk::<CHECKED>().map_or(0, checksum::of);
        fill(&mut bytes, CHECKED, &alphabet::encode::<6>(u128::from(checksum)));
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

/// Writes a field at its offset.
fn fill(bytes: &mut [u8; Token::LEN], offset: usize, field: &[u8]) {
    for (to, from) in bytes.iter_mut().skip(offset).zip(field) {
        *to = *from;
    }
}
