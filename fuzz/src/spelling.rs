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

/// Whether bytes are a token: `^cog_1[spx][0-9A-Za-z]{75}$`, with the right checksum, a key id, and
/// a tag of 128 bits.
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

/// A text with credentials cut, where words go on over breaks that join, or over any.
pub(crate) fn redacted(text: &[u8], any: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut at, mut cut) = (0, None);
    while at < text.len() {
        if let Some((handle, end)) = token_at(text, at) {
            let own = at >= 4 && text[at - 4..at] == *b"cog_" && cut.is_none_or(|cut| cut < at);
            out.extend([&handle[if own { 4 } else { 0 }..], "…".as_bytes()].concat());
            (at, cut) = (end, Some(end));
        } else if text[at..].starts_with(b"cog_") {
            let in_word = at > 0
                && cut != Some(at)
                && (text[at - 1].is_ascii_alphanumeric() || text[at - 1] == b'_');
            let characters = looks_like_one(text, at + 4, any);
            let places = (at + 4..).zip(&characters);
            let together = places.take_while(|(together, place)| together == *place).count();
            let is_broken = together < characters.len();
            let start: Vec<u8> = characters.iter().take(2).map(|place| text[*place]).collect();
            let handle =
                together == 19 && is_broken && matches!(start[..], [b'1', b's' | b'p' | b'x']);
            let least = match in_word {
                _ if handle => 39,
                true => 30,
                false => 20,
            };
            out.extend(b"cog_");
            at += 4;
            if characters.len() >= least {
                out.extend(if handle { &text[at..at + 19] } else { b"" });
                out.extend("…".as_bytes());
                at = characters.last().unwrap() + 1;
                while at < text.len() && text[at].is_ascii_alphanumeric() && !begins(text, at) {
                    at += 1;
                }
                cut = Some(at);
            }
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

/// Whether another `cog_` or a token begins here.
fn begins(text: &[u8], at: usize) -> bool {
    text[at..].starts_with(b"cog_") || token_at(text, at).is_some()
}

/// The places of what may be the characters of a damaged token, from behind its prefix on.
fn looks_like_one(text: &[u8], from: usize, any: bool) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    let mut at = from;
    let mut unbroken = None;
    while places.len() < 77 {
        let Some((length, joins, is_unseen)) = break_at(text, at) else { break };
        if length > 0 && !any && !joins || begins(text, at + length) {
            break;
        }
        if length > 0 && !is_unseen && unbroken.is_none() {
            unbroken = Some(places.len());
        }
        places.push(at + length);
        at += length + 1;
    }
    let start: Vec<u8> = places.iter().take(2).map(|at| text[*at]).collect();
    if !matches!(start[..], [b'1', b's' | b'p' | b'x']) {
        places.truncate(unbroken.unwrap_or(places.len()));
    }
    places
}

/// The handle and the end of a token whose `1` stands here.
fn token_at(text: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
    let mut token = b"cog_".to_vec();
    let mut at = at;
    if text.get(at) != Some(&b'1') {
        return None;
    }
    while token.len() < 81 {
        at += break_at(text, at)?.0;
        token.push(text[at]);
        at += 1;
    }
    is_token(&token).then(|| (token[..23].to_vec(), at))
}

/// How long the break is that stands before the next character, whether it joins, and whether it is
/// unseen.
fn break_at(text: &[u8], start: usize) -> Option<(usize, bool, bool)> {
    let mut at = start;
    let (mut has_line, mut has_unseen, mut has_tag, mut has_space) = (false, false, false, false);
    let mut marks = Vec::new();
    loop {
        if at - start > 64 {
            return None;
        }
        let mut rest = text.get(at..)?;
        let byte = *rest.first()?;
        if byte.is_ascii_alphanumeric() {
            break;
        }
        let backslashes = rest.iter().take_while(|byte| **byte == b'\\').count();
        if (2..=8).contains(&backslashes) {
            let one = &rest[backslashes - 1..];
            let next = one.get(1).is_some_and(|byte| {
                byte.is_ascii_alphanumeric() || *byte == b'"' || *byte == b'\''
            });
            if next && line(one) + quote(one) + tag(one) + space(one) > 0 {
                at += backslashes - 1;
                rest = one;
            }
        }
        let (line, unseen) = (line(rest), unseen(rest));
        let quote = quote(rest);
        if line > 0 {
            has_line = true;
            at += line;
        } else if quote > 0 {
            marks.push(b'"');
            at += quote;
        } else if unseen > 0 {
            has_unseen = true;
            at += unseen;
        } else if tag(rest) > 0 {
            has_tag = true;
            at += tag(rest);
        } else if space(rest) > 0 {
            has_space = true;
            at += space(rest);
        } else {
            marks.push(byte);
            at += 1;
        }
    }
    let marks = String::from_utf8_lossy(&marks);
    let joins = match &*marks {
        "" => has_line || has_unseen || has_tag,
        "=" | "-" | ">" | "#" | "*" | "|" | "+" => has_line,
        marks => {
            let inner = marks.strip_prefix(['"', '\'', '`']);
            let inner = inner.and_then(|inner| inner.strip_suffix(['"', '\'', '`']));
            inner.is_some_and(|inner| ["", "+", ".", "..", "&", "<>", "++", "||"].contains(&inner))
        }
    };
    let is_unseen = !has_line && !has_tag && !has_space && marks.is_empty();
    Some((at - start, joins, is_unseen))
}

fn line(text: &[u8]) -> usize {
    match text {
        [10 | 13, ..] => 1,
        _ if text.starts_with(b"\\n") || text.starts_with(b"\\r") => 2,
        _ => 0,
    }
}

fn space(text: &[u8]) -> usize {
    match text {
        [32 | 9, ..] | [b'\\' | b'^' | b'`', 10 | 13, ..] => 1,
        _ if text.starts_with(b"\\t") => 2,
        _ if text.starts_with(b"%20") => 3,
        _ => 0,
    }
}

/// Whether a text begins so, with hexadecimal digits in either case.
fn begins_with(text: &[u8], spelling: &str) -> bool {
    let is_escape = spelling.starts_with(['\\', '%']) && !spelling.starts_with("\\e");
    let fits = |(byte, expected): (&u8, u8)| {
        let is_digit = is_escape && expected.is_ascii_hexdigit();
        *byte == expected || is_digit && byte.eq_ignore_ascii_case(&expected)
    };
    text.len() >= spelling.len() && text.iter().zip(spelling.bytes()).all(fits)
}

fn quote(text: &[u8]) -> usize {
    let all = ["\\\"", "\\'", "&quot;", "&apos;", "&#34;", "&#39;", "&#x22;", "&#x27;"];
    all.iter().find(|quote| begins_with(text, quote)).map_or(0, |quote| quote.len())
}

fn tag(text: &[u8]) -> usize {
    let up_to = |begin: &str, end: &str| {
        let stops = [begin.as_bytes()[0], end.as_bytes()[0], b'<', b'_'];
        let rest = &text[begin.len()..];
        let more = |at: usize| {
            let run = rest[at..].iter().take_while(|byte| **byte == b'\\').count();
            run.clamp(1, 8) - 1
        };
        let ends = |at: &usize| begins_with(&rest[*at + more(*at)..], end);
        let length = (0..rest.len()).find(ends)?;
        let is_plain = !rest[..length].iter().any(|byte| stops.contains(byte));
        let whole = begin.len() + length + more(length) + end.len();
        (is_plain && begin.len() + length < 64).then_some(whole)
    };
    let pairs =
        [("<", ">"), ("&lt;", "&gt;"), ("\\u003c", "\\u003e"), ("\\x3c", "\\x3e"), ("%3c", "%3e")];
    if let Some((begin, end)) = pairs.iter().find(|(begin, _)| begins_with(text, begin)) {
        let name = text.get(begin.len());
        let is_name = name.is_some_and(|byte| *byte == b'/' || byte.is_ascii_alphabetic());
        return if is_name { up_to(begin, end).unwrap_or(0) } else { 0 };
    }
    if begins_with(text, "&#") {
        return up_to("&#", ";").unwrap_or(0);
    }
    let names = ["&shy;", "&zwj;", "&zwnj;", "&lrm;", "&rlm;", "&NoBreak;", "&ZeroWidthSpace;"];
    if let Some(name) = names.iter().find(|name| begins_with(text, name)) {
        return name.len();
    }
    let escapes = ["\x1b[", "\\e[", "\\033[", "\\x1b[", "\\u001b[", "%1b["];
    if let Some(escape) = escapes.iter().find(|escape| begins_with(text, escape)) {
        let inner = text[escape.len()..].iter().take_while(|byte| (0x20..0x40).contains(*byte));
        return escape.len() + inner.count() + 1;
    }
    let digits = "0189abcdef".chars();
    let one = digits.flat_map(|digit| [format!("%{digit}"), format!("\\x{digit}")]);
    let one = one.chain(["000", "001", "00a"].map(|one| format!("\\u{one}")));
    let two = ["20", "2e", "f0", "fe"];
    let escapes = one.map(|begin| (begin, 1));
    let escapes = escapes.chain(two.map(|two| (format!("\\u{two}"), 2)));
    let mut escapes = escapes.chain(two.map(|two| (format!("\\u{{{two}"), 3)));
    let found = escapes.find(|(begin, _)| begins_with(text, begin));
    let length = found.map_or(0, |(begin, follow)| begin.len() + follow);
    if length > text.len() || length == 8 && text[7] != b'}' { 0 } else { length }
}

fn unseen(text: &[u8]) -> usize {
    if text.starts_with(b"\x1b[") {
        return 0;
    }
    if text[0] < 32 && ![9, 10, 13].contains(&text[0]) || text[0] == 127 {
        return 1;
    }
    let character = (2..=3).find_map(|length| std::str::from_utf8(text.get(..length)?).ok());
    match character.and_then(|text| text.chars().next()) {
        Some(
            c @ ('\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fffd}'),
        ) => c.len_utf8(),
        _ => 0,
    }
}

/// Whether something of a credential's shape is in a path, however it is escaped or broken.
pub(crate) fn leaks(path: &str) -> bool {
    let path = path.as_bytes();
    [path, &decoded(path)].iter().any(|text| redacted(text, false) != *text)
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hex { u32::from_str_radix(digits, 16).ok() } else { None }
}

/// A text with its escapes decoded, until there is none.
pub(crate) fn decoded(text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    let escape = |text: &[u8]| {
        text.windows(3).enumerate().find_map(|(at, three)| {
            let [b'%', digits @ ..] = three else { return None };
            let byte = u8::try_from(hex(digits)?).ok()?;
            Some((at, byte))
        })
    };
    while let Some((at, byte)) = escape(&text) {
        text.splice(at..at + 3, [byte]);
    }
    text
}
