//! The checksum of a token: CRC-32/ISO-HDLC in constant time.
//!
//! The bytes under it are secret, so no branch and no address may depend on them, which rules out
//! the usual table. A loop over single bits would take 600 steps.
//!
//! Seen as a polynomial over GF(2) whose first bit has the highest degree, the CRC of a text is its
//! remainder after division by the generator. A multiple of the generator has the remainder 0. So
//! three multiples with few terms,
//!
//! - x³⁰⁰ + x¹⁵⁵ + x¹¹⁷ + x⁸⁹ + 1,
//! - x¹⁶¹ + x⁹³ + x⁷⁷ + x⁶⁹ + x⁶⁸ + x³⁷ + 1,
//! - x¹²⁸ + x⁶³ + x⁴⁶ + x³⁹ + x³⁵ + x³⁰ + x¹¹ + x⁹ + x,
//!
//! allow to replace a word at the front of the text by a few shifted copies of it further back:
//! x³⁰⁰ leaves the same remainder as x¹⁵⁵ + x¹¹⁷ + x⁸⁹ + 1. In the end two words are left, and each
//! of their bits adds a constant.

use super::layout::CHECKED;
use crate::crypto::crc32::step;
use crate::crypto::wiped::Wiped;

/// By how many bits the copies of the first multiple are further back: its degree less the degrees
/// of its other terms.
const FAR: [usize; 4] = [300, 300 - 89, 300 - 117, 300 - 155];

/// As [`FAR`], for the second multiple.
const NEAR: [usize; 6] = [161, 161 - 37, 161 - 68, 161 - 69, 161 - 77, 161 - 93];

/// As [`FAR`], for the third multiple.
const NEXT: [usize; 8] =
    [128 - 1, 128 - 9, 128 - 11, 128 - 30, 128 - 35, 128 - 39, 128 - 46, 128 - 63];

/// What each bit of the last 12 bytes before the register adds to it: for each of the eight bits of
/// a byte, from the highest, one number for each byte.
static REMAINDERS: [[u32; 12]; 8] = remainders();

/// The checksum of the bytes before it.
pub(super) fn of(bytes: &[u8; CHECKED.len()]) -> u32 {
    // In whole words: a zero byte, the 75 bytes, and four zero bytes for the register.
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

/// Writes the text as words. Its first 32 bits are inverted, which is what the register's initial
/// value of ones comes to.
fn split(bytes: &[u8; CHECKED.len()], words: &mut [u64; 10]) {
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

/// Adds copies of the word at `start` further back, at these distances in bits. None is a multiple
/// of 64, so each copy lies across two words.
#[inline(always)]
fn fold(words: &mut [u64; 10], start: usize, distances: &[usize]) {
    let word = words.get(start).copied().unwrap_or(0);
    for distance in distances {
        let shift = u32::try_from(distance % 64).unwrap_or(0);
        let place = start.saturating_add(distance / 64);
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
        byte = byte.saturating_sub(1);
        let mut bit = 0_usize;
        while bit < 8 {
            register = step(register);
            table[bit][byte] = register;
            bit = bit.saturating_add(1);
        }
    }
    table
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
}
