//! HMAC-SHA-256 (RFC 2104) in place: states and blocks stay where they are, and are wiped there.
//!
//! The crate `hmac` computes the same, and the tests compare the two. But its values move while
//! they are fed, and each move leaves a copy of key material behind. Besides, the tag of a token is
//! over a text so short that it fits into one block: without a buffer that takes half the time.

use super::sha256::{BLOCK, INITIAL, absorb, write};
use super::wiped::Wiped;
use sha2::block_api::compress256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 with one key: the states of SHA-256 after the key's inner and outer block.
pub(crate) struct KeyedHash {
    inner: Wiped<u32, 8>,
    outer: Wiped<u32, 8>,
}

impl KeyedHash {
    /// Without a key yet. [`KeyedHash::set`] sets it once the value is where it is to stay.
    pub(crate) const fn unset() -> Self {
        Self { inner: Wiped([0; 8]), outer: Wiped([0; 8]) }
    }

    /// Sets the key.
    pub(crate) fn set(&mut self, key: &[u8; 32]) {
        pad_key(key, 0x36, &mut self.inner);
        pad_key(key, 0x5c, &mut self.outer);
    }

    /// Writes the HMAC of these parts, one after the other.
    pub(crate) fn hash(&self, parts: &[&[u8]], out: &mut [u8; 32]) {
        let mut state = Wiped(*self.inner);
        let mut first = Wiped([0; 32]);
        absorb(&mut state, BLOCK, parts);
        write(&state, &mut first);
        *state = *self.outer;
        absorb(&mut state, BLOCK, &[first.as_slice()]);
        write(&state, out);
    }

    /// The first 16 bytes of the HMAC of a text, as one big-endian number.
    ///
    /// The text must be so short that it fits into one block with its padding of 9 bytes.
    pub(crate) fn tag<const N: usize>(&self, tagged: &[u8; N]) -> Zeroizing<u128> {
        const { assert!(N <= BLOCK - 9, "the text does not fit into one block") };
        let mut state = Wiped(*self.inner);
        let mut first = Wiped([0; 32]);
        last_block(&mut state, tagged);
        write(&state, &mut first);
        *state = *self.outer;
        last_block(&mut state, first.as_slice());
        let mut tag = Zeroizing::new(0_u128);
        for word in state.iter().take(4) {
            *tag = tag.wrapping_shl(32) | u128::from(*word);
        }
        tag
    }
}

/// Writes the state after a key's block, which is the key, padded with zeros, xor a constant
/// (RFC 2104, section 2).
fn pad_key(key: &[u8; 32], pad: u8, state: &mut [u32; 8]) {
    let mut block = Wiped([pad; BLOCK]);
    for (to, from) in block.iter_mut().zip(key) {
        *to ^= *from;
    }
    *state = INITIAL;
    compress256(state, core::slice::from_ref(&*block));
}

/// Compresses what follows the key's block, at most 55 bytes, and the padding of SHA-256 (FIPS
/// 180-4, section 5.1.1) as one block.
fn last_block(state: &mut [u32; 8], text: &[u8]) {
    let mut block = Wiped([0; BLOCK]);
    for (to, from) in block.iter_mut().zip(text) {
        *to = *from;
    }
    if let Some(end) = block.get_mut(text.len()) {
        *end = 0x80;
    }
    if let Some(length) = block.last_chunk_mut::<2>() {
        let bits = text.len().saturating_add(BLOCK).saturating_mul(8);
        *length = u16::try_from(bits).unwrap_or(0).to_be_bytes();
    }
    compress256(state, core::slice::from_ref(&*block));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::sha256::sha256;
    use alloc::vec::Vec;
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Digest as _, Sha256};

    fn keyed(key: &[u8; 32]) -> KeyedHash {
        let mut hash = KeyedHash::unset();
        hash.set(key);
        hash
    }

    #[test]
    fn agrees_with_hmac() {
        for seed in 0..=255_u8 {
            let mut next = seed;
            let mut byte = |_| {
                next = next.wrapping_mul(37).wrapping_add(11);
                next
            };
            let key: [u8; 32] = core::array::from_fn(&mut byte);
            let text: [u8; 53] = core::array::from_fn(&mut byte);
            let mut hmac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            hmac.update(&text);
            let expected = hmac.finalize().into_bytes();
            let tag = keyed(&key).tag(&text);
            assert_eq!(tag.to_be_bytes(), expected[..16]);
        }
    }

    /// Every length around four blocks, in parts that are cut everywhere.
    #[test]
    fn every_length_agrees() {
        let text: Vec<u8> = (0..=255).map(|byte: u8| byte.wrapping_mul(167)).collect();
        for length in 0..=text.len() {
            let whole = &text[..length];
            let mut hmac = Hmac::<Sha256>::new_from_slice(&[3; 32]).unwrap();
            hmac.update(whole);
            let expected = hmac.finalize().into_bytes();
            for cut in [0, 1, length / 2, length.saturating_sub(65), length] {
                let (front, back) = whole.split_at(cut.min(length));
                let (middle, back) = back.split_at(back.len() / 3);
                let mut out = [0; 32];
                sha256(&[front, middle, back], &mut out);
                assert_eq!(out, *Sha256::digest(whole), "{length} {cut}");
                keyed(&[3; 32]).hash(&[front, middle, back], &mut out);
                assert_eq!(out, *expected, "{length} {cut}");
            }
        }
    }

    /// RFC 4231, test cases 1 and 2, whose keys padded with zeros have 32 bytes.
    #[test]
    fn the_keyed_hash_is_that_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 2] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ];
        for (short, message, expected) in cases {
            let mut key = [0; 32];
            key[..short.len()].copy_from_slice(short);
            let mut out = [0; 32];
            keyed(&key).hash(&[message], &mut out);
            let hex: alloc::string::String =
                out.iter().map(|byte| alloc::format!("{byte:02x}")).collect();
            assert_eq!(hex, expected);
        }
    }
}
