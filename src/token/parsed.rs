//! The first level of certainty: the bytes have the form of a token.

use super::digest::{EdgeDigest, OriginDigest};
use super::id::text;
use super::layout::{self, AFTER_KIND, CHECKED, CHECKSUM, KEY_ID, KIND, TAG, TAGGED};
use super::{CredentialId, ExpiryDay, Handle, KeyId, Kind, Peppers, alphabet, checksum};
use crate::error::{Code, Entry, Error};
use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A well-formed token: the first level of certainty.
///
/// It has the form of a version 1 token and its checksum fits, so it is no typing error and no
/// random text. Its kind, key id, hard expiry and id can be read. Whether the issuer minted it is
/// not known yet; [`EdgeKeys::verify`](super::EdgeKeys::verify) tells.
///
/// The bytes are secret. They are wiped when the token is dropped, there is no `Clone`, `Debug`
/// shows the handle alone, and [`Token::expose`] is the only way to them. Two copies are out of its
/// reach: the text that was parsed, a header for example, is the caller's to wipe, and a token that
/// is moved may leave its bytes where it was.
///
/// The format is section "The token" of `docs/token-format.md`.
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
pub struct Token {
    bytes: [u8; Token::LEN],
    /// The tag in it, decoded.
    tag: u128,
}

impl Token {
    /// How many bytes a token has: 81.
    pub const LEN: usize = layout::LEN;

