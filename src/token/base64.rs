//! 32 bytes as 43 characters of base64url without padding, in constant time.

use base64ct::{Base64UrlUnpadded, Encoding};

/// How many characters 32 bytes make.
pub(super) const LEN: usize = 43;

/// Writes the 32 bytes that 43 characters spell; none if a character is another or a spare bit is set.
pub(super) fn decode(characters: &[u8; LEN], bytes: &mut [u8; 32]) -> Option<()> {
    Base64UrlUnpadded::decode(characters, bytes.as_mut_slice()).ok().map(|_| ())
}

/// The 43 characters for 32 bytes.
pub(super) fn encode<'a>(bytes: &[u8; 32], characters: &'a mut [u8; LEN]) -> &'a str {
    Base64UrlUnpadded::encode(bytes, characters).unwrap_or_default()
}
