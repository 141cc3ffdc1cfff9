//! An alert as it came, and whether GitHub has signed it.

use crate::leak::Leak;
use base64ct::{Base64, Encoding as _};
use core::fmt;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey as _;

/// How many bytes an alert has at most.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// How many bytes a header has at most.
const MAX_HEADER_BYTES: usize = 256;

/// An alert of which nothing is known yet but its form.
pub struct Alert<'a> {
    body: &'a [u8],
    key_id: &'a str,
    signature: Signature,
}

impl<'a> Alert<'a> {
    /// An alert from a request: its body, byte for byte, and the headers
    /// `Github-Public-Key-Identifier` and `Github-Public-Key-Signature`.
    ///
    /// # Errors
    ///
    /// [`Refusal::TooLarge`], [`Refusal::InvalidKeyId`], [`Refusal::InvalidSignature`].
    pub fn new(body: &'a [u8], key_id: &'a str, signature: &str) -> Result<Self, Refusal> {
        if body.len() > MAX_BODY_BYTES {
            return Err(Refusal::TooLarge);
        }
        let is_id = (1..=MAX_HEADER_BYTES).contains(&key_id.len());
        if !is_id || !key_id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Refusal::InvalidKeyId);
        }
        if signature.len() > MAX_HEADER_BYTES {
            return Err(Refusal::InvalidSignature);
        }
        let der = Base64::decode_vec(signature).map_err(|_| Refusal::InvalidSignature)?;
        let signature = Signature::from_der(&der).map_err(|_| Refusal::InvalidSignature)?;
        Ok(Self { body, key_id, signature })
    }

    /// The id of the key with which it is said to be signed: hexadecimal digits.
    #[must_use]
    pub const fn key_id(&self) -> &'a str {
        self.key_id
    }

    /// What leaked, if this key has signed the alert. The key is the text in PEM that GitHub gives.
    ///
    /// # Errors
    ///
    /// [`Refusal::InvalidKey`], [`Refusal::WrongSignature`], [`Refusal::InvalidBody`].
    pub fn verify(&self, public_key: &str) -> Result<Vec<Leak>, Refusal> {
        let key = VerifyingKey::from_public_key_pem(public_key.trim());
        let key = key.map_err(|_| Refusal::InvalidKey)?;
        key.verify(self.body, &self.signature).map_err(|_| Refusal::WrongSignature)?;
        // Only what GitHub has signed is read.
        serde_json::from_slice(self.body).map_err(|_| Refusal::InvalidBody)
    }
}

impl fmt::Debug for Alert<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body has tokens in it.
        f.debug_struct("Alert").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// Why an alert is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The body is longer than [`MAX_BODY_BYTES`].
    TooLarge,
    /// The key's id is not made of hexadecimal digits.
    InvalidKeyId,
    /// The signature is not one in DER and base64.
    InvalidSignature,
    /// There is no key with this id. For the caller, who looks it up.
    UnknownKey,
    /// The key is no public key of P-256 in PEM.
    InvalidKey,
    /// The key has not signed this body.
    WrongSignature,
    /// The body is signed, and not what GitHub's documentation says.
    InvalidBody,
}

impl Refusal {
    /// The status to answer with. What is not signed is nobody's business.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::InvalidKeyId | Self::InvalidSignature | Self::UnknownKey => 401,
            Self::WrongSignature => 401,
            Self::InvalidKey => 500,
            Self::InvalidBody => 400,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the alert is too large",
            Self::InvalidKeyId => "the key's id is not made of hexadecimal digits",
            Self::InvalidSignature => "the signature is not one in DER and base64",
            Self::UnknownKey => "there is no key with this id",
            Self::InvalidKey => "the key is no public key of P-256 in PEM",
            Self::WrongSignature => "the key has not signed this alert",
            Self::InvalidBody => "the alert is signed, but is no list of tokens",
        })
    }
}

impl core::error::Error for Refusal {}
