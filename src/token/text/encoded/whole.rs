//! What is decoded as a whole: base64 and hexadecimal digits.

use alloc::vec::Vec;
use core::ops::Range;
use zeroize::Zeroizing;

/// How many letters and digits of base64 hold a token at least: 81 bytes. Where they begin within
/// a character, one more holds their last bits, which may be another character of base64.
pub(super) const LEAST_BASE64: usize = 108;

/// How many hexadecimal digits hold one.
pub(super) const LEAST_HEX: usize = 162;

/// How many characters may be missing of a group of base64 of which the last is there.
const MISSING: usize = 3;

/// Characters that were decoded from a place on.
pub(super) struct Decoded {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// The number of the first character, or of the first one that was put before them.
    from: usize,
    /// How many were put before them.
    put: usize,
    radix: Radix,
}

/// How many bits a character has.
#[derive(Clone, Copy)]
enum Radix {
    /// Six.
    Base64,
    /// Four.
    Hex,
}

impl Decoded {
    /// The numbers of the characters that hold these bytes.
    pub(super) fn characters(&self, bytes: &Range<usize>) -> Range<usize> {
        let bits = |byte: usize| byte.saturating_mul(8);
        let bits_each = match self.radix {
            Radix::Base64 => 6,
            Radix::Hex => 4,
        };
        let start = bits(bytes.start).checked_div(bits_each).unwrap_or(0);
        let end = bits(bytes.end).div_ceil(bits_each);
        let number = |place: usize| self.from.saturating_add(place).saturating_sub(self.put);
        number(start)..number(end)
    }
}

/// What letters and digits can mean as base64: there are four places at which a group can begin.
///
/// Of the first group, the beginning may be missing, where it is no letter or digit. Zeros are put
/// there, so that what the others hold of a token is not lost.
pub(super) fn base64(characters: &[u8]) -> impl Iterator<Item = Decoded> {
    let known = characters.len() >= LEAST_BASE64 && !characters.iter().all(u8::is_ascii_hexdigit);
    let values: Zeroizing<Vec<u8>> = Zeroizing::new(match known {
        true => {
            [0; MISSING].into_iter().chain(characters.iter().map(|byte| sextet(*byte))).collect()
        }
        false => Vec::new(),
    });
    let places = if known { 0..4 } else { 0..0 };
    places.map(move |from| {
        let values = values.get(from..).unwrap_or_default();
        let mut bytes = Zeroizing::new(Vec::with_capacity(values.len()));
        let (groups, rest) = values.as_chunks::<4>();
        for [a, b, c, d] in groups {
            bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
        match rest {
            [a, b] => bytes.push(a << 2 | b >> 4),
            [a, b, c] => bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2]),
            _ => {}
        }
        Decoded { bytes, from, put: MISSING, radix: Radix::Base64 }
    })
}

/// What a character stands for in base64 and base64url.
const fn sextet(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => byte.wrapping_sub(b'A') & 0x3f,
    }
}

/// What the hexadecimal digits among letters and digits mean, wherever there are enough of them.
pub(super) fn hex(characters: &[u8]) -> impl Iterator<Item = Decoded> {
    let mut at = 0_usize;
    core::iter::from_fn(move || {
        loop {
            let rest = characters.get(at..).filter(|rest| !rest.is_empty())?;
            let start = at;
            let count = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            at = at.saturating_add(count).saturating_add(1);
            if count >= LEAST_HEX {
                return Some((start, rest.get(..count)?));
            }
        }
    })
    .flat_map(|(start, digits)| {
        [0, 1].map(|odd| {
            let (pairs, _) = digits.get(odd..).unwrap_or_default().as_chunks::<2>();
            let bytes = pairs.iter().map(|[high, low]| nibble(*high) << 4 | nibble(*low));
            let bytes = Zeroizing::new(bytes.collect());
            Decoded { bytes, from: start.saturating_add(odd), put: 0, radix: Radix::Hex }
        })
    })
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit.wrapping_sub(b'0'),
        _ => (digit | 0x20).wrapping_sub(b'a').wrapping_add(10) & 0xf,
    }
}
