//! This library: from the value of the header field to a genuine token.

use super::{Peer, Verify, pick};
use cog_auth::Time;
use cog_auth::token::{Authorization, KeyId, Kind, RootKey, Token, authorization};

pub const PEER: Peer = Peer {
    name: "**cog-auth**",
    package: None,
    note: "header, form, checksum, tag and expiry; says kind and id, carries no claims",
    verify,
};

fn verify() -> Verify {
    let key_id = KeyId::parse("01").expect("a key id");
    let [root, other] = [7, 8].map(|byte| RootKey::new(key_id, &[byte; 32]));
    let header = |root: &RootKey| {
        let token = root.mint(Kind::PersonalAccessToken, None, &[9; 42]).expect("42 bytes");
        format!("Bearer {}", token.expose())
    };
    let (genuine, forged) = (header(&root), header(&other));
    let keys = root.edge_keys();
    let now = Time::from_seconds(1_798_761_600).expect("a time");
    Box::new(move |asked| {
        let header = pick(asked, &genuine, &forged).as_bytes();
        let Ok(Authorization::Bearer(token)) = authorization([header]) else { return false };
        Token::parse(token).and_then(|token| keys.verify(token, now)).is_ok()
    })
}
