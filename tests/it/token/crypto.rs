//! The cryptography under the tokens, against the RFCs, Wycheproof and `hmac` itself.

use cog_auth::token::{KeyId, Kind, RootKey, RootKeys};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wycheproof::{TestResult, mac};

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into_bytes().to_vec()
}

/// The hash that all of this stands on passes Wycheproof's cases.
#[test]
fn wycheproof_hmac_sha256() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let mut cases = 0;
    for group in &set.test_groups {
        for test in &group.tests {
            let tag = hmac(&test.key, &[&test.msg]);
            let fits = tag[..group.tag_size / 8] == test.tag[..];
            assert_eq!(fits, test.result != TestResult::Invalid, "case {}", test.tc_id);
            cases += 1;
        }
    }
    assert!(cases > 100);
}

/// The tag of minted tokens over Wycheproof's 32-byte keys, which are the ones that an edge key can
/// have.
#[test]
fn tags_are_hmacs_under_the_derived_key() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let tests = set.test_groups.iter().flat_map(|group| &group.tests);
    let mut cases = 0;
    for test in tests {
        let Ok(root) = <[u8; 32]>::try_from(&test.key[..]) else { continue };
        let root_key = RootKey::new(KeyId::parse("k7").unwrap(), &root);
        // RFC 5869, section 2.3: T(1) = HMAC(PRK, info || 0x01).
        let edge_key = hmac(&root, &[b"cog/v1/edge-tag\0", b"k7", &[1]]);
        let random = hmac(&root, &[&test.msg]).repeat(2);
        let token = root_key.mint(Kind::ServiceUserKey, None, &random).unwrap();
        let text = token.expose().as_bytes();
        let tag = hmac(&edge_key, &[&text[..53]]);
        assert_eq!(text[53..75], base62(u128::from_be_bytes(tag[..16].try_into().unwrap()))[..]);

        let pepper = hmac(&root, &[b"cog/v1/digest-pepper\0", b"k7", &[1]]);
        let digest = hmac(&pepper, &[b"cog/v1/record\0", &[0, 5], b"su_ci", text]);
        let ours = token.digest("su_ci", &root_key.peppers()).unwrap();
        assert_eq!(ours, format!("$cog1$k7${}", base64url(&digest)));
        cases += 1;
    }
    assert!(cases > 10);
}

/// A set that is written holds the derived keys.
#[test]
fn written_sets_hold_the_derived_keys() {
    let root = [0x5a; 32];
    let roots = RootKeys::of(RootKey::new(KeyId::parse("zZ").unwrap(), &root));
    let expected = base64url(&hmac(&root, &[b"cog/v1/edge-tag\0", b"zZ", &[1]]));
    let json = roots.edge_keys().expose_json(str::to_owned);
    assert_eq!(json, format!(r#"{{"v":1,"use":"edge-tag","keys":{{"zZ":"{expected}"}}}}"#));
    let expected = base64url(&hmac(&root, &[b"cog/v1/digest-pepper\0", b"zZ", &[1]]));
    let json = roots.peppers().expose_json(str::to_owned);
    assert_eq!(json, format!(r#"{{"v":1,"use":"digest-pepper","keys":{{"zZ":"{expected}"}}}}"#));
}

fn base62(mut number: u128) -> Vec<u8> {
    let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = vec![b'0'; 22];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[usize::try_from(number % 62).unwrap()];
        number /= 62;
    }
    digits
}

fn base64url(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(*chunk.get(index).unwrap_or(&0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..=chunk.len() {
            let value = usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap();
            text.push(char::from(alphabet[value]));
        }
    }
    text
}
