//! The few cryptographic parts that are this library's own, and why.
//!
//! Each of them exists in a well-kept crate as well, which the tests compare it with. What those
//! crates do not promise is needed here: that no copy of a secret is left behind, and that no
//! branch and no address depends on one.

pub(crate) mod base64url;
pub(crate) mod crc32;
pub(crate) mod keyed_hash;
pub(crate) mod sha256;
pub(crate) mod wiped;
