//! What is decoded as a whole: base64 and hexadecimal digits.

use alloc::vec::Vec;
use core::ops::Range;
use zeroize::Zeroizing;

/// How many characters of base64 hold a token: 81 bytes.
pub(super) const LEAST_BASE64: usize = 108;

/// How many hexadecimal digits hold one.
pub(super) const LEAST_HEX: usize = 162;

/// Characters that were decoded from a place on.
pub(super) struct Decoded {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// The number of the first character.
    from: usize,
    code: Code,
}

/// How many bits a character has.
#[derive(Clone, Copy)]
enum Code {
    /// Six.
    Base64,
    /// Four.
    Hex,
}

impl Decoded {
    /// The numbers of the characters that hold these bytes.
    pub(super) fn characters(&self, bytes: &Range<usize>) -> Range<usize> {
        let bits = |byte: usize| byte.saturating_mul(8);
        let bits_each = match self.code {
            Code::Base64 => 6,
            Code::Hex => 4,
        };
        let start = bits(bytes.start).checked_div(bits_each).unwrap_or(0);
        let end = bits(bytes.end).div_ceil(bits_each);
        self.from.saturating_add(start)..self.from.saturating_add(end)
    }
}

/// What letters and digits can mean as base64: there are four places at which a group can begin.
pub(super) fn base64(characters: &[u8]) -> impl Iterator<Item = Decoded> {
    let known = characters.len() >= LEAST_BASE64 && !characters.iter().all(u8::is_ascii_hexdigit);
    let values: Zeroizing<Vec<u8>> = Zeroizing::new(match known {
        true => characters.iter().map(|byte| sextet(*byte)).collect(),
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
        Decoded { bytes, from, code: Code::Base64 }
    })
}

/// What a letter or a digit stands for in base64.
const fn sextet(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
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
            Decoded { bytes, from: start.saturating_add(odd), code: Code::Hex }
        })
    })
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit.wrapping_sub(b'0'),
        _ => (digit | 0x20).wrapping_sub(b'a').wrapping_add(10) & 0xf,
    }
}
