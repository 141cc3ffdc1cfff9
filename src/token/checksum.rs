//! The checksum of a token: CRC-32/ISO-HDLC (reflected 0x04C11DB7, initial and final 0xFFFFFFFF).
//!
//! The bytes under it are secret, so nothing branches on them and nothing looks them up. A CRC is the remainder of a
//! polynomial over GF(2), the first bit of the text having the highest degree. Three multiples of the generator with few terms,
//!
//! - x^300 + x^155 + x^117 + x^89 + 1,
//! - x^161 + x^93 + x^77 + x^69 + x^68 + x^37 + 1,
//! - x^128 + x^63 + x^46 + x^39 + x^35 + x^30 + x^11 + x^9 + x,
//!
//! let the first words be moved further back with a few shifts each, for x^300 leaves the same remainder as the rest
//! of its multiple. What is left in the end adds a constant for each bit that is set.

use crate::crypto::wiped::Wiped;

/// By how many bits the first multiple moves a bit back: 300 less the degrees of its other terms.
const FAR: [usize; 4] = [300, 300 - 89, 300 - 117, 300 - 155];

/// The same for the second multiple.
const NEAR: [usize; 6] = [161, 161 - 37, 161 - 68, 161 - 69, 161 - 77, 161 - 93];

/// The same for the third.
const NEXT: [usize; 8] =
    [128 - 1, 128 - 9, 128 - 11, 128 - 30, 128 - 35, 128 - 39, 128 - 46, 128 - 63];

/// What the bits of the last 12 bytes before the register add to it: for each bit, from the highest, one number for each byte.
static REMAINDERS: [[u32; 12]; 8] = remainders();

/// The checksum of 75 bytes.
pub(super) fn of(bytes: &[u8; 75]) -> u32 {
    // In whole words: one byte of zeros, the 75, and four of zeros for the register.
    let mut words = Wiped([0; 10]);
    split(bytes, &mut words);
    for start in 0..8 {
        let distances = match start {
            0..5 => FAR.as_slice(),
            5..7 => &NEAR,
            _ => &NEXT,
        };
        fold(&mut words, start, distances);
    }
    let [.., a, b] = *words;
    let bytes = [a.to_le_bytes(), b.to_le_bytes()];
    let mut left = [0_u32; 12];
    for (left, byte) in left.iter_mut().zip(bytes.as_flattened()) {
        *left = u32::from_le_bytes([0, 0, 0, *byte]);
    }
    let mut sums = [0_u32; 12];
    for remainders in &REMAINDERS {
        for ((sum, left), remainder) in sums.iter_mut().zip(&mut left).zip(remainders) {
            *sum ^= remainder & left.wrapping_shr(31).wrapping_neg();
            *left = left.wrapping_shl(1);
        }
    }
    let [_, [_, _, _, _, register @ ..]] = bytes;
    !sums.iter().fold(u32::from_le_bytes(register), |register, sum| register ^ sum)
}

/// The text as words, its first 32 bits inverted, as the register's initial value demands.
fn split(bytes: &[u8; 75], words: &mut [u64; 10]) {
    let [first, middle @ .., last] = words;
    if let Some(start) = bytes.first_chunk() {
        *first = u64::from_le_bytes(*start).wrapping_shl(8) ^ 0xff_ffff_ff00;
    }
    for (word, bytes) in middle.iter_mut().zip(bytes.get(7..).unwrap_or_default().as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    if let Some(end) = bytes.last_chunk() {
        *last = u64::from(u32::from_le_bytes(*end));
    }
}

/// Moves the word at `start` back by each of these distances, none of which is a multiple of 64.
#[inline(always)]
fn fold(words: &mut [u64; 10], start: usize, distances: &[usize]) {
    let word = words.get(start).copied().unwrap_or(0);
    for distance in distances {
        let shift = u32::try_from(distance % 64).unwrap_or(0);
        let place = start.wrapping_add(distance / 64);
        if let Some([low, high, ..]) = words.get_mut(place..) {
            *low ^= word.wrapping_shl(shift);
            *high ^= word.wrapping_shr(64_u32.wrapping_sub(shift));
        }
    }
}

/// Runs at compile time.
#[expect(clippy::indexing_slicing, reason = "an index out of range is a compile error here")]
const fn remainders() -> [[u32; 12]; 8] {
    let mut table = [[0; 12]; 8];
    let mut register = 1;
    let mut byte = 12_usize;
    while byte > 0 {
        byte = byte.wrapping_sub(1);
        let mut bit = 0;
        while bit < 8 {
            register = step(register);
            table[bit][byte] = register;
            bit = bit.wrapping_add(1);
        }
    }
    table
}

/// The register one bit later.
const fn step(register: u32) -> u32 {
    register.wrapping_shr(1) ^ (0xedb8_8320 & (register & 1).wrapping_neg())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_crc32fast() {
        let mut seed = 1_u32;
        for _ in 0..2000 {
            let mut bytes = [0; 75];
            for byte in &mut bytes {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = seed.to_be_bytes()[0];
            }
            assert_eq!(of(&bytes), crc32fast::hash(&bytes));
        }
    }

    #[test]
    fn the_step_is_the_catalogued_algorithm() {
        // The check value of CRC-32/ISO-HDLC.
        let register = b"123456789".iter().fold(u32::MAX, |register, byte| {
            (0..8).fold(register ^ u32::from(*byte), |register, _| step(register))
        });
        assert_eq!(!register, 0xcbf4_3926);
    }
}
