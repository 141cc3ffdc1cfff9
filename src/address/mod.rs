//! IP addresses, and the networks that they are in.
//!
//! The reader is our own, since that of `core::net` makes the edge's module larger. The tests hold
//! it to `core::net`.

mod ip;
mod network;

pub(crate) use ip::Address;
pub(crate) use network::Network;

/// The most bytes of an address or a prefix in text: 39 of eight groups with four digits each, or
/// 45 where the last two groups are an IPv4 address, and 4 of a length.
pub(crate) const MAX_TEXT_BYTES: usize = 49;
