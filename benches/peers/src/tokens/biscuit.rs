//! `biscuit-auth`: a token of one block, read and its signatures verified.

use super::{Peer, Verify, pick};
use biscuit_auth::{Biscuit, KeyPair};

pub const PEER: Peer = Peer {
    name: "biscuit-auth, one block",
    package: Some("biscuit-auth"),
    note: "carries facts, signed: who verifies cannot mint, and holders can attenuate it",
    verify,
};

fn verify() -> Verify {
    let [root, other] = [KeyPair::new(), KeyPair::new()];
    let token = |root: &KeyPair| {
        let builder = Biscuit::builder().fact(r#"user("AAAABBBBCCCC")"#).expect("a fact");
        builder.build(root).and_then(|token| token.to_base64()).expect("a token")
    };
    let (genuine, forged) = (token(&root), token(&other));
    let key = root.public();
    Box::new(move |asked| Biscuit::from_base64(pick(asked, &genuine, &forged), key).is_ok())
}
