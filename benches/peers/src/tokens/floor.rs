//! The hashing that no verification with a shared secret can do without: HMAC-SHA-256 of 40 bytes,
//! with a key that is ready, and a comparison in constant time.

use super::{Asked, Peer, Verify};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::hint::black_box;

pub const PEER: Peer = Peer {
    name: "HMAC-SHA-256 of 40 bytes, `hmac` and `sha2`",
    package: None,
    note: "nothing is parsed",
    verify,
};

fn verify() -> Verify {
    let key = Hmac::<Sha256>::new_from_slice(&[7; 32]).expect("any length");
    let message = [b'm'; 40];
    let tag = key.clone().chain_update(message).finalize().into_bytes();
    let mut other = tag;
    other[0] ^= 1;
    Box::new(move |asked| {
        let tag = match asked {
            Asked::Genuine => &tag,
            Asked::Forged => &other,
        };
        key.clone().chain_update(black_box(message)).verify(tag).is_ok()
    })
}
