//! `prefixed-api-key`: the key's hash is looked up by its short part.

use super::{Peer, Verify, pick};
use prefixed_api_key::{PrefixedApiKey, PrefixedApiKeyController};
use std::collections::HashMap;

pub const PEER: Peer = Peer {
    name: "prefixed-api-key",
    package: Some("prefixed-api-key"),
    note: "looks a SHA-256 up among 1,000; no checksum, no expiry, no kind",
    verify,
};

fn verify() -> Verify {
    let controller = PrefixedApiKeyController::configure()
        .prefix(String::from("cog"))
        .seam_defaults()
        .finalize()
        .expect("all is configured");
    let keys: Vec<_> = (0..1_000).map(|_| controller.generate_key_and_hash()).collect();
    let genuine = keys[0].0.to_string();
    let forged = controller.generate_key().to_string();
    let hashes: HashMap<String, String> =
        keys.into_iter().map(|(key, hash)| (key.short_token().to_owned(), hash)).collect();
    Box::new(move |asked| {
        let key = PrefixedApiKey::from_string(pick(asked, &genuine, &forged)).expect("a key");
        hashes.get(key.short_token()).is_some_and(|hash| controller.check_hash(&key, hash))
    })
}
