//! HMAC-SHA-256 over exactly 53 bytes, in two compressions.
//!
//! The same as `hmac` computes, which the tests hold, at half the time: with a length that is known there is nothing to buffer,
//! to copy and to wipe but the two blocks themselves.

use super::format::TAGGED;
use super::wiped::Wiped;
use sha2::block_api::compress256;
use zeroize::Zeroizing;

/// A key's two padded blocks, already hashed.
pub(super) struct TagHash {
    inner: Wiped<u32, 8>,
    outer: Wiped<u32, 8>,
}

/// FIPS 180-4, section 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

const BLOCK: usize = 64;

impl TagHash {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self { inner: padded(key, 0x36), outer: padded(key, 0x5c) }
    }

    /// The first 16 bytes of the HMAC as one big-endian number.
    pub(super) fn tag(&self, tagged: &[u8; TAGGED]) -> Zeroizing<u128> {
        let mut state = Wiped(*self.inner);
        let mut block = Wiped([0; BLOCK]);
        pad(&mut block, tagged);
        compress256(&mut state, core::slice::from_ref(&*block));
        let [a, b, c, d, e, f, g, h] = *state;
        let first = join([a, b, c, d]);
        let second = join([e, f, g, h]);
        *state = *self.outer;
        pad(&mut block, as_bytes(&[first.to_be_bytes(), second.to_be_bytes()]));
        compress256(&mut state, core::slice::from_ref(&*block));
        let [a, b, c, d, ..] = *state;
        Zeroizing::new(join([a, b, c, d]))
    }
}

/// The state after the key's block (RFC 2104: the key, padded with zeros, xor a constant).
fn padded(key: &[u8; 32], pad: u8) -> Wiped<u32, 8> {
    let mut block = Wiped([pad; BLOCK]);
    for (to, from) in block.iter_mut().zip(key) {
        *to ^= *from;
    }
    let mut state = Wiped(INITIAL);
    compress256(&mut state, core::slice::from_ref(&*block));
    state
}

/// Makes a last block: at most 55 bytes that follow the key's 64, and the padding of SHA-256.
#[inline(always)]
fn pad<const N: usize>(block: &mut [u8; BLOCK], text: &[u8; N]) {
    const { assert!(N <= 55, "text, 0x80 and the length fit into one block") };
    *block = [0; BLOCK];
    if let Some((start, rest)) = block.split_first_chunk_mut::<N>() {
        *start = *text;
        if let Some(end) = rest.first_mut() {
            *end = 0x80;
        }
        if let Some(length) = rest.last_chunk_mut::<2>() {
            let bits = N.wrapping_add(BLOCK).wrapping_mul(8);
            *length = u16::try_from(bits).unwrap_or(0).to_be_bytes();
        }
    }
}

/// Four words of a state as one number.
fn join([a, b, c, d]: [u32; 4]) -> u128 {
    let pair = |high: u32, low: u32| u64::from(high).wrapping_shl(32) | u64::from(low);
    u128::from(pair(a, b)).wrapping_shl(64) | u128::from(pair(c, d))
}

fn as_bytes(halves: &[[u8; 16]; 2]) -> &[u8; 32] {
    halves.as_flattened().first_chunk().unwrap_or(&[0; 32])
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    #[test]
    fn agrees_with_hmac() {
        for seed in 0..=255_u8 {
            let mut next = seed;
            let mut byte = |_| {
                next = next.wrapping_mul(37).wrapping_add(11);
                next
            };
            let key: [u8; 32] = core::array::from_fn(&mut byte);
            let text: [u8; TAGGED] = core::array::from_fn(&mut byte);
            let mut hmac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            hmac.update(&text);
            let expected = hmac.finalize().into_bytes();
            let tag = TagHash::new(&key).tag(&text);
            assert_eq!(tag.to_be_bytes(), expected[..16]);
        }
    }
}
