//! Tokens: what parses, what verifies, and that nothing changes on the way.

use crate::base::{BASE, NOW, time};
use crate::spelling::{base62, base64url, hmac, is_token, to_base62};
use cog_auth::token::Token;

/// The bytes as they are; with a checksum that fits; and with a tag that fits, too.
pub fn check(data: &[u8]) {
    parses(data);
    if let Some(head) = data.get(..75) {
        let mut text = sealed(head);
        parses(&text);
        let key_id = String::from_utf8_lossy(&text[6..8]).into_owned();
        let key = BASE.json["edge_keys"]["keys"][key_id].as_str().and_then(base64url);
        if let Some(key) = key {
            let tag = u128::from_be_bytes(hmac(&key, &[&text[..53]])[..16].try_into().unwrap());
            text = sealed(&[&text[..53], &to_base62(tag, 22)].concat());
            parses(&text);
        }
    }
}

/// The first 75 bytes of a token, with their checksum.
fn sealed(head: &[u8]) -> Vec<u8> {
    [head, &to_base62(crc32fast::hash(head).into(), 6)].concat()
}

fn parses(text: &[u8]) {
    let token = Token::parse(text);
    assert_eq!(token.is_ok(), is_token(text), "{:?}", token.map_err(|error| error.code()));
    let Ok(token) = token else { return };
    let day = base62(&text[8..11]).filter(|day| *day > 0);
    assert_eq!(token.expose().as_bytes(), text);
    assert_eq!(token.handle().as_str().as_bytes(), &text[..23]);
    assert_eq!(token.key_id().as_str().as_bytes(), &text[6..8]);
    assert_eq!(token.id().as_str().as_bytes(), &text[11..23]);
    assert_eq!(token.hard_expiry().map(|day| u128::from(day.number())), day);
    let kind = ["service_user_key", "personal_access_token", "sample"]
        [b"spx".iter().position(|kind| *kind == text[5]).unwrap()];
    assert_eq!(token.kind().name(), kind);
    assert!(!format!("{token:?}").contains(&token.expose()[53..]), "Debug shows the tag");

    let key = BASE.json["edge_keys"]["keys"][token.key_id().as_str()].as_str().and_then(base64url);
    let tag_fits = key.map(|key| {
        let tag = u128::from_be_bytes(hmac(&key, &[&text[..53]])[..16].try_into().unwrap());
        base62(&text[53..75]) == Some(tag)
    });
    let expired = day.is_some_and(|day| u128::from(NOW) >= (day + 1) * 86_400);
    let expected = match tag_fits {
        _ if text[5] == b'x' => "sample_token",
        None => "unknown_key_id",
        Some(false) => "tag_mismatch",
        Some(true) if expired => "expired",
        Some(true) => "genuine",
    };
    let verified = BASE.edge_keys.verify(token, time(NOW));
    let found = verified.map_or_else(|error| error.code().name(), |_| "genuine");
    assert_eq!(found, expected);
}
