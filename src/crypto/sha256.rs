//! SHA-256 (FIPS 180-4) in place: states and blocks stay where they are, and are wiped there.
//!
//! The compression is that of the crate `sha2`; this is what feeds it. The hash types of `sha2`
//! move while they are fed, and each move leaves a copy of secret bytes behind. The tests of the
//! keyed hash compare the two.

use super::wiped::Wiped;
use sha2::block_api::compress256;

/// The initial state (FIPS 180-4, section 5.3.3).
pub(crate) const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// How many bytes a block has.
pub(crate) const BLOCK: usize = 64;

/// Writes the SHA-256 of these parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]], out: &mut [u8; 32]) {
    let mut state = Wiped(INITIAL);
    absorb(&mut state, 0, parts);
    write(&state, out);
}

/// Compresses these parts, one after the other, and the padding (FIPS 180-4, section 5.1.1).
///
/// Before them the state took in `length` bytes, which were whole blocks.
pub(crate) fn absorb(state: &mut [u32; 8], mut length: usize, parts: &[&[u8]]) {
    let mut block = Wiped([0; BLOCK]);
    let mut filled = 0_usize;
    for mut part in parts.iter().copied() {
        length = length.saturating_add(part.len());
        while !part.is_empty() {
            let room = block.get_mut(filled..).unwrap_or_default();
            let (now, later) = part.split_at_checked(room.len()).unwrap_or((part, &[]));
            for (to, from) in room.iter_mut().zip(now) {
                *to = *from;
            }
            part = later;
            filled = filled.saturating_add(now.len());
            if filled == BLOCK {
                compress256(state, core::slice::from_ref(&*block));
                filled = 0;
            }
        }
    }
    let rest = block.get_mut(filled..).unwrap_or_default();
    rest.fill(0);
    if let Some(end) = rest.first_mut() {
        *end = 0x80;
    }
    if rest.len() <= 8 {
        compress256(state, core::slice::from_ref(&*block));
        *block = [0; BLOCK];
    }
    if let Some(place) = block.last_chunk_mut::<8>() {
        *place = u64::try_from(length).unwrap_or(0).saturating_mul(8).to_be_bytes();
    }
    compress256(state, core::slice::from_ref(&*block));
}

/// Writes a state as bytes, which is the hash.
pub(crate) fn write(state: &[u32; 8], out: &mut [u8; 32]) {
    for (to, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *to = word.to_be_bytes();
    }
}
