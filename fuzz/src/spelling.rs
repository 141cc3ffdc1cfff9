//! How ids, keys, digests and credentials are spelt: docs/token-format.md, without the library.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The number that base62 digits spell; none for other bytes, and beyond 128 bits.
pub(crate) fn base62(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0_u128, |number, digit| {
        let digit = BASE62.iter().position(|known| known == digit)? as u128;
        number.checked_mul(62)?.checked_add(digit)
    })
}

/// A number in so many base62 digits.
pub(crate) fn to_base62(mut number: u128, digits: usize) -> Vec<u8> {
    let mut out = vec![b'0'; digits];
    for digit in out.iter_mut().rev() {
        *digit = BASE62[(number % 62) as usize];
        number /= 62;
    }
    out
}

/// The 32 bytes that 43 characters of base64url spell, where the spare bits are zero.
pub(crate) fn base64url(text: &str) -> Option<[u8; 32]> {
    if text.len() != 43 {
        return None;
    }
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        bits = bits << 6 | BASE64.iter().position(|known| *known == byte)? as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    if bits & 3 == 0 { out.try_into().ok() } else { None }
}

pub(crate) fn to_base64url(bytes: &[u8]) -> String {
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let mut padded = [0; 4];
        padded[1..=three.len()].copy_from_slice(three);
        let bits = u32::from_be_bytes(padded);
        for index in 0..=three.len() {
            out.push(char::from(BASE64[(bits >> (18 - 6 * index) & 63) as usize]));
        }
    }
    out
}

pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// Whether this is a key id that keys may have.
pub(crate) fn is_key_id(text: &str) -> bool {
    is_alphanumeric(text, 2) && text != "00"
}

pub(crate) fn is_alphanumeric(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether bytes are a token: `^cog_1[spx][0-9A-Za-z]{75}$`, with the right checksum, a key id, and a tag of 128 bits.
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    bytes.len() == 81
        && bytes.starts_with(b"cog_1")
        && b"spx".contains(&bytes[5])
        && bytes[6..].iter().all(u8::is_ascii_alphanumeric)
        && &bytes[6..8] != b"00"
        && base62(&bytes[53..75]).is_some()
        && base62(&bytes[75..]) == Some(crc32fast::hash(&bytes[..75]).into())
}

/// Where a text has `cog_`, with the end of what of the alphabet follows each.
pub(crate) fn prefixes(text: &[u8]) -> Vec<(usize, usize)> {
    let starts = (0..text.len()).filter(|at| text[*at..].starts_with(b"cog_"));
    let end = |at: usize| {
        let stop = (at + 4..text.len()).find(|at| !text[*at].is_ascii_alphanumeric());
        stop.unwrap_or(text.len())
    };
    starts.map(|at| (at, end(at))).collect()
}

/// A text with what has a credential's shape cut.
pub(crate) fn redacted(text: &str) -> String {
    let mut out = String::new();
    let mut kept = 0;
    for (start, end) in prefixes(text.as_bytes()) {
        let run = &text[start..end];
        if run.len() - 4 > 19 {
            out += if kept < start { &text[kept..start] } else { "" };
            out += if is_token(run.as_bytes()) { &run[..23] } else { "cog_" };
            out += "…";
            kept = end;
        }
    }
    out + &text[kept..]
}

/// Whether something of a credential's shape is in a path, however it is escaped or broken.
pub(crate) fn leaks(path: &str) -> bool {
    [path, &visible(path), &joined(path)].iter().any(|text| redacted(text) != *text)
}

/// A text with the escapes of visible ASCII characters decoded.
pub(crate) fn visible(text: &str) -> String {
    String::from_utf8(decoded(text.as_bytes(), u8::is_ascii_graphic)).unwrap()
}

/// All escapes decoded, and what could be left out of a credential left out.
pub(crate) fn joined(text: &str) -> String {
    let decoded = decoded(text.as_bytes(), |_| true);
    let gap = |c: char| !c.is_ascii_graphic() && c != '…';
    String::from_utf8_lossy(&decoded).replace(gap, "")
}

/// A text with the escapes of such bytes decoded, until there is none.
fn decoded(text: &[u8], which: fn(&u8) -> bool) -> Vec<u8> {
    let mut text = text.to_vec();
    let escape = |text: &[u8]| {
        text.windows(3).enumerate().find_map(|(at, three)| {
            let [b'%', digits @ ..] = three else { return None };
            let digits = std::str::from_utf8(digits).ok()?;
            let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
            which(&byte).then_some((at, byte))
        })
    };
    while let Some((at, byte)) = escape(&text) {
        text.splice(at..at + 3, [byte]);
    }
    text
}
