//! The token's 81 bytes: what they mean, and which are refused.

use super::layout::{self, AFTER_KIND, CHECKED, CHECKSUM, KEY_ID, KIND, TAG, TAGGED};
use super::{CredentialId, Day, Handle, KeyId, Kind, alphabet, checksum};
use crate::error::{Code, Entry, Error};
use core::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A token that is well formed: the first level of certainty.
///
/// It has the shape of a version 1 token and its checksum fits, so it is no typing error and no random text; kind, key id,
/// hard expiry and id are readable. Whether it was ever issued is not known yet: [`EdgeKeys::verify`] tells.
///
/// The bytes are secret: they are wiped when the token is dropped, there is no `Clone`, `Debug` shows the handle alone,
/// and [`Token::expose`] is the only way to them. A token that is moved may leave a copy where it was, as Rust moves do. The text that
/// it was read from, a header say, stays the caller's, to wipe. The layout is section "The token" of `docs/token-format.md`.
///
/// ```
/// use cog_auth::token::{Kind, Token};
///
/// let token = Token::parse(
///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
/// )?;
/// assert_eq!(token.kind(), Kind::ServiceUserKey);
/// assert_eq!(token.id().as_str(), "AAAABBBBCCCC");
/// assert_eq!(format!("{token:?}"), "Token(cog_1s015PnAAAABBBBCCCC…)");
/// # Ok::<(), cog_auth::Error>(())
/// ```
///
/// [`EdgeKeys::verify`]: super::EdgeKeys::verify
pub struct Token {
    bytes: [u8; Token::LEN],
    tag: u128,
}

impl Token {
    /// How many bytes a token has.
    pub const LEN: usize = layout::LEN;

    /// Reads a token: the whole input, any bytes.
    ///
    /// # Errors
    ///
    /// The first of these that fits: [`Code::MissingPrefix`], [`Code::UnknownVersion`], [`Code::WrongLength`],
    /// [`Code::UnknownKind`], [`Code::InvalidCharacter`] with the offset of the first,
    /// [`Code::ChecksumMismatch`], [`Code::ReservedKeyId`], [`Code::TagOutOfRange`].
    ///
    /// ```
    /// use cog_auth::{Code, token::Token};
    ///
    /// let refusal = |text: &str| Token::parse(text.as_bytes()).unwrap_err();
    /// assert_eq!(refusal("Bearer cog_1").code(), Code::MissingPrefix);
    /// assert_eq!(refusal("cog_k7w2k7w2k7w2k7w2").code(), Code::UnknownVersion);
    /// assert_eq!(refusal("cog_1s01").code(), Code::WrongLength);
    /// let error = refusal(
    ///     "cog_1s015PnAAAABBBBC-CCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
    /// );
    /// assert_eq!((error.code(), error.offset()), (Code::InvalidCharacter, Some(20)));
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut tag = Zeroizing::new(0);
        match check(bytes, &mut tag) {
            Ok(bytes) => Ok(Self { bytes: *bytes, tag: *tag }),
            Err(entry) if entry.is(Code::InvalidCharacter) => Err(invalid_character(bytes)),
            Err(entry) => Err(Error::from(entry)),
        }
    }

    /// The part that may be shown: the first 23 bytes.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::of_valid(layout::HANDLE.of(&self.bytes))
    }

    /// The kind of credential.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.handle().kind()
    }

    /// The key under which the tag was made.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.handle().key_id()
    }

    /// The last day on which the token is good, if it has one.
    #[must_use]
    pub fn hard_expiry(&self) -> Option<Day> {
        self.handle().hard_expiry()
    }

    /// The id under which the record is stored.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.handle().id()
    }

    /// Reads the secret: all 81 bytes, to be shown once to who asked for the token.
    ///
    /// ```
    /// use cog_auth::token::Token;
    ///
    /// let text = "cog_1p010000000000000000000000000000000000000000000001GW72KIy5KkNQPWIdLK0B02ks0fQ";
    /// assert_eq!(Token::parse(text.as_bytes())?.expose(), text);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn expose(&self) -> &str {
        core::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// The same again, where it goes next.
    pub(super) const fn copied(&self) -> Self {
        Self { bytes: self.bytes, tag: self.tag }
    }

    pub(super) const fn bytes(&self) -> &[u8; Self::LEN] {
        &self.bytes
    }

    /// The bytes under the tag.
    pub(super) const fn tagged(&self) -> &[u8; TAGGED.end()] {
        TAGGED.of(&self.bytes)
    }

    /// The tag that the token carries, decoded.
    pub(super) const fn tag(&self) -> &u128 {
        &self.tag
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        // As a slice, which is wiped in whole registers.
        self.bytes.as_mut_slice().zeroize();
        self.tag.zeroize();
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(")?;
        f.write_str(self.handle().as_str())?;
        f.write_str("…)")
    }
}

/// Checks 81 bytes and decodes the tag.
fn check<'a>(bytes: &'a [u8], tag: &mut u128) -> Result<&'a [u8; Token::LEN], &'static Entry> {
    let Some(rest) = bytes.strip_prefix(&layout::PREFIX_TEXT) else {
        return Err(Code::MissingPrefix.entry());
    };
    if !rest.starts_with(&layout::VERSION_1) {
        return Err(Code::UnknownVersion.entry());
    }
    let Ok(bytes) = bytes.try_into() else {
        return Err(Code::WrongLength.entry());
    };
    if Kind::from_character(KIND.of(bytes)).is_none() {
        return Err(Code::UnknownKind.entry());
    }
    if !alphabet::contains_all(AFTER_KIND.of(bytes)) {
        return Err(Code::InvalidCharacter.entry());
    }
    let expected = checksum::of(CHECKED.of(bytes));
    if alphabet::decode_checksum(CHECKSUM.of(bytes)) != u64::from(expected) {
        return Err(Code::ChecksumMismatch.entry());
    }
    if KeyId::from_characters(*KEY_ID.of(bytes)).is_none() {
        return Err(Code::ReservedKeyId.entry());
    }
    if !alphabet::decode_tag(TAG.of(bytes), tag) {
        return Err(Code::TagOutOfRange.entry());
    }
    Ok(bytes)
}

/// The refusal with the offset of the first character outside the alphabet.
#[cold]
fn invalid_character(bytes: &[u8]) -> Error {
    let checked = bytes.get(AFTER_KIND.start()..).unwrap_or_default();
    let first = checked.iter().position(|byte| !alphabet::contains(*byte)).unwrap_or(0);
    Error::at(Code::InvalidCharacter, first.saturating_add(AFTER_KIND.start()))
}
