//! The two digests that name a policy: that of its meaning, and that of its compiled bytes.

use crate::crypto::sha256::sha256;
use alloc::string::String;
use core::fmt;

/// Makes a type for one of the digests, so that neither can be taken for the other.
macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The digest of these bytes: their SHA-256 (FIPS 180-4).
            #[must_use]
            pub fn of(bytes: &[u8]) -> Self {
                let mut digest = [0; 32];
                sha256(&[bytes], &mut digest);
                Self(digest)
            }

            /// The digest that has these 32 bytes. They are not hashed again.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Reads 64 lower-case hexadecimal digits; none for any other text.
            #[must_use]
            pub fn from_hex(text: &str) -> Option<Self> {
                from_hex(text).map(Self)
            }

            /// The 32 bytes of the digest.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// The digest as 64 lower-case hexadecimal digits. `Display` writes the same.
            #[must_use]
            pub fn to_hex(&self) -> String {
                to_hex(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_hex())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

digest! {
    /// The SHA-256 of a policy's canonical bundle (section 14 of `docs/policy-language.md`).
    ///
    /// It names what a policy means: the same rules have the same digest, in whatever documents
    /// they are written. Answers and audit records carry it ([`Policy::digest`]), and
    /// `Source::check_expecting` pins it.
    ///
    /// ```
    /// use cog_auth::policy::PolicyDigest;
    ///
    /// let digest = PolicyDigest::of(br#"{"schema":{"actions":{"Read":{}}},"v":1}"#);
    /// assert_eq!(PolicyDigest::from_hex(&digest.to_hex()), Some(digest));
    /// assert_eq!(PolicyDigest::from_bytes(*digest.as_bytes()), digest);
    /// assert_eq!(PolicyDigest::from_hex("2C0C"), None);
    /// ```
    ///
    /// [`Policy::digest`]: super::Policy::digest
    PolicyDigest
}

digest! {
    /// The SHA-256 of a compiled image's bytes (section 14 of `docs/policy-language.md`).
    ///
    /// It names a file: `cog-auth policy bundle --compiled` and `sha256sum` print it.
    /// [`Policy::image_digest`] computes it, and [`Policy::from_image_expecting`] pins it.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{ImageDigest, Policy};
    ///
    /// let policy = Policy::builtin();
    /// let digest = ImageDigest::of(policy.image());
    /// assert_eq!(digest, policy.image_digest());
    /// assert_eq!(ImageDigest::from_hex(&digest.to_hex()), Some(digest));
    /// # }
    /// ```
    ///
    /// The digest of a policy does not do in its place: an image merely states that one.
    ///
    /// ```compile_fail
    /// use cog_auth::policy::{Policy, PolicyDigest};
    ///
    /// let expected = PolicyDigest::of(b"");
    /// Policy::from_image_expecting(Vec::new(), expected); // an `ImageDigest` is expected
    /// ```
    ///
    /// [`Policy::image_digest`]: super::Policy::image_digest
    /// [`Policy::from_image_expecting`]: super::Policy::from_image_expecting
    ImageDigest
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
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
    digits.next().is_none().then_some(bytes)
}

fn to_hex(bytes: &[u8; 32]) -> String {
    let mut text = alloc::vec![0; 64];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [byte.wrapping_shr(4), byte & 15]
            .map(|digit| digit.wrapping_add(if digit < 10 { b'0' } else { b'a' - 10 }));
    }
    String::from_utf8(text).unwrap_or_default()
}
