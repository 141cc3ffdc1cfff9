//! Alerts of GitHub's secret scanning.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

use base64ct::{Base64, Encoding as _};
use cog_auth::Time;
use cog_auth::token::{KeyId, Kind, RootKey};
use cog_auth_secret_scanning::{Alert, MAX_BODY_BYTES, Refusal, Verdict, feedback};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};

/// The key with which GitHub's documentation has signed its example, and the example.
const KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsz9ugWDj5jK5ELBK42ynytbo38gP
HzZFI03Exwz8Lh/tCfL3YxwMdLjB+bMznsanlhK0RwcGP3IDb34kQDIo3Q==
-----END PUBLIC KEY-----
";
const KEY_ID: &str = "f9525bf080f75b3506ca1ead061add62b8633a346606dc5fe544e29231c6ee0d";
const SIGNATURE: &str = "MEUCIQDfLvT8/zM8F1aB3cM0ZwyeWF1m5YR6IhcUIv1OKQYL0wIgBZ5lVXB3gHK+dT8+xt0WgRVLqvsTPFiDO9QP/7eJ4yE=";
const BODY: &str = r#"[{"token":"NMIfyYncKcRALEXAMPLE","type":"mycompany_api_token","url":"https://github.com/octocat/Hello-World/blob/12345600b9cbe38a219f39a9941c9319b600c002/foo/bar.txt","source":"content"}]"#;

/// An older example of it, with another key.
const OLD_KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9MJJHnMfn2+H4xL4YaPDA4RpJqUq
kCmRCBnYERxZanmcpzQSXs1X/AljlKkbJ8qpVIW4clayyef9gWhFbNHWAA==
-----END PUBLIC KEY-----";
const OLD_SIGNATURE: &str = "MEUCIQDKZokqnCjrRtw0tni+2Ltvl/uiMJ1EGumEsp1BsNr32AIgQY1YXD2nlj+XNfGK4rBfkMJ1JDOQcYXxa2sY8FNkrKc=";
const OLD_BODY: &str = r#"[{"token":"some_token","type":"some_type","url":"some_url"}]"#;

fn now() -> Time {
    Time::from_seconds(1_795_000_000).unwrap()
}

fn root(byte: u8) -> RootKey {
    RootKey::new(KeyId::parse("01").unwrap(), &[byte; 32])
}

#[test]
fn the_examples_of_the_documentation_are_verified() {
    let alert = Alert::new(BODY.as_bytes(), KEY_ID, SIGNATURE).unwrap();
    assert_eq!(alert.key_id(), KEY_ID);
    let leaks = alert.verify(KEY).unwrap();
    assert_eq!(leaks.len(), 1);
    assert_eq!((leaks[0].kind(), leaks[0].source()), ("mycompany_api_token", "content"));
    assert!(leaks[0].url().ends_with("/foo/bar.txt"));
    assert_eq!(leaks[0].judge(&root(1).edge_keys(), now()), Verdict::NotOurs);
    assert!(!format!("{alert:?} {leaks:?}").contains("NMIfy"));

    let old = Alert::new(OLD_BODY.as_bytes(), KEY_ID, OLD_SIGNATURE).unwrap();
    assert_eq!(old.verify(OLD_KEY).unwrap()[0].url(), "some_url");
    assert_eq!(old.verify(KEY).unwrap_err(), Refusal::WrongSignature);
}