    /// Reads a token. `bytes` is the whole of it and may be anything.
    ///
    /// # Errors
    ///
    /// The first of these that applies: [`Code::MissingPrefix`], [`Code::UnknownVersion`],
    /// [`Code::WrongLength`], [`Code::UnknownKind`], [`Code::InvalidCharacter`] with the offset of
    /// the first one, [`Code::ChecksumMismatch`], [`Code::ReservedKeyId`],
    /// [`Code::TagOutOfRange`].
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
            Ok(()) => {
                let bytes = bytes.first_chunk().ok_or_else(|| Code::WrongLength.entry())?;
                Ok(Self { bytes: *bytes, tag: *tag })
            }
            Err(entry) if entry.is(Code::InvalidCharacter) => Err(invalid_character(bytes)),
            Err(entry) => Err(Error::from(entry)),
        }
    }

    /// The part that may be shown: the first 23 characters.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::of_parsed(&self.bytes)
    }

    /// The kind of credential.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.handle().kind()
    }

    /// The id of the key with which the token was made.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.handle().key_id()
    }

    /// The last day on which the token is good. None: it has no hard expiry.
    #[must_use]
    pub fn hard_expiry(&self) -> Option<ExpiryDay> {
        self.handle().hard_expiry()
    }

    /// The credential's id, under which its record is stored.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.handle().id()
    }

    /// The secret: all 81 characters, to be shown once to the person who asked for the token.
    #[must_use]
    pub fn expose(&self) -> &str {
        text(&self.bytes)
    }

    /// The digest that an origin compares, for an issuer that stores credentials in a form of its
    /// own beside [`Record`]s: 52 characters, `$cog1$`, the key id, `$` and an HMAC in base64url.
    ///
    /// It is bound to `principal`, the id of the service user or user that the token belongs to. A
    /// [`RecordDraft`] puts the same text into a record by itself. To check a token that comes with
    /// a request, give a record with the stored digest to [`Genuine::accept_at_origin`], which
    /// compares in constant time.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidPrincipal`] unless `principal` has 1 to 1,024 bytes; [`Code::UnknownKeyId`]
    /// if `peppers` has none of the token's key id.
    ///
    /// ```
    /// use cog_auth::token::{Peppers, Token};
    ///
    /// // The fixed pepper and token of docs/token-format.md.
    /// let peppers = Peppers::from_json(
    ///     br#"{"v": 1, "use": "digest-pepper",
    ///          "keys": {"01": "MKY1hOKF4qiulEwhKsf-FarypMz75L_yIeqCE8CR9RI"}}"#,
    /// )?;
    /// let token = Token::parse(
    ///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
    /// )?;
    /// assert_eq!(
    ///     token.digest("a", &peppers)?,
    ///     "$cog1$01$aV7_MStgHbaH3zc7w3BX_C3Si-9x_XfUi5mdqTGA_F4"
    /// );
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    ///
    /// [`Genuine::accept_at_origin`]: super::Genuine::accept_at_origin
    /// [`Record`]: super::Record
    /// [`RecordDraft`]: super::RecordDraft
    pub fn digest(&self, principal: &str, peppers: &Peppers) -> Result<String, Error> {
        Ok(OriginDigest::of(&self.bytes, principal, peppers)?.as_str().to_owned())
    }

    /// The digest that an edge compares, for an issuer that stores credentials in a form of its own
    /// beside records: 50 characters, `$cog1e$` and a SHA-256 in base64url.
    ///
    /// It is bound to `principal` and used as [`Token::digest`] is, with
    /// [`Genuine::accept_at_edge`](super::Genuine::accept_at_edge).
    ///
    /// # Errors
    ///
    /// [`Code::InvalidPrincipal`] unless `principal` has 1 to 1,024 bytes.
    ///
    /// ```
    /// use cog_auth::token::Token;
    ///
    /// // The fixed token of docs/token-format.md.
    /// let token = Token::parse(
    ///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
    /// )?;
    /// assert_eq!(
    ///     token.edge_digest("a")?,
    ///     "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE"
    /// );
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn edge_digest(&self, principal: &str) -> Result<String, Error> {
        Ok(EdgeDigest::of(&self.bytes, principal)?.as_str().to_owned())
    }

    /// A place for a token that is still to be read.
    pub(super) const fn unset() -> Self {
        Self { bytes: [0; Self::LEN], tag: 0 }
    }

    /// As [`Token::parse`], into the place where the token is to stay: a move would leave its bytes
    /// behind.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match check(bytes, &mut self.tag) {
            Ok(()) => {
                self.bytes = *bytes.first_chunk().ok_or_else(|| Code::WrongLength.entry())?;
            }
            Err(entry) if entry.is(Code::InvalidCharacter) => return Err(invalid_character(bytes)),
            Err(entry) => return Err(Error::from(entry)),
        }
        Ok(())
    }

    pub(super) fn wipe(&mut self) {
        // A slice is wiped in whole registers, an array byte by byte.
        self.bytes.as_mut_slice().zeroize();
        self.tag.zeroize();
    }

    /// A copy, made where it is to stay: a move would leave the bytes behind.
    pub(super) const fn copied(&self) -> Self {
        Self { bytes: self.bytes, tag: self.tag }
    }

    pub(super) const fn bytes(&self) -> &[u8; Self::LEN] {
        &self.bytes
    }

    /// The bytes under the tag.
    pub(super) const fn tagged(&self) -> &[u8; TAGGED.len()] {
        TAGGED.of(&self.bytes)
    }

    /// The tag that the token carries.
    pub(super) const fn tag(&self) -> &u128 {
        &self.tag
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(")?;
        f.write_str(self.handle().as_str())?;
        f.write_str("…)")
    }
}

/// Checks that bytes are a token, in the order of the specification, and writes its tag. It returns
/// no reference to them, so that no address depends on what they are.
fn check(bytes: &[u8], tag: &mut u128) -> Result<(), &'static Entry> {
    let Some((&layout::PREFIX_TEXT, rest)) = bytes.split_first_chunk() else {
        return Err(Code::MissingPrefix.entry());
    };
    let Some((&layout::VERSION_1, _)) = rest.split_first_chunk() else {
        return Err(Code::UnknownVersion.entry());
    };
    let Ok(bytes) = <&[u8; Token::LEN]>::try_from(bytes) else {
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
    Ok(())
}

/// The refusal with the offset of the first character outside the alphabet.
#[cold]
fn invalid_character(bytes: &[u8]) -> Error {
    let first = bytes.iter().skip(AFTER_KIND.start()).position(|byte| !alphabet::contains(*byte));
    Error::at(Code::InvalidCharacter, first.unwrap_or(0).saturating_add(AFTER_KIND.start()))
}
