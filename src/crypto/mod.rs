//! The few cryptographic parts that are the library's own. The head of each file says why.
//!
//! For each there is a well-kept crate, and the tests compare with it. What those crates do not
//! promise is needed here: that no copy of a secret is left behind, and that no branch and no
//! address depends on one.

pub(crate) mod base64url;
pub(crate) mod crc32;
pub(crate) mod keyed_hash;
pub(crate) mod lanes;
pub(crate) mod sha256;
pub(crate) mod wiped;