#[test]
fn what_is_not_signed_is_refused() {
    let refused = |body: &str, key_id: &str, signature: &str, key: &str| {
        let alert = Alert::new(body.as_bytes(), key_id, signature);
        alert.and_then(|alert| alert.verify(key)).unwrap_err()
    };
    // Any other byte, and white space at the end.
    for at in [0, 20, BODY.len() - 1] {
        let mut bytes = BODY.as_bytes().to_vec();
        bytes[at] ^= 1;
        let alert = Alert::new(&bytes, KEY_ID, SIGNATURE).unwrap();
        assert_eq!(alert.verify(KEY).unwrap_err(), Refusal::WrongSignature);
    }
    assert_eq!(refused(&format!("{BODY}\n"), KEY_ID, SIGNATURE, KEY), Refusal::WrongSignature);
    assert_eq!(refused(BODY, KEY_ID, OLD_SIGNATURE, KEY), Refusal::WrongSignature);
    for signature in ["", "=", "AAAA", "MEUC", &SIGNATURE[1..], &"A".repeat(300)] {
        assert_eq!(refused(BODY, KEY_ID, signature, KEY), Refusal::InvalidSignature, "{signature}");
    }
    for key_id in ["", "../keys", "a b", &"0".repeat(300)] {
        assert_eq!(refused(BODY, key_id, SIGNATURE, KEY), Refusal::InvalidKeyId);
    }
    for key in ["", "key", &KEY[..100], &KEY.replace("Esz9", "Esz8")] {
        assert_eq!(refused(BODY, KEY_ID, SIGNATURE, key), Refusal::InvalidKey);
    }
    let large = " ".repeat(MAX_BODY_BYTES + 1);
    assert_eq!(refused(&large, KEY_ID, SIGNATURE, KEY), Refusal::TooLarge);
    for refusal in [Refusal::WrongSignature, Refusal::UnknownKey, Refusal::InvalidSignature] {
        assert_eq!(refusal.status(), 401);
    }
}

/// An alert that is signed with a key of the test's own.
fn signed(body: &str) -> (String, String) {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let signature: Signature = key.sign(body.as_bytes());
    let public = key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
    (Base64::encode_string(signature.to_der().as_bytes()), public)
}

#[test]
fn tokens_are_judged_and_answered() {
    let (ours, others) = (root(1), root(2));
    let mint = |root: &RootKey, kind| root.mint(kind, None, &[9; 64]).unwrap().expose().to_owned();
    let token = mint(&ours, Kind::PersonalAccessToken);
    let foreign = mint(&others, Kind::PersonalAccessToken);
    let sample = mint(&ours, Kind::Sample);
    let leak = |token: &str| format!(r#"{{"token":"{token}","type":"cog_token","new":[1]}}"#);
    let all = [&token, &foreign, &sample, "cog_1s"].map(leak).join(",");
    let body = format!("[{all}]");
    let (signature, key) = signed(&body);
    let alert = Alert::new(body.as_bytes(), "0a", &signature).unwrap();
    let leaks = alert.verify(&key).unwrap();
    let keys = ours.edge_keys();
    let judged: Vec<_> = leaks
        .into_iter()
        .map(|leak| {
            let verdict = leak.judge(&keys, now());
            (leak, verdict)
        })
        .collect();
    let Verdict::Ours(handle) = judged[0].1 else { panic!("it is ours") };
    assert_eq!(handle.as_str(), &token[..23]);
    assert!(judged[1..].iter().all(|(_, verdict)| *verdict == Verdict::NotOurs));
    let answer: serde_json::Value = serde_json::from_str(&feedback(&judged)).unwrap();
    assert_eq!(
        answer[0],
        serde_json::json!({
            "token_raw": token, "token_type": "cog_token", "label": "true_positive"
        })
    );
    assert_eq!(answer[3]["label"], "false_positive");
    assert_eq!(feedback(&[]), "[]");
}

#[test]
fn a_signed_body_of_another_form_is_refused() {
    for body in ["", "{}", "[1]", r#"[{"type":"a"}]"#, r#"[{"token":1,"type":"a"}]"#, "[]]"] {
        let (signature, key) = signed(body);
        let alert = Alert::new(body.as_bytes(), "0a", &signature).unwrap();
        assert_eq!(alert.verify(&key).unwrap_err(), Refusal::InvalidBody, "{body}");
    }
    let (signature, key) = signed("[]");
    assert!(Alert::new(b"[]", "0a", &signature).unwrap().verify(&key).unwrap().is_empty());
}
