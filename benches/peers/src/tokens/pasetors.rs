//! `pasetors`: PASETO version 4, encrypted with a shared key, and signed.

use super::{Peer, Verify, pick};
use pasetors::claims::{Claims, ClaimsValidationRules};
use pasetors::keys::{AsymmetricKeyPair, Generate, SymmetricKey};
use pasetors::token::UntrustedToken;
use pasetors::version4::V4;
use pasetors::{Local, Public, local, public};

pub const LOCAL: Peer = Peer {
    name: "pasetors, v4.local",
    package: Some("pasetors"),
    note: "carries claims, encrypted: BLAKE2b and XChaCha20",
    verify: verify_local,
};

pub const PUBLIC: Peer = Peer {
    name: "pasetors, v4.public",
    package: Some("pasetors"),
    note: "carries claims, signed: who verifies cannot mint",
    verify: verify_public,
};

fn claims() -> Claims {
    let mut claims = Claims::new().expect("the time");
    claims.subject("AAAABBBBCCCC").expect("a subject");
    claims.add_additional("kind", "personal_access_token").expect("a claim");
    claims
}

fn verify_local() -> Verify {
    let key = SymmetricKey::<V4>::generate().expect("random bytes");
    let other = SymmetricKey::<V4>::generate().expect("random bytes");
    let token = |key| local::encrypt(key, &claims(), None, None).expect("a token");
    let (genuine, forged) = (token(&key), token(&other));
    let rules = ClaimsValidationRules::new();
    Box::new(move |asked| {
        let text = pick(asked, &genuine, &forged);
        let token = UntrustedToken::<Local, V4>::try_from(text).expect("its form is right");
        local::decrypt(&key, &token, &rules, None, None).is_ok()
    })
}

fn verify_public() -> Verify {
    let pair = AsymmetricKeyPair::<V4>::generate().expect("random bytes");
    let other = AsymmetricKeyPair::<V4>::generate().expect("random bytes");
    let token = |pair: &AsymmetricKeyPair<V4>| {
        public::sign(&pair.secret, &claims(), None, None).expect("a token")
    };
    let (genuine, forged) = (token(&pair), token(&other));
    let rules = ClaimsValidationRules::new();
    Box::new(move |asked| {
        let text = pick(asked, &genuine, &forged);
        let token = UntrustedToken::<Public, V4>::try_from(text).expect("its form is right");
        public::verify(&pair.public, &token, &rules, None, None).is_ok()
    })
}
