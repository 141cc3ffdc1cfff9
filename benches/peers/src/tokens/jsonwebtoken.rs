//! `jsonwebtoken`: HS256, with the cryptography of `RustCrypto`.

use super::{Peer, Verify, pick};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

pub const PEER: Peer = Peer {
    name: "jsonwebtoken, HS256",
    package: Some("jsonwebtoken"),
    note: "carries claims, which it reads as JSON",
    verify,
};

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    kind: String,
    exp: u64,
}

fn verify() -> Verify {
    let claims = Claims {
        sub: String::from("AAAABBBBCCCC"),
        kind: String::from("personal_access_token"),
        exp: 32_503_679_999,
    };
    let token = |key: &[u8]| {
        let key = EncodingKey::from_secret(key).expect("a key");
        encode(&Header::default(), &claims, &key).expect("a token")
    };
    let (genuine, forged) = (token(&[7; 32]), token(&[8; 32]));
    let key = DecodingKey::from_secret(&[7; 32]).expect("a key");
    let validation = Validation::new(Algorithm::HS256);
    Box::new(move |asked| {
        decode::<Claims>(pick(asked, &genuine, &forged), &key, &validation).is_ok()
    })
}
