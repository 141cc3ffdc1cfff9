//! The digest that names a policy.

use crate::crypto::sha256::sha256;
use alloc::string::String;
use core::fmt;

/// A SHA-256 digest: of a policy's canonical bundle, or of a compiled image's bytes (section 14 of `docs/policy-language.md`).
///
/// `Display` writes it as [`Digest::to_hex`] does.
///
/// ```
/// use cog_auth::policy::Digest;
///
/// let digest = Digest::of(b"");
/// assert_eq!(digest.to_hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// assert_eq!(Digest::from_hex(&digest.to_hex()), Some(digest));
/// assert_eq!(Digest::from_bytes(*digest.as_bytes()), digest);
/// assert_eq!(digest.to_string(), digest.to_hex());
/// assert_eq!(Digest::from_hex("E3B0"), None);
/// assert_eq!(Digest::from_hex(&digest.to_hex().to_uppercase()), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The SHA-256 digest (FIPS 180-4) of some bytes. See the example of [`Digest`].
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut digest = [0; 32];
        sha256(&[bytes], &mut digest);
        Self(digest)
    }

    /// A digest from its 32 bytes, which nothing is computed of. See the example of [`Digest`].
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A digest from 64 lower-case hexadecimal digits; none for anything else. See the example of [`Digest`].
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0_u8; 32];
        let mut digits = text.bytes();
        for byte in &mut bytes {
            for _ in 0..2 {
                let digit = match digits.next()? {
                    digit @ b'0'..=b'9' => digit.wrapping_sub(b'0'),
                    digit @ b'a'..=b'f' => digit.wrapping_sub(b'a' - 10),
                    _ => return None,
                };
                *byte = byte.wrapping_shl(4) | digit;
            }
        }
        digits.next().is_none().then_some(Self(bytes))
    }

    /// The 32 bytes. See the example of [`Digest`].
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits. See the example of [`Digest`].
    #[must_use]
    pub fn to_hex(&self) -> String {
        let mut text = alloc::vec![0; 64];
        for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
            *pair = [byte.wrapping_shr(4), byte & 15]
                .map(|digit| digit.wrapping_add(if digit < 10 { b'0' } else { b'a' - 10 }));
        }
        String::from_utf8(text).unwrap_or_default()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}
