//! The alphabet of tokens: `0-9A-Za-z`, in this order the digits of base 62.
//!
//! The characters of a secret pass through here. So nothing branches on a character and no address
//! depends on one: neither time nor caches tell what it was. Only the answer depends on it, a yes
//! or no or a number.

use crate::crypto::lanes::{HIGH, at_least, lanes, spelled, where_set, within};
use crate::crypto::wiped::Wiped;
use crate::error::{Code, Error};

/// Whether all characters are in the alphabet.
pub(super) fn contains_all(characters: &[u8]) -> bool {
    let mut short = [b'0'; 16];
    // The last block may overlap the one before, which costs less than single characters. Fewer
    // than 16 characters are filled up with zeros of the alphabet.
    let last = characters.last_chunk().unwrap_or_else(|| {
        short.iter_mut().zip(characters).for_each(|(place, character)| *place = *character);
        &short
    });
    let mut all = [0; 2];
    for block in characters.as_chunks().0.iter().chain([last]) {
        outside_block(&mut all, block);
    }
    all.iter().fold(0, |all, word| all | word) & HIGH == 0
}

/// Whether a character is in the alphabet.
pub(super) fn contains(character: u8) -> bool {
    contains_all(&[character])
}

/// The number that three digits spell: less than 62³.
pub(super) fn decode_days([a, b, c]: &[u8; 3]) -> u32 {
    let number = eight([b'0', b'0', b'0', b'0', b'0', *a, *b, *c]);
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The number that six digits spell: less than 62⁶, so it may be 2³² or more.
pub(super) fn decode_checksum([a, b, c, d, e, f]: &[u8; 6]) -> u64 {
    eight([b'0', b'0', *a, *b, *c, *d, *e, *f])
}

/// Writes the number that 22 digits spell, and says whether it is less than 2¹²⁸.
#[must_use = "a number of 2^128 or more is no tag"]
pub(super) fn decode_tag(digits: &[u8; 22], tag: &mut u128) -> bool {
    const LOW: u128 = 0xffff_ffff_ffff_ffff;
    const SIX: u128 = 62_u128.pow(6);
    const EIGHT: u128 = 62_u128.pow(8);
    let Some((first, rest)) = digits.split_first_chunk() else { return false };
    let (Some(second), Some(third)) = (rest.first_chunk(), rest.last_chunk()) else { return false };
    let sixteen = u128::from(eight(*first)).wrapping_mul(EIGHT);
    let sixteen = sixteen.wrapping_add(u128::from(eight(*second)));
    // The last step may need more than 128 bits, so it is done in two halves.
    let low = (sixteen & LOW).wrapping_mul(SIX);
    let low = low.wrapping_add(u128::from(decode_checksum(third)));
    let high = sixteen.wrapping_shr(64).wrapping_mul(SIX).wrapping_add(low.wrapping_shr(64));
    *tag = high.wrapping_shl(64) | (low & LOW);
    high & !LOW == 0
}

/// Writes the digits of a number, padded with zeros. There must be places enough for all of them.
///
/// The number is divided in limbs of 16 bits, because the time of a wide division depends on the
/// number. A division of 32 bits by a constant is compiled to a multiplication, whose time does
/// not.
pub(super) fn encode(number: &u128, digits: &mut [u8]) {
    let mut limbs = Wiped([0; 8]);
    for (limb, shift) in limbs.iter_mut().rev().zip((0..128).step_by(16)) {
        *limb = u16::try_from(number.wrapping_shr(shift) & 0xffff).unwrap_or(u16::MAX);
    }
    for digit in digits.iter_mut().rev() {
        let mut rest = 0_u32;
        for limb in limbs.iter_mut() {
            let part = rest.wrapping_shl(16) | u32::from(*limb);
            *limb = u16::try_from(part / 62).unwrap_or(u16::MAX);
            rest = part % 62;
        }
        *digit = character(u8::try_from(rest).unwrap_or(u8::MAX));
    }
}

/// Writes uniformly random characters, each of a uniformly random byte.
///
/// Bytes from 248 on are skipped. What is left is four times 62 values, so that no character is
/// likelier than another.
///
/// # Errors
///
/// [`Code::NotEnoughRandomBytes`] when the bytes are used up.
pub(super) fn uniform(random: &[u8], characters: &mut [u8]) -> Result<(), Error> {
    let mut random = random.iter();
    for place in characters {
        let Some(byte) = random.find(|byte| **byte < 248) else {
            return Err(Error::new(Code::NotEnoughRandomBytes));
        };
        *place = character(*byte % 62);
    }
    Ok(())
}

/// The character for a digit below 62.
fn character(digit: u8) -> u8 {
    // 1 for the letters, and 1 for the small ones.
    let upper = digit.wrapping_add(0x80 - 10).wrapping_shr(7);
    let lower = digit.wrapping_add(0x80 - 36).wrapping_shr(7);
    digit
        .wrapping_add(b'0')
        .wrapping_add(upper.wrapping_mul(b'A' - b'9' - 1))
        .wrapping_add(lower.wrapping_mul(b'a' - b'Z' - 1))
}

/// Sets bit 7 of each lane in which a block has a character outside the alphabet, and leaves what
/// is set. The compiler makes one vector register of a block.
fn outside_block(all: &mut [u64; 2], block: &[u8; 16]) {
    for (all, word) in all.iter_mut().zip(block.as_chunks().0) {
        let word = u64::from_le_bytes(*word);
        // A small letter differs from its capital in this bit alone.
        let small = word | lanes(0x20);
        *all |= word | !(within(word, b'0', b'9') | within(small, b'a', b'z'));
    }
}

/// The number that eight digits spell: less than 62⁸.
fn eight(digits: [u8; 8]) -> u64 {
    // The most significant digit is in the lowest lane. Between the digits, the capitals and the
    // small letters of ASCII there are 7 and 6 other characters.
    let word = u64::from_le_bytes(digits);
    let upper = where_set(at_least(word, b'A'), b'A' - b'9' - 1);
    let lower = where_set(at_least(word, b'a'), b'a' - b'Z' - 1);
    let digits = (word & !HIGH).wrapping_sub(lanes(b'0')).wrapping_sub(upper).wrapping_sub(lower);
    spelled(digits, 62)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    fn encoded<const N: usize>(number: u128) -> [u8; N] {
        let mut digits = [0; N];
        encode(&number, &mut digits);
        digits
    }

    #[test]
    fn every_byte_is_classified() {
        for byte in 0..=255_u8 {
            assert_eq!(contains(byte), byte.is_ascii_alphanumeric(), "{byte}");
            for place in 0..35 {
                let mut text = [b'k'; 35];
                text[place] = byte;
                assert_eq!(contains_all(&text), byte.is_ascii_alphanumeric(), "{byte}");
            }
        }
    }

    #[test]
    fn every_digit_goes_there_and_back() {
        for (value, digit) in (0_u32..).zip(DIGITS) {
            assert_eq!(decode_days(&[b'0', b'0', *digit]), value);
            assert_eq!(decode_days(&[*digit, b'0', b'0']), value * 62 * 62);
            assert_eq!(encoded::<3>(u128::from(value)), [b'0', b'0', *digit]);
            assert_eq!(
                decode_checksum(&[*digit, b'0', b'0', b'0', b'0', b'z']),
                u64::from(value) * 62_u64.pow(5) + 61
            );
        }
        assert_eq!(decode_checksum(b"zzzzzz"), 62_u64.pow(6) - 1);
    }

    #[test]
    fn tags_stop_at_two_to_the_128() {
        let decoded = |digits| {
            let mut tag = 0;
            decode_tag(digits, &mut tag).then_some(tag)
        };
        assert_eq!(decoded(b"7n42DGM5Tflk9n8mt7Fhc7"), Some(u128::MAX));
        assert_eq!(decoded(b"7n42DGM5Tflk9n8mt7Fhc8"), None);
        assert_eq!(decoded(b"zzzzzzzzzzzzzzzzzzzzzz"), None);
        assert_eq!(decoded(b"0000000000000000000010"), Some(62));
        assert_eq!(encoded::<22>(u128::MAX), *b"7n42DGM5Tflk9n8mt7Fhc7");
    }

    #[test]
    fn rejection_skips_the_highest_bytes() {
        let random: Vec<u8> = (240..=255).chain(0..8).collect();
        let mut characters = [0; 17];
        uniform(&random, &mut characters[..16]).unwrap();
        assert_eq!(characters, *b"stuvwxyz01234567\0");
        let error = uniform(&random, &mut characters).unwrap_err();
        assert_eq!(error.code(), Code::NotEnoughRandomBytes);
    }
}
